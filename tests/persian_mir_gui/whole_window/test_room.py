"""The room that the whole window has: small and large screens, messages, languages, colours."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from persian_mir_gui.app import build_program, parse
from persian_mir_gui.core.settings import Settings
from persian_mir_gui.widgets.theme import DARK, LIGHT
from tests.persian_mir_gui.whole_window.hands import Make, opened

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)  # Qt's offscreen screen has no frames


def cut(root: QWidget) -> list[str]:
    """Words of one line that have no room in a window."""
    seen = [one for one in root.findChildren(QWidget) if one.isVisibleTo(root) and one.window() is root]
    labels = [one for one in seen if isinstance(one, QLabel) and not one.wordWrap() and "<" not in one.text()]
    buttons = [one for one in seen if isinstance(one, QPushButton)]
    narrow = [
        one.text()
        for one in labels
        if max(map(one.fontMetrics().horizontalAdvance, one.text().split("\n"))) > one.contentsRect().width() + 1
    ]
    return narrow + [one.text() for one in buttons if one.sizeHint().width() > one.width() + 1]


def _fits(window: QWidget) -> None:
    assert cut(window) == [], type(window)


def test_a_wide_window_has_wider_panes_beside_its_middle(make: Make) -> None:
    """Names in the list were cut at 1920 as at 1480."""
    window = make()
    window.resize(1480, 900)
    window.panes.setSizes([236, 924, 320])
    window.resize(1920, 900)
    aside, middle, inspector = window.panes.sizes()
    assert aside > 290
    assert inspector > 380
    assert middle > 1100
    window.resize(1480, 900)
    assert window.panes.sizes()[0] == pytest.approx(236, abs=4)


def test_the_first_window_leaves_room_for_its_frame(make: Make) -> None:
    program = build_program(QApplication.instance(), parse([]))
    room = program.window.screen().availableGeometry()
    assert program.window.height() <= room.height() - 30
    program.window.close()


def test_colours_change_while_the_window_is_open(make: Make, qapp: QApplication) -> None:
    window = make()
    window.action("theme:light").trigger()
    assert qapp.palette().window().color() == LIGHT.panel
    window.action("theme:dark").trigger()
    assert qapp.palette().window().color() == DARK.panel
    assert Settings().get("theme") == "dark"


@pytest.mark.usefixtures("persian")
def test_in_persian_the_panes_change_sides_and_digits_are_persian(
    make: Make, qtbot: QtBot, wav: Path, qapp: QApplication
) -> None:
    window = make(wav)
    opened(window, qtbot)
    assert qapp.layoutDirection() == Qt.LayoutDirection.RightToLeft
    assert window.sidebar.geometry().left() > window.inspector.geometry().left()
    assert window.transport.time.text() == "00:00:00.000"
    assert qapp.translate("QPlatformTheme", "Cancel") != "Cancel"
    own = [qapp.translate("QFileDialog", word) for word in ("Look in:", "Files of type:")]  # Qt's Persian lacks them
    assert own == ["در پوشهٔ:", "گونهٔ فایل‌ها:"]
    assert qapp.translate("QFileDialog", "No such word") == "No such word"


@pytest.mark.usefixtures("spoken")
def test_on_a_small_screen_every_window_fits_and_no_words_are_cut(make: Make, qtbot: QtBot, wav: Path) -> None:
    window = make(wav)
    opened(window, qtbot)
    for other in (window, *window._others):
        other.show()
        other.resize(900, 600)
        qtbot.wait(50)
        assert (other.width(), other.height()) == (900, 600), type(other)
        qtbot.waitUntil(partial(_fits, other))  # what the sound card answers may come in just now, and needs room


def test_small_windows_fold_the_panes_and_large_ones_unfold_them(make: Make) -> None:
    window = make()
    for width, sidebar, inspector in ((1200, True, True), (900, True, False), (700, False, False), (1200, True, True)):
        window.resize(width, 700)
        assert (window.sidebar.isVisible(), window.inspector.isVisible()) == (sidebar, inspector)


def test_a_low_window_folds_what_is_wanted_least(make: Make, qtbot: QtBot, wav: Path) -> None:
    Settings().set("mert_card_dismissed", True)
    window = make(wav)
    qtbot.waitUntil(lambda: window.services.timeline.frames > 0)
    view = window.timeline.panes

    def shown() -> tuple[int, bool, bool]:
        return window.height(), view.overview.isVisible(), view.pitch.isVisible()

    for wanted in ((800, True, True), (520, False, True), (420, False, False), (800, True, True)):
        window.resize(900, wanted[0])
        qtbot.waitUntil(lambda expected=wanted: shown() == expected)  # type: ignore[misc]


def test_messages_lie_over_the_window_and_push_nothing_down(make: Make, qtbot: QtBot, wav: Path) -> None:
    window = make(wav)
    opened(window, qtbot)
    before = window.timeline.geometry(), window.sidebar.geometry()
    window.services.messages.warning("Something is not as it should be.", "Do something about it.", wav)
    assert window.messages.isVisible()
    assert (window.timeline.geometry(), window.sidebar.geometry()) == before
    place = window.messages.mapTo(window, window.messages.rect().topLeft())
    assert place.y() > window.top.geometry().bottom()
    middle = window.panes.widget(1)
    assert middle.isAncestorOf(window.messages)  # not over the heads of the panes at its sides
    window.resize(800, 600)
    qtbot.waitUntil(lambda: window.messages.geometry().right() < middle.width())


def test_a_message_covers_neither_waveform_nor_lanes_nor_the_buttons_of_a_review(
    make: Make, qtbot: QtBot, wav: Path
) -> None:
    window = make(wav)
    opened(window, qtbot)
    window.resize(900, 600)
    window.services.messages.warning("Something is not as it should be.", "Do something about it.", wav)

    def covered(widget: QWidget) -> bool:
        under = QRect(widget.mapTo(window, QPoint()), widget.size())
        message = QRect(window.messages.mapTo(window, QPoint()), window.messages.size())
        return widget.isVisible() and under.intersects(message)

    panes = window.timeline.panes
    qtbot.waitUntil(lambda: not covered(panes.waveform) and not covered(panes.lanes))
    window.review.setVisible(True)
    qtbot.waitUntil(lambda: window.review.height() > 20 and not covered(window.review))


def test_a_selection_keeps_no_window_wide(make: Make, qtbot: QtBot, wav: Path) -> None:
    window = make(wav)
    opened(window, qtbot)
    window.resize(1280, 800)
    least = window.transport.minimumSizeHint().width()
    window.services.timeline.select(0, 4000)
    assert window.transport.selected.isVisible()
    assert window.transport.minimumSizeHint().width() <= least + 20  # a gap, not the words
