"""The probe behind the predictor protocol."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from persian_mir.backbones import Backbone, BackboneKey, load_installed
from persian_mir.computing import AUTOMATIC, Computing
from persian_mir.embeddings import Embedding, EmbeddingCache, SharedBackbone, embed_recording
from persian_mir.errors import ModelError, ProbeError
from persian_mir.i18n import _, digits
from persian_mir.labels import task_name
from persian_mir.models.table import short_name
from persian_mir.prediction import Prediction
from persian_mir.probes.agreement import agreement_here
from persian_mir.probes.file import load_probe
from persian_mir.probes.ood_detector import unknown
from persian_mir.probes.probe import Probe, recording_probabilities
from persian_mir.progress import SILENT, Progress
from persian_mir.provenance import Provenance

if TYPE_CHECKING:
    from persian_mir.audio import AudioSource


Loaded = dict[tuple[str, str, str, str], SharedBackbone]  # by model, device, precision and engine


class ProbePredictor:
    """Labels segments with a probe on its backbone. Raises ProbeError for another backbone than it was fitted on.

    `embedded`: the hidden states that are computed and kept in one pass, the probe's own and those that others read.
    """

    def __init__(self, probe: Probe, backbone: Backbone, cache: EmbeddingCache | None = None, name: str = "") -> None:
        check_backbone(probe.backbone, backbone.key)
        _check_reading(probe)
        self.probe, self.embedded = probe, probe.layers
        self._backbone = backbone
        self._cache = cache
        self._name = name or default_name(probe)

    @property
    def id(self) -> str:
        """`probe:` and the first twelve digits of the probe's hash."""
        return f"probe:{self.probe.hash[:12]}"

    @property
    def name(self) -> str:
        """What a lane is called."""
        return self._name

    @property
    def tasks(self) -> tuple[str, ...]:
        """The probe's one task."""
        return (self.probe.task,)

    @property
    def backbone(self) -> Backbone:
        """What it listens with."""
        return self._backbone

    @property
    def device(self) -> str:
        """Where that computes: `cpu`, `cuda` or `mps`."""
        return getattr(self._backbone, "device", "cpu")

    @property
    def remarks(self) -> tuple[str, ...]:
        """What the user should know: a precision or engine that could not be had, embeddings that are not kept."""
        unkept = "" if self._cache is None else self._cache.complaint()
        return tuple(filter(None, (self._backbone.remark, unkept)))

    def predict(self, source: AudioSource, progress: Progress = SILENT) -> tuple[Prediction, ...]:
        """One prediction; parts of it are published as the backbone gets on."""
        provenance, extra, begin = self.provenance(), None, 0.0
        if self.probe.modal is not None:
            extra, begin = self._modal(source, progress.part(0.0, 0.5, publish=SILENT.publish)), 0.5

        def publish(value: Any) -> None:
            if isinstance(value, Embedding):
                rows = None if extra is None else extra.of(value)
                progress.publish(prediction_of(self.probe, value.of(self.probe.layers), provenance, rows))

        parts = progress.part(begin, 1.0 - begin, publish=publish)
        embedding = embed_recording(source, self._backbone, self.probe.grid, self.embedded, parts, self._cache)
        rows = None if extra is None else extra.of(embedding)
        return (prediction_of(self.probe, embedding.of(self.probe.layers), provenance, rows),)

    def _modal(self, source: AudioSource, progress: Progress) -> _Columns:
        """The modal reading of all segments, known before the first of them is labelled."""
        from persian_mir.modal.features import modal_features

        windows = self.probe.grid.windows(source.recording.frames, source.recording.rate)
        starts, stops = (np.array([getattr(one, end) for one in windows], np.int64) for end in ("start", "stop"))
        return _Columns(starts, modal_features(source, starts, stops, progress))

    def provenance(self) -> Provenance:
        """By what it labels."""
        key = self.probe.backbone
        models = {self.id: self.probe.hash, key.id: key.revision or key.weights_hash}
        grid = self.probe.grid
        parameters: dict[str, object] = {"window_s": grid.window_s, "hop_s": grid.hop_s, "tail": grid.tail}
        parameters |= {"layers": self.probe.layers, "precision": self._backbone.precision}
        parameters |= {"engine": self._backbone.engine, "sure_margin": self.probe.sure_margin}
        return Provenance(self.id, models, parameters)


@dataclass(frozen=True, slots=True, eq=False)
class _Columns:
    """The modal reading's columns of the segments that begin at `starts`."""

    starts: NDArray[np.int64]
    rows: NDArray[np.float32]

    def of(self, embedding: Embedding) -> NDArray[np.float32]:
        """Those of the segments of a part."""
        return self.rows[np.searchsorted(self.starts, embedding.starts)]


