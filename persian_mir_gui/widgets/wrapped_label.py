"""A label whose text goes on in further lines, each of which begins at the edge in Persian, too."""

from __future__ import annotations

from unicodedata import bidirectional

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import QLabel, QStyle, QWidget

LINE_LETTERS = 110  # of a line that is read without losing the next
QWIDGETSIZE_MAX = (1 << 24) - 1  # Qt's own, which PySide does not name
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
        self._letters = 0  # of a line, at most; 0: as many as there is room for

    def limit_lines(self, letters: int = LINE_LETTERS) -> None:
        """Have no line be longer than can be read: in a wide window the rest of the width stays empty."""
        self._letters = letters
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return self._asked(super().sizeHint())

    def minimumSizeHint(self) -> QSize:
        return self._asked(super().minimumSizeHint())

    def heightForWidth(self, width: int) -> int:
        return max(super().heightForWidth(min(width, self._longest())), self._least())

    def _asked(self, hint: QSize) -> QSize:
        return QSize(hint.width(), max(hint.height(), self._least()))

    def _longest(self) -> int:
        """How wide a line may be."""
        return self._letters * self.fontMetrics().averageCharWidth() if self._letters else QWIDGETSIZE_MAX

    def _box(self) -> QRect:
        """Where lines have room: from the edge where reading begins."""
        box = self.contentsRect()
        rest = max(0, box.width() - self._longest())
        right_to_left = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        return box.adjusted(rest if right_to_left else 0, 0, 0 if right_to_left else -rest, 0)

    def _least(self) -> int:
        return line_height(self.font()) if self.text() else 0

    def paintEvent(self, event: QPaintEvent) -> None:
        # What can be selected is drawn by another part of Qt, which does it right.
        selectable = bool(self.textInteractionFlags() & Qt.TextInteractionFlag.TextSelectableByMouse)
        if selectable or not self.wordWrap() or not (self._letters or _runs_left(self.text())):
            super().paintEvent(event)
            return
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        layout, high = self._lines()
        box = self._box()
        room = box.height() - high
        side = self.alignment()
        down = room if side & Qt.AlignmentFlag.AlignBottom else room / 2 if side & Qt.AlignmentFlag.AlignVCenter else 0
        layout.draw(painter, QPointF(box.left(), box.top() + down))

    def _lines(self) -> tuple[QTextLayout, float]:
        """The text in lines as wide as the label, and how high they are together."""
        right_to_left = Qt.LayoutDirection.RightToLeft
        direction = right_to_left if _runs_left(self.text()) else Qt.LayoutDirection.LeftToRight
        option = QTextOption(QStyle.visualAlignment(direction, self.alignment()))
        option.setTextDirection(direction)
        option.setWrapMode(QTextOption.WrapMode.WordWrap)
        layout = QTextLayout(self.text().replace("\n", "\u2028"), self.font())
        layout.setTextOption(option)
        layout.beginLayout()
        high, leading = 0.0, self.fontMetrics().leading()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(self._box().width())
            line.setPosition(QPointF(0, high))
            high += line.height() + leading
        layout.endLayout()
        return layout, high - leading


def _runs_left(text: str) -> bool:
    """Whether the first letter is of a script that runs to the left."""
    strong = next((kind for kind in map(bidirectional, text) if kind in ("L", "R", "AL", "LRI")), "L")
    return strong in ("R", "AL")
