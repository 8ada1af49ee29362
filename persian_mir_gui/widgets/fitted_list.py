"""A list of a form, as high as its rows."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QListWidget, QSizePolicy, QWidget

LEAST_ROWS, MOST_ROWS = 2, 10


class FittedList(QListWidget):
    """As high as its rows, of which ten are seen at once at most; with less room, two: the others are scrolled to.

    What is too long for its row is cut in the middle: paths differ at both ends.
    """

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setObjectName("framed")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.model().rowsInserted.connect(lambda *_news: self.updateGeometry())
        self.model().rowsRemoved.connect(lambda *_news: self.updateGeometry())

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self._px(min(max(self.count(), LEAST_ROWS), MOST_ROWS)))

    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), self._px(LEAST_ROWS))

    def _px(self, rows: int) -> int:
        """Return how high it is to show so many."""
        self.ensurePolished()  # the sheet's padding counts
        row = self.sizeHintForRow(0) if self.count() else self.fontMetrics().height()
        return rows * row + 2 * self.frameWidth()
