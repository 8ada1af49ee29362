"""What a class looks at: waveform and pitch alone, in large type."""

from __future__ import annotations

from PySide6.QtGui import QFont, QResizeEvent
from PySide6.QtWidgets import QWidget

from persian_mir_gui.core.jobs import JobRunner
from persian_mir_gui.core.timeline import Timeline
from persian_mir_gui.library.session import Session
from persian_mir_gui.modal.reading import Readings
from persian_mir_gui.playback.player import Player
from persian_mir_gui.timeline.keys import TimelineKeys
from persian_mir_gui.timeline.pitch_pane import PitchPane
from persian_mir_gui.timeline.stack import PaneStack
from persian_mir_gui.timeline.waveform_pane import WaveformPane
from persian_mir_gui.widgets.theme_source import ThemeSource

TYPE = 0.024  # height of the type, of the screen's
LEAST_PX, MOST_PX = 13, 40
PEN = 1.7  # times as thick as in the window
KEYS_OF_THE_SCREEN = ("[", "]", "PgUp", "PgDown")


class LargePanes(PaneStack):
    """Ruler, waveform and pitch, of which nothing is told until it is revealed: degrees would give the answer away."""

    def __init__(
        self,
        io: JobRunner,
        timeline: Timeline,
        session: Session,
        player: Player,
        readings: Readings,
        themes: ThemeSource,
        parent: QWidget,
    ) -> None:
        waveform = WaveformPane(io, timeline, session, player, themes)
        super().__init__(waveform, timeline, themes, parent)
        self.pitch = PitchPane(timeline, session, player, readings, themes)
        self.pitch.pitch.pen = PEN
        self.add(waveform, stretch=2)
        self.add(self.pitch, stretch=5, above=10)
        TimelineKeys(timeline, player, self.window(), without=KEYS_OF_THE_SCREEN)

    def reveal(self, revealed: bool) -> None:
        """Show what tells the answer, or hide it."""
        self.pitch.hush(not revealed)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        font = QFont(self.font())
        pixels = min(max(TYPE * self.window().height(), LEAST_PX), MOST_PX)
        font.setPointSizeF(pixels * 72 / self.logicalDpiY())
        for pane in (self.waveform, self.pitch):
            pane.setFont(font)
        self.waveform.ruler.setHeight(round(pixels * 1.9) + 6)
        self._place_playhead()
