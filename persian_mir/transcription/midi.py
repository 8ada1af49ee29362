"""MIDI of one voice, its quarter tones as pitch bends: written as the radif's files are, and read."""

from __future__ import annotations

import bisect
import io
import itertools
import math
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import mido
from mido.midifiles.meta import KeySignatureError

from persian_mir.exchange.bounded import ExchangeError, read_bounded
from persian_mir.exchange.texts import plain_text
from persian_mir.i18n import _
from persian_mir.modal.names import A_STEP, plain_name
from persian_mir.transcription.score import MOST_NOTES, MOST_QUARTERS, USUAL_QUARTER_S, Score, ScoreNote
from persian_mir.transcription.score_words import heading_words

TICKS = 480  # a beat
QUARTER_TONE_BEND = 2048  # of 8192, at the usual range of two semitones
BEND_RANGE = 2  # semitones
A4_KEY = 69
DRUMS = 9
FINEST = 8  # parts of a quarter note
VELOCITY = 80
MOST_BYTES = 2 << 20  # of a file that is read: half a million events
MOST_S = 86_400.0  # a day
# What mido says of a file that is none, of one cut off, of time without ticks, and of a key that does not exist.
UNREADABLE = (OSError, EOFError, ValueError, TypeError, LookupError, AttributeError, ArithmeticError, KeySignatureError)


def midi(score: Score) -> bytes:
    """The file: every note when it was played, at what is written; the recording's own tuning is left out.

    A marker stands where a heading does.
    """
    track = mido.MidiTrack()
    tempo = round(score.quarter_s * 1_000_000)
    track.append(mido.MetaMessage("track_name", name=plain_text(score.title)))
    track.append(mido.MetaMessage("set_tempo", tempo=min(max(tempo, 1), 0xFFFFFF)))
    for control, value in ((101, 0), (100, 0), (6, BEND_RANGE), (38, 0)):
        track.append(mido.Message("control_change", control=control, value=value))
    events: list[tuple[float, int, mido.Message | mido.MetaMessage]] = []
    for heading in score.headings:
        begin_s = score.phrases[heading.phrase][0].start_s
        events.append((begin_s, 0, mido.MetaMessage("marker", text=heading_words(heading))))
    for note in score.notes():
        semitones, bend = key_and_bend(note.step)
        events.append((note.start_s, 1, mido.Message("pitchwheel", pitch=bend)))
        events.append((note.start_s, 2, mido.Message("note_on", note=semitones, velocity=VELOCITY)))
        events.append((note.stop_s, 0, mido.Message("note_off", note=semitones)))
    now = 0
    for time_s, _order, message in sorted(events, key=lambda event: event[:2]):
        ticks = round(time_s / score.quarter_s * TICKS)
        track.append(message.copy(time=max(0, ticks - now)))
        now = max(now, ticks)
    file = mido.MidiFile(type=0, ticks_per_beat=TICKS, charset="utf-8")
    file.tracks.append(track)
    out = io.BytesIO()
    file.save(file=out)
    return out.getvalue()


def key_and_bend(step: int) -> tuple[int, int]:
    """The key 0..127 and the bend of a quarter tone above C4: a quarter tone lower than the key above it."""
    quarters = 2 * A4_KEY + step - A_STEP
    key = min(max(-(-quarters // 2), 0), 127)
    return key, -QUARTER_TONE_BEND if quarters % 2 else 0


def read_midi(path: Path) -> Score:
    """The notes of all tracks as one voice; each has the bend that holds longest while it sounds.

    Time signatures after the first begin a phrase, as in the radif's files. Raises ExchangeError, also for a file of
    more than `MOST_NOTES` notes or `MOST_S` seconds.
    """
    events = _events(path)
    played = list(_played(events))
    if not played:
        raise ExchangeError(_("There is no note in it."), path=path)
    if len(played) > MOST_NOTES:
        raise ExchangeError(_("It has more notes than are read: {limit}.").format(limit=MOST_NOTES), path=path)
    if max(stop_s for _start_s, stop_s, _step in played) > MOST_S:
        raise ExchangeError(_("It lasts longer than a day."), path=path)
    quarter_s = next((event.tempo / 1e6 for _now, event in events if event.type == "set_tempo"), USUAL_QUARTER_S)
    quarter_s = quarter_s if 0.06 <= quarter_s <= 12 else USUAL_QUARTER_S
    starts = [now for now, event in events if event.type == "time_signature"]
    phrases: dict[int, list[ScoreNote]] = {}
    for start_s, stop_s, step in played:
        length = max(Fraction(round((stop_s - start_s) / quarter_s * FINEST), FINEST), Fraction(1, FINEST))
        phrase = bisect.bisect_right(starts, start_s + 1e-6)
        note = ScoreNote(plain_name(step), min(length, MOST_QUARTERS), start_s, stop_s)
        phrases.setdefault(phrase, []).append(note)
    return Score(plain_text(path.stem), tuple(map(tuple, phrases.values())), quarter_s, pulse=True)


def _events(path: Path) -> list[tuple[float, Any]]:
    """Every message with its second."""
    data = read_bounded(path, MOST_BYTES)
    try:
        now, found = 0.0, []
        for event in mido.MidiFile(file=io.BytesIO(data), clip=True):
            now += event.time
            found.append((now, event))
    except UNREADABLE as error:
        raise ExchangeError(_("It is no MIDI file that can be read."), path=path) from error
    return found


def _played(events: Sequence[tuple[float, Any]]) -> list[tuple[float, float, int]]:
    """Start, stop and quarter tone above C4 of each note, by start; drums (channel 10) left out."""
    span, bends = float(BEND_RANGE), [(0.0, 0)]
    sounding: dict[int, float] = {}
    found = []
    for now, event in events:
        if event.type == "pitchwheel":
            bends.append((now, event.pitch))
        elif event.type == "control_change" and event.control == 6:
            span = float(event.value) or span
        elif event.type in ("note_on", "note_off") and event.channel != DRUMS:
            start = sounding.pop(event.note, None)
            if start is not None and now > start:
                found.append((start, now, _quarters(event.note, _longest(bends, start, now) * span / 8192)))
            if event.type == "note_on" and event.velocity:
                sounding[event.note] = now
    return sorted(found)


def _longest(bends: Sequence[tuple[float, int]], start_s: float, stop_s: float) -> int:
    """The bend that holds longest between two times; the earlier of two as long."""
    first = max(bisect.bisect_right(bends, (start_s, 1 << 14)) - 1, 0)
    last = max(bisect.bisect_left(bends, (stop_s, -(1 << 14))), first + 1)
    held: dict[int, float] = {}
    for (begin, bend), (end, _bend) in itertools.pairwise([*bends[first:last], (math.inf, 0)]):
        held[bend] = held.get(bend, 0.0) + min(end, stop_s) - max(begin, start_s)
    return max(held, key=lambda bend: held[bend])


def _quarters(key: int, semitones: float) -> int:
    return round(2 * (key - A4_KEY + semitones)) + A_STEP
