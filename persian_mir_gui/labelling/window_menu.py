"""How long a stretch each segment of the modal reading hears."""

from __future__ import annotations

from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from persian_mir.i18n import _
from persian_mir_gui.core.settings import SETTINGS, Settings
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.widget_factories import tool_button

KEY = "modal_window"


class WindowMenu(QMenu):
    """The lengths to choose from; they count from the next labelling on."""

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(_("Window of the modal reading"), parent)
        self._settings = settings
        self._group = QActionGroup(self)
        for length in next(row.choices for row in SETTINGS if row.key == KEY):
            action = QAction(self._length(length), self._group, checkable=True)
            action.setData(length)
            self.addAction(action)
        self._group.triggered.connect(self._choose)
        settings.changed.connect(self._setting_changed)
        self._mark()

    @property
    def text(self) -> str:
        """The length that is chosen."""
        return self._length(int(self._settings.get(KEY)))

    def _length(self, seconds: int) -> str:
        return _("{number} s").format(number=formatting.digits(str(seconds)))

    def _choose(self, action: QAction) -> None:
        self._settings.set(KEY, action.data())

    def _setting_changed(self, key: str, _value: object) -> None:
        if key == KEY:
            self._mark()

    def _mark(self) -> None:
        for action in self._group.actions():
            action.setChecked(action.data() == self._settings.get(KEY))


def window_button(menu: WindowMenu) -> QToolButton:
    """The button beside the modal reading's chip."""
    what = _("Window: how long a stretch each segment of the modal reading hears, from the next labelling on")
    button = tool_button("quiet", what)
    button.setMenu(menu)
    button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    button.setText(f"{menu.text} ▾")
    return button
