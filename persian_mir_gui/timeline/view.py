"""The middle of the window: one time axis for the waveform and every lane below it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from persian_mir.i18n import _
from persian_mir_gui.core.jobs import JobRunner
from persian_mir_gui.core.timeline import Timeline
from persian_mir_gui.library.session import Session
from persian_mir_gui.modal.reading import Readings
from persian_mir_gui.playback.player import Player
from persian_mir_gui.plots.playhead import Playhead
from persian_mir_gui.plots.timeline_axis import TimeAxis
from persian_mir_gui.review.review import Review
from persian_mir_gui.timeline.header import TimelineHeader
from persian_mir_gui.timeline.keys import TimelineKeys
from persian_mir_gui.timeline.lanes_item import LanesPane
from persian_mir_gui.timeline.overview import Overview
from persian_mir_gui.timeline.pitch_pane import PitchPane
from persian_mir_gui.timeline.ruler import Ruler
from persian_mir_gui.timeline.waveform_item import WaveformPane
from persian_mir_gui.widgets.theme import Theme
from persian_mir_gui.widgets.theme_source import ThemeSource

LEAST = 230  # px: header, ruler, waveform and one lane
PITCH_FROM, OVERVIEW_FROM = 340, 420  # px of height below which the pitch, the overview give way to the others


class TimelineView(QWidget):
    """Header, overview, ruler, waveform, lanes and pitch of the session's current recording, on one time axis."""

    def __init__(
        self,
        io: JobRunner,
        timeline: Timeline,
        session: Session,
        player: Player,
        readings: Readings,
        review: Review,
        themes: ThemeSource,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme, self._timeline = themes.theme, timeline
        self._pitch_wanted = True
        self.header = TimelineHeader(session, themes, self)
        self.overview = Overview(timeline, session, themes, self)
        self.ruler = Ruler(timeline, player, themes, self)
        self.waveform = WaveformPane(io, timeline, session, player, themes, self)
        self.lanes = LanesPane(timeline, session, player, review, themes, self)
        self.pitch = PitchPane(timeline, session, player, readings, themes, self)
        self.playhead = Playhead(themes, self)
        self.setAccessibleName(_("Timeline"))
        self.setFocusProxy(self.waveform)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 12)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self.overview)
        column.addWidget(self.ruler)
        column.addWidget(self.waveform, 1)
        column.addSpacing(12)
        column.addWidget(self.lanes)
        column.addSpacing(6)
        column.addWidget(self.pitch, 2)
        self._keys = TimelineKeys(timeline, player, self)
        timeline.view_changed.connect(self._view_moved)
        timeline.recording_changed.connect(self._place_playhead)
        timeline.playhead_changed.connect(self._playhead_moved)
        for pane in (self.ruler, self.waveform, self.lanes, self.pitch):
            pane.installEventFilter(self)
        self._place_playhead()
        themes.changed.connect(self.set_theme)

    def set_theme(self, theme: Theme) -> None:
        """Paint in other colours from now on."""
        self._theme = theme
        self.update()

    @property
    def theme(self) -> Theme:
        """The colours it is painted in."""
        return self._theme

    @property
    def axis(self) -> TimeAxis:
        """The axis that all panes share."""
        return self.waveform.axis

    def show_pitch(self, wanted: bool) -> None:
        """Fold the pitch away, or back as soon as there is room for it."""
        self._pitch_wanted = wanted
        self._fold()

    def _fold(self) -> None:
        self.overview.setVisible(self.height() >= OVERVIEW_FROM)
        self.pitch.setVisible(self._pitch_wanted and self.height() >= PITCH_FROM)

    def minimumSizeHint(self) -> QSize:
        """Of what never gives way: a window that is made lower folds the rest, instead of staying high."""
        return QSize(super().minimumSizeHint().width(), LEAST)

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(event.rect(), self._theme.background)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:  # no shortcut: the window's own, which cancels work, comes first
            self._timeline.clear_selection()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.Hide):
            self._place_playhead()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold()
        self._place_playhead()

    def _place_playhead(self) -> None:
        timeline, axis = self._timeline, self.axis
        self.playhead.setVisible(timeline.frames > 0 and axis.shows(timeline.playhead))
        last = next(pane for pane in (self.pitch, self.lanes, self.waveform) if pane.isVisibleTo(self))
        self.playhead.place(axis.x(timeline.playhead), self.ruler.geometry().bottom() - 6, last.geometry().bottom())
        self.playhead.raise_()

    def _view_moved(self) -> None:
        """Stop following when the user looks elsewhere; the next seek takes it up again."""
        timeline = self._timeline
        if timeline.following and not self.axis.shows(timeline.playhead):
            timeline.set_following(False)
        self._place_playhead()

    def _playhead_moved(self, _playhead: object) -> None:
        self._place_playhead()
