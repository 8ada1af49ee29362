from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from persian_mir.labels import LABEL_ID, is_label
from persian_mir.names import LONGEST, clean_name, is_name, name_key, search_key

ZWNJ = "\u200c"
signs = st.sampled_from(
    "حسینعلیزادهيكىٔآأَ۲2 aZ-_.'ʿ" + ZWNJ + "\u200d\u200f\u202e\u2067\u00a0\n\t\u0301\u0654\u0653\u064eé\u212b"
)
texts = st.text(signs, max_size=12) | st.text(max_size=12)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("حسین علیزاده", "حسین علیزاده"),
        ("  حسین \u00a0\t علیزاده\n", "حسین علیزاده"),
        ("\ufeff\u200fحسین\u202b علیزاده\u202c", "حسین علیزاده"),  # marks of direction, as word processors add them
        (f"{ZWNJ}علی{ZWNJ}{ZWNJ}زاده{ZWNJ} تار{ZWNJ}", f"علی{ZWNJ}زاده تار"),
        ("Hossein Alizadeh", "Hossein Alizadeh"),
        ("ahmad-ebadi", "ahmad-ebadi"),
        ("''Abd al-Qadir", "'Abd al-Qadir"),
        ("«شیدا» (گروه)", "«شیدا» (گروه)"),
        ("cafe\u0301", "café"),
        ("25", "25"),
        ("ع" * LONGEST, "ع" * LONGEST),
    ],
)
def test_a_name_is_kept_as_it_is_written_but_for_what_is_not_seen(text: str, name: str) -> None:
    assert clean_name(text) == name
    assert is_name(name)


@pytest.mark.parametrize(
    "text", ["", " ", ZWNJ, "?", "ع" * (LONGEST + 1), "<b>x</b>", "=1+1", "+x", "@x", "-x", "a\0b", "a\x1bb", "a\udcff"]
)
def test_what_is_no_name(text: str) -> None:
    assert clean_name(text) == ""
    assert not is_name(text)


@example("Z\u200c\u0301")
@example("ي\u200f\u0654")
@given(texts)
def test_a_kept_name_is_kept_again_and_hides_nothing(text: str) -> None:
    name = clean_name(text)
    if not name:
        return
    assert is_name(name)
    assert name == name.strip() == unicodedata.normalize("NFC", name)
    assert all(sign.isprintable() or sign in "\u200c\u200d" for sign in name)
    assert name_key(name) == name_key(text)
    assert name_key(name_key(name)) == name_key(name)


@given(st.from_regex(LABEL_ID, fullmatch=True))
def test_what_was_a_label_before_is_one_still(text: str) -> None:
    assert is_label("artist", text)
    assert is_label("instrument", text)


def test_a_closed_vocabulary_has_ids_only() -> None:
    assert not is_label("instrument", "سه‌تار")
    assert is_label("artist", "سه‌تار")


@pytest.mark.parametrize(
    "ways",
    [
        ("علی‌زاده", "علی زاده", "علیزاده", "علي‌زاده", "عَلیزاده", "علـیزاده"),
        ("کیهان کلهر", "كيهان كلهر", "كىهان  كلهر"),
        ("Ahmad Ebadi", "ahmad-ebadi", "AHMAD_EBADI", "Ahmad  Ebadi"),
        ("M. R. Shajarian", "M.R. Shajarian", "MR Shajarian"),
        ("'Abd al-Qadir", "ʿAbd al-Qadir", "Abd al Qadir"),
        ("نوازنده ۲", "نوازنده 2", "نوازنده‌٢"),
    ],
)
def test_writings_of_one_name(ways: tuple[str, ...]) -> None:
    assert len({name_key(way) for way in ways}) == 1


@pytest.mark.parametrize(
    ("one", "other"), [("1-2", "12"), ("علی", "عالی"), ("Ebadi", "Ebady"), ("A", "B"), ("آرش", "ارش")]
)
def test_other_names_stay_apart(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


def test_a_search_minds_no_letters_of_one_script_and_no_accents() -> None:
    assert search_key("كيك É آواز") == search_key("کیک e اواز") == search_key("كیك\u200ce\u200cاوا\u064eز")
