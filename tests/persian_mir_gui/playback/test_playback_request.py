from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from persian_mir.audio import open_audio
from persian_mir_gui.playback.playback_request import Feed, Plan, mixed
from persian_mir_gui.playback.ring import Ring


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=60))
def test_the_ring_gives_what_it_was_given(turns: list[tuple[int, int]]) -> None:
    ring, given_, got = Ring(16, 2), [], []
    for write, take in turns:
        block = np.arange(len(given_), len(given_) + min(write, ring.room), dtype=np.float32)
        ring.write(np.stack([block, -block], axis=1))
        given_ += block.tolist()
        out = np.zeros((take, 2), np.float32)
        count = ring.take(out)
        assert np.array_equal(out[:, 1], -out[:, 0])
        got += out[:count, 0].tolist()
    assert got == given_[: len(got)]
    assert ring.empty == (len(got) == len(given_))


def test_the_ring_refuses_too_much() -> None:
    with pytest.raises(ValueError, match="no room"):
        Ring(4, 1).write(np.zeros((5, 1), np.float32))


@pytest.fixture
def noise(tmp_path: Path) -> Path:
    path = tmp_path / "noise.wav"
    samples = np.random.default_rng(0).uniform(-0.5, 0.5, (30_000, 2)).astype(np.float32)
    soundfile.write(path, samples, 44100, subtype="FLOAT")
    return path


def drain(feed: Feed, at_most: int = 10**6) -> np.ndarray:
    blocks = []
    while not feed.ended and sum(map(len, blocks)) < at_most:
        blocks.append(feed.next())
    return np.concatenate(blocks)


@pytest.mark.parametrize(("at", "start", "stop"), [(0, 0, 30_000), (5, 0, 9000), (7000, 6999, 7001), (1, 1, 2)])
def test_a_plan_plays_exactly_its_samples(noise: Path, at: int, start: int, stop: int) -> None:
    with open_audio(noise) as source:
        plan = Plan(source.recording, at, start, stop)
        played = drain(Feed(source, plan, 44100, 2, lambda: False))
        assert np.array_equal(played, source.read(at, stop - at).T)


@pytest.mark.parametrize(
    ("at", "start", "stop"), [(100, 100, 20_000), (150, 100, 200), (9, 9, 10), (25_000, 0, 30_000)]
)
def test_a_loop_has_no_seam_and_the_playhead_knows_it(noise: Path, at: int, start: int, stop: int) -> None:
    with open_audio(noise) as source:
        plan = Plan(source.recording, at, start, stop)
        played = drain(Feed(source, plan, 44100, 2, lambda: True), 70_000)
        whole = source.read(0, 30_000).T
    heard = [plan.heard(n) for n in range(len(played))]
    assert len(played) >= 70_000
    assert np.array_equal(played, whole[heard])
    assert min(heard) == start
    assert max(heard) == stop - 1


def test_a_loop_switched_off_plays_to_its_end(noise: Path) -> None:
    with open_audio(noise) as source:
        looping = iter([True] * 3 + [False] * 99)
        played = drain(Feed(source, Plan(source.recording, 0, 0, 1000), 44100, 2, lambda: next(looping)))
        assert len(played) % 1000 == 0
        assert len(played) > 3 * 8000
        assert np.array_equal(played[-1], source.read(999, 1)[:, 0])


def test_another_rate_keeps_length_and_place(noise: Path) -> None:
    with open_audio(noise) as source:
        played = drain(Feed(source, Plan(source.recording, 0, 0, 30_000), 48000, 2, lambda: False))
    assert abs(len(played) - 30_000 * 48000 / 44100) <= 2


@given(st.integers(1, 30), st.integers(1, 2))
def test_mixing_never_clips_and_loses_no_channel(count: int, outs: int) -> None:
    full = mixed(np.ones((count, 3), np.float32), outs)
    assert full.shape == (3, outs)
    assert np.all(full <= 1 + 1e-6)
    for channel in range(count):
        alone = np.zeros((count, 3), np.float32)
        alone[channel] = 1
        assert mixed(alone, outs).max() > 0.01
