"""The level of a recording changes nothing of what is heard."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from persian_mir.examples.synthesise import synthesise
from persian_mir.modal.level import CHUNK, FLOOR, REFERENCE, Leveller
from persian_mir.modal.pitch import RATE, PitchTrack, detect_pitch
from persian_mir.modal.reading import read_mode

Samples = NDArray[np.float32]
SETTLED_S = 15.0  # from then on the gain hardly moves


def levelled(sound: Samples, *cuts: int) -> Samples:
    level = Leveller(RATE)
    pieces = [level.push(piece) for piece in np.split(sound, cuts)]
    return np.concatenate([*pieces, level.flush()])


def at(sound: Samples, decibels: float) -> Samples:
    return np.asarray(sound * 10 ** (decibels / 20), np.float32)


def in_16_bits(sound: Samples) -> Samples:
    return np.asarray(np.round(sound * 32768) / 32768, np.float32)


@pytest.fixture(scope="module")
def segah() -> Samples:
    return synthesise("segah", "setar", 1, 40.0, 233.0, RATE).samples


@pytest.fixture(scope="module")
def native(segah: Samples) -> PitchTrack:
    return detect_pitch(segah)


@pytest.mark.parametrize("decibels", [-20.0, -30.0, -50.0])
def test_a_quiet_recording_is_read_as_a_loud_one(decibels: float, segah: Samples, native: PitchTrack) -> None:
    quiet = detect_pitch(at(segah, decibels))
    settled = round(SETTLED_S / native.hop_s)
    sounds = (quiet.confidence[settled:] >= 0.5, native.confidence[settled:] >= 0.5)
    assert (sounds[0] == sounds[1]).mean() > 0.96
    one, other = read_mode(detect_pitch(in_16_bits(at(segah, decibels)))), read_mode(native)
    assert one.modes[0][0] == other.modes[0][0] == "segah"
    assert one.modes[0][1] == pytest.approx(other.modes[0][1], abs=0.05)


def test_silence_and_faint_noise_stay_what_they_are() -> None:
    rng = np.random.default_rng(0)
    assert not levelled(np.zeros(RATE, np.float32)).any()
    faint = (1e-5 * rng.standard_normal(20 * RATE)).astype(np.float32)  # as the dither of 16 bits
    assert levelled(faint)[-RATE:].std() == pytest.approx(1e-5 * REFERENCE / FLOOR, rel=0.05)
    assert not read_mode(detect_pitch(faint)).heard


def test_how_the_sound_is_cut_does_not_matter(segah: Samples) -> None:
    whole = levelled(segah)
    np.testing.assert_array_equal(levelled(segah, 100, 1111, 20_000, 20_001), whole)
    assert len(whole) == len(segah)


def test_only_the_past_counts(segah: Samples) -> None:
    longer = np.concatenate([segah[: 100 * CHUNK], 5 * segah[: 100 * CHUNK]])
    np.testing.assert_array_equal(levelled(longer)[: 100 * CHUNK], levelled(segah[: 100 * CHUNK]))


def test_what_is_loud_stays_as_it_is_and_its_quiet_passages_too() -> None:
    times = np.arange(60 * RATE) / RATE
    tone = np.sin(2 * np.pi * 220 * times).astype(np.float32)
    sound = np.concatenate([0.3 * tone, 0.003 * tone[: 10 * RATE]])
    np.testing.assert_array_equal(levelled(sound), sound)


def test_there_is_no_click_at_an_onset() -> None:
    times = np.arange(4 * RATE) / RATE
    tone = (np.sin(2 * np.pi * 220 * times) * np.where(times < 2, 0.01, 0.3)).astype(np.float32)
    assert np.abs(np.diff(levelled(tone)[3 * RATE :])).max() < 0.1
