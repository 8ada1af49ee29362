"""MEI 5 of one voice (music-encoding.org), whose written accidentals know koron and sori."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from fractions import Fraction

from lxml import etree

from persian_mir.exchange.safe_xml import add, as_bytes
from persian_mir.modal.names import Sign
from persian_mir.transcription.score import Phrase, Score, ScoreNote, bars, heads_of, needs_sign, note_type
from persian_mir.transcription.score_words import heading_words

NAMESPACE = "http://www.music-encoding.org/ns/mei"
XML_ID = "{http://www.w3.org/XML/1998/namespace}id"
PITCHES = {"Do": "c", "Re": "d", "Mi": "e", "Fa": "f", "Sol": "g", "La": "a", "Si": "b"}
WRITTEN: dict[Sign, str] = {"": "n", "koron": "koron", "sori": "sori", "flat": "f", "sharp": "s"}
SOUNDING: dict[Sign, str] = {"koron": "fd", "sori": "su", "flat": "f", "sharp": "s"}  # by quarter tones
DURATIONS = {Fraction(2) ** k: str(2 ** (2 - k)) for k in range(-3, 3)}


def mei(score: Score) -> bytes:
    """The document, without a metre; a dashed line ends a phrase, other bar lines are not seen."""
    root = etree.Element("mei", nsmap={None: NAMESPACE}, meiversion="5.0")
    description = add(add(root, "meiHead"), "fileDesc")
    add(add(description, "titleStmt"), "title", score.title)
    add(description, "pubStmt")
    mdiv = add(add(add(root, "music"), "body"), "mdiv")
    whole = add(mdiv, "score")
    group = add(
        add(whole, "scoreDef", **{"midi.bpm": f"{60 / score.quarter_s:.2f}", "mnum.visible": "false"}), "staffGrp"
    )
    add(group, "staffDef", n="1", lines="5", **{"clef.shape": "G", "clef.line": "2"})
    section = add(whole, "section")
    written, places = list(bars(score)), itertools.count()
    for number, bar in enumerate(written, start=1):
        right = "end" if number == len(written) else "dashed" if bar.ends else "invis"
        measure = add(section, "measure", n=str(number), metcon="false", right=right)
        _write_bar(add(add(measure, "staff", n="1"), "layer", n="1"), bar.notes, places)
        if bar.heading is not None:
            above = add(measure, "dir", place="above", staff="1", tstamp="1")
            add(above, "rend", heading_words(bar.heading), fontstyle="normal", fontweight="bold")
    return as_bytes(_in_namespace(root))


def note_id(place: int) -> str:
    """What the first head of a note is called in the document, by its place among the notes that sound."""
    return f"note-{place}"


def _write_bar(layer: etree._Element, bar: Phrase, places: Iterator[int]) -> None:
    for place, note in enumerate(bar):
        sign = needs_sign(bar[:place], note)
        name = "" if note.name is None else note_id(next(places))
        parts = heads_of(note)
        for number, length in enumerate(parts):
            tie = _TIES[number > 0, number < len(parts) - 1]
            _write_note(layer, note, length, sign and number == 0, tie, "" if number else name)


def _write_note(layer: etree._Element, note: ScoreNote, length: Fraction, sign: bool, tie: str, name: str) -> None:
    plain, dots = note_type(length) if length else (Fraction(1, 2), 0)
    lasts = {"dur": DURATIONS[plain], "dots": str(dots) if dots else ""}
    if note.name is None:
        add(layer, "rest", **lasts)
        return
    where = {"pname": PITCHES[note.name.letter], "oct": str(note.name.octave)}
    grace = {"grace": "unacc", "stem.mod": "1slash"} if note.grace else {}
    parent = add(layer, "bTrem", unitdur="32") if note.tremolo else layer
    element = add(parent, "note", **lasts, **where, **grace, tie=tie)
    if name:
        element.set(XML_ID, name)
    if sign:
        add(element, "accid", accid=WRITTEN[note.name.sign], **{"accid.ges": SOUNDING.get(note.name.sign, "")})
    elif note.name.sign:
        add(element, "accid", **{"accid.ges": SOUNDING[note.name.sign]})


def _in_namespace(root: etree._Element) -> etree._Element:
    """The same tree with every element in MEI's namespace."""
    for element in root.iter():
        element.tag = f"{{{NAMESPACE}}}{etree.QName(element).localname}"
    return root


_TIES = {(False, False): "", (False, True): "i", (True, True): "m", (True, False): "t"}
