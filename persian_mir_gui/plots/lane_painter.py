"""How a lane is painted: cells where there is room, a band of colour where segments are narrower than a finger."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPainterPath, QPen

from persian_mir.catalogue.corrections import Correction
from persian_mir.i18n import _
from persian_mir_gui.plots.lane_cells import Lane
from persian_mir_gui.plots.review_marks import TICK_PX, paint_mark, paint_target, said_colour
from persian_mir_gui.plots.timeline_axis import TimeAxis
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.theme import Theme, label_colour, mixed, text_on

BAND_PX = 4  # segments narrower than this on average are painted as a band, one colour a pixel
HATCH_PX = 7
PAD_PX = 7
RADIUS_PX = 3
WEAKEST, STRONGEST = 0.3, 0.9  # opacity of a label's colour at confidence 0 and 1

Marks = Mapping[int, Correction]  # what people said, by the segment's place
NO_MARKS: Marks = MappingProxyType({})

# As text runs: in Persian the name stands on the right of its cell. Only the cells themselves never turn.
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class LanePainter:
    """Paints lanes with one painter, during one paint event."""

    def __init__(self, painter: QPainter, theme: Theme, axis: TimeAxis, font: QFont, small: QFont) -> None:
        self._painter, self._theme, self._axis = painter, theme, axis
        self._font, self._small = font, small
        self._bold = QFont(small)
        self._bold.setBold(True)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)

    def paint_name(self, lane: Lane, area: QRectF) -> None:
        """Task and predictor, right-aligned beside the lane."""
        half = area.height() / 2
        predictor = lane.predictor.removeprefix(f"{formatting.task_name(lane.task)} · ")
        rows = (
            (formatting.task_name(lane.task), self._font, self._theme.text_dim, area.adjusted(0, 1, 0, -half + 3)),
            (predictor, self._small, self._theme.text_faint, area.adjusted(0, half - 1, 0, 0)),
        )
        for text, font, colour, place in rows:
            self._painter.setFont(font)
            self._painter.setPen(colour)
            fitted = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, place.width())
            self._painter.drawText(place, _RIGHT | Qt.AlignmentFlag.AlignAbsolute, fitted)

    def paint_cells(self, lane: Lane, area: QRectF, dirty: QRectF, marks: Marks = NO_MARKS) -> None:
        """The segments that meet `dirty`, with what people said of them."""
        painter = self._painter
        painter.save()
        painter.setClipRect(area & dirty.adjusted(-1, 0, 1, 0))
        visible = lane.visible(self._axis.position(dirty.left() - 1), self._axis.position(dirty.right() + 1))
        shown = lane.visible(self._axis.start, self._axis.stop)
        if shown and self._axis.width < BAND_PX * len(shown):
            self._paint_band(lane, area, marks)
        else:
            unsure = [k for k in visible if not lane.sure[k] and k not in marks]
            self._hatch([self._cell(lane, k, area) for k in unsure], area)
            for k in visible:
                if k in marks:
                    self._paint_said(lane, k, area, marks[k])
                else:
                    self._paint_cell(lane, k, area)
        painter.restore()

    def paint_focus(self, area: QRectF) -> None:
        """Frame the lane that the keyboard points at."""
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        self._painter.setPen(QPen(self._theme.accent, 1))
        self._painter.drawRoundedRect(area.adjusted(-1.5, 0.5, 1.5, -0.5), RADIUS_PX, RADIUS_PX)

    def paint_target(self, lane: Lane, index: int, area: QRectF) -> None:
        """Frame the segment under review."""
        cell = self._cell(lane, index, area) & area.adjusted(-4, 0, 4, 0)
        if cell.width() > 0:
            paint_target(self._painter, self._theme, cell)

    def _cell(self, lane: Lane, index: int, area: QRectF) -> QRectF:
        """A segment's rectangle: a hair apart from a neighbour of the same label, clearly from another."""
        left, right = (self._axis.x(edge) for edge in lane.edges[index].tolist())
        before = self._gap(lane, index - 1, index)
        after = self._gap(lane, index, index + 1)
        return QRectF(left + before, area.top(), max(right - left - before - after, 1.0), area.height())

    def _gap(self, lane: Lane, one: int, other: int) -> float:
        if one < 0 or other >= len(lane):
            return 0.0
        return 0.5 if lane.best[one] == lane.best[other] and lane.sure[one] == lane.sure[other] else 1.0

    def _paint_cell(self, lane: Lane, index: int, area: QRectF) -> None:
        painter, rect = self._painter, self._cell(lane, index, area)
        inside = (rect & area.adjusted(0, 0, 0, 0)).adjusted(PAD_PX, 0, -PAD_PX, 0)
        if not lane.sure[index]:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self._theme.border, 1))
            painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS_PX, RADIUS_PX)
            self._write_unsure(lane, index, inside)
            return
        fill = cell_colour(self._theme, lane, index)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        painter.drawRoundedRect(rect, RADIUS_PX, RADIUS_PX)
        self._write_sure(lane, index, inside, text_on(fill))

    def _paint_said(self, lane: Lane, index: int, area: QRectF, said: Correction) -> None:
        """A segment that somebody has spoken of: the label that holds now, without a percentage."""
        painter, cell = self._painter, self._cell(lane, index, area)
        ground = said_colour(self._theme, said)
        ink = text_on(ground) if said.label else self._theme.text_dim
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(cell, RADIUS_PX, RADIUS_PX)
        room = (cell & area).adjusted(PAD_PX, 0, -TICK_PX - 4, 0)
        name = formatting.label_name(lane.task, said.label or said.was)
        font = self._bold if said.label else self._small
        fitted = QFontMetricsF(font).elidedText(name, Qt.TextElideMode.ElideRight, room.width())
        if fitted == name or len(fitted) > 3:
            painter.setFont(font)
            painter.setPen(ink)
            painter.drawText(room, _LEFT, fitted)
        paint_mark(painter, self._theme, cell, said, ink)

    def _write_sure(self, lane: Lane, index: int, room: QRectF, ink: QColor) -> None:
        """The name, and the confidence beside it, as far as there is room."""
        name = formatting.label_name(lane.task, lane.prediction.labels[int(lane.best[index])])
        percent = formatting.percent(float(lane.probability[index]))
        width = QFontMetricsF(self._bold).horizontalAdvance(name)
        if room.width() < width:
            return
        self._painter.setPen(ink)
        self._painter.setFont(self._bold)
        self._painter.drawText(room, _LEFT, name)
        if room.width() >= width + PAD_PX + QFontMetricsF(self._small).horizontalAdvance(percent):
            self._painter.setFont(self._small)
            self._painter.drawText(room, _RIGHT, percent)

    def _write_unsure(self, lane: Lane, index: int, room: QRectF) -> None:
        """Both names, or at least that it is not sure, on a clear ground, as far as there is room."""
        verdict = lane.verdict(index)
        names = [formatting.in_line(lane.task, label) for label in (verdict.label, verdict.runner_up)]
        both = _("{first} or {second}").format(first=names[0], second=names[1])
        self._painter.setFont(self._small)
        self._painter.setPen(self._theme.text_dim)
        said = (formatting.verdict_words(verdict),) if verdict.nothing else (both, _("not sure"))
        for text in said:
            if QFontMetricsF(self._small).horizontalAdvance(text) <= room.width():
                ground = self._painter.boundingRect(room, _LEFT, text)
                self._painter.fillRect(ground.adjusted(-3, 0, 3, 0), self._theme.panel)
                self._painter.drawText(room, _LEFT, text)
                return

    def _hatch(self, cells: list[QRectF], area: QRectF) -> None:
        """Diagonal lines through the cells that are not sure; they go on from one cell to the next."""
        if not cells:
            return
        clip = QPainterPath()
        for cell in cells:
            clip.addRoundedRect(cell, RADIUS_PX, RADIUS_PX)
        self._painter.save()
        self._painter.setClipPath(clip, Qt.ClipOperation.IntersectClip)
        self._painter.fillRect(area, self._theme.panel)
        self._painter.setPen(QPen(mixed(self._theme.text_faint, self._theme.panel, 0.55), 1))
        left, right = max(cells[0].left(), area.left()), min(cells[-1].right(), area.right())
        first = int(left // HATCH_PX) * HATCH_PX  # on a fixed raster: a partial repaint meets its neighbours
        rise = area.height()
        lines = [
            QLineF(x, area.bottom(), x + rise, area.top())
            for x in range(int(first - rise) // HATCH_PX * HATCH_PX, int(right) + HATCH_PX, HATCH_PX)
        ]
        self._painter.drawLines(lines)
        self._painter.restore()

    def _paint_band(self, lane: Lane, area: QRectF, marks: Marks) -> None:
        """One colour a device pixel; what is not sure is left nearly blank."""
        ratio = self._painter.device().devicePixelRatioF()
        columns = max(round(area.width() * ratio), 1)
        x = area.left() + (np.arange(columns, dtype=np.float64) + 0.5) / ratio
        positions = self._axis.start + (x - area.left()) / self._axis.width * (self._axis.stop - self._axis.start)
        index = lane.covering(positions)
        tones = np.zeros(len(lane) + 1, dtype=np.uint32)  # the last, reached by -1, is clear
        for k in np.unique(index[index >= 0]).tolist():
            tones[k] = self._tone(lane, k, marks).rgba()
        row = np.ascontiguousarray(tones[index])
        image = QImage(row.data, columns, 1, row.nbytes, QImage.Format.Format_ARGB32)
        self._painter.drawImage(area, image)

    def _tone(self, lane: Lane, index: int, marks: Marks) -> QColor:
        if index in marks:
            return said_colour(self._theme, marks[index])
        return cell_colour(self._theme, lane, index) if lane.sure[index] else self._theme.border


def cell_colour(theme: Theme, lane: Lane, index: int) -> QColor:
    """The colour of a segment's label, the stronger the surer, as it looks on the panel."""
    colour = label_colour(theme, lane.task, lane.prediction.labels[int(lane.best[index])])
    strength = WEAKEST + (STRONGEST - WEAKEST) * float(lane.probability[index])
    return mixed(colour, theme.panel, strength)
