from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from persian_mir.examples.performance import Note
from persian_mir.examples.scale import scale_of
from persian_mir.examples.synthesise import INSTRUMENTS, perform, synthesise
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
