"""Lanes of labels: the colour names the label, its strength the confidence, hatching says "not sure".

Neighbours that say the same are one cell under one word, which keeps to the part of it that is in view.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QImage, QPainter, QPainterPath, QPen, QTransform

from persian_mir.i18n import _
from persian_mir_gui.plots.base import Plot
from persian_mir_gui.plots.lane_cells import NO_MARKS, Lane, Marks
from persian_mir_gui.plots.layer import Layer
from persian_mir_gui.plots.review_marks import TICK_PX, paint_mark, paint_target, said_colour
from persian_mir_gui.plots.time_scale import GUTTER
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.label_signs import label_sign
from persian_mir_gui.widgets.theme import Theme, label_colour, mixed, text_on
from persian_mir_gui.widgets.widget_factories import scaled

LANE_PX = 32
PITCH_PX = LANE_PX + 6  # from one lane to the next
EDGES_FROM_PX = 8.0  # width of segments from which those of one cell are told apart
HATCH_PX, PAD_PX, RADIUS_PX = 7, 7, 3
LEAST_NAME_PX = 36.0  # of the beginning of a name that is too long for its place
LEAST_PX = 9.0  # narrower than this no letter fits
WEAKEST, STRONGEST = 0.3, 0.9  # opacity of a label's colour at confidence 0 and 1

# As text runs: in Persian the name stands on the right of its cell. Only the cells themselves never turn.
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_NOTHING = "–"
Colours = NDArray[np.uint32]  # 0xAARRGGBB
Target = tuple[tuple[str, str], int]  # the segment under review: its lane's key, and its place there


class Lanes(Layer):
    """The lanes of a recording below each other, `offset` pixels scrolled away; names on their left."""

    def __init__(self, plot: Plot, marks: Callable[[Lane], Marks] = lambda _lane: NO_MARKS) -> None:
        super().__init__(plot)
        self._marks = marks
        self.lanes: list[Lane] = []
        self.offset = 0
        self.focused: int | None = None  # the lane that the keyboard points at
        self.target: Target | None = None

    def lane_rect(self, row: int) -> QRectF:
        """Where a lane lies."""
        return QRectF(self.area.left(), row * PITCH_PX - self.offset, self.area.width(), LANE_PX)

    def draw(self, painter: QPainter, exposed: QRectF) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for row, lane in enumerate(self.lanes):
            area = self.lane_rect(row)
            if area.bottom() < exposed.top() or area.top() > exposed.bottom():
                continue
            self._draw_name(painter, lane, QRectF(4, area.top(), GUTTER - 14, LANE_PX))
            painter.save()
            painter.setClipRect(area)
            self._draw_cells(painter, lane, area, self._marks(lane))
            painter.restore()
            if self.target is not None and self.target[0] == lane.key and self.target[1] < len(lane):
                cell = self._cell(lane, range(self.target[1], self.target[1] + 1), area)
                paint_target(painter, self.plot.theme, cell & area.adjusted(-4, 0, 4, 0))
            if row == self.focused:
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(self.plot.theme.accent, 1))
                painter.drawRoundedRect(area.adjusted(-1.5, 0.5, 1.5, -0.5), RADIUS_PX, RADIUS_PX)

    def _draw_name(self, painter: QPainter, lane: Lane, area: QRectF) -> None:
        """Task and predictor, right-aligned beside the lane."""
        half, theme = area.height() / 2, self.plot.theme
        predictor = lane.predictor.removeprefix(f"{formatting.task_name(lane.task)} · ")
        rows = (
            (formatting.task_name(lane.task), self.plot.font(), theme.text_dim, area.adjusted(0, 1, 0, -half + 3)),
            (predictor, self.plot.small_font(), theme.text_faint, area.adjusted(0, half - 1, 0, 0)),
        )
        for text, font, colour, place in rows:
            painter.setFont(font)
            painter.setPen(colour)
            painter.drawText(place, _RIGHT | Qt.AlignmentFlag.AlignAbsolute, fitted(text, font, place.width()))

    def _draw_cells(self, painter: QPainter, lane: Lane, area: QRectF, marks: Marks) -> None:
        scale = self.scale
        visible = lane.visible(scale.start, scale.stop)
        apart = self.target[1] if self.target is not None and self.target[0] == lane.key else -1
        runs = [run for run in lane.runs(visible, marks, apart) if self._width(lane, run) >= LEAST_PX]
        cells = [self._cell(lane, run, area) for run in runs]
        unsure = [not lane.sure[run.start] and run.start not in marks for run in runs]
        hatched = [cell for cell, blank in zip(cells, unsure, strict=True) if blank]
        brush = self._strips(painter, lane, visible, marks)
        if visible and area.width() < LEAST_PX * len(visible):  # also those too narrow for a cell
            painter.fillRect(area, brush)
            for cell in hatched:
                painter.fillRect(cell, self.plot.theme.panel)
        self._hatch(painter, hatched, area)
        for run, cell, blank in zip(runs, cells, unsure, strict=True):
            painter.setPen(QPen(self.plot.theme.border, 1) if blank else Qt.PenStyle.NoPen)
            painter.setBrush(Qt.BrushStyle.NoBrush if blank else brush)
            painter.drawRoundedRect(cell.adjusted(0.5, 0.5, -0.5, -0.5) if blank else cell, RADIUS_PX, RADIUS_PX)
            self._write(painter, lane, run, cell & area, marks)

    def _width(self, lane: Lane, run: range) -> float:
        return float(lane.edges[run.stop - 1, 1] - lane.edges[run.start, 0]) / self.scale.samples_per_pixel

    def _cell(self, lane: Lane, run: range, area: QRectF) -> QRectF:
        """The rectangle of a run, clearly apart from its neighbours."""
        left, right = self.scale.x(lane.edges[run.start, 0]), self.scale.x(lane.edges[run.stop - 1, 1])
        before, after = float(run.start > 0), float(run.stop < len(lane))
        return QRectF(left + before, area.top(), max(right - left - before - after, 1.0), area.height())

    def _strips(self, painter: QPainter, lane: Lane, visible: range, marks: Marks) -> QBrush:
        """One colour a device pixel along the lane; a hair of the ground between the segments of one cell."""
        ratio, scale = painter.device().devicePixelRatioF(), self.scale
        columns = max(round(scale.width * ratio), 1)
        x = (np.arange(columns, dtype=np.float64) + 0.5) / ratio
        index = lane.covering(scale.start + x * scale.samples_per_pixel)
        tones = np.append(tones_of(self.plot.theme, lane, visible, marks), np.uint32(0))
        row = tones[np.where(index < 0, -1, index - visible.start)]
        if visible and scale.width >= EDGES_FROM_PX * len(visible):
            edges = np.flatnonzero(np.diff(index) != 0) + 1
            row[edges] = blended(row[edges], self.plot.theme.panel.rgba())
        image = QImage(row.tobytes(), columns, 1, 4 * columns, QImage.Format.Format_ARGB32).copy()
        brush = QBrush(image)
        brush.setTransform(QTransform(1 / ratio, 0, 0, 1, scale.left, 0))
        return brush

    def _write(self, painter: QPainter, lane: Lane, run: range, cell: QRectF, marks: Marks) -> None:
        """The word, or at least its letter, then the mark of the review or the confidence: as far as there is room."""
        theme, said = self.plot.theme, marks.get(run.start)
        named = bool(said.label) if said is not None else bool(lane.sure[run.start])
        ground = self._ground(lane, run, marks)
        ink = text_on(ground) if named else theme.text_dim
        painter.setFont(scaled(self.plot.small_font(), 1.0, bold=named))
        painter.setPen(ink)
        taken = 0.0
        for text in self._words(lane, run, marks):
            place = self._place(painter, cell, text)
            if place.width() <= cell.width() - 2:
                taken = place.width() + 2 * PAD_PX
                if len(run) > 1 or not named:  # a clear ground, whatever runs below it
                    painter.fillRect(place.adjusted(-3, 0, 3, 0), ground)
                painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)
                break
        if said is not None:
            paint_mark(painter, theme, cell, said, ink, cell.width() - taken >= TICK_PX)
        elif len(run) == 1 and named and taken:
            percent = formatting.percent(float(lane.probability[run.start]))
            painter.setFont(self.plot.small_font())
            if painter.fontMetrics().horizontalAdvance(percent) + PAD_PX <= cell.width() - taken:
                painter.drawText(cell.adjusted(PAD_PX, 0, -PAD_PX, 0), _RIGHT, percent)

    def _place(self, painter: QPainter, cell: QRectF, text: str) -> QRectF:
        """Where a word stands in a cell: at its beginning, where it is narrow in its middle."""
        room = cell.adjusted(PAD_PX, 0, -PAD_PX, 0)
        if painter.fontMetrics().horizontalAdvance(text) <= room.width():
            return painter.boundingRect(room, _LEFT, text)
        return painter.boundingRect(cell, Qt.AlignmentFlag.AlignCenter, text)

    def _ground(self, lane: Lane, run: range, marks: Marks) -> QColor:
        """What a run looks like on the whole."""
        said = marks.get(run.start)
        if said is not None:
            return said_colour(self.plot.theme, said)
        if not lane.sure[run.start]:
            return self.plot.theme.panel
        label = lane.prediction.labels[int(lane.best[run.start])]
        strength = float(strengths(lane, run).mean())
        return mixed(label_colour(self.plot.theme, lane.task, label), self.plot.theme.panel, strength)

    def _words(self, lane: Lane, run: range, marks: Marks) -> list[str]:
        """What may be written in a cell, the longest first."""
        said = marks.get(run.start)
        verdict = lane.verdict(run.start)
        label = (said.label or said.was) if said is not None else verdict.label
        if said is not None or verdict.sure:
            return [formatting.label_name(lane.task, label), label_sign(lane.task, label)]
        if verdict.nothing:
            return [formatting.verdict_words(verdict), _NOTHING]
        if np.ptp(lane.says[run.start : run.stop]):  # they doubt between different labels
            return [_("not sure"), _("?")]
        names = [formatting.in_line(lane.task, one) for one in (label, verdict.runner_up)]
        return [_("{first} or {second}").format(first=names[0], second=names[1]), _("not sure"), _("?")]

    def _hatch(self, painter: QPainter, cells: list[QRectF], area: QRectF) -> None:
        """Diagonal lines through the cells that are not sure; they go on from one cell to the next."""
        if not cells:
            return
        clip = QPainterPath()
        for cell in cells:
            clip.addRoundedRect(cell, RADIUS_PX, RADIUS_PX)
        painter.save()
        painter.setClipPath(clip, Qt.ClipOperation.IntersectClip)
        painter.setPen(QPen(mixed(self.plot.theme.text_faint, self.plot.theme.panel, 0.55), 1))
        rise = area.height()
        lines = [
            QLineF(QPointF(x, area.bottom()), QPointF(x + rise, area.top()))
            for x in range(int(area.left() - rise) // HATCH_PX * HATCH_PX, int(area.right()) + HATCH_PX, HATCH_PX)
        ]
        painter.fillRect(area, self.plot.theme.panel)
        painter.drawLines(lines)
        painter.restore()


def fitted(name: str, font: QFont, width: float) -> str:
    """Return what of a name fits into `width` pixels, with its end: two probes of one task differ in that alone."""
    metrics = QFontMetricsF(font)
    if metrics.horizontalAdvance(name) <= width:
        return name
    words = name.split(" ")
    for kept in range(1, len(words)):  # from a word on, as many of them as leave room for a beginning
        end = " ".join(words[kept:])
        room = width - metrics.horizontalAdvance(f" {end}")
        if room >= LEAST_NAME_PX:
            return f"{metrics.elidedText(' '.join(words[:kept]), Qt.TextElideMode.ElideRight, room)} {end}"
    return metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, width)


def blended(tones: Colours, other: int) -> Colours:
    """Halfway between each of these colours and another one."""
    return np.asarray(((tones & 0xFEFEFEFE) >> 1) + ((other & 0xFEFEFEFE) >> 1), dtype=np.uint32)


def strengths(lane: Lane, among: range) -> NDArray[np.float64]:
    """The opacity of each segment's colour: the surer the stronger."""
    surely = lane.probability[among.start : among.stop].astype(np.float64)
    return np.asarray(WEAKEST + (STRONGEST - WEAKEST) * surely)


def tones_of(theme: Theme, lane: Lane, among: range, marks: Marks) -> Colours:
    """The colours of segments as they look on the panel; what is not sure is left nearly blank."""
    part = slice(among.start, among.stop)
    labels = np.array([_rgb(label_colour(theme, lane.task, label)) for label in lane.prediction.labels])
    colours = labels[lane.best[part]]
    strength = strengths(lane, among)[:, None]
    rgb = strength * colours + (1 - strength) * np.array(_rgb(theme.panel))
    rgb[~lane.sure[part]] = _rgb(theme.border)
    whole = np.round(rgb).astype(np.uint32)
    tones = np.uint32(0xFF000000) | whole[:, 0] << 16 | whole[:, 1] << 8 | whole[:, 2]
    for k in marks.keys() & set(among):
        tones[k - among.start] = said_colour(theme, marks[k]).rgba()
    return np.asarray(tones, dtype=np.uint32)


def _rgb(colour: QColor) -> tuple[float, float, float]:
    return float(colour.red()), float(colour.green()), float(colour.blue())
