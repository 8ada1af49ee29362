"""The waveform below the ruler."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from persian_mir.i18n import _
from persian_mir_gui.core.jobs import JobRunner
from persian_mir_gui.core.timeline import Timeline
from persian_mir_gui.library.session import Session
from persian_mir_gui.playback.player import Player
from persian_mir_gui.plots.samples import SampleReader
from persian_mir_gui.plots.time_axis import TICK_PX, TimeAxis
from persian_mir_gui.plots.waveform import Waveform
from persian_mir_gui.timeline.pane import TimePane
from persian_mir_gui.widgets.theme_source import ThemeSource

PAD_PX = 8.0  # between the loudest possible sample and the frame


class WaveformPane(TimePane):
    """The sound of the current recording, and the times above it; or what is to be said while there is none."""

    def __init__(
        self,
        io: JobRunner,
        timeline: Timeline,
        session: Session,
        player: Player,
        themes: ThemeSource,
        parent: QWidget | None = None,
    ) -> None:
        self._session, self.ruler = session, TimeAxis(timeline)
        super().__init__(_("Waveform"), timeline, player, themes, self.ruler, parent=parent)
        self.reader = SampleReader(io.start, self)
        self.waveform = Waveform(self, PAD_PX, self.reader)
        self.setMinimumHeight(120)
        for signal in (session.shown_changed, session.pyramid_grew):
            signal.connect(self._show)
        self._show()

    def sizeHint(self) -> QSize:
        return QSize(800, 270)

    def words(self) -> str:
        item = self._session.current
        if item is None:
            return _("Open a recording or drop files here")
        if item.state == "failed" and item.error is not None:
            return f"{item.error.what}\n{item.error.cure}".strip()
        if item.pyramid is None:
            return _("Opening…")
        return ""

    def drawForeground(self, painter: QPainter, rect: QRectF) -> None:
        """Go on with the selection's veil where the ruler has its ticks."""
        super().drawForeground(painter, rect)
        selection = self._timeline.selection
        if selection is not None:
            left, right = (self.time_scale.x(edge) for edge in selection)
            ticks = QRectF(left, self.box.geometry().top() - TICK_PX, right - left, TICK_PX)
            painter.fillRect(ticks & self.plot, self.theme.selection)

    def _show(self, _item: object = None) -> None:
        item = self._session.current
        self.waveform.show_pyramid(item.pyramid if item is not None and not self.words() else None)
        self.viewport().update()
