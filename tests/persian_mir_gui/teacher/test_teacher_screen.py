"""The teacher's screen: nothing gives the answer away before it is revealed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFontInfo
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from persian_mir.labels import label_ids
from persian_mir.prediction import Prediction
from persian_mir.provenance import Provenance
from persian_mir_gui.shell.panes import build_teacher
from persian_mir_gui.shell.services import Services
from persian_mir_gui.teacher.teacher_screen import TeacherScreen
from persian_mir_gui.widgets.theme import DARK, LIGHT, ON_BLACK, ON_WHITE, Theme, apply_theme, contrast

RATE = 8000
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", "does not support raise", extend=True)


@pytest.fixture
def screen(services: Services, qtbot: QtBot, tmp_path: Path) -> TeacherScreen:
    """Over two recordings in Segah."""
    paths = [tmp_path / f"Segah {k}.wav" for k in (1, 2)]
    for path in paths:
        soundfile.write(path, np.zeros(10 * RATE, np.float32), RATE)
    services.session.open_paths(paths)
    qtbot.waitUntil(lambda: [item.state for item in services.session.items] == ["ready"] * 2)
    ids = label_ids("dastgah")
    row = np.full((1, len(ids)), 0.02, np.float32)
    row[0, ids.index("segah")] = 0.88
    span = np.array([0]), np.array([10 * RATE])
    for item in services.session.items:
        said = Prediction("dastgah", ids, *span, row, row[0], Provenance("modal"))
        services.session.put_prediction(item, "modal", "Modal reading", said)
    made = build_teacher(services)
    qtbot.addWidget(made)
    made.loop_wanted.connect(services.player.set_loop)
    made.appear()
    return made


def shown(screen: TeacherScreen) -> str:
    return " ".join(label.text() for label in screen.findChildren(QLabel))


def test_hidden_until_revealed_and_hidden_again(screen: TeacherScreen) -> None:
    assert "Segah" not in shown(screen)
    assert "سه‌گاه" not in shown(screen)
    screen.turn()
    assert screen.name.text() == "Segah"
    assert screen.other.text() == "سه‌گاه"
    assert "88%" in screen.more.text()
    screen.turn()
    assert "Segah" not in shown(screen)


def test_the_next_recording_is_hidden_again(screen: TeacherScreen, services: Services) -> None:
    services.session.select(services.session.items[0])
    screen.turn()
    screen._step(1)
    assert services.session.current is services.session.items[1]
    assert not screen.revealed
    assert "Segah" not in shown(screen)
    screen._step(1)
    assert services.session.current is services.session.items[1]


def test_keys(screen: TeacherScreen, qtbot: QtBot, services: Services) -> None:
    screen.activateWindow()
    qtbot.waitUntil(screen.isActiveWindow)
    qtbot.keyClick(screen, Qt.Key.Key_Space)
    assert screen.revealed
    qtbot.keyClick(screen, Qt.Key.Key_Return)
    assert not screen.revealed
    before = screen.grab().toImage()
    qtbot.keyClick(screen, Qt.Key.Key_C)
    assert screen.grab().toImage() != before
    qtbot.keyClick(screen, Qt.Key.Key_L)
    assert services.player.looping
    assert "loop" in screen.state.text()
    qtbot.keyClick(screen, Qt.Key.Key_Escape)
    assert not screen.isVisible()


def test_the_pitch_has_no_degrees_before_the_answer(screen: TeacherScreen) -> None:
    assert screen.stage is not None
    assert screen.stage.pitch.hushed
    screen.turn()
    assert not screen.stage.pitch.hushed
    screen.turn()
    assert screen.stage.pitch.hushed


def test_slow_playback(screen: TeacherScreen, qtbot: QtBot, services: Services) -> None:
    screen.activateWindow()
    qtbot.waitUntil(screen.isActiveWindow)
    for _step in range(2):
        qtbot.keyClick(screen, Qt.Key.Key_BracketLeft)
    assert services.player.speed == 0.8
    assert screen.speed.text().startswith("80%")
    assert "speed 80%" in screen.state.text()
    for _step in range(20):
        qtbot.keyClick(screen, Qt.Key.Key_BracketLeft)
    assert services.player.speed == 0.25
    for _step in range(20):
        qtbot.keyClick(screen, Qt.Key.Key_BracketRight)
    assert services.player.speed == 1.0
    assert services.timeline.selection is None


def test_a_phrase_is_selected_and_the_playhead_moved_by_hand(
    screen: TeacherScreen, qtbot: QtBot, services: Services
) -> None:
    assert screen.stage is not None
    pane = screen.stage.waveform
    left, right, middle = (round(pane.time_scale.x(second * RATE)) for second in (2, 6, 8))
    y = pane.height() // 2
    qtbot.mouseClick(pane.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(middle, y))
    assert abs(services.timeline.playhead - 8 * RATE) < RATE / 5
    qtbot.mousePress(pane.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(left, y))
    qtbot.mouseMove(pane.viewport(), QPoint(left + 30, y))
    qtbot.mouseMove(pane.viewport(), QPoint(right, y))
    qtbot.mouseRelease(pane.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(right, y))
    assert services.timeline.selection is not None
    assert abs(services.timeline.selection[0] - 2 * RATE) < RATE / 5


def test_nothing_that_is_written_is_larger_than_the_screen(screen: TeacherScreen) -> None:
    for text in ("Segah", "not sure: Rast-Panjgah or Bayat-e Esfahan"):
        screen.name.setText(text)
        screen._fit_type()
        assert screen.name.sizeHint().width() + screen.other.sizeHint().width() <= screen.width()


def test_a_smaller_screen_gets_smaller_writing(screen: TeacherScreen, qtbot: QtBot, services: Services) -> None:
    services.player.set_speed(0.65)
    screen.showNormal()
    for width, height in ((1920, 1200), (900, 600)):
        screen.resize(width, height)
        qtbot.waitUntil(lambda size=(width, height): (screen.width(), screen.height()) == size)  # type: ignore[misc]
    for part in (screen.reveal, screen.play, screen.loop, screen.rising, screen.speed, screen.state):
        assert part.width() >= part.sizeHint().width()
        assert screen.rect().contains(part.geometry())


@pytest.mark.parametrize("theme", [ON_BLACK, ON_WHITE])
def test_what_is_read_from_afar_stands_out(theme: Theme) -> None:
    assert contrast(theme.text, theme.background) == pytest.approx(21.0)
    for ink in (theme.text_dim, theme.text_faint, theme.wave_rms):
        assert contrast(ink, theme.background) >= 12
    assert contrast(theme.accent, theme.background) >= 7


def test_without_a_recording_it_says_so(screen: TeacherScreen, services: Services) -> None:
    services.session.close_all()
    assert screen.name.text() == "No recording is open"


def test_one_sees_whether_a_loop_is_on(screen: TeacherScreen, services: Services, qtbot: QtBot) -> None:
    grounds = []
    for on in (False, True, False):
        services.player.set_loop(on)
        screen.loop.setEnabled(True)
        grounds.append(screen.loop.grab().toImage().pixelColor(7, 7).name())
    theme = screen.themes.theme
    assert grounds == [theme.raised.name(), theme.accent.name(), theme.raised.name()]


def test_the_loops_form_is_in_the_screens_colours(screen: TeacherScreen, qapp: QApplication) -> None:
    apply_theme(qapp, LIGHT)
    form = screen.rising.form
    screen.rising.setEnabled(True)
    form.setEnabled(True)
    for field in (form.rises, *form.fields.values()):
        field.setEnabled(True)
        field.ensurePolished()
        assert field.palette().color(field.foregroundRole()).name() == ON_BLACK.text.name()


def test_the_programs_other_colours_change_nothing_here(screen: TeacherScreen, qapp: QApplication) -> None:
    screen.turn()
    for theme in (LIGHT, DARK, LIGHT):
        apply_theme(qapp, theme)
        for label, ink in ((screen.name, ON_BLACK.text), (screen.more, ON_BLACK.text_dim)):
            label.ensurePolished()
            assert label.palette().color(label.foregroundRole()).name() == ink.name()


@pytest.mark.parametrize(("width", "height"), [(1920, 1200), (1280, 720)])
def test_what_opens_over_the_screen_is_as_large_as_its_buttons(
    screen: TeacherScreen, width: int, height: int, qtbot: QtBot
) -> None:
    """The loop's form, the speeds and the tips had the type of the program's window."""
    screen.showNormal()
    screen.resize(width, height)
    qtbot.waitUntil(lambda: screen.play.height() > 0 and screen.size().width() == width)
    pixels = QFontInfo(screen.play.font()).pixelSize()
    assert pixels == pytest.approx(0.026 * min(height, 0.62 * width), abs=1)
    buttons = (screen.reveal, screen.play, screen.loop, screen.rising, screen.speed)
    words = [button.fontMetrics().size(0, button.text()) for button in buttons]
    assert all(button.sizeHint().width() > one.width() for button, one in zip(buttons, words, strict=True))
    assert all(button.sizeHint().height() > one.height() for button, one in zip(buttons, words, strict=True))
    qtbot.waitUntil(lambda: all(button.size() == button.sizeHint() for button in buttons))
    form = screen.rising.form
    menu = screen.speed.menu()
    opened = [form.rises, form.state, *form.fields.values(), *form.findChildren(QLabel), menu]
    for part in opened:
        part.ensurePolished()
        assert QFontInfo(part.font()).pixelSize() == pixels, part
    assert form.sizeHint().width() > 8 * pixels
    assert max(form.sizeHint().height(), menu.sizeHint().height()) < height


@pytest.mark.parametrize(("program", "here"), [(LIGHT, ON_BLACK), (DARK, ON_WHITE)])
def test_speeds_are_seen_in_their_menu_and_the_one_that_is_on_stands_out(
    screen: TeacherScreen, services: Services, qapp: QApplication, program: Theme, here: Theme
) -> None:
    """On white the menu wrote in the pale ink of the program's dark colours."""
    apply_theme(qapp, program)
    while screen.themes.theme is not here:
        screen._invert()
    services.player.set_speed(0.5)
    screen.speed.setEnabled(True)
    menu = screen.speed.menu()
    menu.setEnabled(True)
    menu.ensurePolished()
    menu.adjustSize()
    image, accents = menu.grab().toImage(), []
    for action in menu.actions():
        row = image.copy(menu.actionGeometry(action))
        colours = [row.pixelColor(x, y) for x in range(row.width()) for y in range(row.height())]
        assert max(contrast(colour, here.raised) for colour in colours) > 5
        accents += [action.text()] * (here.accent in colours)
    assert accents == ["50%"]
