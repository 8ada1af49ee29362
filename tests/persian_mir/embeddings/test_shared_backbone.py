"""Many threads at one backbone: calls are full, each gets its own, failures stay with whose they are."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np
import pytest

from persian_mir.backbones import BackboneKey
from persian_mir.backbones.backbone import Floats
from persian_mir.embeddings import shared_backbone
from persian_mir.embeddings.shared_backbone import SharedBackbone


class Slow:
    """Gives each window's first sample times the layer, once `gate` is open; notes the shapes it was given."""

    precision, device = "fp32", "cpu"
    key = BackboneKey("slow", "1", "0", 16_000, 4, 1, False)

    def __init__(self, batch: int = 4) -> None:
        self.batch, self.gate, self.shapes = batch, threading.Event(), list[tuple[int, ...]]()
        self.at_once = self.most_at_once = 0

    def embed(self, batch: Floats, layers: Sequence[int]) -> Floats:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        self.gate.wait(20)
        self.shapes.append(batch.shape)
        self.at_once -= 1
        if (batch[:, 0] < 0).any():
            raise ArithmeticError(f"{batch.shape}")
        return np.stack([batch[:, :1] * layer for layer in layers], axis=1)


@pytest.fixture
def slow() -> Slow:
    return Slow()


def asked(
    slow: Slow, requests: Sequence[tuple[int, int]], first: Sequence[float] = (), layers: tuple[int, ...] = (1, 2)
) -> tuple[SharedBackbone, list[Future[Floats]], list[Floats]]:
    """Ask for windows of (count, samples), each by a thread, in this order, behind one that holds the device."""
    shared, pool = SharedBackbone(slow), ThreadPoolExecutor(64)
    batches = [np.full(shape, 1 + number, np.float32) for number, shape in enumerate(requests)]
    for batch, value in zip(batches, first, strict=False):
        batch[:, 0] = value
    holder = pool.submit(shared.embed, np.ones((1, 9), np.float32), (0,))
    found = []
    for number, batch in enumerate(batches):
        while len(shared._waiting) < number or not slow.at_once:
            time.sleep(0.001)
        found.append(pool.submit(shared.embed, batch, layers))
    while len(shared._waiting) < len(batches):
        time.sleep(0.001)
    slow.gate.set()
    holder.result(20)
    pool.shutdown()
    return shared, found, batches


def test_windows_of_many_files_fill_calls_and_tails_go_together(slow: Slow) -> None:
    _shared, found, batches = asked(slow, [(1, 5), (1, 8), (1, 5), (1, 3), (1, 5), (1, 8), (1, 5), (1, 3)])
    for one, batch in zip(found, batches, strict=True):
        np.testing.assert_array_equal(one.result(), np.stack([batch[:, :1], 2 * batch[:, :1]], axis=1))
    assert slow.shapes[1:] == [(4, 5), (2, 8), (2, 3)]
    assert slow.most_at_once == 1


def test_a_request_is_spread_over_calls_so_that_each_is_full(slow: Slow) -> None:
    _shared, found, _batches = asked(slow, [(6, 5), (7, 5)])
    assert slow.shapes[1:] == [(4, 5), (4, 5), (4, 5), (1, 5)]
    assert [one.result()[:, 0, 0].tolist() for one in found] == [[1.0] * 6, [2.0] * 7]


def test_a_rare_length_is_not_passed_over_for_ever(slow: Slow) -> None:
    asked(slow, [(1, 8), *[(4, 5)] * 9])
    assert slow.shapes[1:].index((1, 8)) == 4


def test_other_layers_are_another_call(slow: Slow) -> None:
    shared = SharedBackbone(slow)
    slow.gate.set()
    sound = np.ones((2, 5), np.float32)
    assert shared.embed(sound, (3, 1)).ravel().tolist() == [3, 1, 3, 1]
    assert shared.embed(sound[:0], (3,)).size == 0


def test_a_failure_costs_only_its_file(slow: Slow) -> None:
    _shared, found, _batches = asked(slow, [(1, 5), (2, 5), (1, 5)], first=[1, -1, 3])
    assert found[0].result().ravel().tolist() == [1, 2]
    assert found[2].result().ravel().tolist() == [3, 6]
    with pytest.raises(ArithmeticError, match=r"\(2, 5\)"):
        found[1].result()


def test_it_works_on_after_the_thread_that_computes_is_interrupted(slow: Slow) -> None:
    shared, real = SharedBackbone(slow), slow.embed
    slow.gate.set()

    def interrupted(*_args: object) -> Floats:
        raise KeyboardInterrupt

    slow.embed = interrupted  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        shared.embed(np.ones((1, 5), np.float32), (1,))
    slow.embed = real  # type: ignore[method-assign]
    assert shared.embed(np.ones((1, 5), np.float32), (1,)).ravel().tolist() == [1]


def test_what_has_several_streams_is_computed_side_by_side(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Slow, "streams", 3, raising=False)
    slow = Slow()
    shared, both = SharedBackbone(slow), threading.Barrier(2, timeout=20)
    slow.gate.wait = lambda _s: both.wait()  # type: ignore[method-assign,assignment]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _n: shared.embed(np.ones((1, 5), np.float32), (1,)), range(2)))
    assert slow.most_at_once == 2


def test_busy_seconds_count_what_is_computed_and_nothing_else(slow: Slow) -> None:
    shared = SharedBackbone(slow)
    assert shared.busy_s == 0.0
    with ThreadPoolExecutor(1) as pool:
        pool.submit(shared.embed, np.ones((1, 5), np.float32), (1,))
        time.sleep(0.1)
        during = shared.busy_s
        slow.gate.set()
    after = shared.busy_s
    time.sleep(0.05)
    assert 0 < during < after == shared.busy_s


def test_many_threads_each_get_their_own(slow: Slow) -> None:
    slow.gate.set()
    shared, rng = SharedBackbone(slow), np.random.default_rng(0)
    batches = [rng.uniform(0, 1, (rng.integers(1, 9), rng.integers(2, 5))).astype(np.float32) for _one in range(300)]
    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(lambda batch: shared.embed(batch, (2,)), batches))
    for one, batch in zip(found, batches, strict=True):
        np.testing.assert_array_equal(one[:, 0], 2 * batch[:, :1])
    assert not shared._waiting
    assert shared._running == 0


def test_a_graphics_card_is_given_locked_memory_and_the_next_call_while_it_computes(
    slow: Slow, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The path of CUDA, with what it does there replaced by what can be seen here."""
    locked: list[Floats] = []

    def lock(shape: tuple[int, int], device: str) -> Floats:
        assert device == "cuda"
        locked.append(np.full(shape, np.nan, np.float32))
        return locked[-1]

    monkeypatch.setattr(shared_backbone, "staging", lock)
    monkeypatch.setattr(Slow, "device", "cuda")
    given, real, shared = list[int](), slow.embed, SharedBackbone(slow)
    monkeypatch.setattr(slow, "embed", lambda batch, layers: given.append(id(batch)) or real(batch, layers))
    with ThreadPoolExecutor(4) as pool:
        found = [pool.submit(shared.embed, np.full((2, 5), number, np.float32), (1,)) for number in range(4)]
        while slow.at_once < 2:
            time.sleep(0.001)
        slow.gate.set()
    assert [one.result().ravel().tolist() for one in found] == [[0, 0], [1, 1], [2, 2], [3, 3]]
    assert slow.most_at_once == 2
    assert given == [id(one) for one in locked]
    assert not np.isnan(np.concatenate(locked)).any()
