"""Dates as they are written of old recordings: Jalali or Gregorian, in any digits, whole or in part, with "about"."""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from collections.abc import Mapping
from datetime import date, timedelta

from persian_mir.catalogue.model import Programme

_PARTS = re.compile(r"(?<!\d)(\d{4})(?:\D(\d{1,2})(?:\D(\d{1,2}))?)?(?!\d)")
_JALALI_UP_TO = 1500  # a year that nobody recorded in by the other calendar


def sort_date(programme: Programme, tags: Mapping[str, str]) -> str:
    """When it was recorded or broadcast, Gregorian, `1966`, `1966-05` or `1966-05-01`; empty where nothing says."""
    tagged = (value for name, value in tags.items() if name.casefold() in ("date", "year", "originaldate"))
    for text in (programme.date_gregorian, programme.date_jalali, *tagged):
        found = gregorian(text)
        if found:
            return found
    return ""


def gregorian(text: str) -> str:
    """The first date in `text`, Gregorian: `gregorian("حدود ۱۳۴۵/۲/۱۱") == "1966-05-01"`; empty where there is none.
    A day or a month that does not exist is left out.
    """
    year, month, day = _possible(*_parts(text))
    if year >= _JALALI_UP_TO or not year:
        return "-".join(filter(None, (year and f"{year:04}", month and f"{month:02}", day and f"{day:02}")))  # type: ignore[arg-type]
    if not month:
        return f"{year + 621:04}"
    told = jalali_to_gregorian(year, month, day or 1).isoformat()
    return told if day else told[:7]


def exists(text: str) -> bool:
    """Tell whether the first date in `text` is one of its calendar; a text without a date passes."""
    return _possible(*_parts(text)) == _parts(text)


def _parts(text: str) -> tuple[int, int, int]:
    """Year, month and day of the first date, 0 for what is not said."""
    plain = "".join(str(unicodedata.decimal(sign, sign)) for sign in text)
    found = _PARTS.search(plain)
    year, month, day = (int(part) if part else 0 for part in found.groups()) if found else (0, 0, 0)
    return year, month, day


def _possible(year: int, month: int, day: int) -> tuple[int, int, int]:
    """The date as far as it exists."""
    if not 0 < month <= 12:
        return year, 0, 0
    return year, month, day if day <= _days(year, month) else 0


def _days(year: int, month: int) -> int:
    """How many days a month has, in the calendar that its year tells."""
    if year >= _JALALI_UP_TO:
        return monthrange(year, month)[1]
    following = (year, month + 1) if month < 12 else (year + 1, 1)
    return (jalali_to_gregorian(*following, 1) - jalali_to_gregorian(year, month, 1)).days


def jalali_to_gregorian(year: int, month: int, day: int) -> date:
    """The Gregorian day of a day of the Persian calendar, by its cycle of 33 years: right from 1277 to 1436 (1898 to
    2057). A day that its month has not counts on into the next.
    """
    years = year - 979  # which began on the 20th of March, 1600
    days = 365 * years + 8 * (years // 33) + (years % 33 + 3) // 4
    return date(1600, 3, 20) + timedelta(days=days + 31 * min(month - 1, 6) + 30 * max(month - 7, 0) + day - 1)
