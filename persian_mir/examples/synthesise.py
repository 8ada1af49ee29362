"""One performance, made from nothing but a seed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from persian_mir.examples.instruments import ALL, KNOWN, Instrument
from persian_mir.examples.melody import compose
from persian_mir.examples.performance import Note, Performance, Stay, Truth
from persian_mir.examples.room import body, room, sympathetic
from persian_mir.examples.scale import scale_of
from persian_mir.labels import dastgah_of

_PEAK = 0.7


INSTRUMENTS = tuple(KNOWN)


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of `seconds` in one mode, its shahed `above_cents` over that of the first passage."""

    mode: str
    seconds: float
    above_cents: float = 0.0


def synthesise(
    mode: str,
    instrument: str,
    seed: int,
    seconds: float,
    tonic_hz: float,
    rate: int = 44100,
    detune_cents: float = 0.0,
    player: Instrument | None = None,
) -> Performance:
    """A free-metre improvisation in `mode` on `instrument`, the same for the same arguments; as `player` has it, where
    one is given.

    `tonic_hz` is the pitch of the mode's shahed, moved by whole octaves into the instrument's register;
    `detune_cents` shifts everything. KeyError for an unknown mode or instrument.
    """
    return modulate([Passage(mode, seconds)], instrument, seed, tonic_hz, rate, detune_cents, player)


def modulate(
    passages: Sequence[Passage],
    instrument: str,
    seed: int,
    tonic_hz: float,
    rate: int = 44100,
    detune_cents: float = 0.0,
    player: Instrument | None = None,
) -> Performance:
    """The same through one or more `passages`; each comes to rest before the next announces its shahed.

    `tonic_hz` is the pitch of the first passage's shahed. KeyError for an unknown mode or instrument.
    """
    player = player or ALL[instrument]
    rng = np.random.default_rng(seed)
    first_hz = _in_register(tonic_hz * 2 ** (detune_cents / 1200), passages, player.middle_hz)
    notes: list[Note] = []
    starts: list[float] = []
    begin = 0.0
    for passage in passages:
        scale, shahed_hz = scale_of(passage.mode), first_hz * 2 ** (passage.above_cents / 1200)
        played = compose(scale, shahed_hz, passage.seconds, player.pace_s, player.ornament, rng)
        starts.append(begin + played[0].start_s if notes else 0.0)
        notes += [replace(note, start_s=begin + note.start_s, stop_s=begin + note.stop_s) for note in played]
        begin += passage.seconds
    samples = _performed(notes, player, round(begin * rate), rate, rng)
    edges = zip(starts, [*starts[1:], begin], strict=True)
    stays = tuple(_stay(one, first_hz, *edge) for one, edge in zip(passages, edges, strict=True))
    home = stays[0]
    truth = Truth(home.mode, home.dastgah, instrument, home.shahed_hz, home.ist_hz, tuple(notes), stays)
    return Performance(samples, rate, truth)


def perform(notes: Sequence[Note], instrument: str, n: int, rate: int, rng: np.random.Generator) -> NDArray[np.float32]:
    """`notes` on `instrument`: float32 [n], without DC, at most 0.7 loud."""
    return _performed(notes, ALL[instrument], n, rate, rng)


def _performed(
    notes: Sequence[Note], player: Instrument, n: int, rate: int, rng: np.random.Generator
) -> NDArray[np.float32]:
    sound = body(player.sounding.play(notes, n, rate, rng), player.resonances, rate)
    if player.along:
        sound = sympathetic(sound, sorted({note.hz for note in notes}), player.along, rate, rng)
    sound = room(sound, 0.12, rate, rng)
    fade = min(n, round(0.3 * rate))
    sound[n - fade :] *= np.linspace(1, 0, fade) ** 2
    sound -= sound.mean()
    return np.asarray(sound * (_PEAK / max(np.abs(sound).max(initial=0.0), 1e-9)), dtype=np.float32)


def _in_register(hz: float, passages: Sequence[Passage], middle_hz: float) -> float:
    cents = np.concatenate([scale_of(passage.mode).cents + passage.above_cents for passage in passages])
    middle = hz * 2 ** (float(cents.min() + cents.max()) / 2400)
    return float(hz * 2.0 ** np.round(np.log2(middle_hz / middle)))


def _stay(passage: Passage, first_hz: float, start_s: float, stop_s: float) -> Stay:
    shahed_hz = first_hz * 2 ** (passage.above_cents / 1200)
    ist_hz = shahed_hz * 2 ** (scale_of(passage.mode).ist / 1200)
    return Stay(start_s, stop_s, passage.mode, dastgah_of(passage.mode), shahed_hz, ist_hz)
