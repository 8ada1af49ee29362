"""What a class looks at: waveform and pitch on one time axis, in large type and the strongest contrast."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from persian_mir_gui.core.jobs import JobRunner
from persian_mir_gui.core.timeline import Timeline
from persian_mir_gui.library.session import Session
from persian_mir_gui.modal.reading import Readings
from persian_mir_gui.playback.player import Player
from persian_mir_gui.plots.playhead import Playhead
from persian_mir_gui.timeline.keys import TimelineKeys
from persian_mir_gui.timeline.pitch_pane import PitchPane
from persian_mir_gui.timeline.ruler import Ruler
from persian_mir_gui.timeline.waveform_item import WaveformPane
from persian_mir_gui.widgets.theme import DARK, LIGHT, Theme
from persian_mir_gui.widgets.theme_source import ThemeSource

# Contrast of text 21, of what stands back at least 12.
ON_BLACK = replace(
    DARK,
    name="black",
    background=QColor("#000000"),
    panel=QColor("#000000"),
    raised=QColor("#161616"),
    border=QColor("#5a5a5a"),
    text=QColor("#ffffff"),
    text_dim=QColor("#d8d8d8"),
    text_faint=QColor("#c8c8c8"),
    accent=QColor("#ffd24a"),
    accent_text=QColor("#000000"),
    playhead=QColor("#ff8a5b"),
    selection=QColor(255, 210, 74, 60),
    wave=QColor("#8f8f8f"),
    wave_rms=QColor("#ffffff"),
)
ON_WHITE = replace(
    LIGHT,
    name="white",
    background=QColor("#ffffff"),
    panel=QColor("#ffffff"),
    raised=QColor("#f4f4f4"),
    border=QColor("#8a8a8a"),
    text=QColor("#000000"),
    text_dim=QColor("#262626"),
    text_faint=QColor("#333333"),
    accent=QColor("#0040c0"),
    playhead=QColor("#c03000"),
    selection=QColor(0, 64, 192, 44),
    wave=QColor("#9a9a9a"),
    wave_rms=QColor("#000000"),
)
TYPE = 0.024  # height of the type, of the screen's
LEAST_PX, MOST_PX = 13, 40
PEN = 1.7  # times as thick as in the window
KEYS_OF_THE_SCREEN = ("[", "]", "PgUp", "PgDown")


class TeacherStage(QWidget):
    """Ruler, waveform and pitch. Until the answer is revealed the pitch has no degrees: they would give it away."""

    def __init__(
        self,
        io: JobRunner,
        timeline: Timeline,
        session: Session,
        player: Player,
        readings: Readings,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._themes, self._timeline = ThemeSource(ON_BLACK, self), timeline
        self.ruler = Ruler(timeline, player, self._themes, self)
        self.waveform = WaveformPane(io, timeline, session, player, self._themes, self)
        self.pitch = PitchPane(timeline, session, player, readings, self._themes, self)
        self.pitch.pen = PEN
        self.playhead = Playhead(self._themes, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.ruler)
        column.addWidget(self.waveform, 2)
        column.addSpacing(10)
        column.addWidget(self.pitch, 5)
        TimelineKeys(timeline, player, self.window(), without=KEYS_OF_THE_SCREEN)
        timeline.view_changed.connect(self._place_playhead)
        timeline.recording_changed.connect(self._place_playhead)
        timeline.playhead_changed.connect(self._place_playhead)
        for pane in (self.ruler, self.waveform, self.pitch):
            pane.installEventFilter(self)

    def show_as(self, theme: Theme, revealed: bool) -> None:
        """Paint in these colours, with or without what tells the answer."""
        self.pitch.hush(not revealed)
        self._themes.set(theme)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(event.rect(), self._themes.theme.background)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        font = QFont(self.font())
        pixels = min(max(TYPE * self.window().height(), LEAST_PX), MOST_PX)
        font.setPointSizeF(pixels * 72 / self.logicalDpiY())
        for pane in (self.ruler, self.waveform, self.pitch):
            pane.setFont(font)
        self.ruler.setFixedHeight(round(pixels * 1.9) + 6)
        self._place_playhead()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show):
            self._place_playhead()
        return super().eventFilter(watched, event)

    def _place_playhead(self, *_news: object) -> None:
        timeline, axis = self._timeline, self.waveform.axis
        self.playhead.setVisible(timeline.frames > 0 and axis.shows(timeline.playhead))
        top, bottom = self.ruler.geometry().bottom() - 6, self.pitch.geometry().bottom()
        self.playhead.place(axis.x(timeline.playhead), top, bottom)
        self.playhead.raise_()
