"""Which segment the playhead is in, and what is shown of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication

from persian_mir.prediction import Prediction, pooled
from persian_mir.provenance import Provenance
from persian_mir_gui.inspector.segment_panel import SHOWN, Here, figure_width, here, legend, segment_at
from persian_mir_gui.widgets.formatting import percent

LABELS = ("shour", "nava", "segah", "mahour", "homayoun")


def prediction(rows: list[list[float]], hop: int, length: int) -> Prediction:
    starts = np.arange(len(rows), dtype=np.int64) * hop
    chances = np.array(rows, np.float32)
    stops = starts + length
    overall = pooled(chances, stops - starts)
    return Prediction("dastgah", LABELS[: len(rows[0])], starts, stops, chances, overall, Provenance("test"))


@given(st.integers(1, 30), st.integers(1, 50), st.integers(-50, 2000))
def test_end_to_end_segments_hold_exactly_their_own_samples(count: int, hop: int, sample: int) -> None:
    found = segment_at(prediction([[0.5, 0.5]] * count, hop, hop), sample)
    assert found == (sample // hop if 0 <= sample < count * hop else None)


def test_of_overlapping_segments_the_one_around_the_sample() -> None:
    overlapping = prediction([[0.5, 0.5]] * 5, 10, 30)
    assert [segment_at(overlapping, at) for at in (0, 14, 24, 26, 69, 70)] == [0, 0, 1, 1, 4, None]


def test_predictors_stand_side_by_side_the_likeliest_labels_first() -> None:
    coarse = prediction([[0.1, 0.6, 0.1, 0.15, 0.05]], 60, 60)
    fine = prediction([[0.9, 0.02, 0.02, 0.03, 0.03]] * 6, 10, 10)
    shown = here("dastgah", [("modal", coarse), ("probe:1", fine)], {"modal": "Modal reading"}, 25)
    assert shown is not None
    assert (shown.start, shown.stop) == (20, 30)
    assert [row.label for row in shown.rows][:2] == ["shour", "nava"]
    assert len(shown.rows) == SHOWN
    assert np.allclose(shown.rows[1].probabilities, [0.6, 0.02])
    assert shown.predictors == ("Modal reading", "probe:1")


def test_where_nothing_was_heard_that_is_said_instead_of_equal_shares() -> None:
    silent, other = prediction([[0.5, 0.5]], 10, 10), prediction([[0.8, 0.2]], 10, 10)
    assert here("dastgah", [("modal", silent)], {}, 5) == Here("dastgah", 0, 10, (), ())
    both = here("dastgah", [("modal", silent), ("probe:1", other)], {}, 5)
    assert both is not None
    assert both.predictors == ("probe:1",)


def test_why_there_is_no_label_here_is_told() -> None:
    strange = replace(prediction([[0.9, 0.1]], 10, 10), reasons=("It sounds unlike all of them.",))
    shown = here("dastgah", [("probe:1", strange)], {}, 5)
    assert shown is not None
    assert (shown.rows, shown.reason) == ((), "It sounds unlike all of them.")
    known = here("dastgah", [("probe:1", strange), ("modal", prediction([[0.8, 0.2]], 10, 10))], {}, 5)
    assert known is not None
    assert (known.predictors, known.reason) == (("modal",), "")


def test_where_nothing_has_been_computed_there_is_nothing_to_show() -> None:
    assert here("dastgah", [("modal", prediction([[0.5, 0.5]], 10, 10))], {}, 10) is None


def test_the_legend_names_the_bars() -> None:
    assert legend(("A",)) == "A"
    assert legend(("A", "B")) == "upper: A · lower: B"
    assert legend(("A", "B", "C")) == "A · B · C"


def test_less_than_one_per_cent_has_room_in_every_language(monkeypatch: pytest.MonkeyPatch, qapp: QApplication) -> None:
    metrics = QFontMetrics(qapp.font())
    for language in ("en", "fa"):
        monkeypatch.setenv("LANGUAGE", language)
        assert figure_width(metrics) > max(map(metrics.horizontalAdvance, map(percent, (0.0, 0.001, 0.42, 1.0))))
