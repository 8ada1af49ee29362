"""The program in a process of its own: how it starts, is ended, and starts again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from persian_mir_gui.app import restart
from persian_mir_gui.core.settings import Settings
from tests.persian_mir_gui.whole_window.hands import Make, opened

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)  # Qt's offscreen screen has no frames


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


def test_no_window_imports_torch_while_it_opens(wav: Path) -> None:
    """In a process of its own: torch takes seconds, in which every window would stand still."""
    code = f"""
import sys, threading
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from persian_mir_gui.app import build_program, parse

class Watch:
    def find_spec(self, name, path=None, target=None):
        if name in ("torch", "transformers") and threading.current_thread() is threading.main_thread():
            opened.append(name + " by " + now)

opened, now = [], "main"
sys.meta_path.insert(0, Watch())
app = QApplication([])
window = build_program(app, parse([{str(wav)!r}])).window
window.show()
for now in ("live", "tuner", "quiz", "score", "models", "archive", "batch", "similar", "trainer"):
    getattr(window, now).appear()
    QTest.qWait(50)
for page in range(window.trainer.pages.count()):
    now = window.trainer.names.item(page).text()
    window.trainer.names.setCurrentRow(page)
    QTest.qWait(50)
print(window.trainer.pages.count(), opened)
window.close()
"""
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False)
    assert (ran.returncode, ran.stdout) == (0, "8 []\n"), ran.stderr


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
