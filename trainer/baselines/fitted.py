"""A fitted baseline: what it learnt, its file, and the predictor protocol over it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from persian_mir.atomic_write import atomic_write
from persian_mir.checked_json import RecordError, among, listed, number, optional, parsed, record, text
from persian_mir.embeddings import Embedding, EmbeddingCache, embed_recording
from persian_mir.errors import ProbeError, writing_cure
from persian_mir.grid import MAX_S, MIN_WINDOW_S, Grid
from persian_mir.i18n import _
from persian_mir.labels import TASKS, is_label, task_name
from persian_mir.prediction import NEVER_SURE, SURE_MARGIN, Prediction, pooled
from persian_mir.probes.probe import softmax
from persian_mir.progress import SILENT, Progress
from persian_mir.provenance import Provenance
from trainer.baselines.baseline import Arrays, Baseline, BaselineFeatures, Floats
from trainer.baselines.built import find_baseline
from trainer.baselines.studies import study

if TYPE_CHECKING:
    from persian_mir.audio import AudioSource

FORMAT = "persian-mir baseline 1"
MAX_BYTES = 512 << 20
TINY = 1e-9  # between features that are the same, but for rounding
DOCUMENT = record(
    format=among(FORMAT),
    baseline=text(64),
    revision=text(64),
    task=among(*TASKS),
    labels=listed(text(), 10_000),
    window_s=number(MIN_WINDOW_S, MAX_S),
    temperature=number(1e-6, 1e6),
    sure_margin=optional(number(SURE_MARGIN, NEVER_SURE)),
    training=record(),
    checksum=text(64),
)


@dataclass(frozen=True, slots=True, eq=False)
class FittedBaseline:
    """A predictor of one task. `arrays`: what `baseline` learnt; `temperature` divides its logits; `training`: how it
    was made, plain JSON values.
    """

    baseline: Baseline
    task: str
    labels: tuple[str, ...]
    window_s: float
    arrays: Arrays
    temperature: float = 1.0
    training: Mapping[str, object] = field(default_factory=dict)
    cache: EmbeddingCache | None = None
    sure_margin: float = SURE_MARGIN  # by which a sure label leads: `trainer.evaluation.sureness`
    hash: str = field(init=False)  # BLAKE2b-128 of what its answers depend on

    def __post_init__(self) -> None:
        object.__setattr__(self, "hash", _checksum({**self._answering(), "training": {}}, self.arrays))

    @property
    def id(self) -> str:
        """`baseline:` and the first digits of its hash."""
        return f"baseline:{self.hash[:12]}"

    @property
    def name(self) -> str:
        """What a lane is called, such as `Dastgah · after Abdoli`."""
        return f"{task_name(self.task)} · {study(self.baseline.id).title}"

    @property
    def tasks(self) -> tuple[str, ...]:
        """Its one task."""
        return (self.task,)

    @property
    def grid(self) -> Grid:
        """Where its segments lie: side by side."""
        return Grid(self.window_s, self.window_s)

    def probabilities(self, rows: Floats) -> Floats:
        """Features [segments, width] as probabilities [segments, labels]."""
        return softmax(self.baseline.logits(self.arrays, rows) / np.float32(self.temperature))

    def predict(self, source: AudioSource, progress: Progress = SILENT) -> tuple[Prediction, ...]:
        """One prediction; its parts are published as the features get on."""
        provenance = self.provenance()

        def publish(value: Any) -> None:
            if isinstance(value, Embedding):
                progress.publish(self._prediction(value, provenance))

        parts = progress.part(0.0, 1.0, publish=publish)
        embedding = embed_recording(source, BaselineFeatures(self.baseline), self.grid, (0,), parts, self.cache)
        return (self._prediction(embedding, provenance),)

    def provenance(self) -> Provenance:
        """By what it labels."""
        name = study(self.baseline.id).name
        parameters = {"baseline": self.baseline.id, "name": name, "revision": self.baseline.revision}
        told = {**parameters, "window_s": self.window_s, "sure_margin": self.sure_margin}
        return Provenance(self.id, {self.id: self.hash}, told)

    def save(self, path: Path) -> None:
        """Write it to `path`, whole or not at all: safetensors, with its description. Raises ProbeError."""
        from safetensors.numpy import save

        document = self._document()
        document["checksum"] = _checksum(document, self.arrays)
        arrays = {name: np.ascontiguousarray(one, np.float32) for name, one in self.arrays.items()}
        try:
            with atomic_write(path) as file:
                file.write(save(arrays, metadata={"baseline": json.dumps(document, sort_keys=True)}))
        except OSError as error:
            what = _("The baseline could not be written: {reason}.").format(reason=error.strerror)
            raise ProbeError(what, path=path, cure=writing_cure(error)) from error

    def _document(self) -> dict[str, Any]:
        return {**self._answering(), "sure_margin": self.sure_margin, "training": dict(self.training)}

    def _answering(self) -> dict[str, Any]:
        """What its answers depend on."""
        plain = {"format": FORMAT, "baseline": self.baseline.id, "revision": self.baseline.revision, "task": self.task}
        heard = {"labels": list(self.labels), "window_s": self.window_s, "temperature": self.temperature}
        return {**plain, **heard}

    def _prediction(self, embedding: Embedding, provenance: Provenance) -> Prediction:
        with np.errstate(all="ignore"):
            rows = self.probabilities(embedding.values[:, 0])
        if not np.isfinite(rows).all():
            what = _("What the baseline makes of this recording is no number.")
            raise ProbeError(what, cure=_("Fit the baseline again."))
        overall = pooled(rows, embedding.stops - embedding.starts)
        what = _("Nothing sounds here that this system hears.")
        away = np.abs(embedding.values[:, 0] - _of_silence(self.baseline, self.window_s)).max(axis=1)
        deaf = away < TINY
        reasons = tuple(what if one else "" for one in deaf.tolist())
        spans = embedding.starts, embedding.stops
        reason = what if deaf.all() else ""
        return Prediction(
            self.task, self.labels, *spans, rows, overall, provenance, reasons, reason, sure_margin=self.sure_margin
        )


@lru_cache(maxsize=16)
def _of_silence(baseline: Baseline, window_s: float) -> Floats:
    """The features of a silent window, float32 [width]; those of pitch are the same where nothing has one."""
    return np.asarray(baseline.describe(np.zeros(round(window_s * baseline.rate), np.float32)), np.float32)


def load_baseline(path: Path, cache: EmbeddingCache | None = None) -> FittedBaseline:
    """The baseline in `path`. Raises ProbeError, in words, for anything that is not a sound one of this program."""
    cure = _("Fit the baseline again.")
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
        document, arrays = _parsed(data)
        if document.pop("checksum") != _checksum(document, arrays):
            raise ValueError(_("its checksum is wrong"))
        fitted = _fitted(document, arrays, cache)
        _try_out(fitted)
    except OSError as error:
        what = _("The baseline cannot be read: {reason}.").format(reason=error.strerror)
        raise ProbeError(what, path=path, cure=cure) from error
    except RecordError as error:
        what = _("This is no fitted baseline: {reason}.").format(reason=error.what.rstrip("."))
        raise ProbeError(what, path=path, cure=cure) from error
    except (ValueError, LookupError, TypeError, ArithmeticError, MemoryError, RuntimeError) as error:
        raise ProbeError(
            _("This is no fitted baseline: {reason}.").format(reason=error), path=path, cure=cure
        ) from error
    return fitted


def _parsed(data: bytes) -> tuple[dict[str, Any], dict[str, Floats]]:
    """Document and arrays of a file's bytes. Raises RecordError and ValueError."""
    from safetensors import SafetensorError
    from safetensors.numpy import load

    length = int.from_bytes(data[:8], "little")
    if len(data) > MAX_BYTES or not 2 <= length <= len(data) - 8:
        raise ValueError(_("it is empty, cut off or another kind of file"))
    header = parsed(data[8 : 8 + length], record())
    metadata = header.get("__metadata__")
    described = metadata.get("baseline") if isinstance(metadata, dict) else None
    if not isinstance(described, str):
        raise ValueError(_("it is another kind of file"))
    try:
        arrays = load(data)
    except SafetensorError as error:
        raise ValueError(_("its arrays cannot be read")) from error
    if not all(one.dtype == np.float32 and np.isfinite(one).all() for one in arrays.values()):
        raise ValueError(_("its arrays hold something that is no number"))
    return parsed(described, DOCUMENT), arrays