def prediction_of(
    probe: Probe, embedding: Embedding, provenance: Provenance, extra: NDArray[np.float32] | None = None
) -> Prediction:
    """What `probe` says of the segments of `embedding`; `extra` as in `probabilities`."""
    lengths = embedding.stops - embedding.starts
    with np.errstate(all="ignore"):
        rows, overall, strange = recording_probabilities(probe, embedding.values, lengths, extra)
    if not (np.isfinite(rows).all() and np.isfinite(overall).all()):
        what = _("What the probe makes of this recording is no number.")
        raise ProbeError(what, cure=_("Fit the probe again, or ask its maker for a sound copy."))
    what = _("None of the labels that it knows: this sounds unlike all that the probe was fitted on.")
    reasons = tuple(what if odd else "" for odd in unknown(strange).tolist())
    reason = what if len(strange) and unknown(strange, lengths) else ""
    spans = embedding.starts, embedding.stops
    margin = probe.sure_margin
    return Prediction(probe.task, probe.labels, *spans, rows, overall, provenance, reasons, reason, sure_margin=margin)


def load_predictor(
    path: Path,
    cache: EmbeddingCache | None = None,
    computing: Computing = AUTOMATIC,
    loaded: Loaded | None = None,
) -> ProbePredictor:
    """The probe in `path` on its own backbone, which is one of those `loaded`, or is added to them.

    Several threads may use it at once. Raises ProbeError or ModelError, each saying what to do.
    """
    probe = load_probe(path)
    try:
        backbone = _backbone(probe, computing, {} if loaded is None else loaded)
        return ProbePredictor(probe, backbone, cache)
    except ModelError as error:
        what = _("The probe needs the model {model}: {reason}").format(model=probe.backbone.id, reason=error.what)
        own = probe.backbone.id.startswith("local/")
        cure = _("Register its folder with: persian-mir models add FOLDER") if own else error.cure
        raise ModelError(what, path=path, cure=cure) from error
    except ProbeError as error:
        raise ProbeError(error.what, path=path, cure=error.cure) from error


def embed_together(predictors: Sequence[ProbePredictor]) -> None:
    """Have probes that read one backbone over one grid compute their layers in one pass: the first for all."""
    for one in predictors:
        others = (o for o in predictors if o.backbone is one.backbone and o.probe.grid == one.probe.grid)
        one.embedded = tuple(sorted({layer for other in others for layer in other.probe.layers}))


def _backbone(probe: Probe, computing: Computing, loaded: Loaded) -> SharedBackbone:
    """The probe's own, as asked for; `auto` is fast where it was found to make no difference to this probe here."""

    def load(device: str, precision: str, engine: str) -> SharedBackbone:
        how = probe.backbone.id, device, precision, engine
        if how not in loaded:
            loaded[how] = SharedBackbone(load_installed(*how))
        return loaded[how]

    if computing.precision != "auto":
        return load(*computing)
    found = agreement_here(probe.hash)
    if found is not None and found.holds and computing.engine in ("auto", found.engine):
        fast = load(computing.device, "fast", found.engine)
        if (fast.precision, fast.device) == (found.precision, found.device):
            return fast
    return load(computing.device, "exact", computing.engine)


def _check_reading(probe: Probe) -> None:
    """Raises ProbeError for a probe whose modal reading is not that of this program."""
    if probe.modal is None:
        return
    from persian_mir.modal.features import features_version

    if probe.modal.version != features_version():
        what = _("The probe was fitted on another version of the modal reading.")
        raise ProbeError(what, cure=_("Fit the probe again with this version of the program."))


def check_backbone(wanted: BackboneKey, given: BackboneKey) -> None:
    """Raises ProbeError, naming the first difference, unless a probe fitted on `wanted` may read `given`."""
    if wanted.id != given.id:
        what = _("The probe was fitted on {wanted}, not on {given}.")
        cure = _("Choose the model that the probe was fitted on, or fit a probe on this one.")
        raise ProbeError(what.format(wanted=wanted.id, given=given.id), cure=cure)
    names = {
        "weights_hash": _("weights"),
        "revision": _("revision"),
        "rate": _("sampling rate"),
        "normalise": _("normalisation"),
        "states": _("number of layers"),
        "width": _("width"),
    }
    for field, name in names.items():
        before, now = getattr(wanted, field), getattr(given, field)
        if before != now:
            what = _("The probe was fitted on another version of {model}; its {part} was {before}, now it is {now}.")
            cure = _("Fetch the version that the probe was fitted on, or fit the probe again.")
            raise ProbeError(what.format(model=given.id, part=name, before=before, now=now), cure=cure)


def default_name(probe: Probe) -> str:
    """`Instrument · MERT-v1-95M, 5 s`."""
    window = digits(f"{probe.grid.window_s:g}")
    return _("{task} · {model}, {window} s").format(
        task=task_name(probe.task), model=short_name(probe.backbone.id), window=window
    )
