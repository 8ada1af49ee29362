"""One `.probe` file: safetensors with a checked description. Never a pickle, nothing allocated on a file's word.

Layout (https://github.com/huggingface/safetensors): 8 bytes length, a JSON header, the arrays. The header's metadata
holds one text, `probe`: the JSON document, with `checksum`, the BLAKE2b-128 of the rest of it and of all arrays.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from persian_mir.atomic_write import atomic_write
from persian_mir.checked_json import RecordError, parsed, record
from persian_mir.errors import ProbeError, writing_cure
from persian_mir.i18n import _
from persian_mir.probes import document as doc
from persian_mir.probes.ood_detector import OodDetector
from persian_mir.probes.probe import Head, Intake, ModalPart, Probe, said, tensors

MAX_BYTES = 256 << 20  # a head of five hidden layers of 4096 takes 270 MB; real ones take one or two
MAX_HEADER = 4 << 20
TRIED = 100.0  # standard deviations: sounds unlike all that was learnt from reach that far
UNEVEN = 1e-3  # as far as the sum of the layer weights, in float32, may be from 1
_ALIEN = {b"PK\x03\x04": "zip", b"\x80": "pickle"}  # a pickle of protocol 2 or later, or torch's zip of one

Floats = NDArray[np.float32]
Shapes = Mapping[str, tuple[int, ...]]


def save_probe(probe: Probe, path: Path) -> None:
    """Write `probe` to `path`, whole or not at all. Raises ProbeError when the disk refuses."""
    from safetensors.numpy import save

    arrays = {name: np.ascontiguousarray(array, dtype=np.float32) for name, array in tensors(probe).items()}
    document = doc.document_of(probe)
    text = _text(document | {"checksum": _checksum(document, arrays)})
    data = save(arrays, metadata={"probe": text})
    try:
        with atomic_write(path) as file:
            file.write(data)
    except OSError as error:
        what = _("The probe could not be written: {reason}.").format(reason=error.strerror)
        raise ProbeError(what, path=path, cure=writing_cure(error)) from error


def load_probe(path: Path) -> Probe:
    """The probe in `path`. Raises ProbeError, in words, for anything that is not a sound probe of this program."""
    try:
        return parse_probe(_read(path))
    except ProbeError as error:
        raise ProbeError(error.what, path=path, cure=error.cure) from error


def parse_probe(data: bytes) -> Probe:
    """The same for a file's bytes."""
    header, body = _split(data)
    metadata = header.pop("__metadata__", None)
    if not isinstance(metadata, dict) or not isinstance(metadata.get("probe"), str):
        raise ProbeError(_("This file holds weights, but it is not a probe."), cure=_another())
    document = _json(metadata["probe"])
    checksum = document.pop("checksum", None)
    doc.check_format(document)
    task, labels = doc.checked_labels(document)
    backbone, grid = doc.checked_backbone(document), doc.checked_grid(document)
    layers, hidden = doc.checked_layers(document, backbone), doc.checked_hidden(document)
    temperature, guard = doc.checked_temperature(document), doc.checked_guard(document)
    training, concat = doc.checked_training(document), doc.checked_concat(document)
    columns, version, alone = doc.checked_modal(document)
    sure = doc.checked_sure_margin(document)
    intake = Intake(len(layers), concat, columns, alone)
    shapes = _expected(intake, backbone.width, hidden, len(labels), guard)
    arrays = _arrays(header, body, shapes)
    if checksum != _checksum(document, arrays):
        raise ProbeError(_("The probe was altered or damaged: its checksum is wrong."), cure=doc.fit_again())
    depth = range(len(hidden) + 1)
    head = Head(tuple(arrays[f"head.{k}.weight"] for k in depth), tuple(arrays[f"head.{k}.bias"] for k in depth))
    novelty = None if guard is None else _detector(arrays, *guard[:2])
    parts = (arrays["mix"], head, arrays["mean"], arrays["std"])
    modal = ModalPart(arrays["modal.mean"], arrays["modal.std"], version, alone) if columns else None
    if not (parts[3] > 0).all() or (modal is not None and not (modal.std > 0).all()):
        raise ProbeError(_("The probe's standardisation is not positive."), cure=doc.fit_again())
    if not concat and ((parts[0] < 0).any() or abs(parts[0].sum(dtype=np.float64) - 1) > UNEVEN):
        raise ProbeError(_("The probe's layer weights are no shares of a whole."), cure=doc.fit_again())
    probe = Probe(task, labels, backbone, grid, layers, *parts, temperature, novelty, training, concat, modal, sure)
    _try_out(probe)
    return probe


def _try_out(probe: Probe) -> None:
    """Raises ProbeError for one whose numbers are each possible, but together answer nothing: not even the mean of
    the sounds that it learnt from, or what lies TRIED standard deviations, or 1, from it.
    """
    away = np.array([0, TRIED, -TRIED, 0, 0], np.float32)[:, None, None]
    one = np.array([0, 0, 0, 1, -1], np.float32)[:, None, None]
    with np.errstate(all="ignore"):
        extra = None if probe.modal is None else probe.modal.mean + away[:, 0] * probe.modal.std + one[:, 0]
        answers = said(probe, probe.mean + away * probe.std + one, extra)
    if not all(np.isfinite(part).all() for part in answers):
        what = _("The probe's numbers are too large or too small to compute with.")
        raise ProbeError(what, cure=doc.fit_again())


