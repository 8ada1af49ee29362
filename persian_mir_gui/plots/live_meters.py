"""What one looks at while playing: how loud, how far off the degree, how long each pitch class sounded."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from persian_mir.i18n import _
from persian_mir.modal.degrees import scale_degrees
from persian_mir.modal.live import LiveState
from persian_mir.modal.names import note_name, spell
from persian_mir.modal.profile import BINS, OCTAVE_CENTS, smoothing
from persian_mir.modal.reading import ModalReading
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.note_signs import draw_signed, signed, signed_width
from persian_mir_gui.widgets.theme import Theme, label_colour
from persian_mir_gui.widgets.theme_source import ThemeSource
from persian_mir_gui.widgets.widget_factories import scaled

FLOOR_DB, LOUD_DB, TOO_LOUD_DB = -60.0, -12.0, -1.0
FALL_DB = 1.5  # of the peak mark, a state
REACH_CENTS = 50.0
IN_TUNE_CENTS = 10.0
SPREAD_CENTS = 15.0  # smoothing of the profile, for the eye


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
        self._cents = state.pitch.cents if state is not None and state.pitch is not None else None
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


class GrowingProfile(_Meter):
    """How long each pitch class sounded since the start; once a mode leads, from its tonic and with its degrees."""

    def __init__(self, themes: ThemeSource) -> None:
        super().__init__(themes, 170, _("Profile: how long each degree sounds"))
        self._state: LiveState | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_state(self, state: LiveState | None) -> None:
        """Show the newest profile."""
        self._state = state
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = self._painter()
        painter.setPen(QPen(self.theme.border, 1))
        painter.setBrush(self.theme.raised)
        painter.drawRoundedRect(QRectF(0.5, 0.5, self.wide - 1, self.tall - 1), 6, 6)
        state = self._state
        if state is None or not state.profile.any():
            return
        reading = state.reading if state.reading is not None and state.reading.tonic_hz is not None else None
        start = 0.0 if reading is None else _cents_above_a(reading)
        plot = QRectF(14, 10, self.wide - 28, self.tall - 34)
        self._paint_marks(painter, plot, reading)
        smooth = smoothing(BINS, BINS, SPREAD_CENTS) @ state.profile
        turned = np.roll(smooth, -round(start / OCTAVE_CENTS * BINS))
        values = np.append(turned, turned[0]) / max(float(turned.max()), 1e-9)  # the octave is the tonic again
        xs = np.linspace(plot.left(), plot.right(), len(values)).tolist()
        ys = (plot.bottom() - values * plot.height()).tolist()
        points = [QPointF(x, y) for x, y in zip(xs, ys, strict=True)]
        colour = self.theme.accent if reading is None else label_colour(self.theme, "mode", reading.modes[0][0])
        fill = QColor(colour)
        fill.setAlphaF(0.45)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        painter.drawPolygon(QPolygonF([plot.bottomLeft(), *points, plot.bottomRight()]))
        painter.setPen(QPen(colour, 1.5))
        painter.drawPolyline(QPolygonF(points))

    def _paint_marks(self, painter: QPainter, plot: QRectF, reading: ModalReading | None) -> None:
        for cents, name in _marks(reading):
            x = plot.left() + cents / OCTAVE_CENTS * plot.width()
            painter.setPen(QPen(self.theme.border, 1))
            painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom() + 3))
            width = signed_width(painter.font(), name)
            left = min(max(x - width / 2, 4), self.wide - width - 4)
            painter.setPen(self.theme.text_dim)
            box = QRectF(left, plot.bottom() + 4, width + 1, 16)
            draw_signed(painter, box, Qt.AlignmentFlag.AlignHCenter, name)


def _cents_above_a(reading: ModalReading) -> float:
    return float(OCTAVE_CENTS * np.log2((reading.tonic_hz or 440.0) / 440.0) % OCTAVE_CENTS)


def _marks(reading: ModalReading | None) -> list[tuple[float, str]]:
    """Where a line stands and its name: the degrees of the mode, or the notes of A = 440 Hz."""
    if reading is None or reading.tonic_hz is None:
        return [(100.0 * k, signed(note_name(440.0 * 2 ** (k / 12)))) for k in range(13)]
    scale = scale_degrees(reading.modes[0][0])
    spelling = spell(reading.tonic_hz, [(degree.step, degree.letters) for degree in scale])
    names = {degree.farhat_cents % OCTAVE_CENTS: spelling.note(degree.step, degree.letters) for degree in scale}
    octave = {cents: signed(name) for cents, name in names.items()}
    return [*sorted(octave.items()), (OCTAVE_CENTS, octave.get(0.0, ""))]
