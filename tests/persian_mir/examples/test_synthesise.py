from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from persian_mir.examples.melody import compose
from persian_mir.examples.performance import Note
from persian_mir.examples.scale import scale_of
from persian_mir.examples.synthesise import INSTRUMENTS, Passage, modulate, perform, synthesise
from persian_mir.labels import label_ids

RATE = 44100


def cents_off(sound: NDArray[np.float64], hz: float) -> float:
    """How far the sound's pitch lies from `hz`: where the energy of its first three partials is greatest."""
    time = np.arange(len(sound)) / RATE
    windowed = sound * np.hanning(len(sound))
    offsets = np.arange(-20, 20.01, 0.5)

    def energy(cents: float) -> float:
        f = hz * 2 ** (cents / 1200)
        return float(sum(abs(np.dot(windowed, np.exp(-2j * np.pi * k * f * time))) ** 2 for k in (1, 2, 3)))

    return float(offsets[int(np.argmax([energy(cents) for cents in offsets]))])


@pytest.mark.parametrize("instrument", INSTRUMENTS)
@pytest.mark.parametrize("hz", [147.3, 311.7, 783.0])
def test_every_instrument_is_in_tune(instrument: str, hz: float) -> None:
    sound = perform([Note(0.2, 1.7, hz, 0.0, 1)], instrument, 2 * RATE, RATE, np.random.default_rng(3))
    assert abs(cents_off(sound[round(0.4 * RATE) : round(1.6 * RATE)].astype(float), hz)) <= 2.0


@pytest.mark.parametrize("instrument", INSTRUMENTS)
def test_sound_is_clean(instrument: str) -> None:
    performance = synthesise("shour", instrument, seed=4, seconds=8.0, tonic_hz=220.0)
    samples = performance.samples
    assert samples.dtype == np.float32
    assert len(samples) == 8 * RATE
    assert np.isfinite(samples).all()
    assert 0.5 < np.abs(samples).max() <= 0.71
    assert abs(float(samples.mean())) < 1e-4
    assert samples[-1] == pytest.approx(0.0, abs=1e-3)
    assert samples.std() > 0.02


def test_same_seed_same_sound_other_seed_other_melody() -> None:
    one, again = (synthesise("nava", "ney", 9, 6.0, 300.0, rate=16000) for _ in range(2))
    other = synthesise("nava", "ney", 10, 20.0, 300.0, rate=16000)
    longer = synthesise("nava", "ney", 9, 20.0, 300.0, rate=16000)
    assert one.truth == again.truth
    assert np.array_equal(one.samples, again.samples)
    assert [n.degree for n in other.truth.notes] != [n.degree for n in longer.truth.notes]


@pytest.mark.parametrize("mode", label_ids("mode"))
def test_truth_is_consistent(mode: str) -> None:
    truth = synthesise(mode, "setar", 1, 24.0, 230.0, rate=8000).truth
    scale = scale_of(mode)
    assert truth.mode == mode
    assert 1200 * np.log2(truth.ist_hz / truth.shahed_hz) == pytest.approx(scale.ist)
    for note, following in zip(truth.notes, truth.notes[1:], strict=False):
        assert note.start_s < note.stop_s <= following.start_s + 1e-9
    for note in truth.notes:
        assert note.hz == pytest.approx(truth.shahed_hz * 2 ** (note.cents / 1200))
        assert note.cents in scale.cents
        assert 1 <= note.degree <= 7
    assert truth.notes[-1].stop_s < 24.0
    assert truth.notes[-1].cents == scale.cents[scale.index(scale.ist)]


def test_one_mode_is_one_stay() -> None:
    truth = synthesise("nava", "setar", 1, 6.0, 230.0, rate=8000).truth
    (stay,) = truth.stays
    assert (stay.start_s, stay.stop_s) == (0.0, 6.0)
    assert (stay.mode, stay.dastgah, stay.shahed_hz, stay.ist_hz) == (
        truth.mode,
        truth.dastgah,
        truth.shahed_hz,
        truth.ist_hz,
    )


