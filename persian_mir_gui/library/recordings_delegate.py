"""Paints a row of the list: name and length above, verdict and probability below."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from persian_mir_gui.library import item_text
from persian_mir_gui.library.recordings_model import ITEM, STATUS
from persian_mir_gui.library.session import Item
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.theme import Theme, label_colour
from persian_mir_gui.widgets.warning_sign import SIDE, paint_warning_sign
from persian_mir_gui.widgets.widget_factories import sides

_PAD, _GAP, _DOT = 9, 3, 8
TICK = "✓"
Index = QModelIndex | QPersistentModelIndex


class RecordingsDelegate(QStyledItemDelegate):
    """Two lines a recording; the dot's colour names the Dastgah, a ring instead of a dot says "not sure"."""

    theme: Theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: ARG002
        first, second = QFontMetrics(option.font), QFontMetrics(_small(option.font))
        return QSize(120, first.height() + second.height() + _GAP + 2 * _PAD)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        item: Item = index.data(ITEM)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._ground(painter, option)
        body = option.rect.adjusted(_PAD + 1, _PAD, -_PAD - 1, -_PAD)
        above = QRect(body.left(), body.top(), body.width(), QFontMetrics(option.font).height())
        below = QRect(body.left(), above.bottom() + _GAP, body.width(), QFontMetrics(_small(option.font)).height())
        length = formatting.clock(item.recording.duration_s) if item.recording else ""
        failed = item.state == "failed"
        self._line(
            painter,
            option,
            self._warning(painter, option, above) if item.problems else above,
            formatting.isolated(item_text.short_title(item)),
            length,
            self.theme.text,
            option.font,
        )
        note = self._note(item)
        inner = self._mark(painter, option, below, item)
        left_colour = self.theme.error if failed else self.theme.text_dim
        self._line(painter, option, inner, index.data(STATUS), note, left_colour, _small(option.font))
        painter.restore()

    def _ground(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        focused = selected and bool(option.state & QStyle.StateFlag.State_HasFocus)
        if selected or hovered:
            painter.setPen(self.theme.accent if focused else self.theme.border if selected else Qt.PenStyle.NoPen)
            painter.setBrush(self.theme.raised)
            painter.drawRoundedRect(option.rect.adjusted(1, 1, -1, -1), 6, 6)

    def _note(self, item: Item) -> str:
        """At the end of the second line: a tick where a person spoke, how much was reviewed, or how probable it is."""
        verdict, (done, number) = item_text.main_verdict(item), item.reviewed
        if item.state != "ready":
            return ""
        if item_text.main_task(item) in item.said:
            return TICK
        if done:
            return f"\u2066{formatting.digits(f'{done}/{number}')} {TICK}\u2069"
        return formatting.percent(verdict.probability) if verdict is not None and verdict.sure else ""

    def _mark(self, painter: QPainter, option: QStyleOptionViewItem, line: QRect, item: Item) -> QRect:
        """Draw the dot, if there is a verdict, and return what is left of the line."""
        task = item_text.main_task(item)
        said, verdict = item.said.get(task), item_text.main_verdict(item)
        if item.state != "ready" or (said is None and verdict is None):
            return line
        label = said.label if said is not None else verdict.label if verdict is not None else ""
        sure = bool(label) and (said is not None or (verdict is not None and verdict.sure))
        colour = label_colour(self.theme, task, label)
        rtl = option.direction == Qt.LayoutDirection.RightToLeft
        x = line.right() - _DOT / 2 if rtl else line.left() + _DOT / 2
        painter.setPen(colour)
        painter.setBrush(colour if sure else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(QPointF(x, line.center().y() + 0.5), _DOT / 2, _DOT / 2)
        return line.adjusted(0, 0, -_DOT - 6, 0) if rtl else line.adjusted(_DOT + 6, 0, 0, 0)

    def _warning(self, painter: QPainter, option: QStyleOptionViewItem, line: QRect) -> QRect:
        """Draw the sign of a recording that is damaged, or of which something else is to be known; return the rest."""
        rtl = option.direction == Qt.LayoutDirection.RightToLeft
        box = QRect(line.right() - SIDE if rtl else line.left(), line.center().y() - SIDE // 2, SIDE, SIDE)
        paint_warning_sign(painter, box, self.theme.warning)
        room = SIDE + 7
        return line.adjusted(0, 0, -room, 0) if rtl else line.adjusted(room, 0, 0, 0)

    def _line(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        box: QRect,
        start: str,
        end: str,
        colour: QColor,
        font: QFont,
    ) -> None:
        """One line: `start` on the reading side, cut with an ellipsis where `end` needs the room."""
        small = _small(font) if font is option.font else font
        painter.setFont(small)
        rtl = option.direction == Qt.LayoutDirection.RightToLeft
        near, far = sides(rtl)
        room = QFontMetrics(small).horizontalAdvance(end) + 8 if end else 0
        painter.setPen(self.theme.text_dim)
        painter.drawText(box, far, end)
        text_box = box.adjusted(room, 0, 0, 0) if rtl else box.adjusted(0, 0, -room, 0)
        painter.setFont(font)
        painter.setPen(colour)
        text = QFontMetrics(font).elidedText(start, Qt.TextElideMode.ElideRight, text_box.width())
        painter.drawText(text_box, near, text)


def _small(font: QFont) -> QFont:
    smaller = QFont(font)
    smaller.setPointSizeF(font.pointSizeF() * 0.9 if font.pointSizeF() > 0 else 9)
    return smaller
