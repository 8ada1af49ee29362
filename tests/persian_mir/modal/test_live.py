"""The live reading, fed in blocks of any size."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from persian_mir.audio import open_audio
from persian_mir.modal.live import FIRST_ANSWER_S, KEPT_S, LiveReader, LiveState, _Frames, pitch_now
from persian_mir.modal.pitch import HOP_S, PitchTrack, detect_pitch, track_pitch
from persian_mir.modal.reading import read_mode

Sung = Callable[[PitchTrack, int], Path]
Daramad = Callable[..., PitchTrack]


def feed_all(reader: LiveReader, sound: np.ndarray, size: int) -> list[LiveState]:
    return [reader.feed(sound[at : at + size]) for at in range(0, len(sound), size)]


@pytest.mark.parametrize("rate", [22_050, 44_100, 16_000])
def test_live_pitch_is_that_of_the_finished_recording(rate: int, daramad: Daramad, sung: Sung) -> None:
    path = sung(daramad("segah", 220.0, 12.0), rate)
    sound, _rate = soundfile.read(path, dtype="float32")
    with open_audio(path) as source:
        batch = track_pitch(source)
    for size in (rate // 50, 1024, 3 * rate):
        reader = LiveReader(rate)
        feed_all(reader, sound, size)
        reader.finish()
        live = reader.track()
        assert len(live.hz) == len(batch.hz)
        assert live.start_s == 0.0
        sounding = (batch.confidence >= 0.5) & (live.confidence >= 0.5)
        assert sounding.mean() > 0.8
        cents = np.abs(1200 * np.log2(live.hz[sounding] / batch.hz[sounding]))
        assert cents.max() < 0.1
        np.testing.assert_allclose(live.confidence, batch.confidence, atol=1e-3)


def test_ranking_elsewhere_gives_the_same(daramad: Daramad, sung: Sung) -> None:
    sound, rate = soundfile.read(sung(daramad("segah", 220.0, 20.0), 22_050), dtype="float32")
    here = feed_all(LiveReader(rate), sound, rate // 50)
    with ThreadPoolExecutor(1) as elsewhere:
        reader = LiveReader(rate, elsewhere=elsewhere)
        there = []
        for at in range(0, len(sound), rate // 50):
            there.append(reader.feed(sound[at : at + rate // 50]))
            elsewhere.submit(int).result()  # wait until it has been ranked
    known = {state.read_s: state.reading.modes for state in here if state.reading is not None}
    rankings = {state.read_s: state.reading.modes for state in there if state.reading is not None}
    assert len(rankings) > 10
    assert rankings.items() <= known.items()
    for one, other in zip(here, there, strict=True):
        assert (one.pitch is None) == (other.pitch is None)
        assert one.pitch is None or other.pitch is None or one.pitch.hz == other.pitch.hz


def test_the_ranking_comes_when_it_is_promised_and_is_right(daramad: Daramad, sung: Sung) -> None:
    path = sung(daramad("chahargah", 262.0, 40.0), 22_050)
    sound, rate = soundfile.read(path, dtype="float32")
    reader = LiveReader(rate)
    states = feed_all(reader, sound, rate // 20)
    first = next(state for state in states if state.reading is not None)
    assert FIRST_ANSWER_S <= first.seconds < FIRST_ANSWER_S + 2.0
    assert all(state.reading is None for state in states if state.heard_s < FIRST_ANSWER_S)
    last = states[-1]
    assert last.reading is not None
    assert last.reading.dastgahs[0][0] == "chahargah"
    assert last.reading.tonic_hz == pytest.approx(262.0, rel=0.01)
    assert max(state.seconds - state.read_s for state in states if state.reading) < 0.8
    assert last.profile.sum() == pytest.approx(1.0)
    assert np.argmax(last.profile) * 5 == pytest.approx(1200 * np.log2(262 / 220), abs=10)
    heard = [state.pitch for state in states if state.reading and state.pitch]
    assert np.mean([pitch.of_mode for pitch in heard]) > 0.8
    assert np.median([abs(pitch.cents) for pitch in heard]) < 10


def test_level_and_silence() -> None:
    reader = LiveReader(16_000)
    state = reader.feed(np.zeros(16_000, np.float32))
    assert (state.level_db, state.peak_db, state.pitch, state.reading) == (-120.0, -120.0, None, None)
    assert not state.profile.any()
    square = np.tile(np.repeat(np.float32([0.5, -0.5]), 40), 200)
    loud = reader.feed(square)
    assert loud.level_db == pytest.approx(-6.02, abs=0.01)
    assert loud.peak_db == pytest.approx(-6.02, abs=0.01)
    assert reader.feed(np.zeros(0, np.float32)).level_db == -120.0


def test_what_is_no_number_does_no_harm() -> None:
    reader = LiveReader(44_100)
    state = reader.feed(np.full(44_100, np.nan, np.float32))
    assert state.level_db == -120.0
    assert np.isfinite(reader.feed(np.full(44_100, np.inf, np.float32)).level_db)


def test_without_a_mode_the_note_is_the_nearest_quarter_tone() -> None:
    now = pitch_now(440.0 * 2 ** (160 / 1200), None)
    assert not now.of_mode
    assert now.cents == pytest.approx(10.0, abs=1e-6)
    assert now.name.sign == "koron"


def test_with_a_mode_the_note_is_its_degree(daramad: Daramad) -> None:
    reading = read_mode(daramad("segah", 220.0))
    assert reading.tonic_hz is not None
    now = pitch_now(reading.tonic_hz * 2 ** (1207 / 1200), reading)
    assert now.of_mode
    assert now.cents == pytest.approx(7.0, abs=1e-6)
    assert now.name.letter == pitch_now(reading.tonic_hz, reading).name.letter
    assert now.name.octave == pitch_now(reading.tonic_hz, reading).name.octave + 1


@settings(max_examples=50)
@given(st.lists(st.integers(0, 25), max_size=20))
def test_frames_are_the_last_ones(sizes: list[int]) -> None:
    frames, whole = _Frames(10), np.arange(sum(sizes), dtype=np.float32)
    at = 0
    for size in sizes:
        frames.add(whole[at : at + size], whole[at : at + size])
        at += size
        for ask in (3, 10, 99):
            kept = frames.last(ask * HOP_S)
            np.testing.assert_array_equal(kept.hz, whole[max(0, at - min(ask, 10)) : at])
            assert kept.start_s == pytest.approx((at - len(kept.hz)) * HOP_S)


def test_hours_take_no_more_room() -> None:
    frames = _Frames(round(KEPT_S / HOP_S))
    room = frames._values.nbytes
    block = np.full(10_000, 220.0, np.float32)
    for _turn in range(100):
        frames.add(block, block)
    assert frames._values.nbytes == room
    assert frames.stop_s == pytest.approx(16_000.0)
    assert len(frames.last(1e9).hz) == round(KEPT_S / HOP_S)


def test_short_sound_is_read_to_its_end() -> None:
    times = np.arange(16_000) / 16_000
    sound = (0.3 * np.sin(2 * np.pi * 330 * times)).astype(np.float32)
    reader = LiveReader(16_000)
    reader.feed(sound)
    reader.finish()
    np.testing.assert_allclose(reader.track().hz, detect_pitch(sound).hz, rtol=1e-5)


def test_mains_hum_is_not_taken_for_the_music(daramad: Daramad, sung: Sung) -> None:
    sound, rate = soundfile.read(sung(daramad("segah", 233.0, 60.0), 22_050), dtype="float32")
    times = np.arange(len(sound)) / rate
    hum = sum(np.sin(2 * np.pi * 50.02 * k * times + k) / k for k in range(1, 16))
    # As a singer pauses: a second of every four is hum alone.
    noisy = sound * (times % 4 < 3) + hum * 0.3 * np.sqrt(np.mean(sound**2)) / np.sqrt(np.mean(hum**2))
    reader = LiveReader(rate)
    states = feed_all(reader, noisy.astype(np.float32), rate // 20)
    reader.finish()
    track = reader.track()
    heard = track.hz[(track.confidence >= 0.5) & (track.hz > 0)]
    assert (heard < 90).mean() < 0.01
    assert len(heard) > 1000
    reading = states[-1].reading
    assert reading is not None
    assert reading.dastgahs[0][0] == "segah"
    assert reading.tonic_hz == pytest.approx(233.0, rel=0.01)
