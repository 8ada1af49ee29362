"""A planted leak is seen as one: what random segments make of it, and what recordings and artists never heard do."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from persian_mir.progress import SILENT
from trainer.baselines import class_mean, nava2019
from trainer.baselines.baseline import Effort
from trainer.baselines.protocols import evaluate_by_protocols, protocol_leak
from trainer.features.segments import Features

SEGMENTS = 10  # of a recording


def features_of(width: int, artists: list[str], labels: list[int], apart: float) -> Features:
    """Segments that tell their recording apart, and by `apart` their label, from nothing else."""
    rng = np.random.default_rng(0)
    groups = np.repeat(np.arange(len(labels)), SEGMENTS)
    own = rng.normal(size=(len(labels), width)) * (1 if apart == 0 else 0.1)
    own += apart * rng.normal(size=(2, width))[labels]
    values = own[groups] + 0.05 * rng.normal(size=(len(groups), width))
    spans = np.stack([np.arange(len(groups)), np.arange(len(groups)) + 1], axis=1).astype(np.float64)
    names = tuple(map(str, range(len(labels))))
    paths = tuple(Path(name) for name in names)
    plain = (("shour", "mahour"), tuple(artists), ("",) * len(labels), (), names, paths, spans)
    return Features(values[:, None].astype(np.float32), np.array(labels)[groups], groups, *plain)


@pytest.fixture
def labels() -> list[int]:
    return np.random.default_rng(3).permutation([0, 1] * 10).tolist()


def test_a_system_that_knows_recordings_only_is_found_out(labels):
    features = features_of(nava2019.WIDTH, [f"artist {k % 5}" for k in range(20)], labels, apart=0)
    found = evaluate_by_protocols(nava2019.BASELINE, features, "dastgah", Effort(), SILENT)
    assert found["published"].segments.accuracy == 1
    assert found["recording"].segments.accuracy < 0.75
    assert found["artist"].segments.accuracy < 0.75
    told = protocol_leak(found)
    assert "100.0%" in told
    assert f"{found['artist'].segments.accuracy:.1%}" in told


def test_a_system_that_knows_the_task_is_not(labels):
    features = features_of(nava2019.WIDTH, [f"artist {k % 5}" for k in range(20)], labels, apart=1)
    found = evaluate_by_protocols(nava2019.BASELINE, features, "dastgah", Effort(), SILENT)
    assert [one.segments.accuracy for one in found.values()] == [1, 1, 1]
    assert protocol_leak(found) == ""


def test_without_artists_two_protocols_are_left(labels):
    features = features_of(nava2019.WIDTH, [""] * 20, labels, apart=1)
    found = evaluate_by_protocols(nava2019.BASELINE, features, "dastgah", Effort(), SILENT)
    assert list(found) == ["published", "recording"]


def test_a_label_of_one_artist_goes_with_the_artist():
    """Who plays the only shour is never named when set aside, and nothing breaks."""
    artists = ["one"] * 4 + ["two"] * 4 + ["three"] * 4
    features = features_of(class_mean.BASELINE.width, artists, [0] * 4 + [1] * 8, apart=1)
    found = evaluate_by_protocols(class_mean.BASELINE, features, "dastgah", Effort(), SILENT)
    assert found["artist"].segments.confusion == ((0, 40), (0, 80))


def test_two_artists_are_enough_to_leave_one_out(labels):
    features = features_of(nava2019.WIDTH, [f"artist {k % 2}" for k in range(20)], labels, apart=1)
    found = evaluate_by_protocols(nava2019.BASELINE, features, "dastgah", Effort(), SILENT)
    assert found["artist"].segments.accuracy == 1
    assert found["artist"].segments.count == 20 * SEGMENTS
