"""How degrees and contour are painted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QPolygonF

from persian_mir.modal.modulations import Modulation
from persian_mir_gui.plots.pitch_strokes import FRAMES_A_PIXEL, LEVELS, Contour
from persian_mir_gui.plots.timeline_axis import TimeAxis
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.note_signs import draw_signed, signed_width
from persian_mir_gui.widgets.pitch_words import DegreeLine
from persian_mir_gui.widgets.theme import Theme, label_colour, mixed, text_on

NAME_GAP = 10  # px between contour, name and figure
APART_PX = 5.0  # of lines; closer ones are a grey
FIGURE_LINES = 1.5  # lines of type from the shahed's line to where there is room for another figure
FAINTEST = 0.35  # opacity of what is barely a pitch


@dataclass(frozen=True, slots=True)
class Scale:
    """Cents `low` to `high` lie on `height` pixels below `top`, high notes above."""

    low: float
    high: float
    top: float
    height: float

    def y(self, cents: float) -> float:
        """Where a pitch lies."""
        return self.top + (self.high - cents) / (self.high - self.low) * self.height

    def cents(self, y: float) -> float:
        """The pitch at a height."""
        return self.high - (y - self.top) / self.height * (self.high - self.low)


class PitchPainter:
    """Paints into `frame` with the names left of it; lines `pen` times as thick as usual."""

    def __init__(
        self, painter: QPainter, theme: Theme, axis: TimeAxis, scale: Scale, frame: QRectF, pen: float = 1.0
    ) -> None:
        self._painter, self._theme, self._axis, self._scale, self._frame = painter, theme, axis, scale, frame
        self._pen_px = pen
        self._line_px = painter.fontMetrics().height()

    def paint(self, lines: list[DegreeLine], shape: Contour, rate: int) -> None:
        """Every degree that has room, the shahed and what sounds longest first; over them the contour."""
        placed = self._placed(lines)
        for line, y, _named in placed:
            self._line(line, y)
        self._contour(shape, rate)
        shahed = [y for line, y, _named in placed if line.shahed]
        for line, y, named in reversed(placed):  # the shahed's on top
            if named:
                # The shahed's figure stands above its line, in the way of that of a near degree.
                self._name(line, y, any(0 < above - y < FIGURE_LINES * self._line_px + 2 for above in shahed))

    def modulations(self, modulations: Sequence[Modulation], rate: int) -> None:
        """A mark where the mode changes for good, with the mode that begins."""
        painter, frame = self._painter, self._frame
        for change in modulations:
            x = self._axis.x(change.start_s * rate)
            if not frame.left() < x < frame.right():
                continue
            colour = label_colour(self._theme, "mode", change.to_mode)
            painter.setPen(QPen(colour, 1.5, Qt.PenStyle.DotLine))
            painter.drawLine(QPointF(x, frame.top() + 1), QPointF(x, frame.bottom() - 1))
            name = formatting.label_name("mode", change.to_mode)
            width = painter.fontMetrics().horizontalAdvance(name) + 12
            box = QRectF(min(x, frame.right() - width), frame.top() + 3, width, self._line_px + 2)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            painter.drawRoundedRect(box, 3, 3)
            painter.setPen(text_on(colour))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, name)

    def _placed(self, lines: list[DegreeLine]) -> list[tuple[DegreeLine, float, bool]]:
        """The lines in view, where each lies, and whether its name has room."""
        taken: list[float] = []
        placed: list[tuple[DegreeLine, float, bool]] = []
        for line in sorted(lines, key=lambda one: (not one.shahed, -one.weight)):
            y = self._scale.y(line.cents_a4)
            if not self._frame.top() < y < self._frame.bottom():
                continue
            named = all(abs(y - other) >= self._line_px * 0.95 for other in taken)
            if named:
                taken.append(y)
            if all(abs(y - other) >= APART_PX for _line, other, _named in placed):
                placed.append((line, y, named))
        return placed

    def _line(self, line: DegreeLine, y: float) -> None:
        theme, frame = self._theme, self._frame
        pen = QPen(mixed(theme.text_faint, theme.panel, 0.45), self._pen_px)
        if line.shahed:
            pen = QPen(theme.accent, 1.2 * self._pen_px)
        if not line.shahed:
            pen.setDashPattern([3, 4])
        self._painter.setPen(pen)
        self._painter.drawLine(QPointF(frame.left() + 1, y), QPointF(frame.right() - 1, y))

    def _name(self, line: DegreeLine, y: float, covered: bool) -> None:
        painter, theme, frame, height = self._painter, self._theme, self._frame, self._line_px
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.save()
        plain, bold = QFont(painter.font()), QFont(painter.font())
        bold.setBold(line.tonic)
        painter.setFont(bold)
        painter.setPen(theme.text if line.tonic else theme.text_dim)
        name = QRectF(0, y - height / 2, frame.left() - NAME_GAP, height)
        draw_signed(painter, name, right, line.name)
        painter.setFont(plain)
        painter.setPen(theme.accent if line.shahed else theme.text_faint)
        width = painter.fontMetrics().horizontalAdvance(line.figure)
        beside = name.adjusted(0, 0, -signed_width(bold, line.name) - NAME_GAP, 0)
        if width <= beside.width():
            painter.drawText(beside, right, line.figure)
        elif line.shahed or not covered:  # no room outside: over the contour
            top = y - height - 2 if line.shahed else y - height / 2
            box = QRectF(frame.right() - width - NAME_GAP, top, width, height)
            painter.fillRect(box.adjusted(-3, 0, 3, 0), theme.panel)
            painter.drawText(box, right, line.figure)
        painter.restore()

    def _contour(self, shape: Contour, rate: int) -> None:
        # Strokes, or points where a stroke would be a blot; the surer the stronger.
        axis, frame = self._axis, self._frame
        start, stop = axis.start / rate, axis.stop / rate
        self._painter.save()
        self._painter.setClipRect(frame.adjusted(1, 1, -1, -1))
        if (stop - start) / shape.hop_s > FRAMES_A_PIXEL * axis.width:
            self._points(shape, start, stop, rate)
        else:
            self._strokes(shape, start, stop, rate)
        self._painter.restore()

    def _points(self, shape: Contour, start: float, stop: float, rate: int) -> None:
        frames = shape.points(start, stop, round(self._axis.width))
        for level in range(LEVELS):
            chosen = frames[shape.level[frames] == level]
            self._painter.setPen(self._pen(level, 1.8))
            self._painter.drawPoints(self._polygon(shape, chosen, rate))

    def _strokes(self, shape: Contour, start: float, stop: float, rate: int) -> None:
        for stroke in shape.strokes(start, stop):
            level = round(float(shape.level[stroke].mean()))
            self._painter.setPen(self._pen(level, 1.6))
            self._painter.drawPolyline(self._polygon(shape, stroke, rate))

    def _polygon(self, shape: Contour, chosen: NDArray[np.int64], rate: int) -> QPolygonF:
        axis, scale = self._axis, self._scale
        xs = axis.left + (shape.times(chosen) * rate - axis.start) / (axis.stop - axis.start) * axis.width
        ys = scale.top + (scale.high - shape.cents[chosen]) / (scale.high - scale.low) * scale.height
        return QPolygonF([QPointF(x, y) for x, y in zip(xs.tolist(), ys.tolist(), strict=True)])

    def _pen(self, level: int, width: float) -> QPen:
        colour = QColor(self._theme.text)
        colour.setAlphaF(FAINTEST + (1 - FAINTEST) * level / (LEVELS - 1))
        return QPen(
            colour, width * self._pen_px, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
        )
