from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from persian_mir.prediction import Prediction, Section, Verdict, joined, pooled, verdict_of
from persian_mir.provenance import Provenance

LABELS = ("shour", "nava", "segah")


def prediction(rows: list[list[float]], first: int = 0) -> Prediction:
    starts = np.arange(first, first + len(rows), dtype=np.int64) * 100
    probabilities = np.array(rows, np.float32)
    return Prediction(
        "dastgah",
        LABELS,
        starts,
        starts + 100,
        probabilities,
        pooled(probabilities, np.full(len(rows), 100)),
        Provenance("x"),
    )


def test_verdict_names_the_first_and_the_next() -> None:
    verdict = prediction([[0.1, 0.7, 0.2]]).verdict()
    assert (verdict.label, verdict.runner_up) == ("nava", "segah")
    assert verdict.probability == pytest.approx(0.7, abs=1e-6)
    assert verdict.sure
    assert not prediction([[0.4, 0.35, 0.25]]).verdict().sure


def test_a_task_of_one_label_has_no_runner_up() -> None:
    verdict = verdict_of("artist", ["only"], np.array([1.0], np.float32))
    assert (verdict.label, verdict.runner_up, verdict.sure) == ("only", "", True)


def test_where_all_is_alike_nothing_is_named() -> None:
    labels = ("shour", "segah", "mahour")
    silence = verdict_of("dastgah", labels, np.full(3, 1 / 3, np.float32))
    assert silence.nothing
    assert (silence.label, silence.runner_up) == ("", "")
    assert not silence.sure
    assert not verdict_of("dastgah", labels, np.array([0.34, 0.33, 0.33], np.float32)).nothing
    assert not verdict_of("instrument", ("ney",), np.ones(1, np.float32)).nothing


def test_parts_join_to_the_whole() -> None:
    rows = [[0.1, 0.7, 0.2], [0.3, 0.3, 0.4], [0.8, 0.1, 0.1]]
    whole = joined([prediction(rows[:1]), prediction(rows[1:], first=1)])
    assert np.array_equal(whole.probabilities, prediction(rows).probabilities)
    assert np.array_equal(whole.starts, [0, 100, 200])
    assert np.allclose(whole.overall, prediction(rows).overall)


def test_arrays_cannot_be_changed_or_misshapen() -> None:
    one = prediction([[0.1, 0.7, 0.2]])
    with pytest.raises(ValueError, match="read-only"):
        one.probabilities[0, 0] = 1
    with pytest.raises(ValueError, match="do not fit"):
        Prediction("dastgah", LABELS, one.starts, one.stops, one.probabilities[:, :2], one.overall, Provenance("x"))


ROWS = st.lists(st.lists(st.floats(1e-6, 1), min_size=3, max_size=3), min_size=1, max_size=20)


@given(ROWS)
def test_pooling_is_a_distribution_and_keeps_what_all_agree_on(rows: list[list[float]]) -> None:
    raw: NDArray[np.float32] = np.array(rows, np.float32)
    probabilities = raw / raw.sum(axis=1, keepdims=True)
    overall = pooled(probabilities, np.full(len(rows), 7))
    assert overall.sum() == pytest.approx(1, abs=1e-5)
    repeated = pooled(np.repeat(probabilities[:1], 5, axis=0), np.full(5, 3))
    assert np.allclose(repeated, probabilities[0], atol=1e-5)


def sections(*parts: tuple[str, int]) -> tuple[Section, ...]:
    """Labels and lengths; an empty label is a stretch in which nothing was heard, one with `?` is not sure."""
    found, at = [], 0
    for label, length in parts:
        runner_up = 0.85 if label.endswith("?") else 0.05
        verdict = Verdict("dastgah", label.rstrip("?"), 0.9 if label else 0.0, "nava", runner_up)
        found.append(Section(at, at + length, verdict))
        at += length
    return tuple(found)


def several(*parts: tuple[str, int], row: tuple[float, float, float] = (0.5, 0.3, 0.2)) -> Verdict:
    return replace(prediction([list(row)]), overall=np.array(row, np.float32), sections=sections(*parts)).verdict()


def test_a_recording_of_several_labels_has_none_but_their_shares() -> None:
    verdict = several(("shour", 40), ("segah", 30), ("nava", 20), ("shour", 10))
    assert verdict.several
    assert verdict.nothing
    assert not verdict.mainly
    assert not verdict.reason
    assert [label for label, _share in verdict.shares] == ["shour", "segah", "nava"]
    assert [share for _label, share in verdict.shares] == pytest.approx([0.5, 0.3, 0.2])


def test_a_recording_mainly_in_one_label_keeps_it_and_says_with_what() -> None:
    verdict = several(("shour", 70), ("segah", 30))
    assert verdict.mainly
    assert (verdict.label, verdict.several) == ("shour", False)
    assert dict(verdict.shares) == pytest.approx({"shour": 0.7, "segah": 0.3})


def test_a_passing_visit_and_what_was_not_heard_leave_one_label() -> None:
    for parts in ((("shour", 96), ("segah", 4)), (("", 40), ("shour", 60)), (("shour", 50), ("shour", 50))):
        verdict = several(*parts)
        assert (verdict.label, verdict.shares) == ("shour", ())


def test_what_is_not_sure_counts_for_no_label() -> None:
    verdict = several(("shour", 30), ("segah", 20), ("segah?", 40), ("nava?", 10))
    assert verdict.several
    assert verdict.shares == (("shour", pytest.approx(0.3)), ("segah", pytest.approx(0.2)), ("", pytest.approx(0.5)))
    mainly = several(("shour", 70), ("segah?", 30))
    assert mainly.mainly
    assert mainly.shares == (("shour", pytest.approx(0.7)), ("", pytest.approx(0.3)))


def test_with_one_sure_label_or_none_all_sections_together_say_what_it_is() -> None:
    for parts in ((("shour?", 50), ("segah?", 50)), (("segah", 40), ("nava?", 60))):
        verdict = several(*parts)
        assert (verdict.label, verdict.runner_up, verdict.shares) == ("shour", "nava", ())


def test_a_reason_leaves_no_label_however_sure_the_probabilities_are() -> None:
    said = replace(prediction([[0.9, 0.05, 0.05], [0.1, 0.8, 0.1]]), reasons=("strange", ""), reason="strange")
    assert (said.verdict().label, said.verdict().reason) == ("", "strange")
    assert (said.segment(0).label, said.segment(0).sure, said.segment(0).reason) == ("", False, "strange")
    assert (said.segment(1).label, said.segment(1).reason) == ("nava", "")


def test_joined_parts_keep_their_reasons() -> None:
    known = prediction([[0.1, 0.7, 0.2]])
    strange = replace(prediction([[0.4, 0.3, 0.3]], first=1), reasons=("strange",))
    assert joined([known, strange]).reasons == ("", "strange")
    assert joined([known, known]).reasons == ()
