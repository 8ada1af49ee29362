"""The lanes: what each predictor says of each segment, and what people said of it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QScrollBar, QWidget

from persian_mir.i18n import _
from persian_mir_gui.core.timeline import Timeline
from persian_mir_gui.library.session import Item, Session
from persian_mir_gui.playback.player import Player
from persian_mir_gui.plots.lane_cells import Lane, Marks, lanes_of
from persian_mir_gui.plots.lanes import LANE_PX, PITCH_PX, Lanes, Target
from persian_mir_gui.plots.review_marks import statement_words
from persian_mir_gui.plots.time_scale import GUTTER, MARGIN
from persian_mir_gui.timeline.pane import TimePane
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.theme_source import ThemeSource
from persian_mir_gui.widgets.time_text import time_text

LANES_AT_MOST = 6  # more than these scroll
MarksOf = Callable[[Item | None, tuple[str, str]], Marks]


class LanesPane(TimePane):
    """One lane a predictor and task; grows with their number, scrolls when they are many."""

    framed = False
    segment_clicked = Signal(object, object)  # the lane's key; the segment's place
    menu_wanted = Signal(object, object, object)  # the same; where on the screen

    def __init__(
        self,
        timeline: Timeline,
        session: Session,
        player: Player,
        marks: MarksOf,
        themes: ThemeSource,
        parent: QWidget | None = None,
    ) -> None:
        self._session, self._marks = session, marks
        name = _("Labels of the segments, one lane for each predictor")
        super().__init__(name, timeline, player, themes, parent=parent)
        self._current = 0  # the lane that the keyboard points at
        self._bar = QScrollBar(Qt.Orientation.Vertical, self)
        self._bar.setSingleStep(PITCH_PX)
        self.cells = Lanes(self, lambda lane: marks(session.current, lane.key))
        self._bar.valueChanged.connect(self._scroll)
        self.sigDeviceRangeChanged.connect(self._resized)
        session.shown_changed.connect(self._reload)
        self._reload()

    def sizeHint(self) -> QSize:
        return QSize(400, min(len(self.lanes), LANES_AT_MOST) * PITCH_PX)

    @property
    def lanes(self) -> list[Lane]:
        """The lanes from top to bottom."""
        return self.cells.lanes

    def hit(self, x: float, y: float) -> tuple[Lane, int] | None:
        """The lane and the segment under a point."""
        row = int((y + self._bar.value()) // PITCH_PX)
        if not 0 <= row < len(self.lanes) or not self.cells.lane_rect(row).contains(x, y):
            return None
        index = self.lanes[row].at(self.time_scale.position(x))
        return None if index is None else (self.lanes[row], index)

    def describe_at(self, x: float, y: float) -> str:
        row = int((y + self._bar.value()) // PITCH_PX)
        if x < GUTTER and 0 <= row < len(self.lanes):  # the name, which may be too long for its place
            return _name(self.lanes[row])
        found = self.hit(x, y)
        return self.describe(*found) if found else ""

    def describe(self, lane: Lane, index: int) -> str:
        """A segment in words: label, probability, runner-up, extent, predictor."""
        verdict, rate = lane.verdict(index), self._timeline.rate
        start, stop = int(lane.prediction.starts[index]), int(lane.prediction.stops[index])
        lines = [
            formatting.verdict_words(verdict)
            + ("" if verdict.nothing else f" · {formatting.percent(verdict.probability)}"),
            formatting.digits(f"{time_text(start / rate, 3)} – {time_text(stop / rate, 3)}"),
            _name(lane),
        ]
        if verdict.runner_up:
            runner_up = formatting.in_line(lane.task, verdict.runner_up)
            probability = formatting.percent(verdict.runner_up_probability)
            lines.insert(1, _("next: {label} {percent}").format(label=runner_up, percent=probability))
        if verdict.reason:
            lines.insert(1, verdict.reason)
        if sureness := formatting.sure_words(verdict):
            lines.append(sureness)
        said = self._marks(self._session.current, lane.key).get(index)
        if said is not None:
            lines.append(statement_words(said))
        return "\n".join(lines)

    def show_target(self, target: Target | None) -> None:
        """Frame the segment under review, and show again what people said."""
        self.cells.target = target
        row = next((k for k, lane in enumerate(self.lanes) if target and lane.key == target[0]), None)
        if row is not None:
            self._point_at(row)
        self.cells.refresh()

    # Keys, mouse

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
        self._show_focus(True)
        if step and 0 <= self._current + step < len(self.lanes):
            self._point_at(self._current + step)
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

    def clicked(self, where: QPointF) -> None:
        super().clicked(where)
        found = self.hit(where.x(), where.y())
        if found is not None:
            self.segment_clicked.emit(found[0].key, found[1])

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """For the segment under the pointer; at the keyboard's own key for that under the playhead."""
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        middle = self.cells.lane_rect(self._current).center().y()
        where = QPointF(self.time_scale.x(self._timeline.playhead), middle) if by_key else QPointF(event.pos())
        found = self.hit(where.x(), where.y())
        if found is not None:
            self.menu_wanted.emit(found[0].key, found[1], self.mapToGlobal(where.toPoint()))

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.position().x() < GUTTER and self._bar.isVisible():
            self._bar.event(event)
        else:
            super().wheelEvent(event)

    def _select(self, lane: Lane, index: int) -> None:
        self._timeline.select(int(lane.prediction.starts[index]), int(lane.prediction.stops[index]))

    def _show_focus(self, by_key: bool) -> None:
        super()._show_focus(by_key)
        self.cells.focused = self._current if by_key else None
        self.cells.refresh()

    def _point_at(self, row: int) -> None:
        self._current = row
        top = row * PITCH_PX
        self._bar.setValue(max(min(self._bar.value(), top), top + LANE_PX - self.height()))
        self._show_focus(self.keyboard_focus)

    def _scroll(self, offset: int) -> None:
        self.cells.offset = offset
        self.cells.refresh()

    def _resized(self, *_news: object) -> None:
        self._lay_bar()
        if self.cells.target is not None:
            self._point_at(self._current)

    def _lay_bar(self) -> None:
        overflow = max((len(self.lanes) - 1) * PITCH_PX + LANE_PX - self.height(), 0)
        self._bar.setRange(0, overflow)
        self._bar.setPageStep(max(self.height(), 1))
        self._bar.setGeometry(self.width() - MARGIN + 6, 0, MARGIN - 8, self.height())
        self._bar.setVisible(overflow > 0)

    # News

    def _reload(self) -> None:
        item = self._session.current
        self.cells.lanes = lanes_of(item.predictions, item.predictor_names) if item else []
        self._current = min(self._current, max(len(self.lanes) - 1, 0))
        self.setVisible(bool(self.lanes))
        self.setMinimumHeight(PITCH_PX if self.lanes else 0)  # one is seen however low the window
        self.updateGeometry()
        self._lay_bar()
        self.cells.refresh()


def _name(lane: Lane) -> str:
    """Task and predictor."""
    return f"{formatting.task_name(lane.task)} · {formatting.predictor_name(lane.predictor)}"
