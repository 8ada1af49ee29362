"""The menus: no letter and no key leads to two places, in both languages."""

from __future__ import annotations

from collections import Counter

import pytest

from persian_mir_gui.shell.actions import action_table, menu_titles

GUESTS = {"predictors", "device"}  # menus with titles of their own
NAMES_OF_LANGUAGES = {"language:en", "language:fa"}


def mnemonic(text: str) -> str:
    _before, found, after = text.partition("&")
    return after[0].casefold() if found else ""


@pytest.mark.parametrize("language", ["en", "fa"])
def test_every_letter_opens_one_thing(monkeypatch: pytest.MonkeyPatch, language: str) -> None:
    monkeypatch.setenv("LANGUAGE", language)
    titles = menu_titles()
    assert (titles["file"] == "&File") == (language == "en")
    menus = {"": [title for name, title in titles.items() if "." not in name]}
    for row in action_table():
        if row.id and row.id not in GUESTS | NAMES_OF_LANGUAGES:
            menus.setdefault(row.menu, []).append(titles.get(row.id, row.text))
    for menu, texts in menus.items():
        letters = Counter(mnemonic(text) for text in texts)
        assert letters.most_common(1)[0][1] == 1, (menu, letters)
        assert "" not in letters, (menu, texts)


def test_every_key_does_one_thing() -> None:
    keys = Counter(key for row in action_table() for key in row.keys)
    assert keys.most_common(1)[0][1] == 1
