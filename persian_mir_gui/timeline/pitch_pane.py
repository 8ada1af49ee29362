"""The pitch contour on the degrees of the mode that was read."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from persian_mir.i18n import _
from persian_mir.modal.modulations import predicted_modulations
from persian_mir.modal.profile import A4_HZ, OCTAVE_CENTS
from persian_mir_gui.core.timeline import Timeline
from persian_mir_gui.library.session import Session
from persian_mir_gui.modal.reading import Readings
from persian_mir_gui.playback.player import Player
from persian_mir_gui.playback.seeking import seek
from persian_mir_gui.plots.note_bars import NoteBars
from persian_mir_gui.plots.pitch import Pitch
from persian_mir_gui.plots.pitch_strokes import ROOM_CENTS, Contour, contour
from persian_mir_gui.plots.time_axis import TimeAxis
from persian_mir_gui.plots.time_scale import GUTTER, MARGIN
from persian_mir_gui.plots.written_note import WrittenNote
from persian_mir_gui.timeline.pane import NOTCH, TimePane
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.pitch_words import degree_lines, degree_words, place_words
from persian_mir_gui.widgets.theme_source import ThemeSource

ZOOM_PER_NOTCH = 1.2
LEAST_CENTS, MOST_CENTS = 200.0, 8400.0  # height of the pane: the range of swift-f0 and more
RIM_PX = 10  # at least, above the highest note and below the lowest: dots at the edge say that there is more beyond
NOTE_ROOM_CENTS = 150.0  # below the lowest note of a score, and above the highest, whose name stands over it


class PitchPane(TimePane):
    """Pitch over time, low notes below; one line a degree, the shahed's in the accent. Alt+wheel zooms the height.

    `ruled`: with times above it, for a picture of it alone.
    """

    def __init__(
        self,
        timeline: Timeline,
        session: Session,
        player: Player,
        readings: Readings,
        themes: ThemeSource,
        parent: QWidget | None = None,
        ruled: bool = False,
    ) -> None:
        self._session, self._readings = session, readings
        axes = (TimeAxis(timeline),) if ruled else ()
        super().__init__(_("Pitch"), timeline, player, themes, *axes, parent=parent)
        if ruled:
            self.box.removeItem(self._veil)  # what is selected belongs to the screen
            self.centralLayout.setContentsMargins(GUTTER, 0, MARGIN, MARGIN)
        self._of: object = None  # the track that the contour was made of
        self._zoomed = False  # whether the height was chosen by hand
        self._melody = -OCTAVE_CENTS, 0.0  # cents that the melody needs
        self.hushed = False  # whether nothing but the contour is shown: the rest tells the mode
        self.pitch = Pitch(self)
        self.bars = NoteBars(self.pitch)
        self.setMinimumHeight(84)
        self.box.sigYRangeChanged.connect(self._write_degrees)
        self.box.sigResized.connect(self._fit_height)
        timeline.playhead_changed.connect(self._follow_notes)
        readings.changed.connect(self._reload)
        session.shown_changed.connect(self._look_for_modulations)
        self.reset_height()
        self._reload()
        self._look_for_modulations()

    def sizeHint(self) -> QSize:
        return QSize(800, 300)

    @property
    def contour(self) -> Contour | None:
        """What is drawn of the recording's pitch; None until it is known."""
        return self.pitch.contour

    @property
    def span(self) -> tuple[float, float]:
        """Cents above A4 at the lower and the upper edge."""
        low, high = self.box.viewRange()[1]
        return low, high

    def words(self) -> str:
        item, readings = self._session.current, self._readings
        if item is None or item.state != "ready":
            return ""
        if self.contour is not None:
            return _("No pitch was heard in this recording.") if self.contour.empty else ""
        if readings.computing or item.labelling == "running":
            return _("Listening for the pitch…")
        return "" if self.bars.notes else _("Pitch appears when the modal reading has run.")

    def show_notes(self, notes: Sequence[WrittenNote]) -> None:
        """Draw the notes of a score over the recording, and no others."""
        self.bars.show_notes(notes)
        (low, high), written = self.span, self.bars.notes.span()
        unseen = written is not None and not low <= written[0] <= written[1] <= high
        if unseen or not self._zoomed:  # the room for notes that are gone is the melody's again
            self.reset_height()
        self._follow_notes()

    def hush(self, hushed: bool) -> None:
        """Show nothing but the contour, or everything again."""
        self.hushed = hushed
        self._write_degrees()
        self._look_for_modulations()

    def describe_at(self, x: float, y: float) -> str:
        """Time, frequency, note and distance from the shahed under a point, or the note that is written there."""
        if self.contour is None or self.contour.empty or not self.plot.contains(x, y):
            return ""
        written = self.bars.at(QPointF(x, y))
        if written is not None:
            text = _("Written: {note}") if written.played else _("Written, but not played: {note}")
            return f"{formatting.timecode(written.start_s)}\n{text.format(note=written.note.text)}"
        hz = A4_HZ * 2 ** (self.pitch.cents_at(y) / OCTAVE_CENTS)
        seconds = self.time_scale.position(x) / self._timeline.rate
        return place_words(seconds, hz, None if self.hushed else self._readings.known.whole)

    # Mouse

    def clicked(self, where: QPointF) -> None:
        """Play from the note that was clicked; elsewhere put the playhead there."""
        written = self.bars.at(where)
        if written is None:
            super().clicked(where)
        else:
            seek(self._timeline, self._player, ceil(written.start_s * self._timeline.rate))
            if self._player.available:
                self._player.play()

    def wheelEvent(self, event: QWheelEvent) -> None:
        turn = event.angleDelta()
        if not (event.modifiers() & Qt.KeyboardModifier.AltModifier and self.filled):
            super().wheelEvent(event)
            return
        along = turn.y() or turn.x()  # Qt turns a wheel with Alt sideways
        self.zoom_height(ZOOM_PER_NOTCH ** (along / NOTCH), self.pitch.cents_at(event.position().y()))
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.position().x() < GUTTER:
            self.reset_height()
        else:
            super().mouseDoubleClickEvent(event)

    def zoom_height(self, factor: float, at: float) -> None:
        """Show `factor` times fewer cents, keeping those `at` in their place."""
        low, high = self.span
        height = min(max((high - low) / factor, LEAST_CENTS), MOST_CENTS)
        low = at - (at - low) / (high - low) * height
        self._zoomed = True
        self.box.setYRange(low, low + height, padding=0)

    def reset_height(self) -> None:
        """Show all of the melody, and of the notes over it."""
        self._zoomed = False
        self._fit_height()

    def _fit_height(self, *_news: object) -> None:
        """Leave the highest notes free of the edge and of the marks of modes, unless the height was chosen by hand."""
        if self._zoomed:
            return
        low, high = self._melody
        least, most = low + ROOM_CENTS, high - ROOM_CENTS
        if (written := self.bars.notes.span()) is not None:
            least, most = min(least, written[0] - NOTE_ROOM_CENTS), max(most, written[1] + NOTE_ROOM_CENTS)
        above = RIM_PX + (self.pitch.marks_px if self.pitch.modulations else 0)
        room = max(self.box.height() - above - RIM_PX, self.box.height() / 2)  # for the notes
        cents_a_px = (most - least) / max(room, 1)
        low, high = min(low, least - RIM_PX * cents_a_px), max(high, most + above * cents_a_px)
        self.box.setYRange(low, high, padding=0)

    # News

    def _reload(self) -> None:
        track = self._readings.known.track
        if track is not self._of:
            self._of = track
            self.pitch.contour = None if track is None else contour(track)
            self._melody = (-OCTAVE_CENTS, 0.0) if self.contour is None else self.contour.span()
            self.reset_height()
        self._write_degrees()
        self.viewport().update()

    def _write_degrees(self, *_news: object) -> None:
        """Lines for the eye, and the same in words for those who hear the screen."""
        whole = None if self.hushed else self._readings.known.whole
        self.pitch.rate = self._timeline.rate
        self.pitch.lines = degree_lines(whole, *self.span)
        self.setAccessibleDescription("" if whole is None else degree_words(whole))
        self.pitch.refresh()
        self.bars.refresh()

    def _follow_notes(self, *_news: object) -> None:
        self.bars.follow(self._timeline.playhead / self._timeline.rate)

    def _look_for_modulations(self) -> None:
        """Mark where the modal lane changes for good, once all of it is known."""
        item = self._session.current
        running = self.hushed or item is None or item.labelling == "running"
        prediction = None if running or item is None else item.predictions.get(("modal", "mode"))
        self.pitch.modulations = () if prediction is None else predicted_modulations(prediction, self._timeline.rate)
        self._fit_height()
        self.pitch.refresh()
        self.viewport().update()
