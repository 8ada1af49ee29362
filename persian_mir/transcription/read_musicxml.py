"""Scores from elsewhere: one voice of a MusicXML file, plain or packed (.mxl), with its quarter tones."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from lxml import etree

from persian_mir.exchange.bounded import MOST_BYTES, ExchangeError, read_bounded
from persian_mir.exchange.safe_xml import parse_xml
from persian_mir.exchange.texts import plain_text
from persian_mir.i18n import _
from persian_mir.modal.names import LETTERS, NATURALS, SIGNS, STEPS, NoteName, plain_name
from persian_mir.transcription.score import GRACE, MOST_NOTES, MOST_QUARTERS, USUAL_QUARTER_S, Phrase, Score, ScoreNote

MOST_CONTAINER = 1 << 20  # bytes of the list of what a .mxl holds
FINEST = 10_000  # parts of a division
LATIN = "CDEFGAB"
WRITTEN = {
    "koron": -1, "quarter-flat": -1, "slash-flat": -1, "sori": 1, "quarter-sharp": 1, "slash-quarter-sharp": 1,
    "natural": 0, "flat": -2, "sharp": 2, "flat-flat": -4, "double-sharp": 4,
    "three-quarters-flat": -3, "three-quarters-sharp": 3,
}  # fmt: skip
PHRASE_LINES = ("dashed", "light-light", "light-heavy", "heavy-light", "heavy-heavy")


def read_musicxml(path: Path) -> Score:
    """The first voice of the first part; of a chord its first note. Raises ExchangeError."""
    root = _root(path)
    part = next(iter(_all(root, "part")), None)
    if _name(root) != "score-partwise" or part is None:
        raise ExchangeError(_("It is no MusicXML score in parts."), path=path)
    if sum(1 for _each in part.iter("{*}note")) > MOST_NOTES:
        raise ExchangeError(_("It has more notes than are read: {limit}.").format(limit=MOST_NOTES), path=path)
    title = plain_text(_text(root, "work/work-title") or _text(root, "movement-title") or path.stem)
    tempo = next((float(sound.get("tempo", "")) for sound in _all(part, "sound") if _number(sound.get("tempo"))), 0.0)
    quarter_s = 60 / tempo if 5 <= tempo <= 1000 else USUAL_QUARTER_S
    phrases = _phrases([_Bar.read(measure) for measure in part if _name(measure) == "measure"])
    score = Score(title, _timed(phrases, quarter_s), quarter_s, pulse=True)
    if not any(score.notes()):
        raise ExchangeError(_("There is no note in it."), path=path)
    return score


def _root(path: Path) -> etree._Element:
    data = read_bounded(path)
    return parse_xml(_unpacked(data, path) if data[:2] == b"PK" else data, path, named_type=True)


def _unpacked(data: bytes, path: Path) -> bytes:
    """The score in a .mxl: what its container names, or the first file of music. Nothing is written."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            names = [one for one in packed.namelist() if one.endswith((".xml", ".musicxml")) and "META-INF" not in one]
            if not names:
                raise ExchangeError(_("There is no score in it."), path=path)
            with packed.open(_chosen(packed, names, path)) as file:
                found = file.read(MOST_BYTES + 1)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise ExchangeError(_("It is no packed score that can be read."), path=path) from error
    if len(found) > MOST_BYTES:
        raise ExchangeError(_("It is larger than {limit} MB.").format(limit=MOST_BYTES >> 20), path=path)
    return found


def _chosen(packed: zipfile.ZipFile, names: list[str], path: Path) -> str:
    """Of `names` the one that the container calls the score; the first where it names none."""
    if "META-INF/container.xml" not in packed.namelist():
        return names[0]
    with packed.open("META-INF/container.xml") as file:
        listed = parse_xml(file.read(MOST_CONTAINER), path, named_type=True)
    named = (str(root.get("full-path")) for root in _all(listed, "rootfile"))
    return next((one for one in named if one in names), names[0])


