"""Names of notes with koron and sori drawn: few fonts have the two signs (U+1D1EA, U+1D1E9)."""

from __future__ import annotations

from typing import Any
from unicodedata import bidirectional

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPainterPath, QPaintEvent, QPen, QTextCharFormat, QTextLayout
from PySide6.QtWidgets import QApplication, QLabel, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from persian_mir.modal.names import GLYPHS, NoteName
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.widget_factories import lead
from persian_mir_gui.widgets.wrapped_label import line_height

KORON, SORI = GLYPHS["koron"], GLYPHS["sori"]
ROOM = "\u00a0"  # holds the place of a sign while the line is laid out
SIGNED = Qt.ItemDataRole.UserRole + 1  # role of a table's cell: its text with signs
SIDE_PX = 4.0

# In heights of a capital letter. Koron stands like a "p", sori about the letter's middle.
TALL = 1.35
KORON_TOP, SORI_TOP = -1.0, -1.18
KORON_WIDE, SORI_WIDE = 0.56, 0.8
GAP = 0.14  # before a sign
THICK, THICK_BOLD = 0.1, 0.14


def signed(note: NoteName) -> str:
    """`Mi` and the sign as one character, for `draw_signed` and `SignedLabel`."""
    return formatting.isolated(f"{note.spoken_letter}{note.glyph}")


def sign_path(sign: str, cap: float) -> QPainterPath:
    """The strokes of koron or sori beside letters of `cap` pixels' height; the origin on the baseline, at its left."""
    path = QPainterPath()
    tall = TALL * cap
    if sign == KORON:  # a stem with a triangle that points away from it
        top, wide = KORON_TOP * cap, KORON_WIDE * cap
        path.moveTo(0.0, top + tall)
        path.lineTo(0.0, top)
        path.lineTo(wide, top + 0.25 * tall)
        path.lineTo(0.0, top + 0.5 * tall)
    else:  # two bars and, across them, two slanted strokes that meet
        top, wide = SORI_TOP * cap, SORI_WIDE * cap
        for place, above, below in ((0.24, 0.06, 1.0), (0.58, 0.0, 0.94)):
            path.moveTo(place * wide, top + above * tall)
            path.lineTo(place * wide, top + below * tall)
        path.moveTo(0.0, top + 0.23 * tall)
        path.lineTo(wide, top + 0.5 * tall)
        path.lineTo(0.0, top + 0.77 * tall)
    return path


def _thick(font: QFont, cap: float) -> float:
    return max(1.0, (THICK_BOLD if font.bold() else THICK) * cap)


class SignedLine:
    """One line of text in which the two signs are drawn, in whatever scripts the rest is."""

    def __init__(self, text: str, font: QFont, rightwards: bool = True) -> None:
        metrics = QFontMetricsF(font)
        self._font, self._cap = font, metrics.capHeight()
        self._signs = [(_units(text[:at]), sign) for at, sign in enumerate(text) if sign in (KORON, SORI)]
        # `_units` counts a sign as two; it is one after it has been replaced.
        self._signs = [(at - number, sign) for number, (at, sign) in enumerate(self._signs)]
        self._layout = QTextLayout(text.replace(KORON, ROOM).replace(SORI, ROOM), font)
        option = self._layout.textOption()
        option.setTextDirection(Qt.LayoutDirection.LeftToRight if rightwards else Qt.LayoutDirection.RightToLeft)
        self._layout.setTextOption(option)
        self._layout.setFormats([self._room(at, sign, metrics) for at, sign in self._signs])
        self._layout.beginLayout()
        self._line = self._layout.createLine()
        self._line.setNumColumns(len(text) + 1)
        self._layout.endLayout()
        self.width, self.height = self._line.naturalTextWidth(), self._line.height()

    def _room(self, at: int, sign: str, metrics: QFontMetricsF) -> QTextLayout.FormatRange:
        room, style = QTextLayout.FormatRange(), QTextCharFormat()
        style.setFontLetterSpacingType(QFont.SpacingType.AbsoluteSpacing)
        style.setFontLetterSpacing(self._wide(sign) - metrics.horizontalAdvance(ROOM))
        room.start, room.length, room.format = at, 1, style
        return room

    def _wide(self, sign: str) -> float:
        wide = KORON_WIDE if sign == KORON else SORI_WIDE
        return (wide + 1.5 * GAP) * self._cap + _thick(self._font, self._cap)

    def _leftwards(self, at: int) -> bool:
        """Whether the letter before a sign is of a script that runs to the left."""
        return bidirectional(self._layout.text()[at - 1 : at] or ROOM) in ("R", "AL")

    def draw(self, painter: QPainter, left: float, top: float) -> None:
        """Draw with the painter's pen, the line's upper left corner at a point."""
        self._layout.draw(painter, QPointF(left, top))
        baseline = top + self._line.y() + self._line.ascent()
        thick = _thick(self._font, self._cap)
        pen = QPen(painter.pen().color(), thick, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap)
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for at, sign in self._signs:
            edge = left + _x(self._line.cursorToX(at))
            if self._leftwards(at):
                edge -= self._wide(sign)
            x = round(edge + GAP * self._cap) + thick / 2  # a stem on whole pixels is crisp
            painter.strokePath(sign_path(sign, self._cap).translated(x, round(baseline)), pen)
        painter.restore()


