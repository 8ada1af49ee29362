"""Dates of old recordings, in both calendars."""

from __future__ import annotations

import pytest

from persian_mir.catalogue.dates import exists, gregorian, jalali_to_gregorian, sort_date
from persian_mir.catalogue.model import Programme


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("1966", "1966"),
        ("1966-05", "1966-05"),
        ("1966-5-1", "1966-05-01"),
        ("حدود ۱۳۴۵/۲/۱۱", "1966-05-01"),
        ("about 1345", "1966"),
        ("۱۳۵۷-۱۱-۲۲", "1979-02-11"),
        ("١٣٩٩/١٢/٣٠", "2021-03-20"),
        ("1400/01/01", "2021-03-21"),
        ("1404/1/1", "2025-03-21"),
        ("1300", "1921"),
        ("1966-13-44", "1966"),
        ("1966-02-30", "1966-02"),
        ("1900-2-29", "1900-02"),
        ("1904-2-29", "1904-02-29"),
        ("1345/7/31", "1966-09"),
        ("1400/12/30", "2022-02"),
        ("1345-00-07", "1966"),
        ("unknown", ""),
        ("12345", ""),
    ],
)
def test_dates(text: str, wanted: str) -> None:
    assert gregorian(text) == wanted


@pytest.mark.parametrize(
    "text", ["", "unknown", "1345", "1345-2", "1399/12/30", "1966-05-01", "about 1966", "1904-2-29"]
)
def test_a_date_of_the_calendar_exists(text: str) -> None:
    assert exists(text)


@pytest.mark.parametrize("text", ["1966-02-30", "1966-13", "۱۳۴۵/۷/۳۱", "1400/12/30", "1345-00-07", "1900-2-29"])
def test_a_day_that_no_calendar_has_does_not(text: str) -> None:
    assert not exists(text)


def test_new_year_is_that_of_qts_calendar() -> None:
    core = pytest.importorskip("PySide6.QtCore")
    calendar = core.QCalendar(core.QCalendar.System.Jalali)
    for year in range(1277, 1437):
        for month, day in ((1, 1), (6, 31), (7, 30), (12, 29)):
            assert calendar.dateFromParts(year, month, day).toPython() == jalali_to_gregorian(year, month, day)


def test_what_is_catalogued_counts_before_the_tags() -> None:
    assert sort_date(Programme(date_jalali="1345"), {"date": "2001"}) == "1966"
    assert sort_date(Programme(), {"DATE": "2001-02"}) == "2001-02"
    assert sort_date(Programme(), {}) == ""