def _fitted(document: Mapping[str, Any], arrays: Arrays, cache: EmbeddingCache | None) -> FittedBaseline:
    baseline = find_baseline(document["baseline"])
    if baseline.revision != document["revision"]:
        raise ValueError(_("it is of another version of the program"))
    task, labels = document["task"], tuple(document["labels"])
    if len(set(labels)) < len(labels) or not all(is_label(task, label) for label in labels) or len(labels) < 2:
        raise ValueError(_("its labels are too few, or one stands twice"))
    if any(one.shape != (len(labels),) for name, one in arrays.items() if name.endswith("last.bias")):
        raise ValueError(_("its arrays do not fit together"))  # before a net of as many labels is built
    plain = (document["window_s"], arrays, document["temperature"], document["training"], cache)
    sure_margin = document.get("sure_margin") or SURE_MARGIN
    return FittedBaseline(baseline, task, labels, *plain, sure_margin=sure_margin)


def _try_out(fitted: FittedBaseline) -> None:
    """Raises ValueError, or what numpy raises, where the arrays do not answer even a silence."""
    with np.errstate(all="ignore"):
        rows = fitted.probabilities(np.zeros((2, fitted.baseline.width), np.float32))
    if rows.shape != (2, len(fitted.labels)) or not np.isfinite(rows).all():
        raise ValueError(_("its arrays do not fit together"))


def _checksum(document: Mapping[str, Any], arrays: Arrays) -> str:
    digest = hashlib.blake2b(json.dumps(document, sort_keys=True).encode(), digest_size=16)
    for name in sorted(arrays):
        digest.update(f"{name} {arrays[name].shape}".encode() + arrays[name].astype("<f4").tobytes())
    return digest.hexdigest()
