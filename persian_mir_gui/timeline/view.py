"""The middle of the window: what is open, and one time axis for its waveform and every lane below it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from persian_mir.i18n import _
from persian_mir_gui.core.timeline import Timeline
from persian_mir_gui.library.session import Session
from persian_mir_gui.playback.player import Player
from persian_mir_gui.timeline.header import TimelineHeader
from persian_mir_gui.timeline.keys import TimelineKeys
from persian_mir_gui.widgets.theme import Theme
from persian_mir_gui.widgets.theme_source import ThemeSource

if TYPE_CHECKING:
    from persian_mir_gui.plots.lanes import Target
    from persian_mir_gui.plots.written_note import WrittenNote
    from persian_mir_gui.timeline.panes import TimelinePanes

LEAST = 230  # px: header, ruler, waveform and one lane


class TimelineView(QWidget):
    """The header, and below it the panes, which `make_panes` makes when the first recording is shown."""

    segment_clicked = Signal(object, object)  # the lane's key; the segment's place
    menu_wanted = Signal(object, object, object)  # the same; where on the screen
    item_menu_wanted = Signal(object)  # where on the screen, for the chosen item
    item_form_wanted = Signal()

    def __init__(
        self,
        timeline: Timeline,
        session: Session,
        player: Player,
        themes: ThemeSource,
        make_panes: Callable[[], TimelinePanes],
    ) -> None:
        super().__init__()
        self._themes, self._timeline, self._make_panes = themes, timeline, make_panes
        self._pitch_wanted = True
        self._target: Target | None = None
        self._notes: Sequence[WrittenNote] = ()
        self.header = TimelineHeader(session, themes, self)
        self.setAccessibleName(_("Timeline"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self.header)
        self._keys = TimelineKeys(timeline, player, self)
        themes.changed.connect(self._set_theme)

    @cached_property
    def panes(self) -> TimelinePanes:
        """The plots."""
        panes = self._make_panes()
        panes.lanes.segment_clicked.connect(self.segment_clicked)
        panes.lanes.menu_wanted.connect(self.menu_wanted)
        panes.items.menu_wanted.connect(self.item_menu_wanted)
        panes.items.form_wanted.connect(self.item_form_wanted)
        panes.lanes.show_target(self._target)
        panes.pitch.show_notes(self._notes)
        panes.pitch_wanted = self._pitch_wanted
        self._column.addWidget(panes, 1)
        self.setFocusProxy(panes.waveform)
        return panes

    @property
    def theme(self) -> Theme:
        """The colours it is painted in."""
        return self._themes.theme

    def show_pitch(self, wanted: bool) -> None:
        """Fold the pitch away, or back as soon as there is room for it."""
        self._pitch_wanted = wanted
        if "panes" in vars(self):
            self.panes.pitch_wanted = wanted
            self.panes.fold()

    def show_target(self, target: Target | None) -> None:
        """Frame the segment under review, and show again what people said of all."""
        self._target = target
        if "panes" in vars(self):
            self.panes.lanes.show_target(target)

    def show_notes(self, notes: Sequence[WrittenNote]) -> None:
        """Draw the notes of a score over the pitch, and no others."""
        self._notes = notes
        if "panes" in vars(self):
            self.panes.pitch.show_notes(notes)

    def minimumSizeHint(self) -> QSize:
        """Of what never gives way: a window that is made lower folds the rest, instead of staying high."""
        return QSize(super().minimumSizeHint().width(), LEAST)

    def showEvent(self, event: QShowEvent) -> None:
        self.panes.fold()
        super().showEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(event.rect(), self._themes.theme.background)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:  # no shortcut: the window's own, which cancels work, comes first
            self._timeline.clear_selection()
        else:
            super().keyPressEvent(event)

    def _set_theme(self, _theme: Theme) -> None:
        self.update()
