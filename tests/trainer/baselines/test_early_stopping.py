"""Nets stop by recordings that they have not learnt from, keep their best epoch, and tell how long they were fitted."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from persian_mir.progress import Progress
from tests.trainer.baselines.test_neural_systems import LABELS, sequences
from trainer.baselines import azarnet, bilgnet, pmg_net
from trainer.baselines.baseline import Effort, Examples
from trainer.baselines.bilgnet_net import BiLGNet
from trainer.baselines.early_stopping import BestEpoch, Passes, held_out, with_held_out
from trainer.baselines.neural import Training, fit_net


class Listener(Progress):
    def __init__(self) -> None:
        self.told: list[Any] = []

    def publish(self, value: Any) -> None:
        self.told.append(value)


def examples_of(targets: np.ndarray, groups: np.ndarray | None = None) -> Examples:
    rows = np.arange(len(targets), dtype=np.float32)[:, None]
    return Examples(rows, np.asarray(targets), LABELS, "dastgah", groups=groups)


def test_the_epoch_with_the_least_loss_is_kept_and_patience_ends_it():
    net = torch.nn.Linear(1, 1)
    best = BestEpoch(net, 60, 3)
    for number, loss in enumerate((2.0, 1.0, 1.5, 1.0), 1):
        torch.nn.init.constant_(net.weight, number)
        assert not best.is_last(loss)
    assert best.is_last(1.2)
    assert best.restore() == Passes(5, 60, 3, 2)
    assert net.weight.item() == 2


def test_without_patience_every_epoch_is_run_and_without_anything_held_out_the_last_one_kept():
    losses = (1.0, 2.0, 3.0, 4.0)
    best = BestEpoch(torch.nn.Linear(1, 1), 4, None)
    assert [best.is_last(one) for one in losses] == [False, False, False, True]
    assert best.restore() == Passes(4, 4, None, 1)
    blind = BestEpoch(torch.nn.Linear(1, 1), 4, 1)
    assert [blind.is_last(None) for _one in losses] == [False, False, False, True]
    assert blind.restore() == Passes(4, 4, None, 4)


def test_whole_recordings_are_held_out_each_once_and_labels_alike():
    groups = np.repeat(np.arange(20), 3)
    held = np.array(held_out(examples_of((groups >= 10).astype(int), groups)))
    assert (held.sum(axis=0) == 1).all()
    for fold in held:
        assert np.unique(groups[fold]).tolist() == np.unique(groups[fold][::3]).tolist()
        assert fold.sum() == 3 * np.unique(groups[fold]).size == 12
        assert (groups[fold] >= 10).sum() == 6  # two recordings of each label


def test_a_label_of_one_recording_is_learnt_from_and_of_few_recordings_nothing_is_held_out():
    targets = np.array([0] * 11 + [1])
    assert not np.any([fold[-1] for fold in held_out(examples_of(targets))])
    assert [fold.any() for fold in held_out(examples_of(targets[3:]))] == [False]


def test_what_is_held_out_is_not_learnt_from():
    groups = np.repeat(np.arange(12), 2)
    parted = with_held_out(examples_of(groups % 2, groups))
    assert parted.dev_rows is not None
    assert not set(parted.rows[:, 0] // 2) & set(parted.dev_rows[:, 0] // 2)
    assert len(parted.rows) + len(parted.dev_rows) == 24
    assert with_held_out(parted) is parted


def test_a_net_that_learns_no_more_is_stopped():
    """Labels that are drawn cannot be known of recordings never heard: their loss soon rises."""
    rows, _targets = sequences(60, 0)
    targets = np.random.default_rng(0).integers(0, 2, 60)
    heard = Listener()
    examples = Examples(rows, targets, LABELS, "dastgah", Effort(patience=2), groups=np.arange(60) // 2, progress=heard)
    fit_net(lambda labels: BiLGNet(24, labels), examples, Training(200, lr=1e-2))
    (passes,) = heard.told
    assert passes.run == passes.kept + 2 < 200
    assert (passes.most, passes.patience) == (200, 2)


@pytest.mark.parametrize(("net", "most"), [(azarnet, 60), (pmg_net, 60), (bilgnet, 250)])
def test_epochs_that_were_published_are_all_run_unless_patience_is_asked_for(net, most):
    """What BiLGNet published is 250 epochs, the best of which is kept; the others' patience is our choice."""
    published = net is bilgnet
    assert Effort().waits(getattr(net, "PATIENCE", None)) == (None if published else 6)
    assert Effort(patience=4).waits(getattr(net, "PATIENCE", None)) == 4
    assert most == net.EPOCHS
