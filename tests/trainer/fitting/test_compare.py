"""Backbones compared by the same probe."""

import json
from pathlib import Path

import numpy as np
import pytest

from trainer.__main__ import main
from trainer.evaluation.bootstrap import resampled
from trainer.fitting.compare import _row


def test_a_gain_is_that_on_the_same_segments_with_the_same_seeds() -> None:
    first = {(turn, str(file), 0.0): file % 2 == 0 for turn in range(2) for file in range(40)}
    better = {key: right or int(key[1]) % 4 == 1 for key, right in first.items()}
    one, other = _row("first", first, first), _row("better", better, first)
    assert (one.accuracy, one.gain, one.seeds) == (0.5, None, (0.5, 0.5))
    assert (other.accuracy, other.gain) == (0.75, 0.25)
    assert other.gain_low is not None
    assert other.gain_high is not None
    assert 0.08 < other.gain_low < 0.25 < other.gain_high < 0.42
    assert one.low < 0.5 < one.high


def test_the_interval_of_a_mean_is_that_of_whole_recordings() -> None:
    values = np.repeat(np.random.default_rng(0).normal(0, 1, 100), 10)
    low, high = resampled(values, np.repeat(np.arange(100), 10))
    assert high - low == pytest.approx(2 * 1.96 / 10, rel=0.15)


def test_two_backbones_are_compared(mini_nava: Path, tiny_hubert: Path, capsys: pytest.CaptureFixture[str]) -> None:
    line = ["compare-backbones", "signal", str(tiny_hubert), "--data", str(mini_nava), "--task", "instrument"]
    assert main([*line, "--seeds", "2", "--epochs", "2", "--views", "0", "--json"]) == 0
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert [one["backbone"] for one in told["rows"]] == ["signal", "local/tiny"]
    assert told["recordings"] > 0
    assert all(len(one["seeds"]) == 2 and one["low"] <= one["accuracy"] <= one["high"] for one in told["rows"])
    assert "points" in told["table"]
