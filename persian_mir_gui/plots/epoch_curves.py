"""Curves over epochs, painted: loss, accuracy, learning rate; several runs laid over one another."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.theme import Theme
from persian_mir_gui.widgets.theme_source import ThemeSource
from persian_mir_gui.widgets.widget_factories import heading_font, scaled, sides

LEFT, RIGHT, TOP, BOTTOM = 52, 10, 30, 20  # px around the field
TICKS = 4
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Curve:
    """One line: (epoch, value) by rising epoch. `dashed` for what is measured on dev beside training."""

    name: str
    colour: QColor
    points: tuple[Point, ...]
    dashed: bool = False

    def at(self, epoch: float) -> float | None:
        """The value at that epoch."""
        return next((y for x, y in self.points if x == epoch), None)


def run_colours(theme: Theme) -> tuple[QColor, ...]:
    """Colours well apart, for runs laid over one another."""
    return theme.accent, theme.playhead, theme.warning, theme.wave_rms, theme.error, theme.text_faint


def ticks(low: float, high: float, count: int = TICKS) -> list[float]:
    """Round numbers from `low` to `high`, about `count` of them, steps of 1, 2 or 5 times a power of ten."""
    span = high - low
    if not math.isfinite(span) or span <= 0:
        return [low]
    rough = span / max(1, count)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * k for k in (1, 2, 5, 10) if power * k >= rough)
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    return [k * step for k in range(first, last + 1)]


class CurvePlot(QWidget):
    """Epochs run from left to right in both languages. With the mouse, or arrow keys, one reads the values."""

    def __init__(self, title: str, themes: ThemeSource, parent: QWidget | None = None, shares: bool = False) -> None:
        super().__init__(parent)
        self._title, self._theme, self._shares = title, themes.theme, shares
        self.curves: tuple[Curve, ...] = ()
        self._last_epoch = 1
        self.cursor_epoch: int | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(title)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(90)
        themes.changed.connect(self.set_theme)

    def set_theme(self, theme: Theme) -> None:
        """Paint in other colours from now on."""
        self._theme = theme
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(360, 150)

    def show_curves(self, curves: Sequence[Curve], epochs: int = 0) -> None:
        """Show these; `epochs` is how many there will be, if that is known."""
        self.curves = tuple(curve for curve in curves if curve.points)
        self._last_epoch = max([epochs, 2, *(int(curve.points[-1][0]) for curve in self.curves)])
        self.setAccessibleDescription(self.reading())
        self.update()

    def reading(self) -> str:
        """The values under the cursor, else the newest ones, in words."""
        parts = []
        for curve in self.curves:
            value = curve.points[-1][1] if self.cursor_epoch is None else curve.at(self.cursor_epoch)
            if value is not None:
                parts.append(f"{curve.name} {self._value(value)}")
        return " · ".join(parts)

    def _value(self, value: float) -> str:
        return formatting.percent(value) if self._shares else formatting.digits(f"{value:.4g}")

    # Where things lie

    def _field(self) -> QRectF:
        return QRectF(LEFT, TOP, max(10, self.width() - LEFT - RIGHT), max(10, self.height() - TOP - BOTTOM))

    def _range(self) -> tuple[float, float]:
        if self._shares:
            return 0.0, 1.0
        values = [y for curve in self.curves for _x, y in curve.points]
        if not values:
            return 0.0, 1.0
        low, high = min(0.0, *values), max(values)
        return low, (low + 1.05 * (high - low) if high > low else low + 1.0)

    def _spot(self, field: QRectF, limits: tuple[float, float], x: float, y: float) -> QPointF:
        low, high = limits
        right = field.left() + field.width() * (x - 1) / max(1, self._last_epoch - 1)
        return QPointF(right, field.bottom() - field.height() * (y - low) / (high - low))

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        field, limits = self._field(), self._range()
        self._paint_head(painter)
        painter.setFont(scaled(self.font(), 0.78))
        self._paint_grid(painter, field, limits)
        for curve in self.curves:
            self._paint_curve(painter, field, limits, curve)
        if self.cursor_epoch is not None:
            x = self._spot(field, limits, self.cursor_epoch, limits[0]).x()
            painter.setPen(QPen(self._theme.text_faint, 1))
            painter.drawLine(QPointF(x, field.top()), QPointF(x, field.bottom()))
        if self.hasFocus():
            painter.setPen(QPen(self._theme.accent, 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)

    def _paint_head(self, painter: QPainter) -> None:
        """The title where reading begins; at the other end each curve's name and value."""
        rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        first, _other = sides(rtl)
        head = QRectF(6, 2, self.width() - 12, TOP - 12)
        painter.setFont(heading_font(self.font()))
        painter.setPen(self._theme.text_faint)
        painter.drawText(head, int(first), self._title)
        used = QFontMetricsF(painter.font()).horizontalAdvance(self._title) + 18
        painter.setFont(scaled(self.font(), 0.85))
        metrics = QFontMetricsF(painter.font())
        place = head.left() if rtl else head.right()
        room = head.width() - used
        for curve in reversed(self.curves):
            value = curve.points[-1][1] if self.cursor_epoch is None else curve.at(self.cursor_epoch)
            text = curve.name if value is None else f"{curve.name} {self._value(value)}"
            width = metrics.horizontalAdvance(text) + 28
            room -= width
            if room < 0:
                break
            box = QRectF(place if rtl else place - width, head.top(), width - 8, head.height())
            swatch = box.right() - 14 if rtl else box.left()
            painter.setPen(self._pen(curve))
            painter.drawLine(QPointF(swatch, box.center().y()), QPointF(swatch + 14, box.center().y()))
            painter.setPen(self._theme.text_dim)
            painter.drawText(box.adjusted(0, 0, -18, 0) if rtl else box.adjusted(18, 0, 0, 0), int(first), text)
            place += width if rtl else -width

    def _paint_grid(self, painter: QPainter, field: QRectF, limits: tuple[float, float]) -> None:
        line, ink = QPen(self._theme.border, 1), self._theme.text_faint
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter
        for value in ticks(*limits):
            y = self._spot(field, limits, 1, value).y()
            painter.setPen(line)
            painter.drawLine(QPointF(field.left(), y), QPointF(field.right(), y))
            painter.setPen(ink)
            painter.drawText(QRectF(0, y - 8, LEFT - 8, 16), int(right), self._tick(value))
        for epoch in ticks(1, self._last_epoch, max(2, int(field.width() / 90))):
            if epoch >= 1 and float(epoch).is_integer():
                x = self._spot(field, limits, epoch, limits[0]).x()
                box = QRectF(x - 30, field.bottom() + 2, 60, BOTTOM - 4)
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, formatting.digits(str(int(epoch))))

    def _tick(self, value: float) -> str:
        return formatting.percent(value) if self._shares else formatting.digits(f"{value:.3g}")

    def _pen(self, curve: Curve) -> QPen:
        return QPen(curve.colour, 1.8, Qt.PenStyle.DashLine if curve.dashed else Qt.PenStyle.SolidLine)

    def _paint_curve(self, painter: QPainter, field: QRectF, limits: tuple[float, float], curve: Curve) -> None:
        spots = [self._spot(field, limits, x, y) for x, y in curve.points]
        painter.setPen(self._pen(curve))
        painter.drawPolyline(QPolygonF(spots))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(curve.colour)
        painter.drawEllipse(spots[-1], 2.5, 2.5)

    # Reading off

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        field = self._field()
        part = (event.position().x() - field.left()) / field.width()
        self._point_at(1 + round(part * (self._last_epoch - 1)))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._point_at(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        newest = max((int(curve.points[-1][0]) for curve in self.curves), default=1)
        self._point_at((newest if self.cursor_epoch is None else self.cursor_epoch) + step)

    def _point_at(self, epoch: int | None) -> None:
        self.cursor_epoch = None if epoch is None else min(max(epoch, 1), self._last_epoch)
        self.setAccessibleDescription(self.reading())
        self.update()
