from __future__ import annotations

import numpy as np
import pytest

from persian_mir.examples.instruments import ALL, KNOWN, OTHERS, player_of
from persian_mir.examples.performance import Note
from persian_mir.examples.synthesise import perform, synthesise
from persian_mir.labels import label_ids

RATE = 22_050


def test_the_known_ones_are_those_of_the_vocabulary():
    assert set(KNOWN) == set(label_ids("instrument"))
    assert not set(KNOWN) & set(OTHERS)


@pytest.mark.parametrize("name", ALL)
def test_each_sounds_cleanly_as_usual_and_as_a_player_has_it(name):
    usual = synthesise("shour", name, 1, 3.0, 250.0, RATE).samples
    own = synthesise("shour", name, 1, 3.0, 250.0, RATE, player=player_of(name, 5)).samples
    for sound in (usual, own):
        assert len(sound) == 3 * RATE
        assert np.isfinite(sound).all()
        assert 0.5 < np.abs(sound).max() <= 0.7
        assert abs(sound.mean()) < 1e-3
    assert not np.array_equal(usual, own)


@pytest.mark.parametrize("name", [name for name in OTHERS if name != "tonbak"])
def test_others_are_in_tune(name):
    """The strongest partial of a long note is a multiple of its pitch, within its vibrato and 10 cents."""
    sound = perform([Note(0.1, 2.0, 330.0, 0.0, 1)], name, 2 * RATE, RATE, np.random.default_rng(0))
    held = sound[RATE // 2 : 3 * RATE // 2] * np.hanning(RATE)
    hz = np.argmax(np.abs(np.fft.rfft(held, 16 * RATE))) / 16
    multiple = hz / 330.0
    vibrato = getattr(OTHERS[name].sounding, "vibrato_cents", 0.0)
    assert abs(1200 * np.log2(multiple / round(multiple))) < 10 + vibrato


def test_a_player_is_the_same_again_and_unlike_another():
    assert player_of("tar", 3) == player_of("tar", 3)
    assert player_of("tar", 3) != player_of("tar", 4)


def test_a_drum_has_no_pitch_but_strokes():
    notes = [Note(0.2, 0.4, 300.0, 0.0, 1), Note(1.0, 1.2, 450.0, 0.0, 3)]
    sound = perform(notes, "tonbak", 2 * RATE, RATE, np.random.default_rng(0))
    loud = np.abs(sound)
    assert loud[round(0.2 * RATE) : round(0.3 * RATE)].max() > 10 * loud[: round(0.19 * RATE)].max()
    assert loud[round(1.0 * RATE) : round(1.1 * RATE)].max() > 5 * loud[round(0.9 * RATE) : round(0.99 * RATE)].max()
