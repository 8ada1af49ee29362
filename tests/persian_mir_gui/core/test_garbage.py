"""What Python collects is destroyed on the GUI thread, whoever works meanwhile."""

from __future__ import annotations

import gc
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject, Qt, QThread
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from persian_mir_gui.app import build_program, parse
from persian_mir_gui.core.garbage import Collector
from persian_mir_gui.shell.services import close_services

# Plots come and go, as in the program; a thread makes cycles, as any work does.
PLOTS = """
import gc, os, sys, threading
from PySide6.QtWidgets import QApplication
from persian_mir_gui.core.garbage import Collector
from persian_mir_gui.plots.base import NumberAxis, Plot
from persian_mir_gui.plots.layer import Layer
from persian_mir_gui.widgets.theme import DARK
from persian_mir_gui.widgets.theme_source import ThemeSource

class Shade(Layer):
    def draw(self, painter, exposed):
        painter.fillRect(exposed, self.plot.theme.accent)

def shown():
    themes = ThemeSource(DARK)
    plot = Plot("plot", themes, NumberAxis("left"))
    plot.themes, plot.layers = themes, [Shade(plot) for _ in range(8)]
    plot.show()
    return plot

def work():
    while True:
        cycle = [[]]
        cycle[0].append(cycle)

app = QApplication([])
gc.set_threshold(100, 2, 2)
gc.freeze()
collector = Collector() if sys.argv[1] == "ours" else None
threading.Thread(target=work, daemon=True).start()
kept = [shown() for _ in range(3)]
for _ in range(12):
    dropped = shown()
    app.processEvents()
    dropped.hide()
    del dropped
    for plot in kept:
        for layer in plot.layers:
            layer.refresh()
    app.processEvents()
os._exit(0)
"""


class Leaf(QWidget):
    """A widget in a cycle, that says on which thread it was destroyed."""

    def __init__(self, threads: list[QThread]) -> None:
        super().__init__()
        self.itself = self
        self.destroyed.connect(lambda: threads.append(QThread.currentThread()), Qt.ConnectionType.DirectConnection)


@pytest.fixture
def _as_python_does(qapp: QApplication) -> Iterator[None]:
    gc.collect()
    gc.enable()
    yield
    gc.disable()


def work_elsewhere() -> list[list[int]]:
    """Make many objects, so that it is time to collect, on another thread."""
    kept: list[list[int]] = []
    thread = threading.Thread(target=lambda: kept.extend([number] for number in range(200_000)))
    thread.start()
    thread.join()
    return kept


@pytest.mark.usefixtures("_as_python_does")
def test_python_itself_destroys_widgets_on_a_thread_of_work() -> None:
    threads: list[QThread] = []
    Leaf(threads)
    work_elsewhere()
    assert len(threads) == 1
    assert threads[0] != QApplication.instance().thread()


@pytest.mark.usefixtures("_as_python_does")
def test_the_collector_destroys_them_on_its_own(qtbot: QtBot) -> None:
    threads: list[QThread] = []
    parent = QObject()
    Collector(parent)
    Leaf(threads)
    made = work_elsewhere()
    assert made
    assert threads == []
    qtbot.waitUntil(lambda: len(threads) == 1)
    assert threads == [QApplication.instance().thread()]


def test_what_lives_long_is_gone_through_again_when_it_has_grown(monkeypatch: pytest.MonkeyPatch) -> None:
    parent = QObject()
    collector = Collector(parent)
    asked: list[int] = []
    collect = gc.collect
    monkeypatch.setattr(gc, "collect", lambda generation=2: asked.append(generation) or collect(generation))
    monkeypatch.setattr(gc, "get_count", lambda: (701, 11, 11))
    collector.collect()
    collector.collect()
    grown = [[number] for number in range(2 * len(gc.get_objects()))]
    collect(1)
    collector.collect()
    monkeypatch.setattr(gc, "get_count", lambda: (0, 0, 11))
    collector.collect()
    del grown
    assert asked == [2, 1, 2]


def test_what_was_imported_is_set_aside_and_what_comes_after_is_not(qtbot: QtBot, monkeypatch) -> None:
    threads: list[QThread] = []
    parent = QObject()
    collector = Collector(parent)
    monkeypatch.setattr(gc, "get_count", lambda: (701, 11, 11))
    for number in range(100):
        monkeypatch.setitem(sys.modules, f"imported {number}", sys)
    try:
        collector.collect()
        assert gc.get_freeze_count() > 10_000
        assert len(gc.get_objects(2)) < 1_000
        Leaf(threads)
        collector.collect()
        assert threads == [QApplication.instance().thread()]
    finally:
        gc.unfreeze()


@pytest.mark.usefixtures("_as_python_does")
def test_the_program_has_one(qapp: QApplication) -> None:
    hook = sys.excepthook
    program = build_program(qapp, parse([]))
    assert program.window.findChildren(Collector)
    assert not gc.isenabled()
    assert close_services(program.services, 10.0)
    program.window.close()
    program.window.deleteLater()
    sys.excepthook = hook


def test_plots_come_and_go_while_threads_work() -> None:
    """With Python's own collection this ends in a segmentation fault, within a second."""
    done = subprocess.run([sys.executable, "-c", PLOTS, "ours"], capture_output=True, text=True, timeout=200)
    assert done.returncode == 0, done.stderr
