from __future__ import annotations

import pytest

from persian_mir.i18n import figures, quoted


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
        ("-14 (-3.5%) 2026-11-29 x/-5", "-۱۴ (-۳٫۵٪) 2026-11-29 x/-5"),
    ],
)
def test_numbers_have_the_digits_of_the_language_and_names_stay(text, shown, monkeypatch):
    monkeypatch.setenv("LANGUAGE", "fa")
    assert figures(text) == shown
    monkeypatch.setenv("LANGUAGE", "en")
    assert figures(text) == text
