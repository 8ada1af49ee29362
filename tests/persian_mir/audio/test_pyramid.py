"""The pyramid says what the samples say; survives damage; can be read while it grows."""

from __future__ import annotations

import threading
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from persian_mir.app_paths import cache_dir
from persian_mir.audio import open_audio
from persian_mir.audio.pyramid import BASE, Pyramid, build_pyramid, load_pyramid, waveform_columns
from persian_mir.errors import AudioError
from persian_mir.progress import Cancelled, Progress

RATE = 44100


@pytest.fixture(scope="module")
def noise(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three channels of noise of changing loudness, of a length that fills no bin."""
    path = tmp_path_factory.mktemp("noise") / "noise.wav"
    rng = np.random.default_rng(5)
    n = 1_234_567
    loudness = 0.3 * (1.1 + np.sin(np.arange(n) / 30_000))[:, None]
    soundfile.write(path, (loudness * rng.standard_normal((n, 3)).clip(-1, 1)).astype("f4"), RATE, subtype="FLOAT")
    return path


def brute(sound: np.ndarray, start: float, stop: float, columns: int, grain: int) -> list[np.ndarray]:
    """Columns from the samples, each widened to whole grains."""
    edges = np.linspace(start, stop, columns + 1)
    low = np.floor(edges[:-1] / grain).astype(int) * grain
    high = np.maximum(np.ceil(edges[1:] / grain).astype(int) * grain, low + grain)
    parts = [sound[:, max(0, a) : max(0, b)] for a, b in zip(low, high, strict=True)]
    return [
        np.array([part.min(initial=np.inf) if part.size else 0 for part in parts]),
        np.array([part.max(initial=-np.inf) if part.size else 0 for part in parts]),
        np.array([np.sqrt(np.square(part).mean()) if part.size else 0 for part in parts]),
    ]


def test_peaks_equal_brute_force_where_columns_are_bins(noise):
    with open_audio(noise) as source:
        pyramid = build_pyramid(source)
        sound = source.read(0, source.recording.frames)
    assert pyramid.complete
    for per_column in (256, 512, 1000, 1024, 4096, 40_000):
        count = sound.shape[1] // per_column + 3  # beyond the end, too
        got = pyramid.peaks(0, count * per_column, count)
        grain = BASE * 4 ** max(0, int(np.log(max(1, per_column / BASE / 4)) / np.log(4)))
        for mine, theirs in zip(got, brute(sound, 0, count * per_column, count, grain), strict=True):
            assert mine.dtype == np.float32
            np.testing.assert_allclose(mine[:-3], theirs[:-3], rtol=1e-5)
        assert not any(values[-1] for values in got)


@settings(max_examples=60)
@given(data=st.data())
def test_columns_hold_their_samples_and_little_more(noise, data):
    with open_audio(noise) as source:
        pyramid = build_pyramid(source)
        frames = source.recording.frames
        start = data.draw(st.floats(-10_000, frames))
        span = data.draw(st.floats(1, 2 * frames))
        columns = data.draw(st.integers(1, 300))
        minima, maxima, rms = waveform_columns(source, pyramid, start, start + span, columns)
        sound = source.read(0, frames)
    edges = np.linspace(start, start + span, columns + 1)
    slack = max(BASE, span / columns / 4) + 1 if span / columns >= BASE else 1
    for k in range(columns):
        inner = sound[:, max(0, int(np.ceil(edges[k]))) : max(0, int(np.floor(edges[k + 1])))]
        outer = sound[:, max(0, int(edges[k] - slack)) : max(0, int(edges[k + 1] + slack + 1))]
        if inner.size:
            assert minima[k] <= inner.min()
            assert maxima[k] >= inner.max()
        if outer.size:
            assert minima[k] >= min(0, outer.min())
            assert maxima[k] <= max(0, outer.max())
        else:
            assert minima[k] == maxima[k] == rms[k] == 0
    assert (rms <= np.maximum(np.abs(minima), np.abs(maxima)) + 1e-6).all()


def test_fine_columns_are_the_samples(noise):
    with open_audio(noise) as source:
        pyramid = build_pyramid(source)
        sound = source.read(5000, 100)
        minima, maxima, _rms = waveform_columns(source, pyramid, 5000, 5100, 100)
        np.testing.assert_array_equal(minima, sound.min(axis=0))
        np.testing.assert_array_equal(maxima, sound.max(axis=0))
        coarse = waveform_columns(None, pyramid, 5000, 5100, 100)
        np.testing.assert_array_equal(coarse[0], pyramid.peaks(5000, 5100, 100)[0])


def test_three_samples(tmp_path):
    path = tmp_path / "three.wav"
    soundfile.write(path, np.array([0.5, -0.5, 0.25]), 8000)
    with open_audio(path) as source:
        minima, maxima, rms = build_pyramid(source).peaks(0, 3, 1)
    assert (minima[0], maxima[0]) == (-0.5, 0.5)
    assert rms[0] == pytest.approx(np.sqrt((0.25 + 0.25 + 0.0625) / 3))


class Growing(Progress):
    """Remembers how far the pyramid was each time it was published."""

    def __init__(self, stop_at: float = 2.0) -> None:
        self.seen: list[int] = []
        self.stop_at = stop_at

    def step(self, fraction: float, note: str = "") -> None:
        if fraction >= self.stop_at:
            raise Cancelled

    def publish(self, value: Pyramid) -> None:
        self.seen.append(value.ready_frames)


def test_is_published_early_and_loaded_later(noise):
    progress = Growing()
    with open_audio(noise) as source:
        assert load_pyramid(source.recording) is None
        built = build_pyramid(source, progress)
        loaded = load_pyramid(source.recording)
    assert 0 < progress.seen[0] < built.recording.frames
    assert progress.seen[-1] == built.recording.frames
    assert progress.seen == sorted(progress.seen)
    assert loaded is not None
    assert loaded.complete
    np.testing.assert_array_equal(loaded.bins, built.bins)
    assert isinstance(loaded.bins, np.memmap)


def test_is_read_while_another_thread_builds(noise):
    pyramid_seen = threading.Event()
    found: list[Pyramid] = []

    class Hand(Progress):
        def publish(self, value: Pyramid) -> None:
            found[:] = [value]
            pyramid_seen.set()

    def build() -> None:
        with open_audio(noise) as source:
            build_pyramid(source, Hand())

    builder = threading.Thread(target=build)
    with open_audio(noise) as source:
        sound = source.read(0, source.recording.frames)
    builder.start()
    assert pyramid_seen.wait(10)
    growing = found[0]
    for _ in range(200):
        ready = growing.ready_frames // BASE
        minima, maxima, _rms = growing.peaks(0, ready * BASE, ready)
        whole = sound[:, : ready * BASE].reshape(3, -1, BASE)
        np.testing.assert_array_equal(minima, whole.min(axis=(0, 2)))
        np.testing.assert_array_equal(maxima, whole.max(axis=(0, 2)))
    builder.join()
    assert growing.complete


@pytest.mark.parametrize("damage", ["cut", "longer", "header", "empty", "other"])
def test_damaged_is_built_again(noise, damage):
    with open_audio(noise) as source:
        good = np.array(build_pyramid(source).bins)
        (stored,) = (cache_dir() / "pyramids").iterdir()
        raw = stored.read_bytes()
        stored.write_bytes(
            {
                "cut": raw[:-4],
                "longer": raw + b"1234",
                "header": raw[:20] + b"\xff" + raw[21:],
                "empty": b"",
                "other": b"\x89PNG" * 9999,
            }[damage]
        )
        assert load_pyramid(source.recording) is None
        np.testing.assert_array_equal(build_pyramid(source).bins, good)
        assert load_pyramid(source.recording) is not None


def test_cancelled_leaves_nothing(noise):
    with open_audio(noise) as source, pytest.raises(Cancelled):
        build_pyramid(source, Growing(stop_at=0.4))
    assert list((cache_dir() / "pyramids").iterdir()) == []


def test_without_room_it_lives_in_memory(noise, monkeypatch):
    def full(*args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("persian_mir.audio.pyramid._make_room", full)
    with open_audio(noise) as source:
        pyramid = build_pyramid(source)
        assert pyramid.complete
        assert load_pyramid(source.recording) is None
        np.testing.assert_array_equal(pyramid.peaks(0, BASE, 1)[1], source.read(0, BASE).max(keepdims=True).reshape(1))


def test_file_that_breaks_while_it_is_drawn(tmp_path):
    path = tmp_path / "breaks.wav"
    soundfile.write(path, np.full(3_000_000, 0.5), RATE)
    with open_audio(path) as source:
        with path.open("r+b") as file:
            file.truncate(1_000_000)
        with pytest.raises(AudioError):
            build_pyramid(source)
    assert list((cache_dir() / "pyramids").iterdir()) == []


def test_opening_and_drawing_takes_bounded_memory(tmp_path):
    path = tmp_path / "long.wav"
    part = np.random.default_rng(0).integers(-9000, 9000, (96_000 * 20, 2), dtype=np.int16)
    with soundfile.SoundFile(path, "w", 96_000, 2, "PCM_16") as file:
        for _ in range(9):  # three minutes: 69 MB, 138 MB as float
            file.write(part)
    del part
    tracemalloc.start()
    try:
        with open_audio(path) as source:
            build_pyramid(source)
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 24e6