@dataclass(frozen=True, slots=True)
class _Bar:
    """A measure's notes, times still at zero, with what is tied to the note before; whether a phrase ends with it, and
    whether the line after it is one that nobody sees, as only a score in phrases has.
    """

    notes: tuple[tuple[ScoreNote, bool], ...]
    ends: bool
    unseen: bool
    divisions: Fraction

    @classmethod
    def read(cls, measure: etree._Element) -> _Bar:
        notes = tuple(_note(one) for one in measure if _name(one) == "note" and _is_ours(one))
        styles = {_text(line, "bar-style") for line in measure if _name(line) == "barline"}
        divisions = _number(_text(measure, "attributes/divisions"))
        ends, unseen = not styles.isdisjoint(PHRASE_LINES), "none" in styles
        return cls(notes, ends, unseen, Fraction(divisions) if divisions > 0 else Fraction(0))


def _is_ours(note: etree._Element) -> bool:
    """Whether a note belongs to the first voice of the first staff, and is not a further one of a chord."""
    first = _text(note, "voice") in ("", "1") and _text(note, "staff") in ("", "1")
    return first and note.find("{*}chord") is None and note.find("{*}cue") is None


def _note(note: etree._Element) -> tuple[ScoreNote, bool]:
    """A note, its length still in divisions, and whether it goes on from the one before."""
    pitch = note.find("{*}pitch")
    length = GRACE if note.find("{*}grace") is not None else _length(_text(note, "duration"))
    name = None if pitch is None else _spelled(pitch, _text(note, "accidental"))
    tied = any(tie.get("type") == "stop" for tie in note if _name(tie) == "tie")
    return ScoreNote(name, length, 0.0, 0.0, tremolo=bool(_all(note, "tremolo"))), tied


def _length(text: str) -> Fraction:
    """Divisions, 0 where there is no number. Not by `Fraction(text)`, which writes "1e9999999" out in digits."""
    return Fraction(max(_number(text), 0.0)).limit_denominator(FINEST)


def _spelled(pitch: etree._Element, accidental: str) -> NoteName | None:
    """The note; its sign by what is written where that is a quarter tone, else by what sounds, to a quarter tone."""
    letter, octave = _text(pitch, "step").upper(), _number(_text(pitch, "octave"))
    if len(letter) != 1 or letter not in LATIN or not 0 <= octave <= 9:
        return None
    alter = round(2 * max(-2.0, min(2.0, _number(_text(pitch, "alter")))))
    written = WRITTEN.get(accidental, alter)
    sign = written if written % 2 else alter
    place = LATIN.index(letter)
    if sign in SIGNS:
        return NoteName(LETTERS[place], SIGNS[sign], int(octave))
    return plain_name(NATURALS[place] + sign + STEPS * (int(octave) - 4))


def _phrases(bars: list[_Bar]) -> Iterator[Phrase]:
    """The bars joined to phrases, where the score marks any; ties joined, lengths in quarter notes."""
    marked = any(bar.ends or bar.unseen for bar in bars[:-1])
    divisions = Fraction(1)
    phrase: list[ScoreNote] = []
    for bar in bars:
        divisions = bar.divisions or divisions
        for note, tied in bar.notes:
            length = min(note.length / divisions, MOST_QUARTERS)
            if phrase and phrase[-1].name == note.name and (tied or note.name is None):
                phrase[-1] = replace(phrase[-1], length=min(phrase[-1].length + length, MOST_QUARTERS))
            elif note.name is not None or length:
                phrase.append(replace(note, length=length))
        if phrase and (bar.ends or not marked):
            yield tuple(phrase)
            phrase = []
    if phrase:
        yield tuple(phrase)


def _timed(phrases: Iterator[Phrase], quarter_s: float) -> tuple[Phrase, ...]:
    """The phrases with the times at which they would be played evenly."""
    now = Fraction(0)
    timed: list[Phrase] = []
    for phrase in phrases:
        notes = []
        for note in phrase:
            notes.append(replace(note, start_s=float(now) * quarter_s, stop_s=float(now + note.length) * quarter_s))
            now += note.length
        timed.append(tuple(notes))
    return tuple(timed)


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _all(root: etree._Element, name: str) -> list[etree._Element]:
    return list(root.iter("{*}" + name))


def _text(element: etree._Element, path: str) -> str:
    found = element.find("/".join("{*}" + part for part in path.split("/")))
    return "" if found is None else (found.text or "").strip()


def _number(text: str | None) -> float:
    """A finite number, 0 where there is none."""
    try:
        value = float(text or 0)
    except ValueError:
        return 0.0
    return value if abs(value) < 1e9 else 0.0
