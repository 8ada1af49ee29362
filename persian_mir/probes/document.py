"""The part of a probe that is not arrays, as plain JSON values and back, with every value checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

from persian_mir.backbones import BackboneKey
from persian_mir.errors import ProbeError
from persian_mir.grid import MAX_S, Grid
from persian_mir.i18n import _
from persian_mir.labels import LABEL_ID, TASKS, is_label, label_ids
from persian_mir.models.store import is_model_id
from persian_mir.prediction import NEVER_SURE, SURE_MARGIN
from persian_mir.probes.probe import MAX_HIDDEN, Probe

# A probe is written in the oldest format that can hold it, so that older programs read it, or say that they are older.
OLDEST = 1  # without `concat` and `modal`
WIDER = 2  # with one of them
NAMED = 3  # with labels other than ids, as artists in any script
FORMAT = 4  # with a guard that has heard other sounds; the newest that is read
MAX_CLASSES, MAX_SIZE, MAX_STATES = 10_000, 65_536, 256

Document = Mapping[str, Any]


def document_of(probe: Probe) -> dict[str, Any]:
    """Everything of `probe` but its arrays."""
    newer: dict[str, Any] = {"concat": True} if probe.concat else {}
    # Older programs pass over it, and call more sure than this one does.
    sure = {} if probe.sure_margin == SURE_MARGIN else {"sure_margin": probe.sure_margin}
    if probe.modal is not None:
        newer["modal"] = {
            "version": probe.modal.version,
            "columns": len(probe.modal.mean),
            "alone": probe.modal.alone,
        }
    return {
        "format": _format(probe, newer),
        "task": probe.task,
        "labels": list(probe.labels),
        "backbone": asdict(probe.backbone),
        "grid": asdict(probe.grid),
        "layers": list(probe.layers),
        "hidden": list(probe.head.hidden),
        "temperature": probe.temperature,
        "novelty": _guard(probe),
        "training": dict(probe.training),
        **sure,
    } | newer


def _guard(probe: Probe) -> dict[str, Any] | None:
    if probe.novelty is None:
        return None
    contrast: dict[str, Any] = {} if probe.novelty.contrast is None else {"contrast": True}
    return {"near": probe.novelty.near, "far": probe.novelty.far} | contrast


def _format(probe: Probe, newer: Mapping[str, Any]) -> int:
    if probe.novelty is not None and probe.novelty.contrast is not None:
        return FORMAT
    if not all(map(LABEL_ID.fullmatch, probe.labels)):
        return NAMED
    return WIDER if newer else OLDEST


def check_format(document: Document) -> None:
    """Raises ProbeError for a document of a format that this program does not know."""
    version = document.get("format")
    if type(version) is not int or version < OLDEST:
        raise ProbeError(_("The probe has an older or unknown format."), cure=fit_again())
    if version > FORMAT:
        cure = _("Update the program, or fit the probe again with this version.")
        raise ProbeError(_("The probe was made by a newer version of the program."), cure=cure)


def checked_labels(document: Document) -> tuple[str, tuple[str, ...]]:
    """The task and its labels. Raises ProbeError unless this program knows them."""
    task, labels = document.get("task"), document.get("labels")
    if task not in TASKS:
        raise ProbeError(_("The probe's task is unknown: {task}.").format(task=shown(task)), cure=fit_again())
    if not isinstance(labels, list) or not 2 <= len(labels) <= MAX_CLASSES:
        raise ProbeError(_("The probe does not name two or more labels."), cure=fit_again())
    known = label_ids(task)
    for label in labels:
        if not isinstance(label, str) or not is_label(task, label) or (known and label not in known):
            what = _("The probe's label {label} is not one of the task {task}.")
            raise ProbeError(what.format(label=shown(label), task=task), cure=fit_again())
    if len(set(labels)) < len(labels):
        raise ProbeError(_("The probe names a label twice."), cure=fit_again())
    return task, tuple(labels)


def checked_backbone(document: Document) -> BackboneKey:
    """The backbone that the probe was fitted on. Raises ProbeError for impossible values."""
    row = document.get("backbone")
    kinds = {"str": str, "int": int, "bool": bool}
    wanted = {field.name: kinds[str(field.type)] for field in fields(BackboneKey)}
    if not isinstance(row, dict) or {name: type(value) for name, value in row.items()} != wanted:
        raise _damaged("backbone")
    key = BackboneKey(**row)
    if not is_model_id(key.id) or not key.revision.isprintable():
        what = _("The probe names {model} as its model, which is no model's id.").format(model=shown(key.id))
        raise ProbeError(what, cure=fit_again())
    if not (1000 <= key.rate <= 384_000 and 1 <= key.states <= MAX_STATES and 1 <= key.width <= MAX_SIZE):
        raise _damaged("backbone")
    return key


def checked_grid(document: Document) -> Grid:
    """The segment grid that the probe was fitted on."""
    row = document.get("grid")
    if not isinstance(row, dict) or set(row) != {"window_s", "hop_s", "tail"}:
        raise _damaged("grid")
    window_s, hop_s = (_number(row[name], "grid", MAX_S) for name in ("window_s", "hop_s"))
    try:
        return Grid(window_s, hop_s, _tail(row["tail"]))
    except ValueError as error:
        what = _("The probe's segments of {window:g} s every {hop:g} s are too short, or too close to each other.")
        raise ProbeError(what.format(window=window_s, hop=hop_s), cure=fit_again()) from error


def checked_layers(document: Document, backbone: BackboneKey) -> tuple[int, ...]:
    """The hidden states that the probe reads, each one of the backbone's."""
    layers = _integers(document.get("layers"), "layers", backbone.states - 1, least=0)
    if not layers or len(set(layers)) < len(layers):
        raise _damaged("layers")
    return layers


