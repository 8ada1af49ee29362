from collections.abc import Callable

import numpy as np
import pytest

from persian_mir.i18n import percent
from persian_mir.labels import describe
from persian_mir.modal.explanation import expected_profile, explain
from persian_mir.modal.pitch import PitchTrack
from persian_mir.modal.profile import BINS
from persian_mir.modal.reading import read_mode
from persian_mir.prediction import MODAL_SURE_MARGIN

Play = Callable[..., PitchTrack]


@pytest.mark.parametrize("mode", ["chahargah", "mahour", "segah"])
def test_the_sentence_names_the_mode_and_what_it_is_made_of(daramad: Play, mode: str) -> None:
    reading = read_mode(daramad(mode, 261.6, 60.0))
    why = explain(reading)
    assert describe("mode", mode).name in why.sentence
    assert describe("mode", reading.modes[1][0]).name in why.sentence
    assert why.sentence.endswith(".")
    assert why.supporting
    assert max(row.heard for row in why.supporting) > 0.2
    assert all(row.name is not None and row.name.text for row in why.supporting)
    assert "%" in why.sentence


def test_a_foreign_note_speaks_against(daramad: Play) -> None:
    track = daramad("mahour", 261.6, 60.0)
    hz = track.hz.copy()
    hz[1000:1400] = 261.6 * 2 ** (600 / 1200)  # a tritone: no mode of the radif dwells on that beside these
    why = explain(read_mode(PitchTrack(hz, track.confidence)))
    assert any(abs(row.cents - 600) < 20 and row.heard > row.expected for row in why.opposing)


def test_unsure_is_said(daramad: Play) -> None:
    reading = read_mode(daramad("segah", 261.6, 5.0))
    lead = reading.modes[0][1] - reading.modes[1][1]
    assert ("Not sure" in explain(reading).sentence) == (lead < MODAL_SURE_MARGIN)


def test_shares_are_never_nothing() -> None:
    assert [percent(share) for share in (0.0, 0.004, 0.006, 0.354, 1.0)] == [
        "under 1%",
        "under 1%",
        "1%",
        "35%",
        "100%",
    ]


def test_in_persian_no_latin_sign_is_left(daramad: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "fa")
    sentence = explain(read_mode(daramad("segah", 261.6, 40.0))).sentence
    assert "%" not in sentence
    assert "٪" in sentence


def test_a_line_seldom_heard_is_said(daramad: Play) -> None:
    track = daramad("mahour", 261.6, 120.0)
    beside = np.arange(len(track.hz)) % 500 < 350  # in seven of ten frames the pitch of several lines is none
    seldom = PitchTrack(track.hz, np.where(beside, 0, track.confidence).astype(np.float32))
    reading = read_mode(seldom)
    assert reading.line_share == pytest.approx(0.3, abs=0.01)
    assert "in 30% of the time only" in explain(reading).sentence
    assert "of the time only" not in explain(read_mode(track)).sentence
    assert "of the time only" not in explain(read_mode(seldom.cut(0.0, 1.0))).sentence  # nothing is heard: that is said


def test_nothing_heard_says_why() -> None:
    why = explain(read_mode(PitchTrack(np.zeros(500, np.float32), np.zeros(500, np.float32))))
    assert why.sentence
    assert why.supporting == why.opposing == why.against_runner_up == ()


def test_expected_profiles_are_aligned_to_the_tonic(daramad: Play) -> None:
    reading = read_mode(daramad("chahargah", 300.0, 60.0))
    expected = expected_profile(reading, "chahargah")
    assert expected.shape == (BINS,)
    assert expected.dtype == np.float32
    assert expected.sum() == pytest.approx(1, abs=1e-4)
    assert expected[[0, 27, 78]].min() > expected[[40, 50, 120]].max()  # 0, 135, 390 cents; 200, 250, 600
    assert not expected_profile(read_mode(daramad("segah", 300.0, 1.0)), "segah").any()
