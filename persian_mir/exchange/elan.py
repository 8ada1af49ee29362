"""ELAN's .eaf: a tier a layer, times in milliseconds; a property of the header holds all that ELAN has no place for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import unquote

from lxml import etree

from persian_mir.catalogue.model import Described
from persian_mir.checked_json import RecordError
from persian_mir.exchange.bounded import ExchangeError, base_name, folder_of
from persian_mir.exchange.marks import layers, person_of, without_number
from persian_mir.exchange.own_record import from_own_text, own_text
from persian_mir.exchange.safe_xml import read_xml
from persian_mir.exchange.sheet import Label, Sheet, left_out, parted
from persian_mir.exchange.texts import mime_type, plain_text
from persian_mir.i18n import _
from persian_mir.whole_file import whole_file

OWN = "persian-mir:record"
ROUNDING_S = 0.0016  # milliseconds, of which none is empty
MILLISECONDS = "milliseconds"
NOT_KNOWN = "1970-01-01T00:00:00+00:00"


def write(path: Path, described: Sequence[Described]) -> None:
    """Write one recording; the date is that of the newest label."""
    from pympi import Elan

    (one,) = described
    file = Elan.Eaf(author="Persian MIR")
    file.adocument["DATE"] = plain_text(max((said.when for said in one.statements if said.when), default=NOT_KNOWN))
    file.remove_tier("default")
    name = plain_text(base_name(one.path))
    file.add_linked_file(f"file:///{name}", f"./{name}", mime_type(one.path))
    file.add_property(OWN, own_text(one))
    for tier, marks in (layers(one) or {"mode": ()}).items():
        file.add_tier(plain_text(tier), ann=plain_text(person_of(tier)) or None)
        for mark in marks:
            start, stop = (round(1000 * at / one.rate) for at in (mark.start, mark.stop))
            file.add_annotation(plain_text(tier), start, max(stop, start + 1), plain_text(mark.text))
    with whole_file(path) as out:
        out.write(b'<?xml version="1.0" encoding="UTF-8"?>\n' + Elan.to_string(file).encode())


def read(path: Path) -> tuple[Sheet, ...]:
    """Return the annotations that lie on the time axis; those that hang on others are left out with a remark.

    Raises ExchangeError.
    """
    root = read_xml(path)
    if root.tag != "ANNOTATION_DOCUMENT":
        raise ExchangeError(_("It is no file of ELAN."), path=path)
    if any(header.get("TIME_UNITS", MILLISECONDS) != MILLISECONDS for header in root.iterfind("HEADER")):
        raise ExchangeError(_("Its times are frames of a film, which are not read."), path=path)
    slots = {slot.get("TIME_SLOT_ID"): slot.get("TIME_VALUE") for slot in root.iterfind("TIME_ORDER/TIME_SLOT")}
    labels, odd = [], len(root.findall("TIER/ANNOTATION/REF_ANNOTATION"))
    for tier, value, ends in _annotations(root):
        try:
            start_s, stop_s = (int(slots[end] or "") / 1000 for end in ends)
        except (KeyError, ValueError):
            odd += 1
            continue
        if value.strip() and 0 <= start_s < stop_s:
            labels.append(Label(start_s, stop_s, value, tier))
    own = _own(root)
    media = next((one.get("MEDIA_URL") for one in root.iterfind("HEADER/MEDIA_DESCRIPTOR")), None)
    file = own.path if own else unquote(media or "")
    hashed = own.content_hash if own else ""
    sheet = Sheet(base_name(file), hashed, tuple(labels), own, left_out(odd), folder_of(file))
    return (parted(sheet, ROUNDING_S),)


def _annotations(root: etree._Element) -> Iterator[tuple[str, str, tuple[str | None, str | None]]]:
    for tier in root.iterfind("TIER"):
        name = without_number(tier.get("TIER_ID", ""))
        for one in tier.iterfind("ANNOTATION/ALIGNABLE_ANNOTATION"):
            ends = one.get("TIME_SLOT_REF1"), one.get("TIME_SLOT_REF2")
            yield name, one.findtext("ANNOTATION_VALUE") or "", ends


def _own(root: etree._Element) -> Described | None:
    told = next((one.text for one in root.iterfind("HEADER/PROPERTY") if one.get("NAME") == OWN), None)
    try:
        return from_own_text(Described, told) if told else None
    except RecordError:
        return None
