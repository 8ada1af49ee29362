"""Digits, clocks, percentages and verdicts as they are shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QLocale, Qt
from PySide6.QtGui import QTextLayout, QTextOption

from persian_mir.examples.examples import EXAMPLES, spoken_title
from persian_mir.prediction import NEVER_SURE, Prediction, Verdict
from persian_mir.provenance import Provenance
from persian_mir_gui.library import item_text
from persian_mir_gui.library.session import Item
from persian_mir_gui.training.experiments.results_table import cell_words
from persian_mir_gui.training.wording import short_number
from persian_mir_gui.widgets import formatting


@pytest.fixture
def persian() -> Iterator[None]:
    before = QLocale()
    QLocale.setDefault(QLocale(QLocale.Language.Persian))
    yield
    QLocale.setDefault(before)


def prediction(task: str, labels: tuple[str, ...], row: list[float]) -> Prediction:
    chances = np.array([row], np.float32)
    start, stop = np.array([0]), np.array([100])
    return Prediction(task, labels, start, stop, chances, chances[0].copy(), Provenance("test"))


@given(st.floats(0, 400_000))
def test_the_time_code_has_one_width_and_is_never_ahead_of_the_sound(seconds: float) -> None:
    text = formatting.timecode(seconds)
    hours, minutes, rest = text.split(":")
    assert len(text) == len("00:00:00.000") + max(0, len(hours) - 2)
    shown = int(hours) * 3600 + int(minutes) * 60 + float(rest)
    assert shown <= seconds + 1e-5
    assert seconds - shown < 0.001 + 1e-5


def test_clock_and_percent() -> None:
    assert (formatting.clock(252.9), formatting.clock(3599.9), formatting.clock(3852)) == ("04:12", "59:59", "1:04:12")
    assert [formatting.percent(p) for p in (0.0, 0.001, 0.004, 0.856, 1.0)] == ["0%", "<1%", "<1%", "86%", "100%"]
    assert formatting.time_left(None) == ""
    assert formatting.time_left(0.2) == "1 s left"
    assert formatting.time_left(200) == "3 min left"


@pytest.mark.usefixtures("persian")
def test_next_to_nothing_is_said_in_words_in_persian(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "fa")
    assert formatting.percent(0.001) == "زیر ۱٪"  # a sign of comparison has no side to stand on here


@pytest.mark.usefixtures("persian", "qapp")
@pytest.mark.parametrize("direction", list(Qt.LayoutDirection))
@pytest.mark.parametrize("around", ["{}", "{} · سه‌گاه", "سه‌گاه {}", "MERT {}"])
def test_a_persian_percent_sign_stands_to_the_left_of_its_number(
    monkeypatch: pytest.MonkeyPatch, around: str, direction: Qt.LayoutDirection
) -> None:
    monkeypatch.setenv("LANGUAGE", "fa")
    text = around.format(formatting.percent(0.86))
    layout = QTextLayout(text)
    option = QTextOption()
    option.setTextDirection(direction)
    layout.setTextOption(option)
    layout.beginLayout()
    line = layout.createLine()
    layout.endLayout()
    assert line.cursorToX(text.index("٪"))[0] <= line.cursorToX(text.index("۸"))[0]


@pytest.mark.usefixtures("persian")
def test_in_persian_digits_and_names_are_persian() -> None:
    assert formatting.timecode(87.412) == "00:01:27.412"
    assert formatting.predictor_name("نوازنده · signal، ۳ ثانیه") == "\u200fsignal، ۳ ثانیه"  # read from the right
    assert formatting.predictor_name("ساز · MERT-v1-95M") == "MERT-v1-95M"
    assert formatting.label_name("dastgah", "segah") == "سه‌گاه"
    assert formatting.other_script("dastgah", "segah") == "Segah"


def test_names_in_both_scripts_and_of_artists() -> None:
    assert formatting.label_name("mode", "bayat-e-tork") == "Bayat-e Tork"
    assert formatting.other_script("mode", "bayat-e-tork") == "بیات ترک"
    assert (formatting.label_name("artist", "shajarian"), formatting.other_script("artist", "shajarian")) == (
        "shajarian",
        "",
    )


def test_a_narrow_lead_is_said_as_plainly_as_a_name() -> None:
    assert formatting.verdict_words(Verdict("dastgah", "segah", 0.86, "shour", 0.09)) == "Segah"
    assert formatting.verdict_words(Verdict("dastgah", "nava", 0.4, "shour", 0.35)) == "not sure: Nava or Shour"
    assert formatting.verdict_words(Verdict("artist", "one", 0.1, "", 0.0)) == formatting.isolated("one")


def test_a_name_in_another_script_leaves_the_numbers_beside_it_where_they_are() -> None:
    """Seen: `8% · next: <name> 8%` with its last sign before the name."""
    verdict = Verdict("artist", "حسین علیزاده", 0.43, "جلیل شهناز", 0.08)
    assert formatting.probability_words(verdict) == "43% · next: \u2068جلیل شهناز\u2069 8%"
    verdict = Verdict("artist", "حسین علیزاده", 0.1, "جلیل شهناز", 0.08)
    assert formatting.verdict_words(verdict) == "not sure: \u2068حسین علیزاده\u2069 or \u2068جلیل شهناز\u2069"


def test_the_list_shows_the_dastgah_of_the_modal_reading_first() -> None:
    item = Item(1, Path("a.wav"))
    assert item_text.main_verdict(item) is None
    item.predictions["probe:1", "instrument"] = prediction("instrument", ("ney", "tar"), [0.9, 0.1])
    assert item_text.main_verdict(item).label == "ney"  # type: ignore[union-attr]
    item.predictions["probe:2", "dastgah"] = prediction("dastgah", ("nava", "shour"), [0.9, 0.1])
    item.predictions["modal", "dastgah"] = prediction("dastgah", ("nava", "shour"), [0.2, 0.8])
    assert item_text.main_verdict(item).label == "shour"  # type: ignore[union-attr]
    assert [who for who, _p in item_text.by_task(item)["dastgah"]] == ["modal", "probe:2"]


def test_examples_say_so_in_another_place_than_their_name() -> None:
    item = Item(1, Path("Synthesised ney in Shour.flac"), synthesised=True)
    assert item_text.short_title(item) == "Ney in Shour"
    assert item_text.short_title(Item(2, Path("side a.flac"))) == "side a"
    assert item_text.short_title(Item(3, Path("Synthesised by me.flac"), synthesised=True)) == "By me"


def test_titles_of_examples_are_as_written_in_english_and_translated_in_persian(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for example in EXAMPLES:
        assert spoken_title(example.title) == example.title
    monkeypatch.setenv("LANGUAGE", "fa")
    for example in EXAMPLES:
        for short in (False, True):
            assert not any("a" <= letter.lower() <= "z" for letter in spoken_title(example.title, short))
    assert spoken_title("Side A") == "Side A"


def test_small_numbers_are_written_as_people_write_them() -> None:
    assert [short_number(value) for value in (0.001, 2e-5, 1e-6, 0.0, 3.0)] == [
        "0.001",
        "0.00002",
        "0.000001",
        "0",
        "3",
    ]
    assert [cell_words(key) for key in ("2e-05", "5 s", "whole")] == ["0.00002", "5 s", "whole"]


def test_a_recording_of_several_labels_is_said_with_its_shares() -> None:
    shares = (("shour", 0.5), ("segah", 0.3), ("nava", 0.2))
    several = Verdict("dastgah", "", 0.5, "", 0.2, shares)
    assert formatting.verdict_words(several) == "several: Shour, Segah, Nava"
    assert formatting.probability_words(several) == "Shour 50% · Segah 30% · Nava 20%"
    assert not several.sure
    unsure = replace(several, shares=(("shour", 0.5), ("segah", 0.3), ("", 0.2)))
    assert formatting.verdict_words(unsure) == "several: Shour, Segah, not sure"
    assert formatting.probability_words(unsure) == "Shour 50% · Segah 30% · not sure 20%"
    mainly = Verdict("dastgah", "shour", 0.7, "segah", 0.2, (("shour", 0.7), ("segah", 0.3)))
    assert formatting.verdict_words(mainly) == "mainly Shour"
    assert formatting.probability_words(mainly) == "Shour 70% · Segah 30%"


@pytest.mark.parametrize(
    ("probability", "margin", "said"),
    [
        (0.9, 0.15, ""),
        (0.6, 0.67, "Sure from a lead of 67 points on, where nine in ten are right."),
        (0.99, NEVER_SURE, "Never sure: at no lead are nine in ten of its labels right."),
    ],
)
def test_what_is_not_sure_says_from_where_it_would_be(probability: float, margin: float, said: str) -> None:
    verdict = Verdict("instrument", "setar", probability, "tar", 1 - probability, sure_margin=margin)
    assert formatting.sure_words(verdict) == said
    assert formatting.sure_words(replace(verdict, label="", runner_up="", reason="silence")) == ""
    assert formatting.sure_words(replace(verdict, shares=(("setar", 0.7), ("tar", 0.3)))) == ""
