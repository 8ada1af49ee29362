"""The cells of a lane, and columns and reads of single samples."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from persian_mir.catalogue.corrections import Correction
from persian_mir.labels import label_ids
from persian_mir.prediction import Prediction, pooled
from persian_mir.provenance import Provenance
from persian_mir_gui.plots.lane_cells import Lane, lane, lanes_of
from persian_mir_gui.plots.samples import Stretch
from persian_mir_gui.widgets.label_signs import label_sign


def prediction(rows: list[list[float]], length: int = 100, hop: int = 100) -> Prediction:
    starts = np.arange(len(rows), dtype=np.int64) * hop
    stops = starts + length
    chances = np.array(rows, np.float32)
    overall = pooled(chances, stops - starts)
    return Prediction("dastgah", ("shour", "nava"), starts, stops, chances, overall, Provenance("test"))


def made(length: int = 100, hop: int = 100) -> Lane:
    return lane("Modal", prediction([[0.9, 0.1], [0.52, 0.48], [0.2, 0.8]], length, hop))


def test_best_label_and_certainty_of_each_segment() -> None:
    shown = made()
    assert shown.best.tolist() == [0, 0, 1]
    assert shown.sure.tolist() == [True, False, True]
    assert np.allclose(shown.probability, [0.9, 0.52, 0.8])


def test_segments_end_to_end_keep_their_own_edges() -> None:
    assert made().edges.tolist() == [[0, 100], [100, 200], [200, 300]]


def test_of_overlapping_segments_each_owns_its_middle() -> None:
    assert made(length=100, hop=20).edges.tolist() == [[0, 60], [60, 80], [80, 140]]


def test_gaps_stay_gaps() -> None:
    shown = made(length=50)
    assert shown.at(49) == 0
    assert shown.at(50) is None
    assert shown.at(100) == 1


def test_points_and_stretches_find_their_segments() -> None:
    shown = made()
    assert [shown.at(sample) for sample in (-1, 0, 99, 100, 299, 300)] == [None, 0, 0, 1, 2, None]
    assert list(shown.visible(100, 200)) == [1]
    assert list(shown.visible(99, 201)) == [0, 1, 2]
    assert list(shown.visible(400, 500)) == []
    assert shown.covering(np.array([-5.0, 0.0, 150.0, 999.0])).tolist() == [-1, 0, 1, -1]


def test_a_prediction_without_segments_has_no_lane_yet() -> None:
    empty = prediction([[1.0, 0.0]])
    nothing = Prediction(
        empty.task,
        empty.labels,
        empty.starts[:0],
        empty.stops[:0],
        empty.probabilities[:0],
        empty.overall,
        empty.provenance,
    )
    shown = lanes_of({("a", "dastgah"): nothing, ("b", "dastgah"): empty}, {"b": "Probe"})
    assert [one.predictor for one in shown] == ["Probe"]


@given(st.integers(1, 3), st.integers(1, 300), st.floats(0, 50), st.integers(1, 40), st.floats(0.05, 20))
def test_columns_are_extremes_and_rms_of_the_samples_they_cover(
    channels: int, count: int, first: float, columns: int, width: float
) -> None:
    samples = np.random.default_rng(count).uniform(-1, 1, (channels, count)).astype(np.float32)
    stretch = Stretch(Path("a.wav"), 7, samples)
    edges = 7 + first + np.arange(columns + 1) * width
    minima, maxima, rms = stretch.columns(edges)
    for k in range(columns):
        left, right = (int(np.clip(np.floor(edge) - 7, 0, count - 1)) for edge in edges[k : k + 2])
        last = k == columns - 1
        part = samples[:, left : max(right + last, left + 1)]
        assert minima[k] == part.min()
        assert maxima[k] == part.max()
        assert np.isclose(rms[k], np.sqrt(np.mean(np.square(part))), atol=1e-4)


def said(label: str, was: str = "shour") -> Correction:
    status = "corrected" if label else "rejected"
    return Correction(Path("a.wav"), "0" * 32, 8000, 0, 1, "dastgah", status, label, was, by="Sara")


def test_neighbours_that_say_the_same_are_one_run() -> None:
    rows = [[0.9, 0.1], [0.7, 0.3], [0.52, 0.48], [0.53, 0.47], [0.2, 0.8], [0.9, 0.1]]
    shown = lane("Modal", prediction(rows))
    assert shown.runs(range(6)) == [range(0, 2), range(2, 4), range(4, 5), range(5, 6)]
    assert shown.runs(range(1, 3)) == [range(1, 2), range(2, 3)]
    assert shown.runs(range(0)) == []
    assert shown.runs(range(4), apart=1) == [range(0, 1), range(1, 2), range(2, 4)]


def test_neighbours_that_are_not_sure_are_one_run_and_such_with_nothing_another() -> None:
    shown = lane("Modal", prediction([[0.52, 0.48], [0.48, 0.52], [0.5, 0.5], [0.5, 0.5], [0.9, 0.1]]))
    assert shown.runs(range(5)) == [range(0, 2), range(2, 4), range(4, 5)]


def test_a_gap_ends_a_run() -> None:
    shown = lane("Modal", prediction([[0.9, 0.1]] * 3, length=50))
    assert shown.runs(range(3)) == [range(0, 1), range(1, 2), range(2, 3)]


def test_what_people_said_joins_with_what_people_said() -> None:
    shown = lane("Modal", prediction([[0.9, 0.1]] * 5))
    marks = {1: said("shour"), 2: said("shour"), 3: said("nava"), 4: said("", "shour")}
    assert shown.runs(range(5), marks) == [range(0, 1), range(1, 3), range(3, 4), range(4, 5)]


def test_letters_tell_the_labels_of_a_task_apart() -> None:
    for task in ("mode", "instrument"):
        signs = [label_sign(task, label) for label in label_ids(task)]
        assert len(set(signs)) == len(signs)
        assert max(map(len, signs)) <= 3
    assert [label_sign("dastgah", label) for label in ("shour", "segah", "mahour")] == ["Sh", "Se", "M"]
    assert label_sign("mode", "bayat-e-tork") == "T"
