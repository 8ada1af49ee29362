"""A scale as a Scala file (M. Op de Coul's .scl format) and as a tuning table of the 128 MIDI keys (AnaMark .tun)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

from persian_mir.modal.degrees import Degree
from persian_mir.modal.profile import A4_HZ, OCTAVE_CENTS
from persian_mir.whole_file import write_whole

A4_KEY = 69
KEYS = 128
KEY_0_HZ = A4_HZ * 2 ** (-A4_KEY / 12)
SEMITONE_CENTS = 100.0
NEAR_TONIC_CENTS = 50.0


def measured_scale(degrees: Sequence[Degree]) -> tuple[float, ...]:
    """Cents over the tonic of the degrees as measured, the tonic first as 0, ascending below an octave."""
    rest = {round(degree.cents % OCTAVE_CENTS, 3) for degree in degrees}
    return 0.0, *sorted(value for value in rest if NEAR_TONIC_CENTS < value < OCTAVE_CENTS - NEAR_TONIC_CENTS)


def write_scl(path: Path, scale: Sequence[float], title: str) -> None:
    """A Scala file of an octave scale, cents over its first note."""
    write_whole(path, scl(path.name, scale, title))


def scl(name: str, scale: Sequence[float], title: str) -> str:
    """Its text: name, one line of description, number of notes, their cents, and the octave. 1/1 is implied."""
    pitches = [*scale[1:], OCTAVE_CENTS]
    lines = [f"! {_one_line(name)}", "!", _one_line(title), f" {len(pitches)}", "!"]
    return "\n".join([*lines, *(f" {cents:.3f}" for cents in pitches)]) + "\n"


def write_tun(path: Path, scale: Sequence[float], tonic_hz: float, title: str) -> None:
    """A tuning table for synthesisers: every key plays the note of the scale nearest to it."""
    write_whole(path, tun(scale, tonic_hz, title))


def tun(scale: Sequence[float], tonic_hz: float, title: str) -> str:
    """Its text: `[Exact Tuning]` with cents over 8.1758 Hz (key 0), after `[Tuning]` in whole cents for old readers.

    Keys without a note of their own repeat their nearest: seven notes an octave lie on twelve keys.
    """
    table = key_table(scale, tonic_hz)
    lines = [f"; {_one_line(title)}", f"; {tonic_hz:.3f} Hz", "", "[Tuning]"]
    lines += [f"note {key}={round(cents)}" for key, cents in enumerate(table)]
    lines += ["", "[Exact Tuning]", f"basefreq={KEY_0_HZ:.8f}"]
    lines += [f"note {key}={cents:.3f}" for key, cents in enumerate(table)]
    return "\n".join(lines) + "\n"


def key_table(scale: Sequence[float], tonic_hz: float) -> tuple[float, ...]:
    """Cents over key 0 of each of the 128 keys."""
    tonic = OCTAVE_CENTS * math.log2(tonic_hz / KEY_0_HZ)
    table = []
    for key in range(KEYS):
        above = key * SEMITONE_CENTS - tonic
        octave = math.floor(above / OCTAVE_CENTS)
        octaves = (octave - 1, octave, octave + 1)
        near = [(abs(k * OCTAVE_CENTS + cents - above), k * OCTAVE_CENTS + cents) for k in octaves for cents in scale]
        table.append(tonic + min(near)[1])
    return tuple(table)


def _one_line(text: str) -> str:
    return " ".join(text.split())
