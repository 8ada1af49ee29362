"""A recording to its embedding: every window at its own length, in order, as if each were alone."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
import soundfile

from persian_mir.audio import AudioSource, open_audio
from persian_mir.audio.resample import load_mono
from persian_mir.backbones import BackboneKey
from persian_mir.backbones.backbone import Floats
from persian_mir.embeddings import Embedding, EmbeddingCache, embed_recording
from persian_mir.errors import ModelError
from persian_mir.grid import Grid
from persian_mir.progress import Cancelled, Progress

RATE = 22_050


class Counting:
    """Says of each window how long and how loud it is, three times; notes the shapes it was given."""

    precision, streams = "fp32", 1

    def __init__(self, batch: int = 4, error: Exception | None = None) -> None:
        self.batch = batch
        self.key = BackboneKey("counting", "1", "0", 16_000, 3, 2, False)
        self.shapes: list[tuple[int, ...]] = []
        self.error = error

    def embed(self, batch: Floats, layers: Sequence[int]) -> Floats:
        if self.error is not None:
            raise self.error
        self.shapes.append(batch.shape)
        one = np.stack([np.full(len(batch), batch.shape[1], np.float32), np.abs(batch).mean(axis=1)], axis=1)
        return np.stack([one * (layer + 1) for layer in layers], axis=1)


class Recorder(Progress):
    def __init__(self, cancel_at: float = 2.0) -> None:
        self.cancel_at = cancel_at
        self.fractions: list[float] = []
        self.parts: list[Embedding] = []

    def step(self, fraction: float, note: str = "") -> None:
        self.fractions.append(fraction)
        if fraction >= self.cancel_at:
            raise Cancelled

    def publish(self, value: Embedding) -> None:
        self.parts.append(value)


@pytest.fixture
def source(tmp_path: Path) -> Iterator[AudioSource]:
    """11.4 s of stereo noise that grows louder."""
    noise = (
        np.random.default_rng(0).normal(size=(int(11.4 * RATE), 2)) * np.linspace(0.01, 0.2, int(11.4 * RATE))[:, None]
    )
    soundfile.write(tmp_path / "noise.wav", noise, RATE, subtype="FLOAT")
    with open_audio(tmp_path / "noise.wav") as opened:
        yield opened


@pytest.mark.parametrize("batch", [1, 2, 3, 16])
def test_every_window_as_if_alone_whatever_the_batch(source: AudioSource, batch: int) -> None:
    grid = Grid(2.0, 1.0)
    windows = grid.windows(source.recording.frames, RATE)
    backbone = Counting(batch)
    found = embed_recording(source, backbone, grid, [2, 0])
    assert found.layers == (2, 0)
    assert [(a, b) for a, b in zip(found.starts, found.stops, strict=True)] == [(w.start, w.stop) for w in windows]
    for window, values in zip(windows, found.values, strict=True):
        alone = Counting().embed(load_mono(source, window.start, window.stop, 16_000)[None], [2, 0])
        np.testing.assert_array_equal(values, alone[0])
    assert max(shape[0] for shape in backbone.shapes) == min(batch, len(windows) - 1)


def test_a_tail_runs_at_its_own_length(source: AudioSource) -> None:
    backbone = Counting(16)
    embed_recording(source, backbone, Grid(5.0, 5.0), [0])
    assert backbone.shapes == [(2, 80_000), (1, 22_400)]


def test_parts_are_published_in_order_and_make_the_whole(source: AudioSource) -> None:
    progress = Recorder()
    whole = embed_recording(source, Counting(2), Grid(1.0, 1.0), [1], progress)
    np.testing.assert_array_equal(np.concatenate([part.values for part in progress.parts]), whole.values)
    np.testing.assert_array_equal(np.concatenate([part.starts for part in progress.parts]), whole.starts)
    assert progress.fractions == sorted(progress.fractions)
    assert (progress.fractions[0], progress.fractions[-1]) == (0.0, 1.0)


@pytest.mark.parametrize("batch", [1, 2])
def test_calls_beside_each_other_come_out_in_order(source: AudioSource, batch: int) -> None:
    """The first call waits for the second, so both must be under way; the tail beside a window is one of them."""
    backbone, alone, both = Counting(batch), Counting(batch), threading.Barrier(2, timeout=20)
    backbone.streams = 2
    embed = backbone.embed

    def together(batch: Floats, layers: Sequence[int]) -> Floats:
        both.wait()
        return embed(batch, layers)

    backbone.embed = together  # type: ignore[method-assign]
    grid = Grid(3.0, 3.0) if batch == 1 else Grid(3.0, 2.0)  # three full or nearly full, and a tail
    progress = Recorder()
    found = embed_recording(source, backbone, grid, [1], progress)
    np.testing.assert_array_equal(found.values, embed_recording(source, alone, grid, [1]).values)
    np.testing.assert_array_equal(np.concatenate([part.starts for part in progress.parts]), found.starts)


def test_it_can_be_cancelled_between_batches(source: AudioSource, tmp_path: Path) -> None:
    backbone, cache = Counting(1), EmbeddingCache(tmp_path / "cache")
    with pytest.raises(Cancelled):
        embed_recording(source, backbone, Grid(1.0, 1.0), [0], Recorder(0.25), cache)
    assert 0 < len(backbone.shapes) <= 4
    assert not cache.folder.exists()


def test_the_second_time_nothing_is_computed(source: AudioSource, tmp_path: Path) -> None:
    cache, progress = EmbeddingCache(tmp_path / "cache"), Recorder()
    first = embed_recording(source, Counting(), Grid(), [0, 1, 2], cache=cache)
    unused = Counting(error=AssertionError("computed again"))
    second = embed_recording(source, unused, Grid(), [2], progress, cache)
    np.testing.assert_array_equal(second.values, first.values[:, [2]])
    assert [len(part.values) for part in progress.parts] == [3]


def test_a_complaint_of_the_model_names_the_recording(source: AudioSource) -> None:
    with pytest.raises(ModelError, match="too short") as caught:
        embed_recording(source, Counting(error=ModelError("too short", cure="Take another.")), Grid(), [0])
    assert caught.value.path == source.recording.path
    assert caught.value.cure == "Take another."


@pytest.mark.parametrize("streams", [1, 2, 4])
@pytest.mark.parametrize("fault", ["", "opposed", "silent", "constant"])
def test_what_is_heard_is_the_same_whenever_the_recording_is_examined(fault: str, streams: int, tmp_path: Path) -> None:
    """The first windows are begun before it is known how the channels are mixed; 1 s of them, and a tail."""
    music = np.random.default_rng(0).normal(0, 0.1, int(5.5 * RATE))
    beside = {"": music, "opposed": -0.9 * music, "silent": 0 * music, "constant": 0 * music + 0.4}[fault]
    soundfile.write(tmp_path / "two.wav", np.stack([music, beside], axis=1), RATE, subtype="FLOAT")
    backbone, grid = Counting(1), Grid(1.0, 1.0)
    backbone.streams = streams
    with open_audio(tmp_path / "two.wav") as before, open_audio(tmp_path / "two.wav") as beside_it:
        assert before.condition.mixdown.is_mean is not bool(fault)
        expected = embed_recording(before, Counting(1), grid, [0, 1])
        found = embed_recording(beside_it, backbone, grid, [0, 1])
        assert beside_it.remarks == before.remarks
    np.testing.assert_array_equal(found.values, expected.values)
    np.testing.assert_array_equal(found.starts, expected.starts)