def checked_concat(document: Document) -> bool:
    """Whether the head reads its layers side by side."""
    concat = document.get("concat", False)
    if type(concat) is not bool or (concat and document.get("format") == OLDEST):
        raise _damaged("concat")
    return concat


def checked_modal(document: Document) -> tuple[int, str, bool]:
    """How many columns of the modal reading the head reads (0: none), of which version, and whether nothing else."""
    row = document.get("modal")
    if row is None:
        return 0, "", False
    if document.get("format") == OLDEST or not isinstance(row, dict) or set(row) != {"version", "columns", "alone"}:
        raise _damaged("modal")
    (columns,) = _integers([row["columns"]], "modal", MAX_SIZE)
    version, alone = row["version"], row["alone"]
    if not isinstance(version, str) or len(version) > 64 or type(alone) is not bool:
        raise _damaged("modal")
    return columns, version, alone


def checked_hidden(document: Document) -> tuple[int, ...]:
    """The sizes of the head's hidden layers, at most five."""
    hidden = _integers(document.get("hidden"), "hidden", MAX_SIZE)
    if len(hidden) > MAX_HIDDEN:
        raise _damaged("hidden")
    return hidden


def checked_temperature(document: Document) -> float:
    """The calibration."""
    return _number(document.get("temperature"), "temperature", 1e3, least=1e-3)


def checked_guard(document: Document) -> tuple[float, float, bool] | None:
    """`near` and `far` of the novelty guard and whether it has heard other sounds; None for a probe without one."""
    row = document.get("novelty")
    if row is None:
        return None
    if not isinstance(row, dict) or set(row) - {"contrast"} != {"near", "far"}:
        raise _damaged("novelty")
    contrast = row.get("contrast", False)
    if type(contrast) is not bool or (contrast and document.get("format") != FORMAT):
        raise _damaged("novelty")
    near, far = (_number(row[name], "novelty", 1e9) for name in ("near", "far"))
    if near >= far:
        raise _damaged("novelty")
    return near, far, contrast


def checked_sure_margin(document: Document) -> float:
    """By how much a sure label leads."""
    return _number(document.get("sure_margin", SURE_MARGIN), "sure_margin", NEVER_SURE)


def checked_training(document: Document) -> Mapping[str, object]:
    """Provenance: shown, never used."""
    training = document.get("training")
    if not isinstance(training, dict):
        raise _damaged("training")
    return training


def fit_again() -> str:
    """The cure for a probe that cannot be used."""
    return _("Fit the probe again with this version, or ask its maker for a sound copy.")


def shown(value: object) -> str:
    """A foreign value, short enough for a message."""
    text = ascii(value)
    return text if len(text) <= 80 else text[:77] + "..."


def _damaged(part: str) -> ProbeError:
    return ProbeError(_("The probe's description is damaged at {part}.").format(part=part), cure=fit_again())


def _number(value: object, part: str, most: float, least: float = 1e-9) -> float:
    if not isinstance(value, (int, float)) or isinstance(value, bool) or not least <= value <= most:  # NaN is not
        raise _damaged(part)
    return float(value)


def _integers(values: object, part: str, most: int, least: int = 1) -> tuple[int, ...]:
    if not isinstance(values, list) or len(values) > MAX_STATES:
        raise _damaged(part)
    if any(type(value) is not int or not least <= value <= most for value in values):
        raise _damaged(part)
    return tuple(values)


def _tail(value: object) -> Any:
    if value not in ("own", "overlap", "drop"):
        raise _damaged("grid")
    return value
