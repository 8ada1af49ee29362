"""A fitted baseline's file: the same answers after it was read, and a refusal in words for any other file."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from persian_mir.errors import ProbeError
from persian_mir.prediction import SURE_MARGIN
from trainer.baselines import class_mean
from trainer.baselines.baseline import Examples
from trainer.baselines.fitted import FittedBaseline, load_baseline


def fitted() -> FittedBaseline:
    rows = np.random.default_rng(0).random((6, 240), np.float32)
    labels = ("shour", "mahour")
    arrays = class_mean.fit(Examples(rows, np.array([0, 1] * 3), labels, "dastgah"))
    return FittedBaseline(class_mean.BASELINE, "dastgah", labels, 30.0, arrays, 2.0, {"seed": 0})


def test_what_is_read_answers_as_what_was_saved(tmp_path):
    path, one = tmp_path / "a.baseline", fitted()
    one.save(path)
    other = load_baseline(path)
    rows = np.random.default_rng(1).random((4, 240), np.float32)
    np.testing.assert_array_equal(other.probabilities(rows), one.probabilities(rows))
    assert (other.id, other.training) == (one.id, one.training)
    assert other.sure_margin == SURE_MARGIN
    replace(one, sure_margin=0.5).save(path)
    assert (load_baseline(path).sure_margin, load_baseline(path).id) == (0.5, one.id)


@pytest.mark.parametrize("place", [3, 40, 700, -5])
def test_a_damaged_file_is_refused(tmp_path, place):
    path = tmp_path / "a.baseline"
    fitted().save(path)
    data = bytearray(path.read_bytes())
    data[place] ^= 0x55
    path.write_bytes(data)
    with pytest.raises(ProbeError):
        load_baseline(path)


@pytest.mark.parametrize("data", [b"", b"\x80\x04K\x01.", b"PK\x03\x04" + bytes(40)])
def test_other_files_are_refused(tmp_path, data):
    path = tmp_path / "a.baseline"
    path.write_bytes(data)
    with pytest.raises(ProbeError):
        load_baseline(path)
