"""Panes below each other on one time axis, and the playhead over all of them."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from persian_mir_gui.core.timeline import Timeline
from persian_mir_gui.plots.playhead import HANDLE, Playhead
from persian_mir_gui.plots.time_axis import TICK_PX
from persian_mir_gui.timeline.pane import TimePane
from persian_mir_gui.timeline.waveform_pane import WaveformPane
from persian_mir_gui.widgets.theme import Theme
from persian_mir_gui.widgets.theme_source import ThemeSource


class PaneStack(QWidget):
    """The waveform with its ruler, and what is put below it. The playhead stands still while nothing plays."""

    def __init__(self, waveform: WaveformPane, timeline: Timeline, themes: ThemeSource, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._timeline, self._theme = timeline, themes.theme
        self.waveform = waveform
        self._panes: list[TimePane] = []
        self.playhead = Playhead(themes, self)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(0)
        for signal in (timeline.view_changed, timeline.recording_changed, timeline.playhead_changed):
            signal.connect(self._place_playhead)
        themes.changed.connect(self._set_theme)

    def add(self, pane: TimePane, stretch: int = 0, above: int = 0) -> None:
        """Put a pane below the others, `above` pixels away."""
        self.column.addSpacing(above)
        self.column.addWidget(pane, stretch)
        self._panes.append(pane)
        pane.installEventFilter(self)

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(event.rect(), self._theme.background)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.Hide):
            self._place_playhead()
        return super().eventFilter(watched, event)

    def _set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def _place_playhead(self, *_news: object) -> None:
        timeline, scale = self._timeline, self.waveform.time_scale
        self.playhead.setVisible(timeline.frames > 0 and scale.shows(timeline.playhead))
        shown = [pane for pane in self._panes if pane.isVisibleTo(self)]
        if shown:
            top = self.waveform.y() + round(self.waveform.ruler.height()) - TICK_PX - HANDLE // 2
            self.playhead.place(scale.x(timeline.playhead), top, shown[-1].geometry().bottom())
            self.playhead.raise_()
