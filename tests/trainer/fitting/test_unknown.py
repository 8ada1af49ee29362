"""Where the line to the unknown is drawn: by players and labels that the guard did not hear."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from persian_mir.probes.ood_detector import strangeness, unknown
from trainer.features.segments import Features
from trainer.fitting.calibrate import USUAL_REACH
from trainer.fitting.unknown import KEPT, _only, guard_inputs, guard_of, operating_point

LABELS, PLAYERS, TAKES, SEGMENTS, WIDTH = ("ney", "santoor", "setar"), 6, 2, 4, 10


def features(apart: float, between_players: float, artists: bool = True) -> Features:
    """Labels `apart` from each other, players of one `between_players` from each other, takes and segments nearer."""
    rng, values, targets, groups, names = np.random.default_rng(0), [], [], [], []
    for label in range(len(LABELS)):
        for player in range(PLAYERS):
            own = apart * np.eye(WIDTH)[label] + between_players * rng.standard_normal(WIDTH) / np.sqrt(WIDTH)
            for _take in range(TAKES):
                values.append(own + rng.standard_normal((SEGMENTS, WIDTH)) / np.sqrt(WIDTH))
                groups.append(np.full(SEGMENTS, len(names)))
                targets.append(np.full(SEGMENTS, label))
                names.append(f"{LABELS[label]} {player}")
    many = len(names)
    return Features(
        np.concatenate(values).astype(np.float32)[:, None], np.concatenate(targets), np.concatenate(groups), LABELS,
        tuple(names) if artists else ("",) * many, ("",) * many, (), tuple(map(str, range(many))),
        tuple(Path(f"/{k}.wav") for k in range(many)), np.tile([[0.0, 5.0]], (many * SEGMENTS, 1)),
    )  # fmt: skip


def point_of(given: Features, task: str = "instrument"):
    rng = np.random.default_rng(1)
    dev = np.isin(given.groups, rng.permutation(len(given.hashes))[::4])
    inputs = guard_inputs(given, np.ones(1, np.float32), False)
    return operating_point(given, inputs, task, ~dev, dev, 0), inputs, ~dev, dev


def test_far_labels_are_refused_and_new_players_kept():
    point, *_rest = point_of(features(apart=30.0, between_players=1.0))
    assert (point.known, point.unknown, point.by) == (36, 36, "artist")
    assert point.kept >= 0.95
    assert point.refused == 1.0


def test_where_players_differ_as_much_as_labels_the_known_are_kept_and_few_are_refused():
    """The bound is what a user counts on: nine of ten recordings of what is known are named."""
    near, *_rest = point_of(features(apart=2.0, between_players=2.5))
    assert near.kept >= KEPT
    assert near.refused < 0.5


def test_the_figures_are_what_the_guard_says():
    given = features(apart=6.0, between_players=2.0)
    point, inputs, train, dev = point_of(given)
    refused = []
    for label in range(len(LABELS)):
        own = given.targets == label
        guard = guard_of(given, inputs, train & ~own, dev & ~own, point.reach)
        for group in np.unique(given.groups[own]):
            away = guard.away(inputs.segments[given.groups == group])
            refused.append(bool(unknown(strangeness(guard, away), np.ones(len(away)))))
    assert np.mean(refused) == pytest.approx(point.refused)


def test_by_recordings_of_the_same_players_the_line_is_not_drawn_nearer_than_usual():
    point, *_rest = point_of(features(apart=30.0, between_players=1.0, artists=False))
    assert point.by == "recording"
    assert point.reach >= USUAL_REACH


def test_with_nothing_to_leave_out_nothing_is_claimed():
    given = features(apart=6.0, between_players=2.0)
    few = np.isin(given.groups, (0, 12))
    inputs = guard_inputs(given, np.ones(1, np.float32), False)
    assert operating_point(given, inputs, "instrument", few, ~few & False, 0) is None


def exposed(given: Features, count: int = 40) -> Features:
    """The same, and `count` other sounds round about, no nearer to one label than to the others."""
    rng = np.random.default_rng(3)
    others = 8.0 * np.eye(WIDTH)[len(LABELS)] + rng.standard_normal((count, WIDTH))
    return replace(given.standardised(given.targets >= 0), others=others.astype(np.float32)[:, None])


def test_what_is_like_other_sounds_is_refused_however_near_it_is():
    """Between the labels and the other sounds: as far as new players, but on the way to what is none of them."""
    given = exposed(features(apart=6.0, between_players=2.0))
    half = np.ones(len(given.targets), np.bool_)
    stranger = 3.0 * np.eye(WIDTH, dtype=np.float32)[:1] + 5.0 * np.eye(WIDTH, dtype=np.float32)[len(LABELS)]
    assert given.scale is not None
    point = (stranger - given.scale.mean[0]) / given.scale.std[0]
    ratios = []
    for one in (replace(given, others=None), given):
        guard = guard_of(one, guard_inputs(one, np.ones(1, np.float32), False), half, half)
        ratios.append(float(guard.away(point)[0]) / guard.near)
    assert ratios[1] > 1.3 * ratios[0]
    assert ratios[1] > USUAL_REACH


def test_of_two_labels_the_other_sounds_judge():
    given = exposed(features(apart=6.0, between_players=1.0))
    two = _only(given, given.targets < 2)
    two = replace(two, labels=LABELS[:2], values=given.values[given.targets < 2])
    point, *_rest = point_of(two)
    assert (point.left_out, point.unknown) == ("other", 40)
    assert point.kept >= KEPT
    assert point.refused >= 0.9
    assert point_of(given)[0].left_out == "label"
