from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from persian_mir.prediction import NEVER_SURE, SURE_MARGIN, leads
from trainer.evaluation.sureness import FEWEST, LEAST, RIGHT, Answered, judged_margin, least_margin

LABELS = ("ney", "setar")


def leading(lead: float, count: int, right: int) -> tuple[np.ndarray, np.ndarray]:
    """So many segments of setar, of which `right` are named so, all by the same lead."""
    row = np.array([(1 - lead) / 2, (1 + lead) / 2], np.float32)
    rows = np.stack([row] * right + [row[::-1]] * (count - right))
    return rows, np.ones(count, np.int64)


def together(*parts: tuple[np.ndarray, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    rows, targets = zip(*parts, strict=True)
    return np.concatenate(rows), np.concatenate(targets)


def test_what_is_right_is_sure_from_the_usual_lead_on():
    assert least_margin(*together(leading(0.2, 20, 19), leading(0.6, 20, 18))) == SURE_MARGIN


def test_the_margin_leaves_out_what_is_often_wrong():
    rows, targets = together(leading(0.9, 20, 20), leading(0.505, 30, 15), leading(0.3, 30, 10))
    assert least_margin(rows, targets) == pytest.approx(0.51)
    assert least_margin(*together(leading(0.9, 40, 40), leading(0.505, 4, 0), leading(0.295, 30, 10))) == 0.3


def test_where_the_surest_are_wrong_nothing_is_sure():
    assert least_margin(*together(leading(0.95, 20, 12), leading(0.5, 20, 17))) == NEVER_SURE
    assert least_margin(*leading(0.1, 50, 50)) == NEVER_SURE  # right, but told apart by nothing


def test_a_few_prove_nothing_unless_they_are_half():
    few, many = leading(0.9, LEAST - 1, LEAST - 1), leading(0.5, 50, 30)
    assert least_margin(*together(few, many)) == NEVER_SURE
    assert least_margin(*few) == SURE_MARGIN
    assert least_margin(*together(few, leading(0.5, LEAST - 1, 0))) == pytest.approx(0.51)
    assert least_margin(*together(few, leading(0.9, 1, 1), many)) == pytest.approx(0.51)


def test_recordings_and_segments_have_to_be_right():
    rows, targets = together(leading(0.9, 95, 95), leading(0.9, 5, 0))
    right_ones, wrong_ones = np.zeros(95, np.int64), np.arange(1, 6)  # one recording is right, five are wrong
    where = (np.concatenate([right_ones, wrong_ones]), LABELS, np.ones(100), np.zeros(100, np.float32))
    one = Answered(rows, targets, *where)
    assert least_margin(rows, targets) == SURE_MARGIN
    assert one.sure_margin() == NEVER_SURE
    assert one.evaluation(NEVER_SURE).segments.coverage == 0
    assert one.evaluation().segments.coverage == 1


def test_artists_never_heard_decide_where_they_can():
    one = Answered(*leading(0.9, 20, 20), np.arange(20), LABELS, np.ones(20), np.zeros(20, np.float32))
    wrong = Answered(*leading(0.9, 20, 2), np.arange(20), LABELS, np.ones(20), np.zeros(20, np.float32))
    assert judged_margin({"official": one, "grouped": wrong}) == ("grouped", NEVER_SURE)
    assert judged_margin({"official": one}) == ("official", SURE_MARGIN)
    assert judged_margin({}) == ("", NEVER_SURE)


@given(st.lists(st.tuples(st.floats(0, 1, width=32), st.booleans()), min_size=1, max_size=80))
def test_from_the_margin_on_nine_in_ten_are_right(told):
    rows, targets = together(*(leading(lead, 1, int(right)) for lead, right in told))
    margin = least_margin(rows, targets)
    sure = leads(rows) >= margin
    assert margin >= SURE_MARGIN
    assert sure.any() == (margin < NEVER_SURE)
    if sure.any():
        assert (rows.argmax(axis=1) == targets)[sure].mean() >= RIGHT


def test_of_two_recordings_nothing_is_said():
    assert least_margin(*leading(0.9, FEWEST - 1, FEWEST - 1)) == NEVER_SURE
    assert least_margin(*leading(0.9, FEWEST, FEWEST)) == SURE_MARGIN
