"""A IIIF Presentation 3 manifest: a canvas a recording, its items as ranges, its labels as an annotation page.

Its addresses begin with `base`, where an archive puts the manifest and, under `sound/`, the recordings.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from persian_mir.catalogue.model import Described, Item, Statement
from persian_mir.catalogue.statement_rows import MACHINE
from persian_mir.exchange.bounded import base_name
from persian_mir.exchange.file_names import Names
from persian_mir.exchange.marks import Mark, marks_of, people_text
from persian_mir.exchange.own_record import as_text
from persian_mir.exchange.readable import sentence
from persian_mir.exchange.texts import both_names, mime_type, plain_text
from persian_mir.whole_file import write_whole

CONTEXT = "http://iiif.io/api/presentation/3/context.json"
BASE = "https://archive.invalid"  # a domain that never exists (RFC 2606)

Plain = dict[str, Any]


def write(path: Path, described: Sequence[Described], base: str = BASE) -> None:
    """Write one manifest of all recordings. Raises PersianMirError where the disk refuses."""
    write_whole(path, as_text(manifest(described, base.rstrip("/")), indent=1) + "\n")


def manifest(described: Sequence[Described], base: str) -> Plain:
    """Return the manifest as JSON has it."""
    names = Names()
    canvases = [_canvas(one, f"{base}/canvas/{at}", base, names) for at, one in enumerate(described, 1)]
    ranges = [_range(one, f"{base}/canvas/{at}") for at, one in enumerate(described, 1) if one.items]
    collection = next((one.collection.name for one in described if one.collection), "")
    title = {"none": [plain_text(collection)]} if collection else _title(described[0]) if described else None
    return {
        "@context": CONTEXT,
        **{"id": f"{base}/manifest.json", "type": "Manifest", "label": title or {"en": ["Recordings"]}},
        **{"items": canvases, **({"structures": ranges} if ranges else {})},
    }


def _canvas(one: Described, place: str, base: str, names: Names) -> Plain:
    sound = f"{base}/sound/{quote(names.take(base_name(one.path)))}"
    length_s = one.frames / one.rate
    body = {"id": sound, "type": "Sound", "format": mime_type(one.path), "duration": length_s}
    painting = {"id": f"{place}/painting", "type": "Annotation", "motivation": "painting"}
    page = {"id": f"{place}/page", "type": "AnnotationPage", "items": [painting | {"body": body, "target": place}]}
    labels = [_annotation(mark, one, place, f"{place}/label/{at}") for at, mark in enumerate(marks_of(one), 1)]
    told = {"id": f"{place}/labels", "type": "AnnotationPage", "items": labels}
    canvas = {"id": place, "type": "Canvas", "label": _title(one), "duration": length_s, "items": [page]}
    metadata = [_pair(name, value) for name, value in _metadata(one) if value]
    return canvas | ({"metadata": metadata} if metadata else {}) | {"annotations": [told]}


def _annotation(mark: Mark, one: Described, canvas: str, place: str) -> Plain:
    """Who made it and when stands beside it as the Web Annotation model has it; a machine is `Software`."""
    told: Plain = {"id": place, "type": "Annotation", "motivation": "tagging"}
    said = mark.source
    if isinstance(said, Statement):
        kind = "Software" if said.status in MACHINE else "Person"
        told["creator"] = {"type": kind, "name": plain_text(f"{said.who} {said.version}".strip()) or "unknown"}
        told |= {"created": plain_text(said.when)} if said.when else {}
    body = {"type": "TextualBody", "value": sentence(mark), "format": "text/plain"}
    return told | {"body": body, "target": f"{canvas}#t={_ends(mark, one)}"}


def _range(one: Described, canvas: str) -> Plain:
    items = [
        {
            **{"id": f"{canvas}/range/{at}", "type": "Range", "label": {"none": [_called(item)]}},
            "items": [{"id": f"{canvas}#t={_ends(item, one)}", "type": "Canvas"}],
        }
        for at, item in enumerate(one.items, 1)
    ]
    return {"id": f"{canvas}/range", "type": "Range", "label": _title(one), "items": items}


def _ends(stretch: Mark | Item, one: Described) -> str:
    """A media fragment in seconds, without exponents."""
    return f"{stretch.start / one.rate:.6f},{stretch.stop / one.rate:.6f}"


def _called(item: Item) -> str:
    modes = (both_names("mode", mode) for mode in item.modes)
    return ", ".join(filter(None, (plain_text(item.kind), *modes))) or "–"


def _title(one: Described) -> Plain:
    told = {"fa": one.programme.title_fa, "fa-Latn": one.programme.title_latin}
    found = {script: [plain_text(title)] for script, title in told.items() if title}
    return found or {"none": [plain_text(base_name(one.path)) or "–"]}


def _metadata(one: Described) -> Iterator[tuple[str, str]]:
    told = one.programme
    yield "Number", told.number
    yield "Date", "; ".join(filter(None, (told.date_jalali, told.date_gregorian)))
    yield "Place", told.place
    yield "Mode", "; ".join(both_names("mode", mode) for mode in told.modes)
    yield "People", people_text(one.credits)
    if one.collection:
        yield "Holder", one.collection.holder
        yield "Rights", one.collection.rights
    yield "Content hash", one.content_hash


def _pair(name: str, value: str) -> Plain:
    return {"label": {"en": [name]}, "value": {"none": [plain_text(value)]}}
