"""The lanes: what each predictor says of each segment. Colour names the label, its strength the confidence."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QScrollBar, QToolTip, QWidget

from persian_mir.i18n import _
from persian_mir_gui.core.timeline import Timeline
from persian_mir_gui.library.session import Session
from persian_mir_gui.playback.player import Player
from persian_mir_gui.plots.lane_cells import Lane, lanes_of
from persian_mir_gui.plots.lane_painter import LanePainter
from persian_mir_gui.plots.review_marks import statement_words
from persian_mir_gui.plots.timeline_axis import GUTTER, MARGIN
from persian_mir_gui.review.review import Review
from persian_mir_gui.timeline.pane import TimePane
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.theme_source import ThemeSource
from persian_mir_gui.widgets.time_text import time_text

LANE_PX = 32
PITCH_PX = LANE_PX + 6  # from one lane to the next
LANES_AT_MOST = 6  # more than these scroll


class LanesPane(TimePane):
    """One lane a predictor and task; grows with their number, scrolls when they are many."""

    def __init__(
        self,
        timeline: Timeline,
        session: Session,
        player: Player,
        review: Review,
        themes: ThemeSource,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(timeline, player, themes, parent)
        self._session, self._review = session, review
        self.lanes: list[Lane] = []
        self._current = 0  # the lane that the keyboard points at
        self._bar = QScrollBar(Qt.Orientation.Vertical, self)
        self._bar.setSingleStep(PITCH_PX)
        self._bar.valueChanged.connect(self.update)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(_("Labels of the segments, one lane for each predictor"))
        session.shown_changed.connect(self._reload)
        review.changed.connect(self._show_review)
        self._reload()

    def sizeHint(self) -> QSize:
        return QSize(400, min(len(self.lanes), LANES_AT_MOST) * PITCH_PX)

    def lane_rect(self, row: int) -> QRectF:
        """Where a lane lies."""
        return QRectF(GUTTER, row * PITCH_PX - self._bar.value(), self.axis.width, LANE_PX)

    def hit(self, x: float, y: float) -> tuple[Lane, int] | None:
        """The lane and the segment under a point."""
        row = int((y + self._bar.value()) // PITCH_PX)
        if not 0 <= row < len(self.lanes) or not self.lane_rect(row).contains(x, y):
            return None
        index = self.lanes[row].at(self.axis.position(x))
        return None if index is None else (self.lanes[row], index)

    def describe(self, lane: Lane, index: int) -> str:
        """A segment in words: label, probability, runner-up, extent, predictor."""
        verdict, rate = lane.verdict(index), self._timeline.rate
        start, stop = int(lane.prediction.starts[index]), int(lane.prediction.stops[index])
        lines = [
            formatting.verdict_words(verdict)
            + ("" if verdict.nothing else f" · {formatting.percent(verdict.probability)}"),
            formatting.digits(f"{time_text(start / rate, 3)} – {time_text(stop / rate, 3)}"),
            f"{formatting.task_name(lane.task)} · {formatting.predictor_name(lane.predictor)}",
        ]
        if verdict.runner_up:
            runner_up = formatting.in_line(lane.task, verdict.runner_up)
            probability = formatting.percent(verdict.runner_up_probability)
            lines.insert(1, _("next: {label} {percent}").format(label=runner_up, percent=probability))
        if verdict.reason:
            lines.insert(1, verdict.reason)
        said = self._review.statements.marks(self._session.current, lane.key).get(index)
        if said is not None:
            lines.append(statement_words(said))
        return "\n".join(lines)

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        dirty = QRectF(event.rect())
        lane_painter = LanePainter(painter, self.theme, self.axis, self.font(), self.small_font())
        target = self._review.target
        for row, lane in enumerate(self.lanes):
            area = self.lane_rect(row)
            if area.intersects(dirty.adjusted(-GUTTER, 0, MARGIN + GUTTER, 0)):
                lane_painter.paint_name(lane, QRectF(4, area.top(), GUTTER - 14, LANE_PX))
                self.paint_selection(painter, area)
                marks = self._review.statements.marks(self._session.current, lane.key)
                lane_painter.paint_cells(lane, area, dirty, marks)
                if target is not None and target.lane == lane.key:
                    lane_painter.paint_target(lane, target.index, area)
            if self.keyboard_focus and row == self._current:
                lane_painter.paint_focus(area)

    # Keys, mouse

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
        self.keyboard_focus = True
        if step and 0 <= self._current + step < len(self.lanes):
            self._current += step
            self._scroll_to(self._current)
            self.update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._current < len(self.lanes):
            lane = self.lanes[self._current]
            index = lane.at(self._timeline.playhead)
            if index is not None:
                self._select(lane, index)
        else:
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        found = self.hit(event.position().x(), event.position().y())
        if found is not None and event.button() == Qt.MouseButton.LeftButton:
            self._select(*found)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        clicked = self._pressed is not None and self._review.active
        super().mouseReleaseEvent(event)
        found = self.hit(event.position().x(), event.position().y()) if clicked else None
        if found is not None:
            self._review.choose(found[0].key, found[1])

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.position().x() < GUTTER and self._bar.isVisible():
            self._bar.event(event)
        else:
            super().wheelEvent(event)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            found = self.hit(event.pos().x(), event.pos().y())
            QToolTip.showText(event.globalPos(), self.describe(*found) if found else "", self)
            return True
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_bar()
        if self._review.active:
            self._scroll_to(self._current)

    def _select(self, lane: Lane, index: int) -> None:
        self._timeline.select(int(lane.prediction.starts[index]), int(lane.prediction.stops[index]))

    def _scroll_to(self, row: int) -> None:
        top = row * PITCH_PX
        self._bar.setValue(max(min(self._bar.value(), top), top + LANE_PX - self.height()))

    def _lay_bar(self) -> None:
        overflow = max((len(self.lanes) - 1) * PITCH_PX + LANE_PX - self.height(), 0)
        self._bar.setRange(0, overflow)
        self._bar.setPageStep(max(self.height(), 1))
        self._bar.setGeometry(self.width() - MARGIN + 6, 0, MARGIN - 8, self.height())
        self._bar.setVisible(overflow > 0)

    # News

    def _show_review(self) -> None:
        target = self._review.target
        row = next((k for k, lane in enumerate(self.lanes) if target and lane.key == target.lane), None)
        if row is not None:
            self._current = row
            self._scroll_to(row)
        self.update()

    def _reload(self) -> None:
        item = self._session.current
        self.lanes = lanes_of(item.predictions, item.predictor_names) if item else []
        self._current = min(self._current, max(len(self.lanes) - 1, 0))
        self.setVisible(bool(self.lanes))
        self.setMinimumHeight(PITCH_PX if self.lanes else 0)  # one is seen however low the window
        self.updateGeometry()
        self._lay_bar()
        self.update()
