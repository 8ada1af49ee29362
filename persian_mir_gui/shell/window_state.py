"""What the window remembers between starts: its place, its panes."""

from __future__ import annotations

from base64 import b64decode, b64encode
from binascii import Error

from PySide6.QtCore import QByteArray
from PySide6.QtWidgets import QMainWindow, QSplitter

from persian_mir_gui.core.settings import Settings
from persian_mir_gui.widgets.widget_factories import resize_within_screen

DEFAULT_SIZE = (1480, 920)
DEFAULT_PANES = [236, 924, 320]


def remember(settings: Settings, window: QMainWindow, panes: QSplitter) -> None:
    """Write the window's place and the panes' widths down."""
    settings.set("geometry", _text(window.saveGeometry()))
    settings.set("splitter_state", _text(panes.saveState()))


def recall(settings: Settings, window: QMainWindow, panes: QSplitter) -> None:
    """Put the window back where it was; on the first start, and where that is unreadable, at its default size."""
    geometry = _bytes(str(settings.get("geometry")))
    if geometry.isEmpty() or not window.restoreGeometry(geometry):
        resize_within_screen(window, *DEFAULT_SIZE)
    state = _bytes(str(settings.get("splitter_state")))
    if state.isEmpty() or not panes.restoreState(state):
        panes.setSizes(DEFAULT_PANES)


def _text(state: QByteArray) -> str:
    return b64encode(state.data()).decode("ascii")


def _bytes(text: str) -> QByteArray:
    try:
        return QByteArray(b64decode(text, validate=True))
    except (Error, ValueError):
        return QByteArray()
