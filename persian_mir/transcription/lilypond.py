"""LilyPond source of one voice, with the Persian accidentals of `persian.ly` (LilyPond 2.24): -k koron, -o sori."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from persian_mir.modal.names import NoteName, Sign
from persian_mir.transcription.score import Bar, Phrase, Score, ScoreNote, bars, needs_sign, note_type, written_parts
from persian_mir.transcription.score_words import heading_words

NAMES = {"Do": "c", "Re": "d", "Mi": "e", "Fa": "f", "Sol": "g", "La": "a", "Si": "b"}
SUFFIXES: dict[Sign, str] = {"": "", "koron": "k", "sori": "o", "flat": "f", "sharp": "s"}
HIDDEN = "\\set Score.tempoHideNote = ##t "  # a speed that is heard but, in free metre, not printed
LOW_OCTAVE = 3  # without a mark


def lilypond(score: Score) -> str:
    """The source, in cadenza: lines may break at bar lines that are not seen, a dashed one ends a phrase."""
    body = "\n".join(_line(bar) for bar in bars(score))
    return f"""\\version "2.24.0"
\\include "persian.ly"

\\header {{
  title = "{_quoted(score.title)}"
  tagline = ##f
}}

\\score {{
  {{
  \\cadenzaOn \\omit Staff.TimeSignature
  \\accidentalStyle forget
  {"" if score.pulse else HIDDEN}\\tempo 4 = {60 / score.quarter_s:.0f}
{body}
  \\bar "|."
  }}
  \\layout {{ }}
  \\midi {{ }}
}}
"""


def _line(bar: Bar) -> str:
    """The notes and their bar line, below what begins with them."""
    notes = f'  {" ".join(_bar(bar.notes))} \\bar "{"!" if bar.ends else ""}"'
    if bar.heading is None:
        return notes
    left = "\\once \\override Score.RehearsalMark.self-alignment-X = #LEFT"
    return f'  {left} \\mark \\markup \\bold "{_quoted(heading_words(bar.heading))}"\n{notes}'


def _bar(bar: Phrase) -> Iterator[str]:
    for place, note in enumerate(bar):
        yield from _note(note, needs_sign(bar[:place], note))


def _note(note: ScoreNote, sign: bool) -> Iterator[str]:
    if note.name is None:
        yield from (f"r{_length(part)}" for part in written_parts(note.length))
        return
    head = _name(note.name) + ("!" if sign else "")
    if note.grace:
        yield f"\\acciaccatura {head}8"
        return
    parts = [f"{head}{_length(part)}" for part in written_parts(note.length)]
    mark = ":32" if note.tremolo else ""
    yield from (f"{part}{mark}{'~' if number < len(parts) else ''}" for number, part in enumerate(parts, start=1))


def _name(name: NoteName) -> str:
    octaves = name.octave - LOW_OCTAVE
    return NAMES[name.letter] + SUFFIXES[name.sign] + ("'" * octaves if octaves > 0 else "," * -octaves)


def _length(length: Fraction) -> str:
    plain, dots = note_type(length)
    return f"{4 / plain}" + "." * dots


def _quoted(text: str) -> str:
    return " ".join(text.split()).replace("\\", "\\\\").replace('"', '\\"')
