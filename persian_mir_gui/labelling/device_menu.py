"""Where the models compute: chosen by the program, or by hand among what this machine has."""

from __future__ import annotations

import sys

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from persian_mir.computing import DEVICES, PRECISIONS
from persian_mir.i18n import _
from persian_mir.progress import Progress
from persian_mir_gui.core.jobs import JobRunner
from persian_mir_gui.core.settings import Settings
from persian_mir_gui.labelling.labelling import Labelling
from persian_mir_gui.widgets.widget_factories import set_name


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


def precision_name(precision: str) -> str:
    """What a precision is called on the screen."""
    return {"auto": _("Fast where it agrees"), "exact": _("Exact"), "fast": _("Fast")}[precision]


class DeviceMenu(QMenu):
    """The devices and the precisions; what this machine lacks is shown disabled, once that has been found out."""

    available = Signal()  # it has been found out which devices there are

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
        self.addSeparator()
        self._precision = QActionGroup(self)
        for precision in PRECISIONS:
            action = QAction(precision_name(precision), self._precision, checkable=True)
            action.setObjectName(precision)
            self.addAction(action)
        self._precision.triggered.connect(lambda action: settings.set("precision", action.objectName()))
        self.addSeparator()
        self.check = self.addAction(_("Check whether fast agrees"), labelling.fast_check.start)
        self.check.setToolTip(
            _("Labels what is open exactly and fast. Where the two agree, the chosen probes compute fast from then on.")
        )
        settings.changed.connect(self.refresh)
        self.aboutToShow.connect(self._ask)
        self.refresh()

    def refresh(self, *_news: object) -> None:
        """Mark the chosen device and precision."""
        for group, key in ((self._group, "device"), (self._precision, "precision")):
            for action in group.actions():
                action.setChecked(action.objectName() == self._settings.get(key))

    def _choose(self, action: QAction) -> None:
        self._labelling.set_device(action.objectName())
        self.refresh()

    def _ask(self) -> None:
        if not self._asked:
            self._asked = True
            job = self._io.start(_("Looking for devices"), devices_here)
            job.done.connect(self._show_available)

    def _show_available(self, devices: tuple[str, ...]) -> None:
        best = next((device for device in ("cuda", "mps") if device in devices), "cpu")
        for action in self._group.actions():
            if action.objectName() == "auto":
                action.setText(_("Automatic ({device})").format(device=device_name(best)))
            there = action.objectName() in devices
            action.setEnabled(there)
            action.setToolTip("" if there else _("This machine has none."))
        self.available.emit()


class DeviceButton(QToolButton):
    """The button at the end of the top bar: `Device: Automatic`, or the name alone where there is little room."""

    def __init__(self, menu: DeviceMenu, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_name(
            self,
            _("Device that the models compute on. Automatic: the graphics card where there is one, else the CPU."),
        )
        self.setProperty("role", "quiet")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMenu(menu)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._menu, self._wide = menu, True
        menu.triggered.connect(self._show_choice)
        menu.available.connect(self._show_choice)
        self._show_choice()

    def fit_to(self, wide: bool) -> None:
        """Say what the name is of where there is room for it."""
        self._wide = wide
        self._show_choice()

    def _show_choice(self, *_news: object) -> None:
        chosen = next((action.text() for action in self._menu.actions() if action.isChecked()), "")
        self.setText((_("Device: {name}").format(name=chosen) if self._wide else chosen) + " ▾")
