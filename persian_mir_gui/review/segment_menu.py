"""What can be done with one segment of a lane, at a right click on it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtWidgets import QMenu, QWidget

from persian_mir.i18n import _
from persian_mir.labels import label_ids
from persian_mir_gui.core.timeline import Timeline
from persian_mir_gui.playback.player import Player
from persian_mir_gui.review.review import Review
from persian_mir_gui.review.segments import LaneKey, Subject
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.label_dialog import ask_label

LISTED = 13  # labels that have a row of their own: all modes; artists are given by name


class SegmentMenu(QObject):
    """Makes the menu of a segment; `export_sound` asks where to and writes samples of the current recording."""

    def __init__(
        self,
        review: Review,
        timeline: Timeline,
        player: Player,
        window: QWidget,
        export_sound: Callable[[int, int], object],
    ) -> None:
        super().__init__(window)
        self._review, self._timeline, self._player = review, timeline, player
        self._window, self._export_sound = window, export_sound

    def show(self, lane: LaneKey, index: int, where: QPoint) -> None:
        """Open the menu at a place on the screen."""
        menu = self.menu_for(lane, index)
        if menu is not None:
            menu.popup(where)

    def menu_for(self, lane: LaneKey, index: int) -> QMenu | None:
        """The menu of a segment of the current recording; None where there is no such segment."""
        subject = self._review.segment(lane, index)
        if subject is None:
            return None
        self._review.point_at(lane, index)
        menu = QMenu(self._window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        start, stop = subject.start, subject.stop
        play = menu.addAction(_("Play"), lambda: self._player.play_range(start, stop))
        play.setEnabled(self._player.available)
        menu.addAction(_("Select"), lambda: self._timeline.select(start, stop))
        menu.addAction(_("Zoom to it"), lambda: self._timeline.set_view(start, stop))
        menu.addSeparator()
        self._add_answers(menu, subject)
        menu.addSeparator()
        if not self._review.active:
            menu.addAction(_("Review from here"), self._review.start)
        menu.addAction(_("Save its sound…"), lambda: self._export_sound(start, stop))
        return menu

    def _add_answers(self, menu: QMenu, subject: Subject) -> None:
        say = self._review.say
        if subject.was:
            name = formatting.in_line(subject.task, subject.was)
            menu.addAction(_("Accept {label}").format(label=name), lambda: say(subject, subject.was))
            menu.addAction(_("Reject {label}").format(label=name), lambda: say(subject, ""))
        labels = label_ids(subject.task) or (subject.said.labels if subject.said else ())
        if len(labels) <= LISTED:
            others = menu.addMenu(_("Correct to"))
            for label in labels:
                if label != subject.was:
                    text = formatting.label_name(subject.task, label).replace("&", "&&")
                    others.addAction(text, partial(say, subject, label))
        question = _("The right label of this segment:")
        menu.addAction(
            _("Label by name…"),
            lambda: ask_label(
                self._window, question, subject.task, labels, subject.was, lambda label: say(subject, label)
            ),
        )
        known = self._review.known(subject)
        if known is not None:
            menu.addAction(_("Take back what was said"), lambda: self._review.statements.undo(known))
