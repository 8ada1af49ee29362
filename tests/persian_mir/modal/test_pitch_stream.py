"""Windows computed at once are the network's own answer to the whole recording, bit for bit."""

from __future__ import annotations

from contextlib import closing

import numpy as np
import pytest
from swift_f0 import SwiftF0

from persian_mir.examples.synthesise import synthesise
from persian_mir.modal.pitch_stream import HOP, RATE, PitchStream, Samples


@pytest.fixture(scope="module")
def sound() -> Samples:
    """Music, a faint hiss, silence, and music again: 47 s."""
    music = np.asarray(synthesise("segah", "tar", 1, 20.0, 260.0, RATE).samples, np.float32)
    hiss = 0.01 * np.random.default_rng(0).standard_normal(4 * RATE).astype(np.float32)
    return np.concatenate([music, hiss, np.zeros(3 * RATE, np.float32), music])


def heard(blocks: list[Samples]) -> tuple[Samples, Samples]:
    with closing(PitchStream()) as stream:
        windows = [one for block in blocks for one in stream.push(block)] + stream.flush()
        arrays = [one.result() for one in windows] or [(np.zeros(0), np.zeros(0))]
    return np.concatenate([hz for hz, _c in arrays]), np.concatenate([confidence for _hz, confidence in arrays])


@pytest.mark.parametrize("block_s", [0.3, 2.0, 7.77, 20.0, 60.0])
def test_windows_are_the_whole_at_once(sound: Samples, block_s: float) -> None:
    whole = SwiftF0(threads=1).detect(sound, RATE)
    size = round(block_s * RATE)
    hz, confidence = heard([sound[at : at + size] for at in range(0, len(sound), size)])
    np.testing.assert_array_equal(hz, whole.pitch_hz.astype(np.float32))
    np.testing.assert_array_equal(confidence, whole.confidence.astype(np.float32))
    assert 0.5 < np.mean(confidence >= 0.5) < 0.95


@pytest.mark.parametrize("samples", [1, 255, 256, 257, 11 * HOP, 312 * HOP, 322 * HOP, 322 * HOP + 1, 330 * HOP - 1])
def test_all_lengths_end_as_the_whole_does(sound: Samples, samples: int) -> None:
    whole = SwiftF0(threads=1).detect(sound[:samples], RATE)
    hz, confidence = heard([sound[:samples]])
    np.testing.assert_array_equal(hz, whole.pitch_hz.astype(np.float32))
    np.testing.assert_array_equal(confidence, whole.confidence.astype(np.float32))


def test_what_is_closed_computes_no_more(sound: Samples) -> None:
    stream = PitchStream()
    windows = stream.push(np.tile(sound, 20))
    stream.close()
    assert any(one.cancelled() for one in windows)


def test_nothing_is_nothing() -> None:
    assert len(heard([])[0]) == 0
