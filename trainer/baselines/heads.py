"""Heads of fully connected layers as plain arrays, on standardised rows."""

from __future__ import annotations

import numpy as np

from persian_mir.probes.probe import Head
from trainer.baselines.baseline import Arrays, Floats


def head_arrays(head: Head) -> dict[str, Floats]:
    """`weight0`, `bias0` and so on."""
    layers = enumerate(zip(head.weights, head.biases, strict=True))
    return {name: one for k, both in layers for name, one in zip((f"weight{k}", f"bias{k}"), both, strict=True)}


def head_logits(arrays: Arrays, rows: Floats) -> Floats:
    """What the head says of rows [segments, width], brought to mean 0 and deviation 1: float32 [segments, labels]."""
    depth = range(sum(name.startswith("weight") for name in arrays))
    head = Head(tuple(arrays[f"weight{k}"] for k in depth), tuple(arrays[f"bias{k}"] for k in depth))
    return head.logits(np.asarray((rows - arrays["mean"]) / arrays["std"], np.float32))
