"""Pitch over time on the degrees of a mode: one line a degree, over them the contour, marks where the mode changes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen, QPolygonF

from persian_mir.modal.modulations import Modulation
from persian_mir_gui.plots.base import Plot
from persian_mir_gui.plots.layer import Layer
from persian_mir_gui.plots.pitch_strokes import FRAMES_A_PIXEL, LEVELS, Contour
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.note_signs import draw_signed, signed_width
from persian_mir_gui.widgets.pitch_words import DegreeLine
from persian_mir_gui.widgets.theme import label_colour, mixed, text_on

NAME_GAP = 10  # px between contour, name and figure
APART_PX = 5.0  # of lines; closer ones are a grey
FIGURE_LINES = 1.5  # lines of type from the shahed's line to where there is room for another figure
FAINTEST = 0.35  # opacity of what is barely a pitch
LEAST_MARK_PX = 40.0  # of the mark of a mode, if another begins soon after
MARK_PX = 3  # from the upper edge to the mark of a mode
BEYOND_PX = 4.0  # from the edge: where it is marked that there is pitch beyond it


class Pitch(Layer):
    """The box's y is in cents above A4. Names stand on its left; lines are `pen` times as thick as usual."""

    def __init__(self, plot: Plot) -> None:
        super().__init__(plot)
        self.contour: Contour | None = None
        self.lines: Sequence[DegreeLine] = ()
        self.modulations: Sequence[Modulation] = ()
        self.rate = 1  # samples a second
        self.pen = 1.0

    def y(self, cents: NDArray[np.float64]) -> NDArray[np.float64]:
        """Where pitches lie, high ones above."""
        (low, high), area = self.plot.box.viewRange()[1], self.area
        return np.asarray(area.top() + (high - cents) / (high - low) * area.height())

    def cents_at(self, y: float) -> float:
        """The pitch at a height."""
        (low, high), area = self.plot.box.viewRange()[1], self.area
        return float(high - (y - area.top()) / area.height() * (high - low))

    @property
    def marks_px(self) -> int:
        """How far down from the upper edge the marks of modes reach."""
        return MARK_PX + QFontMetrics(self.plot.small_font()).height() + 2

    def draw(self, painter: QPainter, _exposed: QRectF) -> None:
        """Every degree that has room, the shahed and what sounds longest first; over them the contour."""
        if self.contour is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self.plot.small_font())
        line_px = painter.fontMetrics().height()
        placed = self._placed(line_px)
        for line, y, _named in placed:
            self._draw_line(painter, line, y)
        painter.save()
        painter.setClipRect(self.area.adjusted(1, 1, -1, -1))
        self._draw_contour(painter, self.contour)
        painter.restore()
        shahed = [y for line, y, _named in placed if line.shahed]
        for line, y, named in reversed(placed):  # the shahed's on top
            if named:
                # The shahed's figure stands above its line, in the way of that of a near degree.
                covered = any(0 < above - y < FIGURE_LINES * line_px + 2 for above in shahed)
                self._draw_name(painter, line, y, covered)
        self._draw_modulations(painter)

    def _placed(self, line_px: int) -> list[tuple[DegreeLine, float, bool]]:
        """The lines in view, where each lies, and whether its name has room."""
        taken: list[float] = []
        placed: list[tuple[DegreeLine, float, bool]] = []
        area = self.area
        for line in sorted(self.lines, key=lambda one: (not one.shahed, -one.weight)):
            y = float(self.y(np.array([line.cents_a4]))[0])
            if not area.top() < y < area.bottom():
                continue
            named = all(abs(y - other) >= line_px * 0.95 for other in taken)
            if named:
                taken.append(y)
            if all(abs(y - other) >= APART_PX for _line, other, _named in placed):
                placed.append((line, y, named))
        return placed

    def _draw_line(self, painter: QPainter, line: DegreeLine, y: float) -> None:
        theme, area = self.plot.theme, self.area
        pen = QPen(mixed(theme.text_faint, theme.panel, 0.45), self.pen)
        if line.shahed:
            pen = QPen(theme.accent, 1.2 * self.pen)
        if not line.shahed:
            pen.setDashPattern([3, 4])
        painter.setPen(pen)
        painter.drawLine(QPointF(area.left() + 1, y), QPointF(area.right() - 1, y))

    def _draw_name(self, painter: QPainter, line: DegreeLine, y: float, covered: bool) -> None:
        theme, area, height = self.plot.theme, self.area, painter.fontMetrics().height()
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.save()
        plain, bold = QFont(painter.font()), QFont(painter.font())
        bold.setBold(line.tonic)
        painter.setFont(bold)
        painter.setPen(theme.text if line.tonic else theme.text_dim)
        top = min(max(y - height / 2, area.top()), area.bottom() - height)  # none is cut at an edge
        name = QRectF(0, top, area.left() - NAME_GAP, height)
        draw_signed(painter, name, right, line.name)
        painter.setFont(plain)
        painter.setPen(theme.accent if line.shahed else theme.text_faint)
        width = painter.fontMetrics().horizontalAdvance(line.figure)
        beside = name.adjusted(0, 0, -signed_width(bold, line.name) - NAME_GAP, 0)
        if width <= beside.width():
            painter.drawText(beside, right, line.figure)
        elif line.shahed or not covered:  # no room outside: over the contour
            over = max(y - height - 2, area.top() + 1) if line.shahed else top
            box = QRectF(area.right() - width - NAME_GAP, over, width, height)
            painter.fillRect(box.adjusted(-3, 0, 3, 0), theme.panel)
            painter.drawText(box, right, line.figure)
        painter.restore()

    def _draw_contour(self, painter: QPainter, shape: Contour) -> None:
        """Strokes, or points where a stroke would be a blot; the surer the stronger."""
        scale = self.scale
        start, stop = scale.start / self.rate, scale.stop / self.rate
        if (stop - start) / shape.hop_s > FRAMES_A_PIXEL * scale.width:
            frames = shape.points(start, stop, round(scale.width))
            for level in range(LEVELS):
                painter.setPen(self._ink(level, 1.8))
                painter.drawPoints(self._polygon(shape, frames[shape.level[frames] == level]))
        else:
            for stroke in shape.strokes(start, stop):
                painter.setPen(self._ink(round(float(shape.level[stroke].mean())), 1.6))
                painter.drawPolyline(self._polygon(shape, stroke))
        self._mark_beyond(painter, shape, start, stop)

    def _mark_beyond(self, painter: QPainter, shape: Contour, start: float, stop: float) -> None:
        """Dots along the upper or lower edge where there is pitch beyond it."""
        first, last = shape.frames(start, stop)
        low, high = self.plot.box.viewRange()[1]
        cents, sounds = shape.cents[first:last], shape.sounds[first:last]
        painter.setPen(QPen(self.plot.theme.text_faint, 2 * self.pen, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        for beyond, y in (
            (sounds & (cents > high), self.area.top() + BEYOND_PX),
            (sounds & (cents < low), self.area.bottom() - BEYOND_PX),
        ):
            xs = np.unique(np.round(self._x(shape, first + np.flatnonzero(beyond)) / 3) * 3)
            painter.drawPoints(polygon(xs, np.full(len(xs), y)))

    def _draw_modulations(self, painter: QPainter) -> None:
        """A mark where the mode changes for good, with the mode that begins; without its colour where unsure."""
        area = self.area
        places = [self.scale.x(change.start_s * self.rate) for change in self.modulations]
        for change, x, following in zip(self.modulations, places, [*places[1:], area.right()], strict=False):
            if not area.left() < x < area.right():
                continue
            said, theme = change.after, self.plot.theme
            colour = label_colour(theme, said.task, said.label) if said.sure else mixed(theme.text, theme.panel, 0.25)
            painter.setPen(QPen(colour, 1.5, Qt.PenStyle.DotLine))
            painter.drawLine(QPointF(x, area.top() + 1), QPointF(x, area.bottom() - 1))
            room = max(following, x + LEAST_MARK_PX) - x - 14 if following < area.right() else area.width() / 2
            name = formatting.verdict_words(said)
            name = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, int(room))
            width = painter.fontMetrics().horizontalAdvance(name) + 12
            box = QRectF(min(x, area.right() - width), area.top() + MARK_PX, width, painter.fontMetrics().height() + 2)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            painter.drawRoundedRect(box, 3, 3)
            painter.setPen(text_on(colour))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, name)

    def _x(self, shape: Contour, chosen: NDArray[np.int64]) -> NDArray[np.float64]:
        scale = self.scale
        return np.asarray(scale.left + (shape.times(chosen) * self.rate - scale.start) / scale.samples_per_pixel)

    def _polygon(self, shape: Contour, chosen: NDArray[np.int64]) -> QPolygonF:
        return polygon(self._x(shape, chosen), self.y(shape.cents[chosen]))

    def _ink(self, level: int, width: float) -> QPen:
        colour = QColor(self.plot.theme.text)
        colour.setAlphaF(FAINTEST + (1 - FAINTEST) * level / (LEVELS - 1))
        return QPen(colour, width * self.pen, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)


def polygon(xs: NDArray[np.float64], ys: NDArray[np.float64]) -> QPolygonF:
    """Points for Qt, without a Python object each; pyqtgraph's own crashes on none."""
    return pg.functions.arrayToQPolygonF(xs, ys) if len(xs) else QPolygonF()