@pytest.mark.parametrize("ornament", ["riz", "tahrir"])
@pytest.mark.parametrize("seconds", [4.0, 9.5, 30.0])
def test_every_melody_comes_to_rest_in_time(ornament: str, seconds: float) -> None:
    for mode in label_ids("mode"):
        scale = scale_of(mode)
        for seed in range(10):
            notes = compose(scale, 300.0, seconds, 0.28, ornament, np.random.default_rng(seed))
            assert notes[-1].cents == scale.cents[scale.index(scale.ist)]
            assert 0.79 < seconds - notes[-1].stop_s < 3.0
            assert all(one.stop_s <= two.start_s + 1e-9 for one, two in pairwise(notes))


def test_truth_tells_when_the_mode_changes() -> None:
    passages = (Passage("mahour", 14.0), Passage("abuata", 12.0, 700.0), Passage("mahour", 13.0))
    played = modulate(passages, "kamancheh", 2, 261.6, rate=8000)
    truth = played.truth
    assert len(played.samples) == 39 * 8000
    assert (truth.mode, [stay.mode for stay in truth.stays]) == ("mahour", ["mahour", "abuata", "mahour"])
    assert [stay.dastgah for stay in truth.stays] == ["mahour", "shour", "mahour"]
    assert 1200 * np.log2(truth.stays[1].shahed_hz / truth.shahed_hz) == pytest.approx(700.0)
    assert truth.stays[2].shahed_hz == truth.shahed_hz
    assert (truth.stays[0].start_s, truth.stays[-1].stop_s) == (0.0, 39.0)
    for stay, following in pairwise(truth.stays):
        assert stay.stop_s == following.start_s
    for stay, passage in zip(truth.stays, passages, strict=True):
        mine = [note for note in truth.notes if stay.start_s <= note.start_s < stay.stop_s]
        assert mine[0].hz == pytest.approx(stay.shahed_hz)  # the shahed is announced
        assert mine[-1].hz == pytest.approx(stay.ist_hz)  # and the last note is the ist
        assert mine[-1].stop_s < stay.stop_s
        cents = scale_of(passage.mode).cents
        for note in mine:
            assert note.hz == pytest.approx(stay.shahed_hz * 2 ** (note.cents / 1200))
            assert note.cents in cents
    assert sum(stay.start_s <= note.start_s < stay.stop_s for stay in truth.stays for note in truth.notes) == len(
        truth.notes
    )


def test_a_performance_of_one_passage_is_that_of_its_mode() -> None:
    alone = synthesise("shour", "tar", 5, 3.0, 200.0, rate=8000)
    passage = modulate([Passage("shour", 3.0)], "tar", 5, 200.0, rate=8000)
    assert alone.truth == passage.truth
    assert np.array_equal(alone.samples, passage.samples)


def test_shahed_keeps_its_pitch_class_and_detune_moves_it() -> None:
    truth = synthesise("segah", "santoor", 1, 5.0, 110.0, rate=8000).truth
    assert np.log2(truth.shahed_hz / 110.0) % 1 == pytest.approx(0.0, abs=1e-9)
    moved = synthesise("segah", "santoor", 1, 5.0, 110.0, rate=8000, detune_cents=30.0).truth
    assert 1200 * np.log2(moved.shahed_hz / truth.shahed_hz) == pytest.approx(30.0)


def test_sound_lies_where_the_truth_says() -> None:
    performance = synthesise("mahour", "kamancheh", 2, 12.0, 300.0)
    note = max(performance.truth.notes, key=lambda n: n.stop_s - n.start_s)
    middle = performance.samples[round((note.start_s + 0.2) * RATE) : round(note.stop_s * RATE)]
    assert abs(cents_off(middle.astype(float), note.hz)) <= 8.0  # vibrato and the room are in it


@pytest.mark.parametrize("seconds", [0.3, 1.0, 3.0])
def test_short_performances(seconds: float) -> None:
    for instrument in INSTRUMENTS:
        performance = synthesise("homayoun", instrument, 1, seconds, 300.0, rate=22050)
        assert len(performance.samples) == round(seconds * 22050)
        assert performance.truth.notes


def test_unknown_names() -> None:
    with pytest.raises(KeyError):
        synthesise("blues", "ney", 1, 1.0, 300.0)
    with pytest.raises(KeyError):
        synthesise("shour", "oboe", 1, 1.0, 300.0)
