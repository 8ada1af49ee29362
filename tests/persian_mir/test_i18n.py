from __future__ import annotations

import os
import string
from collections.abc import Iterator
from datetime import datetime
from unittest import mock

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from persian_mir.i18n import _, digits, figures, ngettext, quoted
from persian_mir.times import parse_number

FROM_PERSIAN = str.maketrans("۰۱۲۳۴۵۶۷۸۹٫٪", "0123456789.%")
names = st.text("abc XYZ علی۵0123456789 .,%-_()", max_size=12)
words = st.text(string.ascii_letters + " ,;:()", max_size=8)
parts = st.text(string.ascii_letters + string.digits + "-_.", min_size=1, max_size=6)


def test_a_name_is_quoted_as_it_was_written():
    assert quoted("علی\u200cزاده") == "“علی\u200cزاده”"


def test_what_would_steer_a_terminal_is_spelt_out():
    assert quoted("\x1b[2Ja\nb\u202ec") == r"“\x1b[2Ja\nb\u202ec”"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("28.6 %، −12.7.", "۲۸٫۶٪، −۱۲٫۷."),
        ("76%", "۷۶٪"),
        ("41.6 – 60.9", "۴۱٫۶ – ۶۰٫۹"),
        ("take_2.wav Data/0_5.flac v1-95M 2e-05 1.5.2", "take_2.wav Data/0_5.flac v1-95M 2e-05 1.5.2"),
        ("\u2068takes of 2024\u2069: 12 %, \u20685 s\u2069", "\u2068takes of 2024\u2069: ۱۲٪, \u20685 s\u2069"),
        ("-14 (-3.5%) 2026-11-29 x/-5", "-۱۴ (-۳٫۵٪) 2026-11-29 x/-5"),
        ("2026-11-29T10:05:00+00:00 at 10:05", "2026-11-29T10:05:00+00:00 at ۱۰:۰۵"),
        (
            "https://x.org/1?a=2&b=3#t=4,5 tcp://127.0.0.1:8786 7",
            "https://x.org/1?a=2&b=3#t=4,5 tcp://127.0.0.1:8786 ۷",
        ),
        ("\u2068a \u20661\u2069 2\u2069 3 \u20684", "\u2068a \u20661\u2069 2\u2069 ۳ \u20684"),
        ("\u2069 5 \u2067 6 \u2069 7", "\u2069 ۵ \u2067 6 \u2069 ۷"),
    ],
)
def test_numbers_have_the_digits_of_the_language_and_names_stay(text, shown, monkeypatch):
    monkeypatch.setenv("LANGUAGE", "fa")
    assert figures(text) == shown
    monkeypatch.setenv("LANGUAGE", "en")
    assert figures(text) == text


def test_a_text_writes_the_numbers_it_is_given_in_its_digits_and_leaves_names(monkeypatch):
    monkeypatch.setenv("LANGUAGE", "fa")
    many = ngettext("{count} file was written.", "{count} files were written.", 12)
    assert many.format(count=12) == "۱۲ فایل نوشته شد."
    assert _("{layers} of {count}").format(layers="6, 7", count=13).endswith("6, 7 از ۱۳")
    assert _("{window:g} s every {hop:g} s").format(window=2.5, hop=np.float32(5)).endswith("۲٫۵ ثانیه، هر ۵ ثانیه")
    text = _("{file}: probe {hash}").format(file="my music 12/p 7.probe", hash="123456789012")
    assert "my music 12/p 7.probe" in text
    assert "123456789012" in text
    assert _("{number}%").format(number=True) == "True٪"
    monkeypatch.setenv("LANGUAGE", "en")
    assert type(_("{layers} of {count}")) is str


@pytest.fixture(scope="module")
def _in_persian() -> Iterator[None]:
    """For all examples of a property; `monkeypatch` is of one test function."""
    with mock.patch.dict(os.environ, {"LANGUAGE": "fa"}):
        yield


@pytest.mark.usefixtures("_in_persian")
@given(st.lists(st.tuples(words, st.sampled_from("\u2066\u2067\u2068"), names), max_size=4), words)
def test_what_is_isolated_keeps_its_digits_whatever_it_is(told, rest):
    text = "".join(f"{word} 12 {sign}{name}\u2069" for word, sign, name in told) + rest
    expected = "".join(f"{word} ۱۲ {sign}{name}\u2069" for word, sign, name in told) + rest
    assert figures(text) == expected


@pytest.mark.usefixtures("_in_persian")
@given(st.lists(parts, min_size=2, max_size=5), st.sampled_from(["/", "\\"]), words)
def test_a_path_without_spaces_keeps_its_digits(folders, between, rest):
    path = between.join(folders)
    assert figures(path) == path
    assert figures(f"(5) {path} {rest}") == f"(۵) {path} {rest}"


@pytest.mark.usefixtures("_in_persian")
@given(
    st.datetimes(datetime(1000, 1, 1)),
    st.sampled_from(["http", "https", "file"]),
    st.text(string.printable[:94], max_size=20),
)
def test_an_address_and_a_time_for_programs_keep_their_digits(when, scheme, rest):
    address = f"{scheme}://1.2.3.4:80/{rest}"
    stamp = when.isoformat()
    assert figures(f"{address} {stamp} {stamp[:10]}") == f"{address} {stamp} {stamp[:10]}"


@pytest.mark.usefixtures("_in_persian")
@given(st.integers(-(10**18), 10**18), st.floats(-1e15, 1e15).map(lambda value: round(value, 3)))
def test_a_number_is_the_same_when_it_is_read_again(whole, fraction):
    for value, text in ((whole, str(whole)), (fraction, f"{fraction:.3f}")):
        shown = figures(text)
        assert shown.translate(FROM_PERSIAN) == text
        assert shown == digits(text) == figures(shown)
        assert parse_number(shown) == pytest.approx(value)


@pytest.mark.usefixtures("_in_persian")
@given(names, st.integers(0, 10**9), st.floats(0, 1))
def test_a_text_changes_no_name_that_it_is_given(name, number, share):
    assert _("{file}: probe {hash}").format(file=name, hash=str(number)).startswith(f"{name}: ")
    text = _("Of {count} synthesised other sounds never heard, {share:.0%} are none of its labels to it.")
    shown = text.format(count=number, share=share)
    assert digits(str(number)) in shown
    assert not set(shown) & set("0123456789%")
