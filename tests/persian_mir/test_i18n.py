from __future__ import annotations

import numpy as np
import pytest

from persian_mir.i18n import _, figures, ngettext, quoted


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
