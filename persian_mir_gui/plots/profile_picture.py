"""The picture of a folded profile: what was measured, what two modes would sound like, and where the tonic is."""

from __future__ import annotations

from dataclasses import dataclass
from math import log2

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QPolygonF

from persian_mir.i18n import _
from persian_mir.modal.explanation import Why, expected_profile
from persian_mir.modal.profile import BINS, OCTAVE_CENTS, smoothing
from persian_mir.modal.reading import ModalReading
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.note_signs import draw_signed, signed, signed_width
from persian_mir_gui.widgets.pitch_words import LEAST_LINE, cents_words, hz_words, tonic_note
from persian_mir_gui.widgets.theme import Theme, label_colour, mixed
from persian_mir_gui.widgets.widget_factories import scaled

BIN_CENTS = OCTAVE_CENTS / BINS
SPREAD_CENTS = 15.0  # smoothing of what was measured, for the eye
SIDE_PX, TOP_PX, FOOT_PX = 12.0, 32.0, 32.0
LEGEND_PX = 15.0  # of the top; below it the marks
MARK_PX, MARK_ROOM_CENTS = 3.5, 20.0
NAME_PX = 14.0  # of the foot: the names under the cents

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ProfileAxis:
    """Cents from the tonic along a picture of so many pixels."""

    width: int
    height: int

    @property
    def plot(self) -> QRectF:
        """Where the curves are."""
        return QRectF(SIDE_PX, TOP_PX, max(self.width - 2 * SIDE_PX, 1), max(self.height - TOP_PX - FOOT_PX, 1))

    def place(self, cents: float) -> float:
        """Where a distance from the tonic lies."""
        return self.plot.left() + cents / OCTAVE_CENTS * self.plot.width()

    def cents(self, x: float) -> float:
        """The distance from the tonic at a pixel."""
        return (x - self.plot.left()) / self.plot.width() * OCTAVE_CENTS


