"""Overview, waveform, lanes and pitch of the session's current recording, on one time axis."""

from __future__ import annotations

from functools import partial

from PySide6.QtGui import QResizeEvent

from persian_mir_gui.core.jobs import JobRunner
from persian_mir_gui.core.timeline import Timeline
from persian_mir_gui.library.session import Session
from persian_mir_gui.modal.reading import Readings
from persian_mir_gui.playback.player import Player
from persian_mir_gui.plots.time_scale import MARGIN
from persian_mir_gui.timeline.items_pane import ItemsPane
from persian_mir_gui.timeline.lanes_pane import LanesPane, MarksOf
from persian_mir_gui.timeline.overview import Overview
from persian_mir_gui.timeline.pitch_pane import PitchPane
from persian_mir_gui.timeline.stack import PaneStack
from persian_mir_gui.timeline.track_items import TrackItems
from persian_mir_gui.timeline.waveform_pane import WaveformPane
from persian_mir_gui.widgets.theme_source import ThemeSource

PITCH_FROM, OVERVIEW_FROM = 300, 380  # px of height below which the pitch, the overview give way to the others


class TimelinePanes(PaneStack):
    """The panes fold away where the window is too low for all of them."""

    def __init__(
        self,
        io: JobRunner,
        timeline: Timeline,
        session: Session,
        player: Player,
        readings: Readings,
        marks: MarksOf,
        items: TrackItems,
        themes: ThemeSource,
    ) -> None:
        super().__init__(WaveformPane(io, timeline, session, player, themes), timeline, themes, None)
        self._pitch_alone = partial(PitchPane, timeline, session, player, readings, themes, self, ruled=True)
        self.pitch_wanted = True
        self.overview = Overview(timeline, session, themes)
        self.lanes = LanesPane(timeline, session, player, marks, themes)
        self.items = ItemsPane(items, timeline, player, themes)
        self.pitch = PitchPane(timeline, session, player, readings, themes)
        self.column.setContentsMargins(0, 0, 0, 12)
        self.column.addWidget(self.overview)
        self.add(self.waveform, stretch=1)
        self.add(self.lanes, above=12)
        self.add(self.items)
        self.add(self.pitch, stretch=2, above=6)
        timeline.view_changed.connect(self._view_moved)

    def fold(self) -> None:
        """Show what is wanted and has room."""
        self.overview.setVisible(self.height() >= OVERVIEW_FROM)
        self.pitch.setVisible(self.pitch_wanted and self.height() >= PITCH_FROM)

    def pitch_picture(self) -> PitchPane:
        """Return the pitch as it is seen, with times above it, as a plot of its own for a file."""
        seen, alone = self.pitch, self._pitch_alone()
        alone.hide()
        height = seen.height() if seen.isVisible() else seen.sizeHint().height()
        alone.resize(self.width(), height + round(alone.axes["top"].height()) + MARGIN)
        alone.box.setYRange(*seen.span, padding=0)
        alone.bars.notes = seen.bars.notes
        return alone

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fold()
        self._place_playhead()

    def _view_moved(self) -> None:
        """Stop following when the user looks elsewhere; the next seek takes it up again."""
        timeline = self._timeline
        if timeline.following and not self.waveform.time_scale.shows(timeline.playhead):
            timeline.set_following(False)
