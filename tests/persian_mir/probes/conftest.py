from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest

from persian_mir.backbones import BackboneKey
from persian_mir.grid import Grid
from persian_mir.probes.ood_detector import OodDetector
from persian_mir.probes.probe import Head, Probe

KEY = BackboneKey("tiny", "r1", "ab12", 16_000, 3, 8, True)
MakeProbe = Callable[..., Probe]


def make(hidden: tuple[int, ...] = (6,), guarded: bool = True, seed: int = 0, **changes: object) -> Probe:
    rng = np.random.default_rng(seed)

    def draw(*shape: int) -> np.ndarray:
        return rng.standard_normal(shape).astype(np.float32)

    labels = ("ney", "setar", "tar")
    sizes = list(pairwise((8, *hidden, 3)))
    head = Head(tuple(draw(outer, inner) for inner, outer in sizes), tuple(draw(outer) for _, outer in sizes))
    guard = OodDetector(draw(3, 8), np.eye(8, dtype=np.float32), 2.0, 4.0) if guarded else None
    parts: dict[str, object] = {
        "task": "instrument",
        "labels": labels,
        "backbone": KEY,
        "grid": Grid(3.0, 1.5),
        "layers": (0, 2),
        "layer_weights": np.array([0.25, 0.75], dtype=np.float32),
        "head": head,
        "mean": draw(2, 8),
        "std": np.abs(draw(2, 8)) + 0.5,
        "temperature": 1.5,
        "novelty": guard,
        "training": {"dataset": "نوا, made up", "seed": 3, "scores": {"dev": {"segment_accuracy": 0.9}}},
    }
    return Probe(**(parts | changes))


@pytest.fixture
def make_probe() -> MakeProbe:
    return make


@pytest.fixture
def values() -> np.ndarray:
    return np.random.default_rng(9).standard_normal((7, 2, 8)).astype(np.float32)
