from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from persian_mir.times import parse_number, parse_seconds


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("65", 65),
        (" 65.5 ", 65.5),
        ("1:05", 65),
        ("1:5", 65),
        ("0:01:05.5", 65.5),
        ("01:02:03,25", 3723.25),
        ("۱:۰۵٫۵", 65.5),
        ("٠١:٠٥", 65),
        ("90:00", 5400),
        ("1e2", 100),
        ("-3", -3),
        ("00:00", 0),
    ],
)
def test_a_time_is_read_as_people_write_it(text: str, seconds: float) -> None:
    assert parse_seconds(text) == pytest.approx(seconds)


@pytest.mark.parametrize(
    "text", ["", ":", "1:", ":05", "1:-5", "-1:05", "1:2:3:4", "1:1e1", "1.5:00", "x", "nan", "inf", "1:nan", "1,234.5"]
)
def test_what_is_no_time_is_none(text: str) -> None:
    with pytest.raises(ValueError, match="could not convert"):
        parse_seconds(text)


def test_digits_without_end_are_no_time() -> None:
    for text in ("9" * 5000, "9" * 5000 + ":00", "9" * 400 + ":00"):
        with pytest.raises(ValueError, match="could not convert"):
            parse_seconds(text)


@given(st.text(max_size=12))
def test_any_text_is_a_time_or_is_refused(text: str) -> None:
    try:
        value = parse_seconds(text)
    except ValueError:
        return
    assert value == value and abs(value) != float("inf")  # noqa: PT018 - one question


@given(st.floats(0, 1e6, allow_subnormal=False))
def test_a_number_is_the_time_that_it_is(value: float) -> None:
    assert parse_number(repr(value)) == parse_seconds(repr(value)) == value
