"""Rows that are stretches of the recording, one after another."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from persian_mir.i18n import _
from persian_mir_gui.widgets.table import PlainTable


class StretchesTable(PlainTable):
    """A click or Enter asks to go to where a stretch begins, a double click to select it: two acts, as in the lanes."""

    wanted = Signal(float, float)  # seconds
    chosen = Signal(float, float)

    def __init__(self, name: str, titles: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(name, titles, [_("Click: go there. Double click: select it.")], parent)
        self.setProperty("dense", True)
        self.cellClicked.connect(lambda row, _column: self.wanted.emit(*self.stretch(row)))
        self.cellActivated.connect(lambda row, _column: self.wanted.emit(*self.stretch(row)))
        self.cellDoubleClicked.connect(lambda row, _column: self.chosen.emit(*self.stretch(row)))

    def stretch(self, row: int) -> tuple[float, float]:
        """From when to when, in seconds."""
        raise NotImplementedError
