from pathlib import Path

import numpy as np
import pytest
import soundfile

from persian_mir.app_paths import cache_dir
from persian_mir.audio import open_audio
from persian_mir.modal.pitch import RATE, PitchTrack, clean, detect_pitch, stream_pitch, track_pitch
from persian_mir.progress import Cancelled, Progress


def tone(path: Path, seconds: float = 45.0, hz: float = 293.0) -> Path:
    times = np.arange(int(seconds * RATE)) / RATE
    soundfile.write(path, (0.3 * np.sin(2 * np.pi * hz * times)).astype(np.float32), RATE, subtype="FLOAT")
    return path


@pytest.mark.parametrize("hz", [65.4, 293.0, 1318.5, 2050.0])
def test_hears_a_tone_within_ten_cents(hz: float) -> None:
    times = np.arange(2 * RATE) / RATE
    rich = sum(np.sin(2 * np.pi * hz * k * times) / k for k in range(1, 6) if hz * k < RATE / 2)
    track = detect_pitch((0.2 * rich).astype(np.float32))
    heard = track.hz[track.confidence >= 0.5]
    assert len(heard) > 100
    assert abs(1200 * np.log2(np.median(heard) / hz)) < 10


def test_block_by_block_is_the_whole_at_once(tmp_path: Path) -> None:
    path = tone(tmp_path / "tone.wav")
    sound, _ = soundfile.read(path, dtype="float32")
    whole = detect_pitch(sound)
    with open_audio(path) as source:
        pieces = list(stream_pitch(source))
    assert len(pieces) > 2
    hz = np.concatenate([piece.hz for piece in pieces])
    assert hz.shape == whole.hz.shape
    assert abs(len(hz) - len(sound) // 256) <= 1
    np.testing.assert_allclose(hz, whole.hz, rtol=1e-3)


def test_second_time_comes_from_the_cache_and_damage_is_healed(tmp_path: Path) -> None:
    path = tone(tmp_path / "tone.wav", 3.0)
    with open_audio(path) as source:
        first = track_pitch(source)
        (kept,) = (cache_dir() / "pitch").iterdir()
        assert len(list(stream_pitch(source))) == 1
        for damage in (b"", b"no zip", kept.read_bytes()[:200]):
            kept.write_bytes(damage)
            np.testing.assert_array_equal(track_pitch(source).hz, first.hz)
        assert [entry.name for entry in (cache_dir() / "pitch").iterdir()] == [kept.name]


def test_cancelled_leaves_no_track_behind(tmp_path: Path) -> None:
    class Stop(Progress):
        def step(self, fraction: float, note: str = "") -> None:
            raise Cancelled

    with open_audio(tone(tmp_path / "tone.wav", 3.0)) as source, pytest.raises(Cancelled):
        track_pitch(source, Stop())
    assert not (cache_dir() / "pitch").exists()


@pytest.mark.parametrize("samples", [0, 3, 255, 256, 257, 4000])
def test_very_short(samples: int) -> None:
    track = detect_pitch(np.full(samples, 0.1, np.float32))
    assert track.hz.shape == track.confidence.shape
    assert len(track.hz) <= max(1, samples // 256)


def test_what_is_no_number_is_silenced() -> None:
    dirty = np.array([np.nan, np.inf, -np.inf, 1e30, 0.5], np.float32)
    np.testing.assert_array_equal(clean(dirty), np.array([0, 1, -1, 8, 0.5], np.float32))


def test_cut_keeps_time() -> None:
    track = PitchTrack(np.arange(100, dtype=np.float32), np.ones(100, np.float32), 0.1)
    part = track.cut(2.0, 5.0)
    assert (part.start_s, part.hz[0], part.hz[-1], len(part.hz)) == (2.0, 20, 49, 30)
    assert len(part.cut(-3.0, 99.0).hz) == 30
    assert len(track.cut(50.0).hz) == 0


def test_shapes_that_differ_are_refused() -> None:
    with pytest.raises(ValueError, match="no pitch track"):
        PitchTrack(np.zeros(3, np.float32), np.zeros(2, np.float32))
