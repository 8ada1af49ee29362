from collections.abc import Callable

import numpy as np
import pytest

from persian_mir.labels import label_ids
from persian_mir.modal.modulations import Modulation, find_modulations, predicted_modulations
from persian_mir.modal.pitch import PitchTrack, join_tracks
from persian_mir.modal.reading import read_mode
from persian_mir.prediction import Prediction
from persian_mir.provenance import Provenance

Play = Callable[..., PitchTrack]


def cells(track: PitchTrack) -> tuple[list, list[float]]:
    starts = [float(start) for start in np.arange(0, track.stop_s - 30, 5)]
    return [read_mode(track, start, start + 30) for start in starts], [start + 12.5 for start in starts]


def test_a_change_for_good_is_marked_once(daramad: Play) -> None:
    track = join_tracks([daramad("mahour", 261.6, 90.0), daramad("chahargah", 261.6, 90.0)])
    (modulation,) = find_modulations(*cells(track))
    assert (modulation.from_mode, modulation.to_mode) == ("mahour", "chahargah")
    assert abs(modulation.start_s - 90) <= 15


def test_one_mode_has_none(daramad: Play) -> None:
    assert find_modulations(*cells(daramad("segah", 261.6, 120.0))) == ()
    assert find_modulations([], []) == ()


def test_a_passing_visit_does_not_count(daramad: Play) -> None:
    readings, starts = cells(daramad("mahour", 261.6, 150.0))
    visit, _ = cells(daramad("chahargah", 261.6, 90.0))
    assert find_modulations([*readings[:8], *visit[:5], *readings[13:]], starts) == ()
    changed = find_modulations([*readings[:8], *visit[:6], *readings[14:]], starts)
    assert changed == (
        Modulation(starts[8], "mahour", "chahargah"),
        Modulation(starts[14], "chahargah", "mahour"),
    )


def test_a_prediction_tells_the_same(daramad: Play) -> None:
    track = join_tracks([daramad("mahour", 261.6, 90.0), daramad("chahargah", 261.6, 90.0)])
    readings, starts_s = cells(track)
    rate = 100
    starts = np.array([round(start * rate) for start in starts_s])
    rows = np.array([reading.probabilities("mode") for reading in readings])
    prediction = Prediction(
        "mode", label_ids("mode"), starts, starts + 5 * rate, rows, rows.mean(axis=0), Provenance("modal", {}, {})
    )
    assert predicted_modulations(prediction, rate) == find_modulations(readings, starts_s) != ()


@pytest.mark.parametrize(("window_s", "least"), [(30.0, 6), (60.0, 12), (10.0, 2)])
def test_a_side_is_as_long_as_the_windows_it_was_read_from(window_s: float, least: int) -> None:
    ids = label_ids("mode")

    def changes(cells_before: int) -> bool:
        rows = np.zeros((cells_before + 20, len(ids)), np.float32)
        rows[:cells_before, 0] = 1.0
        rows[cells_before:, 5] = 1.0
        starts = np.arange(len(rows)) * 500
        said = Provenance("modal", {}, {"window_s": window_s, "hop_s": 5.0})
        prediction = Prediction("mode", ids, starts, starts + 500, rows, rows.mean(axis=0), said)
        return predicted_modulations(prediction, 100) != ()

    assert changes(least)
    assert not changes(least - 1)
