"""The whole window on real files: what it opens, says, remembers and lets go of."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import soundfile
from PySide6.QtCore import QLocale, QMimeData, QPoint, QPointF, QRect, Qt, QTranslator, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from persian_mir_gui.app import build_program, parse, restart
from persian_mir_gui.core.settings import Settings
from persian_mir_gui.shell import window_wiring
from persian_mir_gui.shell.commands import Commands
from persian_mir_gui.shell.main_window import MainWindow
from persian_mir_gui.widgets.theme import DARK, LIGHT

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)  # Qt's offscreen screen has no frames
RATE = 8000
Make = Callable[..., MainWindow]


@pytest.fixture
def wav(tmp_path: Path) -> Path:
    """Six seconds of a plucked scale."""
    path = tmp_path / "scale.wav"
    notes = 220.0 * 2 ** (np.array([0, 2, 3.5, 5, 7, 8, 10, 12, 10, 8, 7, 5]) / 12)
    time = np.arange(RATE // 2) / RATE
    sound = [np.exp(-4 * time) * sum(np.sin(2 * np.pi * f * k * time) / k for k in (1, 2, 3)) for f in notes]
    soundfile.write(path, 0.3 * np.concatenate(sound), RATE)
    return path


@pytest.fixture
def make(qtbot: QtBot, qapp: QApplication) -> Iterator[Make]:
    """Builds windows that do not label by themselves; closes them, and puts the application back as it was."""
    windows: list[MainWindow] = []

    def build(*arguments: str | Path, label: bool = False) -> MainWindow:
        Settings().set("label_on_open", label)
        program = build_program(qapp, parse([str(argument) for argument in arguments]))
        window = program.window
        window.services = program.services  # for the tests alone
        qtbot.addWidget(window)
        window.resize(1200, 800)
        with qtbot.waitExposed(window):
            window.show()
        windows.append(window)
        return window

    hook = sys.excepthook
    yield build
    for window in windows:
        window.close()
    sys.excepthook = hook


@pytest.fixture
def persian(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A window in Persian, and everything as before afterwards."""
    monkeypatch.setenv("LANGUAGE", "en")
    before = QLocale()
    Settings().set("language", "fa")
    yield
    for translator in qapp.findChildren(QTranslator):
        qapp.removeTranslator(translator)
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    QLocale.setDefault(before)


def opened(window: MainWindow, qtbot: QtBot, count: int = 1) -> None:
    def ready() -> None:
        assert len(window.services.session.items) == count
        assert all(item.state != "opening" for item in window.services.session.items)
        assert not window.services.session._opening  # which tells at its end what could not be opened

    qtbot.waitUntil(lambda: not _raises(ready))


def _raises(check: Callable[[], None]) -> bool:
    try:
        check()
    except AssertionError:
        return True
    return False


def test_a_recording_named_on_the_command_line_is_open_and_shown(make: Make, qtbot: QtBot, wav: Path) -> None:
    window = make(wav)
    opened(window, qtbot)
    assert window.middle.currentWidget() is window.timeline
    assert window.windowTitle().startswith("scale.wav")
    assert window.services.timeline.frames == 6 * RATE
    assert "00:00:06.000" in window.transport.length.text()
    assert window.top.label.isEnabled()


def test_opening_labels_at_once_with_the_modal_reading(make: Make, qtbot: QtBot, wav: Path) -> None:
    window = make(wav, label=True)
    opened(window, qtbot)
    item = window.services.session.items[0]
    qtbot.waitUntil(lambda: item.labelling in ("done", "failed"))
    assert item.labelling == "done"
    assert ("modal", "dastgah") in item.predictions
    assert "not verified" in window.inspector.label_text()
    qtbot.waitUntil(lambda: not window.top.cancel.isVisible())


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


def test_nothing_open_shows_the_ways_to_begin(make: Make) -> None:
    window = make()
    assert window.middle.currentWidget() is window.welcome
    assert not window.top.label.isEnabled()
    assert not window.action("close").isEnabled()
    assert window.focusWidget() is window.welcome.open  # not the first button of the bar, which Space would press
    asked: list[bool] = []
    window.action("open_folder").triggered.disconnect()
    window.action("open_folder").triggered.connect(lambda *_on: asked.append(True))
    window.welcome.folder.click()
    assert len(asked) == 1


def test_the_first_window_leaves_room_for_its_frame(make: Make) -> None:
    program = build_program(QApplication.instance(), parse([]))
    room = program.window.screen().availableGeometry()
    assert program.window.height() <= room.height() - 30
    program.window.close()


def test_the_kinds_of_files_are_named_in_words(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """44 suffixes are cut by the field that shows them."""
    asked: dict[str, object] = {}
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_rest, **options: asked.update(options) or ([], ""))
    make().action("open").trigger()
    assert asked["options"] == QFileDialog.Option.HideNameFilterDetails


