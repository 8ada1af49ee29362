"""A melody as a vector: the same in every transposition, another for another melody."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from persian_mir.modal.pitch import PitchTrack
from persian_mir.similarity.melody import WIDTH, MelodyFeatures, melody_vector

SPACE = MelodyFeatures().space
STEP_CENTS = 20


def track(seed: int, shahed_hz: float = 220.0, notes: int = 40) -> PitchTrack:
    """A random walk over a scale, with rests; the same for the same seed."""
    rng = np.random.default_rng(seed)
    scale = np.cumsum(rng.choice([90, 135, 150, 200, 250], 7))
    steps = np.clip(np.cumsum(rng.integers(-2, 3, notes)) + 3, 0, 6)
    lengths = rng.integers(10, 60, notes)
    hz = shahed_hz * 2 ** (np.repeat(scale[steps], lengths) / 1200)
    sounds = np.repeat(rng.random(notes) > 0.1, lengths)
    return PitchTrack(hz.astype(np.float32), sounds.astype(np.float32))


def higher(one: PitchTrack, cents: float) -> PitchTrack:
    return PitchTrack((one.hz * 2 ** (cents / 1200)).astype(np.float32), one.confidence)


def vector(one: PitchTrack) -> np.ndarray:
    found = melody_vector(one)
    assert found is not None
    return found


def likeness(one: PitchTrack, other: PitchTrack) -> tuple[float, float]:
    """The largest cosine over all transpositions, and by how many cents `other` lies higher there."""
    products = SPACE.transpositions(vector(one)) @ vector(other)
    best = int(np.argmax(products))
    return float(products[best]), SPACE.cents(best)


@given(st.integers(0, 1000))
def test_a_melody_has_a_vector_of_norm_one(seed: int) -> None:
    found = vector(track(seed))
    assert found.shape == (WIDTH,)
    assert found.dtype == np.float32
    assert np.linalg.norm(found) == pytest.approx(1.0, abs=1e-5)


@given(st.integers(0, 1000), st.integers(-30, 29))
def test_a_transposed_melody_is_the_same_and_told_how_much_higher(seed: int, steps: int) -> None:
    # Half a step of 5 cents off the edges of the bins, so that rounding puts no frame into another.
    played = higher(track(seed), 1.0)
    same, cents = likeness(played, higher(played, STEP_CENTS * steps))
    assert same == pytest.approx(1.0, abs=2e-3)
    assert same >= likeness(played, track(seed + 1))[0]
    turned = SPACE.turned(vector(played)[None], steps % 60)[0]
    assert turned @ vector(higher(played, STEP_CENTS * steps)) == pytest.approx(same, abs=2e-3)
    assert cents == STEP_CENTS * steps or same - turned @ vector(higher(played, cents)) < 2e-3


@given(st.integers(0, 1000), st.floats(-600, 600))
def test_a_transposition_between_the_steps_is_still_nearest(seed: int, cents: float) -> None:
    played = track(seed)
    assert likeness(played, higher(played, cents))[0] > 0.95


@given(st.integers(0, 1000), st.integers(0, 1000))
def test_it_is_the_same_whichever_of_two_is_asked_for(one: int, other: int) -> None:
    there, back = likeness(track(one), track(other))[0], likeness(track(other), track(one))[0]
    assert there == pytest.approx(back, abs=1e-5)


def test_octaves_are_one() -> None:
    assert vector(higher(track(3), 1200)) == pytest.approx(vector(track(3)), abs=1e-3)


def test_the_same_notes_in_another_order_are_less_like_it() -> None:
    """What the pitch-class distribution, the first 60 numbers, cannot tell."""
    one = track(5).cut(0.0, 1250 * 0.016)
    shuffled = np.random.default_rng(0).permutation(one.hz.reshape(-1, 10)).ravel()
    other = PitchTrack(shuffled, one.confidence)
    assert 2 * vector(one)[:60] @ vector(other)[:60] > 0.99
    assert likeness(one, other)[0] < 0.97


def test_with_too_little_pitch_there_is_no_vector() -> None:
    one = track(1)
    assert melody_vector(one.cut(0.0, 2.0)) is None
    assert melody_vector(PitchTrack(one.hz, np.zeros_like(one.confidence))) is None
    assert melody_vector(PitchTrack(np.zeros(0, np.float32), np.zeros(0, np.float32))) is None
