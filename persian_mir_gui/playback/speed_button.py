"""Slow playback, the pitch kept."""

from __future__ import annotations

from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from persian_mir.i18n import _
from persian_mir_gui.playback.player import Player
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.widget_factories import set_name

SPEEDS = (0.25, 0.35, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)


class SpeedButton(QToolButton):
    """Shows the speed; its menu has the speeds to choose from."""

    def __init__(self, player: Player, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._player = player
        menu = QMenu(self)
        self._group = QActionGroup(self)
        for speed in reversed(SPEEDS):
            action = QAction(formatting.percent(speed), self._group, checkable=True)
            action.setData(speed)
            menu.addAction(action)
        self.setMenu(menu)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setProperty("role", "quiet")
        set_name(self, _("Speed, the pitch kept"))
        self._group.triggered.connect(self._choose)
        player.speed_changed.connect(self.refresh)
        self.refresh()

    def refresh(self, *_news: object) -> None:
        """Show the speed as it is."""
        self.setText(f"{formatting.percent(self._player.speed)} ▾")
        for action in self._group.actions():
            action.setChecked(action.data() == self._player.speed)

    def _choose(self, action: QAction) -> None:
        self._player.set_speed(float(action.data()))


def step_speed(player: Player, by: int) -> None:
    """The next speed up (`by` 1) or down (-1), if there is one."""
    if by > 0:
        faster = [speed for speed in SPEEDS if speed > player.speed]
        player.set_speed(faster[0] if faster else player.speed)
    else:
        slower = [speed for speed in SPEEDS if speed < player.speed]
        player.set_speed(slower[-1] if slower else player.speed)