def _read(path: Path) -> bytes:
    try:
        if not path.is_file():
            what = _("This is not a file.") if path.exists() else _("There is no such file.")
            raise ProbeError(what, cure=_another())
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise ProbeError(_("The probe cannot be read: {reason}.").format(reason=error.strerror)) from error
    if len(data) > MAX_BYTES:
        raise ProbeError(_("The file is too large for a probe."), cure=_another())
    return data


def _split(data: bytes) -> tuple[dict[str, Any], bytes]:
    """Header and arrays of a safetensors file, its lengths held against the file's."""
    length = int.from_bytes(data[:8], "little")
    if len(data) > 10 and 2 <= length <= min(MAX_HEADER, len(data) - 8):
        return _json(data[8 : 8 + length]), data[8 + length :]
    alien = next((kind for start, kind in _ALIEN.items() if data.startswith(start)), None)
    if alien:
        what = _("This is a {kind} file, which may run foreign code when opened. A probe never is one.")
        raise ProbeError(what.format(kind=alien), cure=_("Fit the probe again; do not open this file."))
    raise ProbeError(_("The file is empty, cut off or not a probe."), cure=doc.fit_again())


def _json(text: str | bytes) -> dict[str, Any]:
    try:
        return parsed(text, record())  # type: ignore[no-any-return]
    except RecordError as error:
        what = _("The probe's description cannot be read.")
        raise ProbeError(f"{what} {error.what}", cure=doc.fit_again()) from error


def _detector(arrays: Mapping[str, Floats], near: float, far: float) -> OodDetector:
    places = (arrays["novelty.centres"], arrays["novelty.whitening"])
    return OodDetector(*places, near, far, arrays.get("novelty.contrast"))


def _expected(
    intake: Intake, width: int, hidden: tuple[int, ...], classes: int, guard: tuple[float, float, bool] | None
) -> Shapes:
    """The shape that each array must have, as the document has it."""
    layers, columns = intake.layers, intake.columns
    shapes: dict[str, tuple[int, ...]] = {"mix": (layers,), "mean": (layers, width), "std": (layers, width)}
    embedded = 0 if intake.alone else width * (layers if intake.concat else 1)
    sizes = (embedded + columns, *hidden, classes)
    for index, (inner, outer) in enumerate(pairwise(sizes)):
        shapes |= {f"head.{index}.weight": (outer, inner), f"head.{index}.bias": (outer,)}
    if guard is not None:
        seen = columns if intake.alone else width
        shapes |= {"novelty.centres": (classes, seen), "novelty.whitening": (seen, seen)}
        if guard[2]:
            shapes |= {"novelty.contrast": (classes, seen + 1)}
    if columns:
        shapes |= {"modal.mean": (columns,), "modal.std": (columns,)}
    return shapes


def _arrays(header: Mapping[str, Any], body: bytes, shapes: Shapes) -> dict[str, Floats]:
    """The arrays, once names, types, shapes and places all are as they must be."""
    if set(header) != set(shapes) or sum(math.prod(shape) for shape in shapes.values()) * 4 != len(body):
        raise ProbeError(_("The probe's arrays are not those that its description asks for."), cure=doc.fit_again())
    arrays, end = {}, 0
    for name, row in sorted(header.items(), key=_offset):
        shape = shapes[name]
        stop = end + math.prod(shape) * 4
        if row != {"dtype": "F32", "shape": list(shape), "data_offsets": [end, stop]}:
            what = _("The probe's array {name} has a wrong type, shape or place.").format(name=name)
            raise ProbeError(what, cure=doc.fit_again())
        arrays[name] = np.frombuffer(body[end:stop], dtype="<f4").reshape(shape).astype(np.float32)
        end = stop
        if not np.isfinite(arrays[name]).all():
            what = _("The probe's array {name} holds values that are not numbers.").format(name=name)
            raise ProbeError(what, cure=doc.fit_again())
    return arrays


def _offset(item: tuple[str, Any]) -> int:
    """Where an array begins, as far as the header can be believed."""
    row = item[1]
    places = row.get("data_offsets") if isinstance(row, dict) else None
    return places[0] if isinstance(places, list) and places and type(places[0]) is int else -1


def _text(document: Mapping[str, Any]) -> str:
    """The same values, the same text."""
    return json.dumps(document, ensure_ascii=True, sort_keys=True)


def _checksum(document: Mapping[str, Any], arrays: Mapping[str, Floats]) -> str:
    digest = hashlib.blake2b(_text(document).encode(), digest_size=16)
    for name in sorted(arrays):
        digest.update(name.encode() + arrays[name].astype("<f4").tobytes())
    return digest.hexdigest()


def _another() -> str:
    return _("Choose a .probe file, or install what reads this kind.")