@dataclass(frozen=True, slots=True)
class ProfilePicture:
    """Everything that is to be seen. `dragged`: the cents by which the tonic is being moved, if it is."""

    axis: ProfileAxis
    theme: Theme
    font: QFont
    whole: ModalReading | None
    here: ModalReading | None = None
    why: Why | None = None
    dragged: float | None = None

    def paint(self, painter: QPainter) -> None:
        """On a ground with round corners."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self.theme.border, 1))
        painter.setBrush(self.theme.raised)
        painter.drawRoundedRect(QRectF(0, 0, self.axis.width, self.axis.height).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        whole = self.whole
        if whole is None or whole.tonic_hz is None:
            return
        painter.setFont(scaled(self.font, 0.75))
        first, second = whole.modes[0][0], whole.modes[1][0]
        measured = smoothed(whole.profile)
        curves = [expected_profile(whole, mode).astype(np.float64) for mode in (first, second)]
        local = None if self.here is None else turned(self.here, whole.tonic_hz)
        top = max(float(measured.max()), *(float(curve.max()) for curve in curves), 1e-9)
        colour = label_colour(self.theme, "mode", first)
        fill = QColor(colour)
        fill.setAlphaF(0.5)
        area = self._curve(measured, top)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        painter.drawPolygon(QPolygonF([self.axis.plot.bottomLeft(), *area.toList(), self.axis.plot.bottomRight()]))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if local is not None:
            painter.setPen(QPen(self.theme.text_dim, 1))
            painter.drawPolyline(self._curve(local, max(top, float(local.max()))))
        self._dashes(painter, curves[1], top, self._second_colour(second), [1.5, 2.5])
        self._dashes(painter, curves[0], top, self.theme.text, [4, 3])
        self._paint_foot(painter, whole)
        self._paint_legend(painter, first, second)
        self._paint_marks(painter)
        self._paint_tonic(painter, whole.tonic_hz)

    def _second_colour(self, mode: str) -> QColor:
        return mixed(label_colour(self.theme, "mode", mode), self.theme.text, 0.75)

    def _curve(self, values: Floats, top: float) -> QPolygonF:
        whole = np.append(values, values[0])  # the octave is the tonic again
        xs = np.linspace(self.axis.plot.left(), self.axis.plot.right(), len(whole))
        ys = self.axis.plot.bottom() - whole / top * self.axis.plot.height()
        return QPolygonF([QPointF(x, y) for x, y in zip(xs.tolist(), ys.tolist(), strict=True)])

    def _dashes(self, painter: QPainter, values: Floats, top: float, colour: QColor, dashes: list[float]) -> None:
        pen = QPen(colour, 1.3)
        pen.setDashPattern(dashes)
        painter.setPen(pen)
        painter.drawPolyline(self._curve(values, top))

    def _paint_foot(self, painter: QPainter, whole: ModalReading) -> None:
        painter.setPen(QPen(self.theme.border, 1))
        painter.drawLine(self.axis.plot.bottomLeft(), self.axis.plot.bottomRight())
        taken: list[float] = []
        tonic = tonic_note(whole)
        home = signed(tonic) if tonic else ""
        ends = [(0.0, 2.0, home), (OCTAVE_CENTS, 2.0, home)]
        rows = [
            (degree.cents, degree.weight, signed(degree.name) if degree.name else "")
            for degree in whole.degrees
            if degree.weight >= LEAST_LINE
        ]
        for cents, _weight, name in sorted([*ends, *rows], key=lambda row: -row[1]):
            x = self.axis.place(cents)
            painter.setPen(self.theme.text_faint)
            painter.drawLine(QPointF(x, self.axis.plot.bottom()), QPointF(x, self.axis.plot.bottom() + 3))
            text = formatting.digits(str(round(cents)))
            named = signed_width(painter.font(), name)
            width = max(painter.fontMetrics().horizontalAdvance(text), named)
            if all(abs(x - other) > width + 5 for other in taken):
                taken.append(x)
                left = min(max(x - width / 2, 3), self.axis.width - width - 3)
                box = QRectF(left, self.axis.plot.bottom() + 3, width + 1, FOOT_PX - NAME_PX - 3)
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
                painter.setPen(self.theme.text_dim)
                draw_signed(painter, box.translated(0, NAME_PX - 1), Qt.AlignmentFlag.AlignHCenter, name)

    def _paint_legend(self, painter: QPainter, first: str, second: str) -> None:
        names = formatting.label_name("mode", first), formatting.label_name("mode", second)
        text = _("filled: measured · dashed: {first} · dotted: {second}").format(first=names[0], second=names[1])
        text = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, self.axis.width - 20)
        painter.setPen(self.theme.text_dim)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRectF(8, 3, self.axis.width - 18, LEGEND_PX), right, text)

    def _paint_marks(self, painter: QPainter) -> None:
        """A plus over what speaks for the mode, a minus over what speaks against it."""
        if self.why is None:
            return
        for rows, minus in ((self.why.supporting, False), (self.why.opposing, True)):
            painter.setPen(QPen(self.theme.warning if minus else self.theme.text_dim, 1.6))
            for row in rows:
                ends = (
                    [0.0, OCTAVE_CENTS] if min(row.cents, OCTAVE_CENTS - row.cents) < MARK_ROOM_CENTS else [row.cents]
                )
                for cents in ends:
                    x, y = round(self.axis.place(cents)), TOP_PX - 7
                    painter.drawLine(QPointF(x - MARK_PX, y), QPointF(x + MARK_PX, y))
                    if not minus:
                        painter.drawLine(QPointF(x, y - MARK_PX), QPointF(x, y + MARK_PX))

    def _paint_tonic(self, painter: QPainter, tonic_hz: float) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.theme.accent)
        for end in (0.0, OCTAVE_CENTS):
            x, y = self.axis.place(end), self.axis.plot.bottom()
            painter.drawPolygon(QPolygonF([QPointF(x, y - 1), QPointF(x - 4, y + 5), QPointF(x + 4, y + 5)]))
        if self.dragged is None:
            return
        x = self.axis.place(self.dragged % OCTAVE_CENTS)
        painter.setPen(QPen(self.theme.accent, 1.5))
        painter.drawLine(QPointF(x, self.axis.plot.top()), QPointF(x, self.axis.plot.bottom()))
        text = f"{cents_words(self.dragged)} · {hz_words(tonic_hz * 2 ** (self.dragged / OCTAVE_CENTS))}"
        width = painter.fontMetrics().horizontalAdvance(text) + 8
        left = x + 3 if x + width < self.axis.plot.right() else x - width - 3
        box = QRectF(left, self.axis.plot.top() + 2, width, 15)
        painter.fillRect(box, self.theme.panel)
        painter.setPen(self.theme.accent)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


def smoothed(profile: Floats) -> Floats:
    """A folded profile without the jitter of its bins."""
    return np.asarray(smoothing(BINS, BINS, SPREAD_CENTS) @ profile)


def turned(reading: ModalReading, tonic_hz: float) -> Floats | None:
    """The profile of a reading seen from another tonic; None where it has none."""
    if reading.tonic_hz is None:
        return None
    apart = round(OCTAVE_CENTS * log2(reading.tonic_hz / tonic_hz) / BIN_CENTS)
    return smoothed(np.roll(reading.profile, apart))
