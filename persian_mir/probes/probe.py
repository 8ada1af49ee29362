"""A probe: a small trained head on a frozen backbone, with all that is needed to use it honestly."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from persian_mir.backbones import BackboneKey
from persian_mir.grid import Grid
from persian_mir.prediction import SURE_MARGIN
from persian_mir.probes.ood_detector import OodDetector, flattened, strangeness, whole

Floats = NDArray[np.float32]

MAX_HIDDEN = 5  # hidden layers of a head, as many as the paper tries


@dataclass(frozen=True, slots=True, eq=False)
class Head:
    """Fully connected layers with ReLU between them: 0 to 5 hidden layers, then one logit a class.

    `weights[k]`: float32 [out, in] of layer k; `biases[k]`: float32 [out].
    """

    weights: tuple[Floats, ...]
    biases: tuple[Floats, ...]

    def __post_init__(self) -> None:
        if not 1 <= len(self.weights) <= MAX_HIDDEN + 1 or len(self.weights) != len(self.biases):
            raise ValueError(f"a head has 1 to {MAX_HIDDEN + 1} layers, each with weights and biases")
        sizes = [self.weights[0].shape[1], *(len(bias) for bias in self.biases)]
        shapes = list(zip(sizes[1:], sizes[:-1], strict=True))
        if [weight.shape for weight in self.weights] != shapes:
            raise ValueError(f"the layers of the head do not fit together: {shapes}")

    @property
    def hidden(self) -> tuple[int, ...]:
        """The sizes of the hidden layers, from the input on."""
        return tuple(len(bias) for bias in self.biases[:-1])

    def logits(self, values: Floats) -> Floats:
        """float32 [segments, width] -> [segments, classes]."""
        for weight, bias in zip(self.weights[:-1], self.biases[:-1], strict=True):
            values = np.maximum(values @ weight.T + bias, 0)
        return np.asarray(values @ self.weights[-1].T + self.biases[-1], dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Intake:
    """What a head reads of standardised features: `layers` mixed or, with `concat`, side by side; then `columns` of the
    modal reading, which stand `alone` where nothing of the layers is read.
    """

    layers: int
    concat: bool = False
    columns: int = 0
    alone: bool = False

    def inputs(self, values: Floats, layer_weights: Floats, extra: Floats | None = None) -> Floats:
        """float32 [segments, layers, width] and `extra` [segments, columns] as one row a segment."""
        if self.alone and extra is not None:
            return extra
        rows = mixed(values, layer_weights, self.concat)
        return rows if extra is None else np.concatenate([rows, extra], axis=1)

    def guarded(self, inputs: Floats) -> Floats:
        """What the novelty guard sees of it: the embedding, of layers side by side the plain mean, if it is read."""
        if self.alone:
            return inputs
        rows = inputs[:, : inputs.shape[1] - self.columns]
        return rows.reshape(len(rows), self.layers, -1).mean(axis=1) if self.concat else rows


@dataclass(frozen=True, slots=True, eq=False)
class ModalPart:
    """The columns of the modal reading that a head reads after the embedding or, `alone`, in place of it.

    `mean`, `std`: float32 [columns], their standardisation. `version`: which reading they are of
    (`modal.features.features_version`).
    """

    mean: Floats
    std: Floats
    version: str
    alone: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Probe:
    """A head with its task, its backbone and grid, its calibration and where it comes from.

    `layers`: the hidden states it reads; `layer_weights`: float32 [layers], of sum 1. With `concat` the head reads
    all layers side by side instead, and the weights are 1. `mean`, `std`: float32 [layers, width], the standardisation
    of each layer before they are mixed. `temperature` divides the logits
    (Guo et al. 2017, On Calibration of Modern Neural Networks). `novelty` knows how far the training sounds reached.
    `training` is provenance: data set, counts, split, seed, rates, scores, program, date; plain JSON values.
    `sure_margin`: by which a label leads the next where nine in ten were right, when the probe was judged
    (`trainer.evaluation.sureness`). `hash` covers all that the probabilities depend on, and nothing else.
    """

    task: str
    labels: tuple[str, ...]
    backbone: BackboneKey
    grid: Grid
    layers: tuple[int, ...]
    layer_weights: Floats
    head: Head
    mean: Floats
    std: Floats
    temperature: float = 1.0
    novelty: OodDetector | None = None
    training: Mapping[str, object] = field(default_factory=dict)
    concat: bool = False
    modal: ModalPart | None = None
    sure_margin: float = SURE_MARGIN
    hash: str = field(init=False)

    def __post_init__(self) -> None:
        layers, classes, width = len(self.layers), len(self.labels), self.mean.shape[-1]
        columns = self.intake.columns
        embedded = 0 if self.intake.alone else width * (layers if self.concat else 1)
        shapes = (self.layer_weights.shape, self.mean.shape, self.std.shape, self.head.biases[-1].shape)
        if shapes != ((layers,), (layers, width), (layers, width), (classes,)):
            raise ValueError(f"{layers} layers of width {width} and {classes} labels do not fit shapes {shapes}")
        if self.head.weights[0].shape[1] != embedded + columns:
            raise ValueError(f"the head reads {self.head.weights[0].shape[1]}, not {embedded} and {columns}")
        if self.novelty is not None and self.novelty.centres.shape != (classes, columns if not embedded else width):
            raise ValueError(f"the novelty guard is made for other classes: {self.novelty.centres.shape}")
        if self.modal is not None and not (self.modal.std.shape == (columns,) and (self.modal.std > 0).all()):
            raise ValueError("the modal columns' standard deviations must be as many, and positive")
        if not (0 < self.temperature < float("inf") and (self.std > 0).all()):
            raise ValueError("temperature and standard deviations must be positive")
        object.__setattr__(self, "hash", _hash(self))
        for array in tensors(self).values():
            array.flags.writeable = False

    @property
    def intake(self) -> Intake:
        """What the head reads."""
        if self.modal is None:
            return Intake(len(self.layers), self.concat)
        return Intake(len(self.layers), self.concat, len(self.modal.mean), self.modal.alone)


def tensors(probe: Probe) -> dict[str, Floats]:
    """All arrays of a probe under the names they have in its file."""
    arrays = {"mix": probe.layer_weights, "mean": probe.mean, "std": probe.std}
    for index, (weight, bias) in enumerate(zip(probe.head.weights, probe.head.biases, strict=True)):
        arrays |= {f"head.{index}.weight": weight, f"head.{index}.bias": bias}
    if probe.novelty is not None:
        arrays |= {"novelty.centres": probe.novelty.centres, "novelty.whitening": probe.novelty.whitening}
        if probe.novelty.contrast is not None:
            arrays |= {"novelty.contrast": probe.novelty.contrast}
    if probe.modal is not None:
        arrays |= {"modal.mean": probe.modal.mean, "modal.std": probe.modal.std}
    return arrays


def mixed(values: Floats, layer_weights: Floats, concat: bool) -> Floats:
    """Standardised float32 [segments, layers, width] as one row a segment: weighed and summed, or side by side."""
    if concat:
        return values.reshape(len(values), -1)
    return np.asarray(np.einsum("slw,l->sw", values, layer_weights), dtype=np.float32)


def probabilities(probe: Probe, values: Floats, extra: Floats | None = None) -> Floats:
    """Calibrated probabilities of segments, in numpy alone.

    `values`: float32 [segments, layers, width], the layers being `probe.layers` in that order; `extra`: float32
    [segments, columns] of the modal reading, for a probe that reads it (`modal.features`). Returns float32
    [segments, classes]; rows sum to 1. Segments unlike anything in the training are flattened towards "not sure".
    """
    return said(probe, values, extra)[0]


def recording_probabilities(
    probe: Probe, values: Floats, lengths: NDArray[np.int64], extra: Floats | None = None
) -> tuple[Floats, Floats, Floats]:
    """The same for the segments of one recording, int64 [segments] long, and for the whole of it: float32 [classes];
    and how strange each segment makes it, float32 [segments].

    The whole is flattened once more where the recording is unlike anything in the training (`novelty.whole`).
    """
    rows, strange = said(probe, values, extra)
    return rows, whole(rows, lengths, strange), strange


def said(probe: Probe, values: Floats, extra: Floats | None = None) -> tuple[Floats, Floats]:
    """`probabilities`, and how strange each segment makes its recording: float32 [segments], see `novelty.whole`."""
    return answers(probe, _inputs(probe, values, extra))


def answers(probe: Probe, inputs: Floats) -> tuple[Floats, Floats]:
    """The same for what the head reads, standardised: see `Intake`."""
    rows, guard = softmax(probe.head.logits(inputs) / np.float32(probe.temperature)), probe.novelty
    if guard is None:
        return rows, np.zeros(len(rows), np.float32)
    away = guard.away(probe.intake.guarded(inputs))
    return flattened(rows, guard, away), strangeness(guard, away)


def _inputs(probe: Probe, values: Floats, extra: Floats | None) -> Floats:
    if values.ndim != 3 or values.shape[1:] != probe.mean.shape:
        raise ValueError(f"the probe reads [segments, {probe.mean.shape}], not {values.shape}")
    if (extra is None) != (probe.modal is None):
        raise ValueError("the probe reads the modal reading, or does not: give its columns, or none")
    if probe.modal is not None and extra is not None:
        extra = (extra - probe.modal.mean) / probe.modal.std
    return probe.intake.inputs((values - probe.mean) / probe.std, probe.layer_weights, extra)


def softmax(logits: Floats) -> Floats:
    """Rows of logits as rows of probabilities."""
    odds = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(odds / odds.sum(axis=1, keepdims=True), dtype=np.float32)


def _hash(probe: Probe) -> str:
    """BLAKE2b-128, in hex, of everything that the probabilities depend on."""
    reach = None if probe.novelty is None else (probe.novelty.near, probe.novelty.far)
    scalars = (probe.task, probe.labels, probe.backbone, probe.grid, probe.layers, probe.temperature, reach)
    newer = ["concat"] * probe.concat + ([probe.modal.version, probe.modal.alone] if probe.modal else [])
    # Nothing is added where nothing is new, so that older probes keep their hash; ascii, as repr writes a name in
    # other scripts by what this version of Python knows of Unicode.
    text = ascii(scalars) + (ascii(newer) if newer else "")
    digest = hashlib.blake2b(text.encode(), digest_size=16)
    for name, array in tensors(probe).items():
        digest.update(f"{name}{array.shape}".encode() + np.ascontiguousarray(array, dtype="<f4").tobytes())
    return digest.hexdigest()
