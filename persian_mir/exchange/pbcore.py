"""PBCore 2.1: a description document a recording, its items as parts, the carrier and the file as instantiations."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from lxml import etree

from persian_mir.catalogue.model import UNKNOWN, Credit, Described, Item, Statement
from persian_mir.catalogue.statement_rows import MACHINE
from persian_mir.exchange.bounded import base_name
from persian_mir.exchange.marks import in_force, name_of
from persian_mir.exchange.safe_xml import add, as_bytes
from persian_mir.exchange.texts import both_names, clock, mime_type, plain_text
from persian_mir.whole_file import whole_file

NAMESPACE = "http://www.pbcore.org/PBCore/PBCoreNamespace.html"
PERSIAN = {"fa": "per", "fas": "per", "per": "per", "persian": "per", "فارسی": "per"}


def write(path: Path, described: Sequence[Described]) -> None:
    """Write a collection of documents. Raises PersianMirError where the disk refuses."""
    root = etree.Element(f"{{{NAMESPACE}}}pbcoreCollection", nsmap={None: NAMESPACE})
    collection = next((one.collection.name for one in described if one.collection), "")
    if collection:
        root.set("collectionTitle", plain_text(collection))
    for one in described:
        _document(root, one)
    with whole_file(path) as file:
        file.write(as_bytes(root))


def _document(root: etree._Element, one: Described) -> None:
    document = _add(root, "pbcoreDescriptionDocument")
    told = one.programme
    _add(document, "pbcoreAssetType", "Program")
    for date, kind in ((told.date_gregorian, ""), (told.date_jalali, "Jalali")):
        if date:
            _add(document, "pbcoreAssetDate", date, dateType=kind)
    _add(document, "pbcoreIdentifier", one.content_hash, source="Persian MIR content hash")
    if told.number:
        _add(document, "pbcoreIdentifier", told.number, source="Programme number")
    _titles(document, one)
    for mode in told.modes:
        _add(document, "pbcoreSubject", both_names("mode", mode), subjectType="mode")
    for said in in_force(one.statements):
        _subject(document, said, one)
    for note in one.notes or (UNKNOWN,):
        _add(document, "pbcoreDescription", note)
    if told.place:
        coverage = _add(document, "pbcoreCoverage")
        _add(coverage, "coverage", told.place)
        _add(coverage, "coverageType", "Spatial")
    _contributors(document, one.credits)
    _rights(document, one)
    _instantiations(document, one)
    for item in one.items:
        _part(document, item, one)


def _titles(document: etree._Element, one: Described) -> None:
    told = {"Persian": one.programme.title_fa, "Latin": one.programme.title_latin}
    found = {script: title for script, title in told.items() if title} or {"": base_name(one.path) or UNKNOWN}
    for script, title in found.items():
        _add(document, "pbcoreTitle", title, titleType=script and "Main", annotation=script)
    for series in one.collection.series if one.collection else ():
        _add(document, "pbcoreTitle", series, titleType="Series")


def _subject(document: etree._Element, said: Statement, one: Described) -> None:
    """A label that holds; `annotation` says who made it, and that a machine did."""
    if not said.label:
        return
    sure = "" if said.probability is None else f", probability {said.probability:.4f}"
    maker = "machine" if said.status in MACHINE else "person"
    _add(
        *(document, "pbcoreSubject", both_names(said.task, said.label)),
        **{"subjectType": said.task, "source": said.who, "version": said.version},
        **{"annotation": f"{said.status} by {maker}{sure}{', ' + said.when if said.when else ''}"},
        **_times(said, one),
    )


def _contributors(document: etree._Element, credited: Iterable[Credit]) -> None:
    for credit in credited:
        contributor = _add(document, "pbcoreContributor")
        _add(contributor, "contributor", name_of(credit.person) or UNKNOWN, annotation=credit.person.name_fa)
        what = ", ".join(filter(None, (credit.instrument, credit.form)))
        role = f"{credit.role} ({what})" if what else credit.role
        _add(contributor, "contributorRole", role, annotation=credit.certainty)


def _rights(document: etree._Element, one: Described) -> None:
    for text in filter(None, (one.collection.rights, one.collection.access) if one.collection else ()):
        _add(_add(document, "pbcoreRightsSummary"), "rightsSummary", text)


def _instantiations(document: etree._Element, one: Described) -> None:
    carrier, holder = one.carrier, (one.collection.holder if one.collection else "") or UNKNOWN
    if carrier:
        physical = _add(document, "pbcoreInstantiation")
        numbers = {"Catalogue number": carrier.catalogue_number, "Matrix number": carrier.matrix_number}
        known = {source: number for source, number in numbers.items() if number} or {"Persian MIR": one.content_hash}
        for source, number in known.items():
            _add(physical, "instantiationIdentifier", number, source=source)
        _add(physical, "instantiationPhysical", carrier.type or UNKNOWN, annotation=carrier.label)
        _add(physical, "instantiationLocation", holder)
        notes = {"side": carrier.side, "speed": carrier.speed, "condition": carrier.condition}
        for kind, text in notes.items():
            if text:
                _add(physical, "instantiationAnnotation", text, annotationType=kind)
    digital = _add(document, "pbcoreInstantiation")
    _add(digital, "instantiationIdentifier", base_name(one.path) or one.content_hash, source="File name")
    if carrier and carrier.transfer_date:
        who = ", ".join(filter(None, (carrier.transfer_operator, carrier.transfer_equipment)))
        _add(digital, "instantiationDate", carrier.transfer_date, dateType="transfer", annotation=who)
    _add(digital, "instantiationDigital", mime_type(one.path))
    _add(digital, "instantiationLocation", holder)
    _add(digital, "instantiationMediaType", "Sound")
    _add(digital, "instantiationDuration", clock(one.frames / one.rate))
    language = PERSIAN.get(one.programme.language.strip().lower(), "")
    if language:
        _add(digital, "instantiationLanguage", language)


def _part(document: etree._Element, item: Item, one: Described) -> None:
    """An item, with its stretch."""
    part = _add(document, "pbcorePart", partType=item.kind, **_times(item, one))
    _add(part, "pbcoreIdentifier", f"{one.content_hash}#{item.start}-{item.stop}", source="Persian MIR samples")
    first_lines = [text.first_line for text in item.texts if text.first_line]
    _add(part, "pbcoreTitle", (first_lines or [item.kind or UNKNOWN])[0])
    for kind, terms in (("mode", item.modes), ("gusheh", item.gushehs)):
        for term in terms:
            _add(part, "pbcoreSubject", both_names(kind, term), subjectType=kind)
    hertz = "" if item.shahed_hz is None else f"{item.shahed_hz:.2f} Hz"
    told = {"note": item.note, "version": item.version, "tuning": item.tuning, "metre": item.metre, "shahed": hertz}
    found = {kind: text for kind, text in told.items() if text} or {"": UNKNOWN}
    for kind, text in found.items():
        _add(part, "pbcoreDescription", text, descriptionType=kind)
    _contributors(part, item.credits)


def _times(stretch: Item | Statement, one: Described) -> dict[str, str]:
    return {"startTime": clock(stretch.start / one.rate), "endTime": clock(stretch.stop / one.rate)}


def _add(parent: etree._Element, name: str, text: str = "", /, **attributes: str) -> etree._Element:
    return add(parent, f"{{{NAMESPACE}}}{name}", text, **attributes)
