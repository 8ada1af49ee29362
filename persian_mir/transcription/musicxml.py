"""MusicXML 4.0 of one voice, written and read; koron and sori are among its accidentals."""

from __future__ import annotations

from fractions import Fraction

from lxml import etree

from persian_mir.exchange.safe_xml import add, as_bytes
from persian_mir.modal.names import SIGNS, Sign
from persian_mir.transcription.score import Phrase, Score, ScoreNote, bars, heads_of, needs_sign, note_type
from persian_mir.transcription.score_words import heading_words

DIVISIONS = 16  # of a quarter note: a dotted thirty-second note is a whole number
STEPS = {"Do": "C", "Re": "D", "Mi": "E", "Fa": "F", "Sol": "G", "La": "A", "Si": "B"}
ALTERS: dict[Sign, str] = {name: f"{steps / 2:g}" for steps, name in SIGNS.items()}
ACCIDENTALS: dict[Sign, str] = {"": "natural", "koron": "koron", "sori": "sori", "flat": "flat", "sharp": "sharp"}
TYPES = {Fraction(2) ** k: name for k, name in enumerate(("32nd", "16th", "eighth", "quarter", "half", "whole"), -3)}
DOCTYPE = (
    '<!DOCTYPE score-partwise PUBLIC "-//Recordare//DTD MusicXML 4.0 Partwise//EN" '
    '"http://www.musicxml.org/dtds/partwise.dtd">'
)


def musicxml(score: Score) -> bytes:
    """The document, without a time signature; a dashed line ends a phrase, other bar lines are not seen."""
    root = etree.Element("score-partwise", version="4.0")
    add(add(root, "work"), "work-title", score.title)
    encoding = add(add(root, "identification"), "encoding")
    add(encoding, "software", "Persian MIR")
    add(add(add(root, "part-list"), "score-part", id="P1"), "part-name", "")
    part = add(root, "part", id="P1")
    written = list(bars(score))
    for number, bar in enumerate(written, start=1):
        measure = add(part, "measure", number=str(number), implicit="yes")
        if number == 1:
            _attributes(measure, score)
        if bar.heading is not None:
            above = add(add(measure, "direction", placement="above"), "direction-type")
            add(above, "words", heading_words(bar.heading), **{"font-weight": "bold"})
        _write_bar(measure, bar.notes)
        style = "light-heavy" if number == len(written) else "dashed" if bar.ends else "none"
        add(add(measure, "barline", location="right"), "bar-style", style)
    return as_bytes(root, DOCTYPE)


def _attributes(measure: etree._Element, score: Score) -> None:
    attributes = add(measure, "attributes")
    add(attributes, "divisions", str(DIVISIONS))
    add(add(attributes, "key"), "fifths", "0")
    add(add(attributes, "time"), "senza-misura")
    clef = add(attributes, "clef")
    add(clef, "sign", "G")
    add(clef, "line", "2")
    direction = add(measure, "direction", placement="above")
    metronome = add(add(direction, "direction-type"), "metronome", **{"print-object": "yes" if score.pulse else "no"})
    add(metronome, "beat-unit", "quarter")
    add(metronome, "per-minute", f"{60 / score.quarter_s:.0f}")
    add(direction, "sound", tempo=f"{60 / score.quarter_s:.2f}")


def _write_bar(measure: etree._Element, bar: Phrase) -> None:
    for place, note in enumerate(bar):
        parts = heads_of(note)
        sign = needs_sign(bar[:place], note)
        for number, length in enumerate(parts):
            _write_note(measure, note, length, sign and number == 0, (number > 0, number < len(parts) - 1))


def _write_note(
    measure: etree._Element, note: ScoreNote, length: Fraction, sign: bool, tied: tuple[bool, bool]
) -> None:
    """One note head or rest; `tied` to the one before, to the one after."""
    element = add(measure, "note")
    if note.grace:
        add(element, "grace", slash="yes")
    if note.name is None:
        add(element, "rest")
    else:
        pitch = add(element, "pitch")
        add(pitch, "step", STEPS[note.name.letter])
        if note.name.sign:
            add(pitch, "alter", ALTERS[note.name.sign])
        add(pitch, "octave", str(note.name.octave))
    if not note.grace:
        add(element, "duration", str(int(length * DIVISIONS)))
    ties = [kind for kind, is_tied in zip(("stop", "start"), tied, strict=True) if is_tied and note.name is not None]
    for kind in ties:
        add(element, "tie", type=kind)
    add(element, "voice", "1")
    plain, dots = (Fraction(1, 2), 0) if note.grace else note_type(length)
    add(element, "type", TYPES[plain])
    for _dot in range(dots):
        add(element, "dot")
    if note.name is not None and sign:
        add(element, "accidental", ACCIDENTALS[note.name.sign])
    if ties or note.tremolo:
        notations = add(element, "notations")
        for kind in ties:
            add(notations, "tied", type=kind)
        if note.tremolo:
            add(add(notations, "ornaments"), "tremolo", "3", type="single")
