"""The ruler: what time it is where, as people read times."""

from __future__ import annotations

from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen

from persian_mir_gui.core.timeline import Timeline
from persian_mir_gui.plots.time_scale import GUTTER, MARGIN
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.time_text import Step, fitting_step, ticks, time_text

TICK_PX, TEXT_GAP_PX = 5, 2
HEIGHT_PX = 30


class TimeAxis(pg.AxisItem):
    """Ticks at round times above a box whose x is in samples, each with its label, never two touching."""

    def __init__(self, timeline: Timeline) -> None:
        super().__init__("top")
        self._timeline, self._step = timeline, Step(1, 0)
        self.setStyle(tickLength=TICK_PX, tickTextOffset=TEXT_GAP_PX, hideOverlappingLabels=GUTTER)
        self.setHeight(HEIGHT_PX)
        timeline.recording_changed.connect(self._draw_anew)

    def _draw_anew(self) -> None:
        self.picture = None
        self.update()

    def labels(self) -> list[tuple[float, str]]:
        """What is written where: the sample of each tick and its time."""
        (_spacing, samples), *_minor = self.tickValues(self.range[0], self.range[1], self.width())
        return list(zip(samples, self.tickStrings(samples, 1.0, 1.0), strict=True))

    def tickValues(self, minVal: float, maxVal: float, size: float) -> list[tuple[float, list[float]]]:  # noqa: N803
        if not self._timeline.frames:
            return [(1.0, [])]
        rate = self._timeline.rate
        start_s, stop_s = minVal / rate, maxVal / rate
        width = QFontMetricsF(self.style["tickFont"]).horizontalAdvance
        self._step = fitting_step(start_s, stop_s, size, width, self._hours)
        seconds = ticks(start_s, stop_s, self._step)
        return [(self._step.seconds * rate, [second * rate for second in seconds])]

    def tickStrings(self, values: list[float], _scale: float, _spacing: float) -> list[str]:
        rate, decimals = self._timeline.rate, self._step.decimals
        return [formatting.digits(time_text(value / rate, decimals, self._hours)) for value in values]

    @property
    def _hours(self) -> bool:
        return self._timeline.frames >= 3600 * self._timeline.rate

    def generateDrawSpecs(self, painter: QPainter) -> Any:
        specs = super().generateDrawSpecs(painter)
        if specs is None:
            return None
        (_pen, *line), tick_specs, text_specs = specs
        for rect, _flags, _text in text_specs:  # the last may stand a little to the left of its tick
            rect.moveRight(min(rect.right(), self.width() + MARGIN - 2))
        return (QPen(Qt.PenStyle.NoPen), *line), tick_specs, text_specs
