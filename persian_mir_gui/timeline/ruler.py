"""The ruler: what time it is where."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from persian_mir.i18n import _
from persian_mir_gui.core.timeline import Timeline
from persian_mir_gui.playback.player import Player
from persian_mir_gui.timeline.pane import TimePane
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.theme_source import ThemeSource
from persian_mir_gui.widgets.time_text import fitting_step, ticks, time_text

TICK_PX = 5


class Ruler(TimePane):
    """Ticks at round times, each with its label, never two touching."""

    def __init__(self, timeline: Timeline, player: Player, themes: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(timeline, player, themes, parent)
        self.setFixedHeight(30)
        self.setAccessibleName(_("Time ruler"))

    def labels(self) -> list[tuple[float, str]]:
        """What is written where: the x of each tick and its time."""
        timeline, axis = self._timeline, self.axis
        if not self.filled:
            return []
        start_s, stop_s = axis.start / timeline.rate, axis.stop / timeline.rate
        hours = timeline.frames >= 3600 * timeline.rate
        metrics = QFontMetricsF(self.small_font())
        step = fitting_step(start_s, stop_s, axis.width, metrics.horizontalAdvance, hours)
        return [
            (axis.x(second * timeline.rate), formatting.digits(time_text(second, step.decimals, hours)))
            for second in ticks(start_s, stop_s, step)
        ]

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(self.small_font())
        self.paint_selection(painter, self.plot.adjusted(0, self.height() - TICK_PX, 0, 0))
        bottom, metrics = self.height(), QFontMetricsF(self.small_font())
        for x, text in self.labels():
            painter.setPen(QPen(self.theme.text_faint, 1))
            painter.drawLine(QPointF(x, bottom - TICK_PX), QPointF(x, bottom))
            painter.setPen(self.theme.text_dim)
            half = metrics.horizontalAdvance(text) / 2
            middle = min(x, self.width() - half - 2)  # the last may stand a little to the left of its tick
            area = QRectF(middle - half - 1, 0, 2 * half + 2, bottom - TICK_PX - 2)
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, text)
