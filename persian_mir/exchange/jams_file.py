"""JAMS (E. Humphrey and others, ISMIR 2014): an annotation of `tag_open` a tier; own fields in the sandbox."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from persian_mir.catalogue.as_json import from_json, to_json
from persian_mir.catalogue.model import Described, Statement
from persian_mir.checked_json import RecordError, parsed, plain
from persian_mir.exchange.bounded import MOST_BYTES, ExchangeError, base_name, read_bounded
from persian_mir.exchange.marks import Mark, name_of, tiers
from persian_mir.exchange.sheet import Label, Sheet, left_out, parted
from persian_mir.exchange.texts import plain_text
from persian_mir.i18n import _
from persian_mir.whole_file import write_whole

OWN = "persian_mir"  # in the sandbox of the file
ROUNDING_S = 1e-6


def write(path: Path, described: Sequence[Described]) -> None:
    """Write one recording."""
    import jams

    (one,) = described
    title = one.programme.title_latin or one.programme.title_fa or base_name(one.path)
    artist = name_of(one.credits[0].person) if one.credits else ""
    file = jams.JAMS(
        file_metadata=jams.FileMetadata(plain_text(title), plain_text(artist), duration=one.frames / one.rate),
        sandbox=jams.Sandbox(**{OWN: to_json(one), "file": plain_text(base_name(one.path))}),
    )
    for tier, marks in tiers(one).items():
        file.annotations.append(_annotation(tier, marks, one))
    write_whole(path, file.dumps(indent=1) + "\n")


def _annotation(tier: str, marks: Sequence[Mark], one: Described) -> Any:
    import jams

    said = marks[0].source
    maker = (said.who, said.version) if isinstance(said, Statement) else ("", "")
    machine = isinstance(said, Statement) and said.status in ("machine", "attributed")
    metadata = jams.AnnotationMetadata(
        annotator={} if machine else {"name": plain_text(maker[0])},
        version=plain_text(maker[1]),
        annotation_tools=plain_text(maker[0]) if machine else "",
        data_source="program" if machine else "manual",
    )
    made = jams.Annotation("tag_open", annotation_metadata=metadata, time=0, duration=one.frames / one.rate)
    made.sandbox.tier = plain_text(tier)
    for mark in marks:
        probability = mark.source.probability if isinstance(mark.source, Statement) else None
        start_s = mark.start / one.rate
        made.append(start_s, mark.stop / one.rate - start_s, plain_text(mark.text), probability)
    return made


def read(path: Path) -> tuple[Sheet, ...]:
    """Return the observations whose value is a text, whatever their namespace. Raises ExchangeError."""
    try:
        told = parsed(read_bounded(path), plain, MOST_BYTES)
    except RecordError as error:
        raise ExchangeError(error.what, path=path) from error
    if not isinstance(told, dict) or not isinstance(told.get("annotations"), list):
        raise ExchangeError(_("It is no JAMS."), path=path)
    sandbox = _mapping(told.get("sandbox"))
    own = _own(sandbox)
    labels, odd = list[Label](), 0
    for label in (label for one in told["annotations"] for label in _labels(_mapping(one))):
        labels += [label] if label else []
        odd += label is None
    name = base_name(str(sandbox.get("file") or ""))
    length_s = _number(_mapping(told.get("file_metadata")).get("duration"))
    hashed = own.content_hash if own else ""
    sheet = Sheet(name, hashed, tuple(labels), own, left_out(odd), length_s=length_s)
    return (parted(sheet, ROUNDING_S),)


def _labels(annotation: Mapping[str, Any]) -> Iterator[Label | None]:
    told = _mapping(annotation.get("annotation_metadata"))
    who = str(_mapping(told.get("annotator")).get("name") or told.get("annotation_tools") or "")
    tier = str(_mapping(annotation.get("sandbox")).get("tier") or annotation.get("namespace") or "")
    data = annotation.get("data")
    for one in data if isinstance(data, list) else ():
        yield _label(_mapping(one), tier, who)


def _label(one: Mapping[str, Any], tier: str, who: str) -> Label | None:
    start_s, length_s, sure = (_number(one.get(name)) for name in ("time", "duration", "confidence"))
    value = one.get("value")
    if start_s is None or length_s is None or not isinstance(value, str) or not 0 <= start_s < start_s + length_s:
        return None
    return Label(start_s, start_s + length_s, value, tier, who, sure)


def _own(sandbox: Mapping[str, Any]) -> Described | None:
    try:
        return from_json(Described, sandbox[OWN]) if OWN in sandbox else None
    except RecordError:
        return None


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _number(value: Any) -> float | None:
    return float(value) if type(value) in (int, float) and math.isfinite(value) else None
