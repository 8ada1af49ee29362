"""A passage of a card, made by the synthesiser: another melody, pitch and instrument at each asking."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from persian_mir.examples.instruments import KNOWN
from persian_mir.examples.melody import compose
from persian_mir.examples.scale import Scale
from persian_mir.examples.synthesise import INSTRUMENTS, perform, synthesise
from persian_mir.labels import dastgah_of
from persian_mir.modal.names import STEP_CENTS, STEPS
from persian_mir.modal.profile import OCTAVE_CENTS
from persian_mir.modal.radif import load_radif
from persian_mir.modal.tuning import played_cents
from persian_mir.quiz.cards import Card, gusheh_place

SECONDS = 22.0
LOWEST_HZ = 196.0  # of a shahed, which lies within an octave from here: the pitch itself tells nothing
LEAST_SHARE = 0.015  # of a gusheh's time from which a pitch belongs to its scale
REACH_STEPS = 7.0  # quarter tones within which a melody mostly moves


def synthesised(card: Card, seed: int, rate: int) -> NDArray[np.float32]:
    """The passage as float32 [samples], the same for the same seed."""
    rng = np.random.default_rng(seed)
    instrument = INSTRUMENTS[int(rng.integers(len(INSTRUMENTS)))]
    shahed_hz = LOWEST_HZ * 2 ** float(rng.random())
    if card.deck == "gusheh":
        return _gusheh(card, instrument, shahed_hz, rate, rng)
    return synthesise(card.label, instrument, seed, SECONDS, shahed_hz, rate).samples


def _gusheh(card: Card, instrument: str, shahed_hz: float, rate: int, rng: np.random.Generator) -> NDArray[np.float32]:
    scale, player = gusheh_scale(card), KNOWN[instrument]
    middle = shahed_hz * 2 ** (float(scale.cents.min() + scale.cents.max()) / (2 * OCTAVE_CENTS))
    home_hz = shahed_hz * 2.0 ** round(np.log2(player.middle_hz / middle))
    notes = compose(scale, home_hz, SECONDS, player.pace_s, player.ornament, rng)
    return perform(notes, instrument, round(SECONDS * rate), rate, rng)


def gusheh_scale(card: Card) -> Scale:
    """What the synthesiser needs of a gusheh, from the radif's counts of it; zero cents where it dwells longest.

    The pitches are those it dwells on in its two octaves; a melody moves between them as often as the radif does from
    one pitch class to the other a tenth of a second later, and mostly to near ones. It ends where the radif ends it.
    """
    radif, place = load_radif(), gusheh_place(card)
    shares = radif.registers[place] / radif.registers[place].sum()
    steps = np.flatnonzero(shares >= LEAST_SHARE)
    weights = shares[steps]
    cents = np.array([played_cents(card.mode)[step % STEPS] + OCTAVE_CENTS * (step // STEPS) for step in steps])
    moves = radif.surfaces[place, 0][np.ix_(steps % STEPS, steps % STEPS)] + 1.0
    moves *= weights[None, :] * np.exp(-np.abs(np.subtract.outer(steps, steps)) / REACH_STEPS)
    np.fill_diagonal(moves, 0.15 * moves.diagonal())  # a held note is not a repeated one
    gusheh = radif.gushehs[place]
    shahed = float(cents[np.argmax(weights)])
    rest = _sounding(cents, weights, gusheh.last_step * STEP_CENTS)
    return Scale(
        mode=dastgah_of(card.mode),
        cents=cents - shahed,
        degrees=np.arange(1, len(steps) + 1),
        ist=rest - shahed,
        moves=moves / moves.sum(axis=1, keepdims=True),
        lengths=0.6 + weights / weights.mean(),
        rests=weights**2 / (weights**2).sum(),
    )


def _sounding(cents: NDArray[np.float64], weights: NDArray[np.float64], wanted: float) -> float:
    """The pitch of this class that sounds most; of those near it where the class itself is no pitch of the scale."""
    away = np.abs((cents - wanted + OCTAVE_CENTS / 2) % OCTAVE_CENTS - OCTAVE_CENTS / 2)
    return float(cents[np.argmin(away - 1e-3 * weights / weights.max())])
