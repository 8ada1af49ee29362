from __future__ import annotations

import numpy as np
import pytest

from persian_mir.errors import PersianMirError
from persian_mir.progress import Cancelled, Progress
from trainer.experiments import tsne as module
from trainer.experiments.tsne import tsne


def places(count: int) -> tuple[np.ndarray, np.ndarray]:
    start = np.random.default_rng(0).standard_normal((count, 8))
    return start, (1e-4 * start[:, :2]).astype(np.float32)


class Seen(Progress):
    def __init__(self, stop_at: float = 2.0) -> None:
        self.fractions: list[float] = []
        self.stop_at = stop_at

    def step(self, fraction: float, note: str = "") -> None:
        self.fractions.append(fraction)
        if fraction >= self.stop_at:
            raise Cancelled


def test_the_child_gives_what_this_process_gives_and_says_how_far_it_is(monkeypatch):
    start, first = places(320)
    seen = Seen()
    child = tsne(start, first, 30.0, 3, seen)
    assert seen.fractions == sorted(seen.fractions)
    assert max(seen.fractions) > 0
    monkeypatch.setattr(module, "SMALL", 1000)
    np.testing.assert_array_equal(child, tsne(start, first, 30.0, 3))


def test_it_can_be_stopped_in_the_middle():
    start, first = places(3000)
    with pytest.raises(Cancelled):
        tsne(start, first, 30.0, 0, Seen(stop_at=0.05))


def test_a_child_that_fails_is_told():
    start, first = places(400)
    with pytest.raises(PersianMirError, match="could not be drawn"):
        tsne(start, first, 1e6, 0)
