"""The engraved pages in a frame: as wide as it is, larger or smaller, turned to the note that sounds."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QScrollArea

from persian_mir.i18n import _
from persian_mir_gui.score.score_pages import ScorePages
from persian_mir_gui.widgets.theme_source import ThemeSource

UNIT_PX = 0.5  # of a unit of the page, at full size
WIDEST = 2400  # units of a page at full size: in a wider window notes are larger, for an eye must find the next line
ZOOMS = (0.6, 0.8, 1.0, 1.25, 1.5, 2.0)
SETTLED_MS = 150  # after which a page is drawn anew for another width
ABOVE_PX = 90  # kept in sight above a note, when the page is turned to it


class ScoreSheet(QScrollArea):
    """Asks for pages that fit it."""

    wanted = Signal(int)  # pages of this width, in the units of `engrave`

    def __init__(self, themes: ThemeSource) -> None:
        super().__init__(widgetResizable=True)
        self.setAccessibleName(_("Score"))
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.pages = ScorePages(themes)
        self.setWidget(self.pages)
        self._zoom = ZOOMS.index(1.0)
        self._turned: int | None = None  # the note that the page was turned to; it may be scrolled away by hand
        self.settled = QTimer(self, singleShot=True, interval=SETTLED_MS)
        self.settled.timeout.connect(self.ask)

    def ask(self) -> None:
        """Ask for pages as wide as there is room."""
        self.wanted.emit(max(1, round(min(self.viewport().width() / UNIT_PX, WIDEST) / ZOOMS[self._zoom])))

    def can_zoom(self, by: int) -> bool:
        """Whether notes can be larger (`by` 1) or smaller (-1)."""
        return 0 <= self._zoom + by < len(ZOOMS)

    def zoom(self, by: int) -> None:
        """Draw larger or smaller notes."""
        self._zoom = min(max(self._zoom + by, 0), len(ZOOMS) - 1)
        self.ask()

    def show_pages(self, pages: Sequence[str], left_out: Collection[int]) -> None:
        """Show these pages instead; see `ScorePages`."""
        self._turned = None
        self.pages.show_pages(pages, left_out)

    def mark(self, note: int | None) -> None:
        """Mark the note that begins to sound; where it is not in sight the page turns: its line comes to the top."""
        rect = self.pages.mark(note)
        if note == self._turned:
            return
        self._turned = note
        top, height = self.verticalScrollBar().value(), self.viewport().height()
        if rect is not None and not (top <= rect.top() and rect.bottom() <= top + height):
            self.verticalScrollBar().setValue(round(rect.top()) - min(ABOVE_PX, height // 3))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.settled.start()