def draw_signed(painter: QPainter, box: QRectF, flags: Qt.AlignmentFlag, text: str) -> None:
    """As `QPainter.drawText` in one line, with the two signs drawn. `flags`: left, right or centre, as on the paper."""
    if KORON not in text and SORI not in text:
        painter.drawText(box, flags | Qt.AlignmentFlag.AlignVCenter, text)
        return
    line = SignedLine(text, painter.font(), painter.layoutDirection() != Qt.LayoutDirection.RightToLeft)
    left = box.left()
    if flags & Qt.AlignmentFlag.AlignRight:
        left = box.right() - line.width
    elif flags & Qt.AlignmentFlag.AlignHCenter:
        left = box.center().x() - line.width / 2
    line.draw(painter, left, box.center().y() - line.height / 2)


def signed_width(font: QFont, text: str) -> float:
    """How wide `draw_signed` makes a text."""
    return SignedLine(text, font).width


class SignedLabel(QLabel):
    """A line of text with signs, always as high; `text()` has them in words, for those who hear the screen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        lead(self)
        self._signed = ""

    def show_text(self, spoken: str, text: str) -> None:
        """Show `text`, which is read out as `spoken`."""
        self._signed = text
        self.setText(spoken)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        wide = round(signed_width(self.font(), self._signed)) + 2 if self._drawn else hint.width()
        return QSize(wide, max(hint.height(), line_height(self.font())) if self.text() else hint.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())

    @property
    def _drawn(self) -> bool:
        return KORON in self._signed or SORI in self._signed

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._drawn:
            super().paintEvent(event)
            return
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        side = QStyle.visualAlignment(self.layoutDirection(), self.alignment())
        draw_signed(painter, QRectF(self.contentsRect()), side, self._signed)


class SignedDelegate(QStyledItemDelegate):
    """Cells whose `SIGNED` text is drawn; their own text stays in words."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        text = index.data(SIGNED)
        if not text:
            super().paint(painter, option, index)
            return
        self.initStyleOption(option, index)
        option.text = ""
        widget = option.widget
        style = widget.style() if widget else QApplication.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, widget)
        selected = option.state & QStyle.StateFlag.State_Selected
        role = option.palette.ColorRole.HighlightedText if selected else option.palette.ColorRole.Text
        painter.save()
        painter.setFont(option.font)
        painter.setPen(option.palette.color(role))
        side = QStyle.visualAlignment(option.direction, Qt.AlignmentFlag.AlignLeading)
        draw_signed(painter, QRectF(option.rect).adjusted(SIDE_PX, 0, -SIDE_PX, 0), side, text)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        hint = super().sizeHint(option, index)
        text = index.data(SIGNED)
        if not text:
            return hint
        self.initStyleOption(option, index)
        return QSize(round(signed_width(option.font, text) + 2 * SIDE_PX + 2), hint.height())


def _units(text: str) -> int:
    """How long Qt counts a text: in units of UTF-16."""
    return len(text.encode("utf-16-le")) // 2


def _x(found: Any) -> float:
    """PySide gives the place alone, or with the cursor."""
    return float(found[0] if isinstance(found, tuple) else found)
