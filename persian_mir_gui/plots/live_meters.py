"""What one reads while playing: how loud, how far off the degree.

Gauges, not plots: one value each on a fixed scale, so they are painted; as a plot the same bar takes three times as
long to repaint (0.19 ms, 0.06 ms).
"""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from persian_mir.i18n import _
from persian_mir.modal.live import LiveState
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.theme import Theme
from persian_mir_gui.widgets.theme_source import ThemeSource
from persian_mir_gui.widgets.widget_factories import scaled

FLOOR_DB, LOUD_DB, TOO_LOUD_DB = -60.0, -12.0, -1.0
FALL_DB = 1.5  # of the peak mark, a state
REACH_CENTS = 50.0
IN_TUNE_CENTS = 10.0


class _Meter(QWidget):
    """Left is low in both languages. Painted in units of `scale` pixels, so that it can be read across a room."""

    def __init__(self, themes: ThemeSource, height: int, name: str) -> None:
        super().__init__()
        self.theme, self._height, self._scale = themes.theme, height, 1.0
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)
        themes.changed.connect(self.set_theme)

    def sizeHint(self) -> QSize:
        return QSize(200, round(self._scale * self._height))

    @property
    def wide(self) -> float:
        """Width in units."""
        return self.width() / self._scale

    @property
    def tall(self) -> float:
        """Height in units."""
        return self.height() / self._scale

    def set_scale(self, scale: float) -> None:
        """Paint so many times as large."""
        self._scale = scale
        self.updateGeometry()
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Paint in other colours from now on."""
        self.theme = theme
        self.update()

    def _painter(self) -> QPainter:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(self._scale, self._scale)
        painter.setFont(scaled(self.font(), 0.78))
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # a minus stands before its number
        return painter


class LevelMeter(_Meter):
    """Root mean square as a bar, the peak as a mark that falls slowly, dBFS below."""

    def __init__(self, themes: ThemeSource) -> None:
        super().__init__(themes, 40, _("Level"))
        self._level = self._peak = FLOOR_DB

    def show_state(self, state: LiveState | None) -> None:
        """Show the level of the newest block; nothing without one."""
        self._level = FLOOR_DB if state is None else state.level_db
        self._peak = FLOOR_DB if state is None else max(state.peak_db, self._peak - FALL_DB)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = self._painter()
        groove = QRectF(0, 2, self.wide, 18)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.theme.border)
        painter.drawRoundedRect(groove, 5, 5)
        bar = QRectF(groove.left(), groove.top(), self._x(self._level), groove.height())
        painter.setBrush(self._colour(self._peak))
        if bar.width() > 1:
            painter.drawRoundedRect(bar, 5, 5)
        if self._peak > FLOOR_DB:
            painter.fillRect(QRectF(self._x(self._peak) - 1.5, 0, 3, 22), self._colour(self._peak))
        painter.setPen(self.theme.text_faint)
        for db in (-60, -48, -36, -24, -12, 0):
            text = formatting.digits(f"{db}".replace("-", "\u2212"))
            width = painter.fontMetrics().horizontalAdvance(text)
            left = min(max(self._x(db) - width / 2, 0), self.wide - width)
            painter.drawText(QRectF(left, 23, width + 1, 15), Qt.AlignmentFlag.AlignCenter, text)

    def _x(self, db: float) -> float:
        part = (min(max(db, FLOOR_DB), 0.0) - FLOOR_DB) / -FLOOR_DB
        return part * self.wide

    def _colour(self, peak: float) -> QColor:
        if peak >= TOO_LOUD_DB:
            return self.theme.error
        return self.theme.warning if peak >= LOUD_DB / 2 else self.theme.accent


class Needle(_Meter):
    """How far the note that sounds lies off its degree, a quarter tone each way."""

    def __init__(self, themes: ThemeSource) -> None:
        super().__init__(themes, 40, _("Cents off the degree"))
        self._cents: float | None = None

    def show_state(self, state: LiveState | None) -> None:
        """Show where the note of the newest block lies; no needle while none sounds."""
        self.show_cents(state.pitch.cents if state is not None and state.pitch is not None else None)

    def show_cents(self, cents: float | None) -> None:
        """The same of a distance that is known otherwise."""
        self._cents = cents
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = self._painter()
        middle, base = self.wide / 2, 22.0
        painter.fillRect(QRectF(0, base - 1, self.wide, 2), self.theme.border)
        near = self.wide / 2 * IN_TUNE_CENTS / REACH_CENTS
        painter.fillRect(QRectF(middle - near, base - 4, 2 * near, 8), self.theme.border)
        for cents in (-50, -25, 0, 25, 50):
            x = middle + cents / REACH_CENTS * (self.wide / 2 - 1)
            painter.fillRect(QRectF(x - 0.5, base - 7, 1, 14), self.theme.text_faint)
            text = formatting.digits(f"{cents:+d}".replace("-", "\u2212") if cents else "0")
            width = painter.fontMetrics().horizontalAdvance(text)
            left = min(max(x - width / 2, 0), self.wide - width)
            painter.setPen(self.theme.text_faint)
            painter.drawText(QRectF(left, base + 5, width + 1, 14), Qt.AlignmentFlag.AlignCenter, text)
        if self._cents is not None:
            x = middle + min(max(self._cents / REACH_CENTS, -1.0), 1.0) * (self.wide / 2 - 4)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self.theme.accent if abs(self._cents) <= IN_TUNE_CENTS else self.theme.warning)
            painter.drawRoundedRect(QRectF(x - 3, base - 14, 6, 28), 3, 3)