def test_what_cannot_be_opened_is_said_and_hurts_nothing_else(
    make: Make, qtbot: QtBot, wav: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.wav"
    broken.write_bytes(b"no sound at all")
    window = make(wav, broken)
    opened(window, qtbot, 2)
    assert [item.state for item in window.services.session.items] == ["ready", "failed"]
    assert window.messages.isVisible()
    assert "broken.wav" in window.messages.shown_text()


def test_what_another_window_opens_comes_forward(
    make: Make, qtbot: QtBot, wav: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    forward: list[object] = []
    monkeypatch.setattr(window_wiring, "bring_forward", forward.append)
    window = make()
    session, timeline = window.services.session, window.services.timeline
    window.archive.open_wanted.emit([wav])
    qtbot.waitUntil(lambda: session.current is not None and session.current.recording is not None)
    assert forward == [window]  # the catalogue may cover it
    recording = session.current.recording
    window.similar.open_wanted.emit(wav, (0.0, recording.frames / recording.rate))
    assert forward == [window, window]
    assert timeline.selection is None  # the whole of it is no passage
    window.similar.open_wanted.emit(wav, (0.25, 0.75))
    assert timeline.selection == (recording.rate // 4, 3 * recording.rate // 4)
    window.services.player.seek(recording.rate // 2)
    window.similar.open_wanted.emit(wav, (0.25, 0.75))
    assert window.services.player.position == timeline.playhead == recording.rate // 4


def test_files_dropped_on_the_window_are_opened(make: Make, qtbot: QtBot, wav: Path) -> None:
    window = make()
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(wav)), QUrl("https://example.org/not-a-file.wav")])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    both = Qt.DropAction.CopyAction | Qt.DropAction.MoveAction
    drop = QDropEvent(QPointF(9, 9), both, mime, buttons, keys)
    drop.setDropAction(Qt.DropAction.MoveAction)  # as file managers propose it
    window.dropEvent(drop)
    assert drop.isAccepted()
    assert drop.dropAction() == Qt.DropAction.CopyAction  # else the file manager deletes the file
    opened(window, qtbot)
    assert Settings().get("recent") == [str(wav)]


def test_open_files_panes_and_volume_outlive_the_window(make: Make, qtbot: QtBot, wav: Path) -> None:
    window = make(wav)
    opened(window, qtbot)
    window.transport.volume.setValue(35)
    window.action("sidebar").trigger()
    qtbot.waitUntil(window.timeline.panes.pitch.isVisible)  # it is laid out once there is room for it
    window.action("pitch_pane").trigger()
    qtbot.waitUntil(lambda: not window.timeline.panes.pitch.isVisible())
    window.close()
    again = make()
    opened(again, qtbot)
    assert again.services.session.items[0].path == wav
    assert again.transport.volume.value() == 35
    assert not again.sidebar.isVisible()
    assert not again.timeline.panes.pitch.isVisible()
    assert not again.action("pitch_pane").isChecked()


def test_what_is_open_outlives_a_kill(make: Make, qtbot: QtBot, wav: Path) -> None:
    window = make(wav)
    qtbot.waitUntil(lambda: Settings().get("open_files") == [str(wav)])  # while it runs
    window.services.session.close(*window.services.session.items)
    qtbot.waitUntil(lambda: Settings().get("open_files") == [])


def test_closing_while_labelling_leaves_nothing_behind(make: Make, qtbot: QtBot, wav: Path) -> None:
    window = make(wav, label=True)
    qtbot.waitUntil(lambda: window.services.labelling.running)
    window.close()  # the fixture of all tests fails this one if a thread is left


@pytest.mark.qt_log_ignore("does not support raise", extend=True)
def test_the_other_windows_close_with_it(make: Make, qtbot: QtBot) -> None:
    """Seen: the trainer stayed, with nothing behind it, and the program did not end."""
    window = make()
    for other in (window.trainer, window.live, window.teacher):
        other.appear()
        assert other.isVisible()
    qtbot.waitUntil(lambda: not window.services.io.jobs)
    window.close()
    assert not any(other.isVisible() for other in (window.trainer, window.live, window.teacher))


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


@pytest.fixture(params=["en", "fa"])
def spoken(request: pytest.FixtureRequest) -> None:
    """Either language."""
    if request.param == "fa":
        request.getfixturevalue("persian")


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


def _fits(window: QWidget) -> None:
    assert cut(window) == [], type(window)


def test_small_windows_fold_the_panes_and_large_ones_unfold_them(make: Make) -> None:
    window = make()
    for width, sidebar, inspector in ((1200, True, True), (900, True, False), (700, False, False), (1200, True, True)):
        window.resize(width, 700)
        assert (window.sidebar.isVisible(), window.inspector.isVisible()) == (sidebar, inspector)


def test_the_keys_of_a_recording_work_as_soon_as_it_is_open(make: Make, qtbot: QtBot, wav: Path) -> None:
    window = make(wav)
    qtbot.waitUntil(lambda: window.services.timeline.frames > 0)
    window.activateWindow()
    assert window.focusWidget() is window.timeline.panes.waveform  # no button of the bar, which Space would press
    for on in (True, False):
        window.action("loop").trigger()
        assert window.transport.loop.isChecked() is on


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


def test_space_presses_a_button_that_has_the_keyboard(make: Make, qtbot: QtBot) -> None:
    window = make()
    pressed: list[bool] = []
    button = QPushButton("x", window)
    button.clicked.connect(lambda checked: pressed.append(checked))
    button.show()
    button.setFocus()
    qtbot.waitUntil(button.hasFocus)
    s = window.services
    Commands(s.settings, s.messages, s.timeline, s.session, s.labelling, s.player, s.tones, window, window.close).play()
    assert pressed == [False]


def test_a_recent_path_begins_with_its_slash_in_both_languages(make: Make) -> None:
    window = make()
    window.services.settings.set("recent", ["/music/new.wav"])
    menu = window.actions_by_id.menus["file.recent"]
    menu.aboutToShow.emit()
    assert menu.actions()[0].text() == "\u2068new.wav\u2069  –  \u2066/music\u2069"


def test_up_before_any_heavy_library_is_imported(wav: Path) -> None:
    """In a process of its own: the window is painted, and torch and its like have not been touched."""
    code = (
        "import sys\n"
        "from PySide6.QtWidgets import QApplication\n"
        "from persian_mir_gui.app import build_program, parse\n"
        "app = QApplication([])\n"
        "window = build_program(app, parse(['--examples'])).window\n"
        "window.show()\n"
        "window.grab()\n"
        "heavy = {'torch', 'transformers', 'onnxruntime', 'scipy', 'av', 'swift_f0', 'pyqtgraph'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
        "window.close()\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    complaints = [line for line in ran.stderr.splitlines() if "propagateSizeHints" not in line]
    assert (ran.returncode, ran.stdout, complaints) == (0, "[]\n", [])


def test_what_draws_is_loaded_beside_the_window_before_a_recording_is_shown(wav: Path) -> None:
    """A child says on which thread pyqtgraph is asked for, as the window opens a file by itself."""
    code = f"""
import sys, threading
from PySide6.QtWidgets import QApplication

class Watch:
    def find_spec(self, name, *_where):
        if name == "pyqtgraph":
            print("loaded", threading.current_thread() is threading.main_thread(), window.isVisible())

sys.meta_path.insert(0, Watch())
from persian_mir_gui.app import build_program, parse
app = QApplication([])
program = build_program(app, parse([{str(wav)!r}]))
window, session = program.window, program.services.session
session.shown_changed.connect(lambda: print("shown", session.current is not None) or app.quit())
window.show()
app.exec()
window.close()
"""
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert ran.stdout.splitlines()[:2] == ["loaded False True", "shown True"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows ends a program without a signal")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_the_end_of_the_session_keeps_what_is_open(wav: Path, number: signal.Signals) -> None:
    code = f"""
from PySide6.QtCore import QTimer
from persian_mir_gui import app
build = app.build_program
def built(*given):
    program = build(*given)
    program.services.session.shown_changed.connect(lambda: QTimer.singleShot(0, lambda: print("open", flush=True)))
    return program
app.build_program = built
app._show(app.parse([{str(wav)!r}]))
"""
    child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    assert child.stdout.readline() == "open\n"
    child.send_signal(number)
    child.communicate(timeout=60)
    assert child.returncode == 0
    assert Settings().get("open_files") == [str(wav)]


def test_without_a_display_the_terminal_gets_the_labels(wav: Path) -> None:
    environment = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")}
    command = [sys.executable, "-m", "persian_mir_gui", str(wav)]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=100, env=environment, check=False)
    if sys.platform.startswith("linux"):
        assert ran.returncode == 0, ran.stderr
        assert ran.stdout.startswith("No display here: labelling in the terminal instead.\n")
        assert "scale.wav" in ran.stdout


def test_another_language_starts_the_program_again_with_what_is_open(
    make: Make, qtbot: QtBot, wav: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = make(wav)
    opened(window, qtbot)
    again: list[bool] = []
    window.restart_wanted.connect(lambda: again.append(True))
    window.action("language:fa").trigger()
    assert window.messages.offer.text() == "Start again"
    window.messages.offer.click()
    assert again == [True]
    assert not window.messages.isVisible()


def test_a_restart_closes_the_window_and_starts_with_the_users_own_environment(
    make: Make, qtbot: QtBot, wav: Path, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = make(wav)
    opened(window, qtbot)
    started: list[tuple[list[str], dict[str, str]]] = []
    monkeypatch.setattr("subprocess.Popen", lambda command, env: started.append((command, env)))
    ended: list[Callable[[], None]] = []
    quitting = SimpleNamespace(aboutToQuit=SimpleNamespace(connect=ended.append))
    restart(quitting, window, {"LANG": "de_DE"})
    assert not window.isVisible()
    assert Settings().get("open_files") == [str(wav)]
    ended[0]()
    assert started == [([sys.executable, "-m", "persian_mir_gui"], {"LANG": "de_DE"})]


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
