"""Where the models compute: chosen by the program, or by hand among what this machine has."""

from __future__ import annotations

import sys

from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from persian_mir.i18n import _
from persian_mir.progress import Progress
from persian_mir_gui.core.jobs import JobRunner
from persian_mir_gui.core.settings import Settings
from persian_mir_gui.labelling.labelling import Labelling
from persian_mir_gui.widgets.widget_factories import tool_button

DEVICES = ("auto", "cpu", "cuda", "mps")


def devices_here(progress: Progress) -> tuple[str, ...]:
    """Asks torch which devices there are. Runs on the worker: torch takes seconds to import."""
    progress.step(0.0)
    import torch

    found = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    return ("auto", "cpu", *(name for name, there in found.items() if there))


def device_name(device: str) -> str:
    """What a device is called on the screen."""
    names = {"auto": _("Automatic"), "cpu": "CPU", "cuda": _("NVIDIA GPU (CUDA)"), "mps": _("Apple GPU (MPS)")}
    return names[device]


class DeviceMenu(QMenu):
    """The devices; what this machine lacks is shown disabled, once that has been found out."""

    def __init__(self, io: JobRunner, settings: Settings, labelling: Labelling, parent: QWidget | None = None) -> None:
        super().__init__(_("Device"), parent)
        self._asked, self._io, self._settings, self._labelling = False, io, settings, labelling
        self._group = QActionGroup(self)
        for device in DEVICES:
            if device != ("cuda" if sys.platform == "darwin" else "mps"):
                action = QAction(device_name(device), self._group, checkable=True)
                action.setObjectName(device)
                self.addAction(action)
        self._group.triggered.connect(self._choose)
        self.aboutToShow.connect(self._ask)
        self.refresh()

    def refresh(self) -> None:
        """Mark the chosen device."""
        for action in self._group.actions():
            action.setChecked(action.objectName() == self._settings.get("device"))

    def _choose(self, action: QAction) -> None:
        self._labelling.set_device(action.objectName())
        self.refresh()

    def _ask(self) -> None:
        if not self._asked:
            self._asked = True
            job = self._io.start(_("Looking for devices"), devices_here)
            job.done.connect(self._show_available)

    def _show_available(self, devices: tuple[str, ...]) -> None:
        for action in self._group.actions():
            there = action.objectName() in devices
            action.setEnabled(there)
            action.setToolTip("" if there else _("This machine has none."))


def device_button(menu: DeviceMenu) -> QToolButton:
    """The button at the end of the top bar."""
    button = tool_button("quiet", _("Device that the models compute on"))
    button.setMenu(menu)
    button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)

    def show_choice() -> None:
        checked = next((a.text() for a in menu.actions() if a.isChecked()), "")
        button.setText(f"{checked} ▾")

    menu.triggered.connect(show_choice)
    show_choice()
    return button
