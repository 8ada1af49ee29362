"""Shortcuts act by the key's place, as a Persian layout alone gives them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QLineEdit, QMainWindow, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from persian_mir_gui.core.keyboard import LATIN, PLACES, MenuKeys, PersianKeys, sequences

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier
O_ON_X11 = 32
TOOLS = ("Xvfb", "xvfb-run", "setxkbmap", "xdotool")
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)


@pytest.fixture
def edit(qtbot: QtBot, qapp: QApplication) -> Iterator[QLineEdit]:
    window, made = QMainWindow(), QLineEdit()
    window.setCentralWidget(made)
    qtbot.addWidget(window)
    keys = PersianKeys(qapp, window)
    with qtbot.waitActive(window):
        window.show()
    made.setFocus()
    yield made
    qapp.focusChanged.disconnect(keys._follow)


def key_event(kind: QEvent.Type, letter: str, held: Qt.KeyboardModifier, place: int = 0) -> QKeyEvent:
    """As X11 makes it: the letter that the layout gives is key and text."""
    return QKeyEvent(kind, ord(letter), held, place, 0, 0, letter)


def send(edit: QLineEdit, letter: str, held: Qt.KeyboardModifier) -> None:
    QApplication.sendEvent(edit, key_event(QEvent.Type.KeyPress, letter, held))


def test_every_letter_has_one_place() -> None:
    assert len(LATIN) == len(PLACES) + 3
    keys = ("Ctrl+O", "F", "F4", "End", "Ctrl+0", "[", "Ctrl++", "Ctrl+D")
    assert [one.toString() for one in sequences(*keys)] == [
        *("Ctrl+O", "Ctrl+خ", "F", "ب", "F4", "End", "Ctrl+0", "[", "ج", "Ctrl++", "Ctrl+D", "Ctrl+ی", "Ctrl+ي")
    ]


def test_persian_is_typed_as_ever(edit: QLineEdit) -> None:
    for letter in "بم":
        send(edit, letter, Qt.KeyboardModifier.NoModifier)
    assert edit.text() == "بم"


def test_copy_and_paste_act_by_their_places(edit: QLineEdit) -> None:
    edit.setText("درآمد")
    for letter in "شز":  # A, C
        send(edit, letter, CONTROL)
    assert QApplication.clipboard().text() == "درآمد"
    edit.clear()
    send(edit, "ر", CONTROL)  # V
    assert edit.text() == "درآمد"


def override(edit: QLineEdit, letter: str, held: Qt.KeyboardModifier) -> None:
    """As Qt sends a key: first it asks whether the widget wants it, then it gives it."""
    QApplication.sendEvent(edit, key_event(QEvent.Type.ShortcutOverride, letter, held))
    QApplication.sendEvent(edit, key_event(QEvent.Type.KeyPress, letter, held))


@pytest.mark.qt_log_ignore("does not support raise", "grabbing the keyboard", extend=True)
def test_alt_and_a_letter_open_menus_and_press_buttons_by_their_places(edit: QLineEdit, qtbot: QtBot) -> None:
    window, done = edit.window(), list[str]()
    assert isinstance(window, QMainWindow)
    menu, keys = QMenu("&File", window.menuBar()), MenuKeys(window)
    menu.installEventFilter(keys)
    window.menuBar().addMenu(menu)
    menu.addAction("&Open", lambda: done.append("open"))
    button = QPushButton("&Save", window)
    button.clicked.connect(lambda: done.append("save"))
    button.show()
    override(edit, "س", ALT)  # S
    assert done == ["save"]
    override(edit, "ب", ALT)  # F
    qtbot.waitUntil(menu.isVisible)
    QApplication.sendEvent(menu, key_event(QEvent.Type.KeyPress, "خ", Qt.KeyboardModifier.NoModifier))  # O
    assert done == ["save", "open"]
    menu.addAction("&خواندن", lambda: done.append("read"))  # a letter of its own goes before the place
    override(edit, "ب", ALT)
    qtbot.waitUntil(menu.isVisible)
    QApplication.sendEvent(menu, key_event(QEvent.Type.KeyPress, "خ", Qt.KeyboardModifier.NoModifier))
    assert done == ["save", "open", "read"]
    assert edit.text() == ""


def test_shift_and_o_is_not_taken_for_a_bracket(edit: QLineEdit) -> None:
    """In a Persian layout Shift+O gives `]`, and there is a shortcut on Ctrl+]."""
    done: list[str] = []
    for key in ("Ctrl+Shift+O", "Ctrl+]"):
        action = QAction(key, edit.window())
        action.setShortcuts(sequences(key))
        action.triggered.connect(lambda _on, key=key: done.append(key))
        edit.window().addAction(action)
    (keys,) = edit.window().findChildren(PersianKeys)

    def taken(letter: str) -> list[bool]:
        """Whether the keys took the event, for both events of a press as the window system sends them."""
        kinds = QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress
        return [keys.eventFilter(edit, key_event(kind, letter, CONTROL | SHIFT, O_ON_X11)) for kind in kinds]

    assert (taken("]"), done) == ([True, True], ["Ctrl+Shift+O"])
    assert (taken("O"), done) == ([False, False], ["Ctrl+Shift+O"])  # a Latin layout: Qt finds it itself


CHILD = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from persian_mir_gui.app import build_program, parse
app = QApplication([])
program = build_program(app, parse([]))
window = program.window
for name in ("open", "open_folder", "search", "trainer", "loop", "faster", "live"):
    action = window.action(name)
    action.triggered.disconnect()
    action.triggered.connect(lambda *_on, name=name: print("DID", name, flush=True))
window.show()
window.activateWindow()
def tell() -> None:
    if app.activeWindow() is window:
        print("READY", flush=True)
        ready.stop()
ready = QTimer(interval=100)
ready.timeout.connect(tell)
ready.start()
QTimer.singleShot(90_000, app.quit)
app.exec()
"""
SCRIPT = """
(openbox & ) 2>/dev/null; sleep 0.5; setxkbmap ir
"$1" -c "$2" > "$3" & child=$!
told() { for _ in $(seq 300); do [ "$(grep -c . "$2")" -gt "$1" ] && break; sleep 0.1; done; }
told 0 "$3"
lines=1
for key in ctrl+32 ctrl+shift+32 ctrl+41 ctrl+28 46 ctrl+35 ctrl+27; do
  xdotool key $key; told $lines "$3"; lines=$((lines + 1))
done
kill $child
"""


@pytest.mark.skipif(not all(map(shutil.which, TOOLS)), reason=f"needs {', '.join(TOOLS)}")
def test_the_windows_keys_under_a_real_persian_layout(tmp_path: Path) -> None:
    """Ctrl with O, Shift+O, F, T, ] and R, and L alone, by the places of their keys."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "xcb", "LANGUAGE": "en", "PYTHONPATH": str(Path.cwd())}
    out = tmp_path / "out"
    out.touch()
    command = ["xvfb-run", "-a", "bash", "-c", SCRIPT, "bash", sys.executable, CHILD, str(out)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=110, check=False)
    did = [line.split()[1] for line in out.read_text().splitlines() if line.startswith("DID")]
    assert did == ["open", "open_folder", "search", "trainer", "loop", "faster", "live"], done.stderr


def test_the_twin_is_on_the_same_key_with_the_same_modifiers() -> None:
    latin, persian = sequences("Ctrl+Shift+L")
    assert latin == QKeySequence("Ctrl+Shift+L")
    assert persian.toString() == "Ctrl+Shift+م"
