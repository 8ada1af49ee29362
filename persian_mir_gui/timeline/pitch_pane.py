"""The pitch contour on the degrees of the mode that was read."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QPixmap, QWheelEvent
from PySide6.QtWidgets import QToolTip, QWidget

from persian_mir.i18n import _
from persian_mir.modal.modulations import Modulation, predicted_modulations
from persian_mir.modal.profile import A4_HZ, OCTAVE_CENTS
from persian_mir_gui.core.timeline import Timeline
from persian_mir_gui.library.session import Session
from persian_mir_gui.modal.reading import Readings
from persian_mir_gui.playback.player import Player
from persian_mir_gui.plots.pitch_painter import PitchPainter, Scale
from persian_mir_gui.plots.pitch_strokes import Contour, contour
from persian_mir_gui.plots.timeline_axis import GUTTER
from persian_mir_gui.timeline.pane import NOTCH, TimePane
from persian_mir_gui.widgets.pitch_words import degree_lines, degree_words, place_words
from persian_mir_gui.widgets.theme_source import ThemeSource

ZOOM_PER_NOTCH = 1.2
LEAST_CENTS, MOST_CENTS = 200.0, 8400.0  # height of the pane: the range of swift-f0 and more


@dataclass(frozen=True, slots=True, eq=False)
class _Drawn:
    key: tuple[object, ...]
    picture: QPixmap


class PitchPane(TimePane):
    """Pitch over time, low notes below; one line a degree, the shahed's in the accent. Alt+wheel zooms the height."""

    def __init__(
        self,
        timeline: Timeline,
        session: Session,
        player: Player,
        readings: Readings,
        themes: ThemeSource,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(timeline, player, themes, parent)
        self._session, self._readings = session, readings
        self.contour: Contour | None = None
        self._of: object = None  # the track that the contour was made of
        self._span = (-1200.0, 0.0)  # cents above A4 at the lower and upper edge
        self._drawn: _Drawn | None = None
        self.modulations: tuple[Modulation, ...] = ()
        self.hushed = False  # whether nothing but the contour is shown: the rest tells the mode
        self.pen = 1.0  # times as thick as usual
        self.setMinimumHeight(84)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(_("Pitch"))
        readings.changed.connect(self._reload)
        session.current_changed.connect(self._repaint)
        session.shown_changed.connect(self._look_for_modulations)
        self._reload()

    def sizeHint(self) -> QSize:
        return QSize(800, 300)

    @property
    def scale(self) -> Scale:
        """Cents to pixels."""
        return Scale(self._span[0], self._span[1], 8.0, max(self.height() - 16.0, 1.0))

    def words(self) -> str:
        """What is said instead of a contour; empty when there is one."""
        item, readings = self._session.current, self._readings
        if item is None or item.state != "ready":
            return ""
        if self.contour is not None:
            return _("No pitch was heard in this recording.") if self.contour.empty else ""
        if readings.computing or item.labelling == "running":
            return _("Listening for the pitch…")
        return _("Pitch appears when the modal reading has run.")

    def hush(self, hushed: bool) -> None:
        """Show nothing but the contour, or everything again."""
        self.hushed = hushed
        self._describe_degrees()
        self.update()

    def describe(self, x: float, y: float) -> str:
        """Time, frequency, note and distance from the shahed under a point."""
        if self.contour is None or self.contour.empty:
            return ""
        hz = A4_HZ * 2 ** (self.scale.cents(y) / OCTAVE_CENTS)
        seconds = self.axis.position(x) / self._timeline.rate
        return place_words(seconds, hz, None if self.hushed else self._readings.known.whole)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        frame = self.paint_frame(painter, self.keyboard_focus)
        self.paint_selection(painter, frame)
        text = self.words()
        if text:
            self.paint_words(painter, frame, text)
        elif self.contour is not None:
            painter.drawPixmap(0, 0, self._picture(self.contour, frame))

    def paint_export(self, painter: QPainter) -> None:
        """The pane as it is, for a file: no selection, no focus."""
        self.paint_picture(painter, self.paint_frame(painter, False))

    def _picture(self, shape: Contour, frame: QRectF) -> QPixmap:
        """Lines and contour; kept, since a moving playhead repaints strips of them."""
        whole = self._readings.known.whole
        key = (
            shape,
            whole,
            self.modulations,
            self.theme.name,
            self.size(),
            self.axis,
            self._span,
            self.devicePixelRatioF(),
            self.hushed,
            self.font().key(),
        )
        if self._drawn is None or self._drawn.key != key:
            picture = QPixmap(self.size() * self.devicePixelRatioF())
            picture.setDevicePixelRatio(self.devicePixelRatioF())
            picture.fill(Qt.GlobalColor.transparent)
            painter = QPainter(picture)
            self.paint_picture(painter, frame)
            painter.end()
            self._drawn = _Drawn(key, picture)
        return self._drawn.picture

    def paint_picture(self, painter: QPainter, frame: QRectF) -> None:
        """Degrees and contour."""
        if self.contour is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self.small_font())
        hand = PitchPainter(painter, self.theme, self.axis, self.scale, frame, self.pen)
        low, high = self._span
        rate = self._timeline.rate
        hand.paint([] if self.hushed else degree_lines(self._readings.known.whole, low, high), self.contour, rate)
        if not self.hushed:
            hand.modulations(self.modulations, rate)

    # Mouse

    def wheelEvent(self, event: QWheelEvent) -> None:
        turn = event.angleDelta()
        if not (event.modifiers() & Qt.KeyboardModifier.AltModifier and self.filled):
            super().wheelEvent(event)
            return
        along = turn.y() or turn.x()  # Qt turns a wheel with Alt sideways
        self.zoom_height(ZOOM_PER_NOTCH ** (along / NOTCH), self.scale.cents(event.position().y()))
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.position().x() < GUTTER:
            self.reset_height()
        else:
            super().mouseDoubleClickEvent(event)

    def zoom_height(self, factor: float, at: float) -> None:
        """Show `factor` times fewer cents, keeping those `at` in their place."""
        low, high = self._span
        height = min(max((high - low) / factor, LEAST_CENTS), MOST_CENTS)
        low = at - (at - low) / (high - low) * height
        self._span = (low, low + height)
        self.update()

    def reset_height(self) -> None:
        """Show all that was sung or played."""
        if self.contour is not None:
            self._span = self.contour.span()
        self.update()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            inside = self.plot.contains(event.pos().toPointF())
            text = self.describe(event.pos().x(), event.pos().y()) if inside else ""
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().event(event)

    def _reload(self) -> None:
        track = self._readings.known.track
        if track is not self._of:
            self._of = track
            self.contour = None if track is None else contour(track)
            self.reset_height()
        self._describe_degrees()
        self.update()

    def _describe_degrees(self) -> None:
        """What is drawn beside the lines, in words for those who hear the screen."""
        whole = None if self.hushed else self._readings.known.whole
        self.setAccessibleDescription("" if whole is None else degree_words(whole))

    def _look_for_modulations(self) -> None:
        """Mark where the modal lane changes for good, once all of it is known."""
        item = self._session.current
        prediction = None if item is None or item.labelling == "running" else item.predictions.get(("modal", "mode"))
        found = () if prediction is None else predicted_modulations(prediction, self._timeline.rate)
        self.modulations = found
        self.update()
