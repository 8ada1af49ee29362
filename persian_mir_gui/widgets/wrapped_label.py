"""A label whose text goes on in further lines, each of which begins at the edge in Persian, too."""

from __future__ import annotations

from unicodedata import bidirectional

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import QLabel, QStyle, QWidget

SAMPLES = ("Mg–", "سی گ۳", "E سی")  # a text in one script is higher than one in another


def line_height(font: QFont) -> int:
    """How high a line of any script is: Qt measures what is written, and what stands below would move with the text."""
    metrics = QFontMetrics(font)
    return max(metrics.height(), *(metrics.size(0, text).height() for text in SAMPLES))


class WrappedLabel(QLabel):
    """A plain text. Qt's own label counts the space that ends a line as its beginning where a text runs to the left.

    A single line is as high whatever it says.
    """

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        return QSize(hint.width(), max(hint.height(), self._least()))

    def minimumSizeHint(self) -> QSize:
        hint = super().minimumSizeHint()
        return QSize(hint.width(), max(hint.height(), self._least()))

    def heightForWidth(self, width: int) -> int:
        return max(super().heightForWidth(width), self._least())

    def _least(self) -> int:
        return line_height(self.font()) if self.text() else 0

    def paintEvent(self, event: QPaintEvent) -> None:
        # What can be selected is drawn by another part of Qt, which does it right.
        selectable = bool(self.textInteractionFlags() & Qt.TextInteractionFlag.TextSelectableByMouse)
        if selectable or not self.wordWrap() or not _runs_left(self.text()):
            super().paintEvent(event)
            return
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        layout, high = self._lines()
        box = self.contentsRect()
        room = box.height() - high
        side = self.alignment()
        down = room if side & Qt.AlignmentFlag.AlignBottom else room / 2 if side & Qt.AlignmentFlag.AlignVCenter else 0
        layout.draw(painter, QPointF(box.left(), box.top() + down))

    def _lines(self) -> tuple[QTextLayout, float]:
        """The text in lines as wide as the label, and how high they are together."""
        option = QTextOption(QStyle.visualAlignment(Qt.LayoutDirection.RightToLeft, self.alignment()))
        option.setTextDirection(Qt.LayoutDirection.RightToLeft)
        option.setWrapMode(QTextOption.WrapMode.WordWrap)
        layout = QTextLayout(self.text().replace("\n", "\u2028"), self.font())
        layout.setTextOption(option)
        layout.beginLayout()
        high, leading = 0.0, self.fontMetrics().leading()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(self.contentsRect().width())
            line.setPosition(QPointF(0, high))
            high += line.height() + leading
        layout.endLayout()
        return layout, high - leading


def _runs_left(text: str) -> bool:
    """Whether the first letter is of a script that runs to the left."""
    strong = next((kind for kind in map(bidirectional, text) if kind in ("L", "R", "AL", "LRI")), "L")
    return strong in ("R", "AL")
