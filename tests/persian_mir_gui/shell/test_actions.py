"""The menus: no letter and no key leads to two places, in both languages; Help knows them all."""

from __future__ import annotations

from collections import Counter

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtWidgets import QApplication, QMenuBar, QWidget
from pytestqt.qtbot import QtBot

from persian_mir_gui.shell.actions import Action, ActionSet, Row, Separator, Submenu
from persian_mir_gui.shell.help_dialog import about_page, keys_page
from persian_mir_gui.shell.menus import menu_titles
from persian_mir_gui.shell.services import Services
from persian_mir_gui.shell.window_wiring import build_main_window
from persian_mir_gui.timeline.keys import timeline_help
from persian_mir_gui.widgets.theme_source import ThemeSource

GUESTS = {"predictors", "device"}  # menus with titles of their own
NAMES_OF_LANGUAGES = {"language:en", "language:fa"}


@pytest.fixture(params=["en", "fa"])
def language(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("LANGUAGE", request.param)
    return str(request.param)


@pytest.fixture
def rows(language: str, services: Services, qtbot: QtBot, themes: ThemeSource) -> tuple[Row, ...]:
    window = build_main_window(services, themes)
    qtbot.addWidget(window)
    return window.actions_by_id.rows


def mnemonic(text: str) -> str:
    _before, found, after = text.partition("&")
    return after[0].casefold() if found else ""


def test_every_letter_opens_one_thing(rows: tuple[Row, ...], language: str) -> None:
    titles = menu_titles()
    assert (titles["file"] == "&File") == (language == "en")
    menus = {"": [title for name, title in titles.items() if "." not in name]}
    for row in rows:
        if not isinstance(row, Separator) and row.id not in GUESTS | NAMES_OF_LANGUAGES:
            menus.setdefault(row.menu, []).append(row.text if isinstance(row, Action) else titles[row.id])
    for menu, texts in menus.items():
        letters = Counter(mnemonic(text) for text in texts)
        assert letters.most_common(1)[0][1] == 1, (menu, letters)
        assert "" not in letters, (menu, texts)


def test_every_key_and_every_name_is_given_once(rows: tuple[Row, ...]) -> None:
    actions = [row for row in rows if isinstance(row, Action)]
    keys = [QKeySequence(key).toString() for action in actions for key in action.keys]
    assert all(keys)
    assert len(keys) == len(set(keys))
    assert len(actions) == len({action.id for action in actions})
    assert {row.menu for row in rows} <= set(menu_titles())


def test_help_holds_every_key_and_gesture(rows: tuple[Row, ...], language: str) -> None:
    page = keys_page(menu_titles(), rows)
    keyed = [row.text.replace("&", "") for row in rows if isinstance(row, Action) and row.keys]
    for what in keyed + [what for _keys, what in timeline_help()]:
        assert what in page
    assert ("GNU General Public License" in about_page()) == (language == "en")


def test_an_action_is_offered_when_it_can_be_done_and_checked_when_it_is_on(qtbot: QtBot) -> None:
    owner, can, on, done = QWidget(), [False], [False], []
    qtbot.addWidget(owner)

    def turn(wanted: bool) -> None:
        on[0] = wanted

    rows = (
        Action("file", "do", "&Do", lambda: done.append("do"), enabled=lambda: can[0]),
        Separator("file"),
        Submenu("file", "file.more"),
        Action("file.more", "on", "&On", turn, enabled=lambda: can[0], checked=lambda: on[0]),
    )
    bar = QMenuBar(owner)
    actions = ActionSet(bar, owner, {"file": "&File", "file.more": "&More"}, rows, {})
    assert not actions["do"].isEnabled()
    assert not actions.menus["file.more"].isEnabled()
    can[0] = True
    actions.refresh()
    actions["do"].trigger()
    actions["on"].trigger()
    assert (done, on, actions["on"].isChecked()) == (["do"], [True], True)
    on[0] = False
    actions.refresh()
    assert not actions["on"].isChecked()


def test_a_key_stays_behind_new_words(
    qapp: QApplication, services: Services, qtbot: QtBot, themes: ThemeSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QGuiApplication, "layoutDirection", lambda: Qt.LayoutDirection.RightToLeft)
    window = build_main_window(services, themes)
    qtbot.addWidget(window)
    window.actions_by_id.rename("undo", "Undo: drawing an item")
    assert window.action("undo").text() == "Undo: drawing an item\t\u2066Ctrl+Z\u2069"
