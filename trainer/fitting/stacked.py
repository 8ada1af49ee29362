"""Many probes fitted together, those of one shape with their weights stacked: a few large products for all of them.

The same result as `loop.fit_head` one by one, to float tolerance: each probe starts from its own seed's weights, sees
its own seed's batches and dropout, and stops by itself. What is shared is the work: a step is a handful of large
operations instead of a handful for each probe.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from persian_mir.progress import SILENT, Cancelled, Progress
from trainer.fitting.loop import Fitted, HeadConfig, Labelled, fit_head
from trainer.fitting.precision import Precision
from trainer.fitting.probe_spec import UNLABELLED, Data, ProbeSpec
from trainer.fitting.stacked_fit import fit_stacked


def fit_stack(
    data: Data,
    classes: Sequence[int],
    specs: Sequence[ProbeSpec],
    dev: Data | None = None,
    progress: Progress = SILENT,
    precision: Precision = "float32",
) -> tuple[Fitted, ...]:
    """Fit all `specs`, each on one layer; `classes[k]` is the number of labels of task k. Raises Cancelled.

    Probes of one `HeadConfig` that learn from the same segments are stacked, of all layers, seeds and (with hidden
    layers) tasks. As with `fit_head`, the epoch with the lowest dev loss is kept, and without dev the last one. What no
    stack knows (class weights, a falling rate) is fitted one by one. `precision` bfloat16 multiplies with eight
    significant bits: faster, and no longer equal to `fit_head`.
    """
    groups: dict[tuple[object, ...], list[int]] = {}
    for place, spec in sorted(enumerate(specs), key=lambda item: (item[1].layer, item[1].config.seed)):
        groups.setdefault(_shape(spec, classes, data, dev), []).append(place)
    fitted: dict[int, Fitted] = {}
    for places in groups.values():
        group = [specs[place] for place in places]
        part = progress.part(len(fitted) / len(specs), len(places) / len(specs))
        if _alone(group[0].config):
            shares = [part.part(k / len(group), 1 / len(group)) for k in range(len(group))]
            own = [_fit_alone(data, classes, spec, dev, one) for spec, one in zip(group, shares, strict=True)]
        else:
            own = fit_stacked(data, classes, group, dev, part, precision)
        fitted |= zip(places, own, strict=True)
    return tuple(fitted[place] for place in range(len(specs)))


def _alone(config: HeadConfig) -> bool:
    """Whether the configuration asks for what the stacks do not do."""
    return config.class_weights != "none" or config.schedule != "constant"


def _shape(spec: ProbeSpec, classes: Sequence[int], data: Data, dev: Data | None) -> tuple[object, ...]:
    """What probes must have in common to be stacked."""
    config = spec.config
    seen = [part.targets[:, spec.task] != UNLABELLED for part in (data, dev) if part is not None]
    labelled = tuple(mask.tobytes() for mask in seen)
    # Fewer classes are padded to the most: little behind a hidden layer, much of a probe without one.
    return (replace(config, seed=0), config.hidden or classes[spec.task], labelled)


def _fit_alone(data: Data, classes: Sequence[int], spec: ProbeSpec, dev: Data | None, progress: Progress) -> Fitted:
    """One probe by itself. A stop is passed on, since an experiment has no use for half a probe."""
    parts = []
    for part in (data, dev):
        if part is not None:
            rows = np.flatnonzero(part.targets[:, spec.task] != UNLABELLED)
            parts.append(Labelled(part.values[rows, spec.layer][:, None], part.targets[rows, spec.task]))
    held_out = parts[1] if dev is not None else None
    quiet = progress.part(0.0, 1.0, publish=SILENT.publish)
    fitted = fit_head(parts[0], classes[spec.task], spec.config, held_out, quiet)
    if fitted.stopped:
        raise Cancelled
    return fitted
