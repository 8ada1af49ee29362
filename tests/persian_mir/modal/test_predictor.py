from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from persian_mir.audio import open_audio
from persian_mir.errors import PersianMirError
from persian_mir.labels import label_ids
from persian_mir.modal.pitch import PitchTrack
from persian_mir.modal.predictor import ModalPredictor
from persian_mir.prediction import Prediction, joined
from persian_mir.progress import Cancelled, Progress


class Heard(Progress):
    def __init__(self) -> None:
        self.parts: list[Prediction] = []
        self.fractions: list[float] = []

    def step(self, fraction: float, note: str = "") -> None:
        self.fractions.append(fraction)

    def publish(self, value: object) -> None:
        assert isinstance(value, Prediction)
        self.parts.append(value)


def test_labels_a_melody_and_publishes_what_it_returns(
    sung: Callable[..., Path], daramad: Callable[..., PitchTrack]
) -> None:
    heard = Heard()
    predictor = ModalPredictor()
    with open_audio(sung(daramad("chahargah", 233.0, 72.0))) as source:
        results = predictor.predict(source, heard)
        again = predictor.predict(source)
        frames, rate = source.recording.frames, source.recording.rate
    assert tuple(result.task for result in results) == predictor.tasks == ("dastgah", "mode")
    for result, repeated in zip(results, again, strict=True):
        assert result.labels == label_ids(result.task)
        assert result.verdict().label == "chahargah"
        assert result.verdict().sure
        assert result.starts[0] == 0
        assert result.stops[-1] == frames
        assert (result.starts[1:] == result.stops[:-1]).all()
        assert (result.stops - result.starts <= 5 * rate).all()
        np.testing.assert_allclose(result.probabilities.sum(axis=1), 1, atol=1e-5)
        parts = joined([part for part in heard.parts if part.task == result.task])
        np.testing.assert_array_equal(parts.probabilities, result.probabilities)
        np.testing.assert_array_equal(parts.starts, result.starts)
        np.testing.assert_array_equal(repeated.probabilities, result.probabilities)  # from the cache
    assert len(heard.parts) > 2
    assert heard.fractions == sorted(heard.fractions)
    assert heard.fractions[-1] == 1
    assert results[0].provenance.predictor == "modal"
    assert set(results[0].provenance.models) == {"swift-f0", "radif"}


@pytest.mark.parametrize("samples", [3, 2000, 16_000 * 4])
@pytest.mark.parametrize("kind", ["silence", "noise"])
def test_nothing_to_hear_is_said_so(tmp_path: Path, samples: int, kind: str) -> None:
    noise = np.random.default_rng(7).normal(0, 0.1, samples)
    path = tmp_path / "nothing.wav"
    soundfile.write(path, noise if kind == "noise" else np.zeros(samples), 16_000)
    with open_audio(path) as source:
        dastgah, mode = ModalPredictor().predict(source)
    assert not dastgah.verdict().sure
    assert not mode.verdict().sure
    np.testing.assert_allclose(dastgah.overall, 1 / 7, rtol=1e-5)
    assert dastgah.stops[-1] == samples


def test_windows_stay_inside_the_recording() -> None:
    predictor = ModalPredictor()
    cells = predictor.cells(163, 1)
    windows = predictor._windows(cells, 1)
    assert all(start >= 0 and stop <= 163 and stop - start == 30 for start, stop in windows)
    assert all(first <= start and stop <= last for (start, stop), (first, last) in zip(cells, windows, strict=True))
    assert predictor._windows(predictor.cells(12, 1), 1) == [(0.0, 12.0)] * 3
    assert predictor.cells(0, 8000) == []


@pytest.mark.parametrize("window_s", [10.0, 45.0, 60.0])
def test_the_window_is_carried_and_obeyed(window_s: float) -> None:
    predictor = ModalPredictor(window_s)
    assert predictor.provenance().parameters["window_s"] == window_s
    windows = predictor._windows(predictor.cells(120 * 100, 100), 100)
    assert {round(stop - start, 6) for start, stop in windows} == {window_s}


@pytest.mark.parametrize("window_s", [9.9, 61.0, float("nan")])
def test_windows_too_short_or_too_long_are_refused(window_s: float) -> None:
    with pytest.raises(PersianMirError, match="between 10 and 60"):
        ModalPredictor(window_s)


def test_the_reading_of_the_whole_can_be_cancelled_passage_by_passage(tmp_path: Path) -> None:
    """It takes seconds an hour of sound, after the last cell was read."""
    time = np.arange(8000 * 60) / 8000
    soundfile.write(tmp_path / "long.wav", 0.3 * np.sin(2 * np.pi * 220 * time), 8000)

    class AfterTheCells(Progress):
        times = 0

        def step(self, fraction: float, note: str = "") -> None:
            self.times += fraction == 1.0
            if self.times == 3:  # the cells are read, a passage is begun, and another
                raise Cancelled

    with open_audio(tmp_path / "long.wav") as source, pytest.raises(Cancelled):
        ModalPredictor().predict(source, AfterTheCells())
