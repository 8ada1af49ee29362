from __future__ import annotations

from persian_mir.i18n import quoted


def test_a_name_is_quoted_as_it_was_written():
    assert quoted("علی\u200cزاده") == "“علی\u200cزاده”"


def test_what_would_steer_a_terminal_is_spelt_out():
    assert quoted("\x1b[2Ja\nb\u202ec") == r"“\x1b[2Ja\nb\u202ec”"
