"""The trainer, as the window sees it: the data, the child process that fits, the runs."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from persian_mir_gui.services.jobs import JobRunner
from persian_mir_gui.services.messages import Messages
from persian_mir_gui.services.settings import Settings
from persian_mir_gui.services.training_data import DataChoice


class Training(QObject):
    """Owns what the trainer's window shows. The work is done by `python -m trainer … --json`."""

    data_changed = Signal()
    runs_changed = Signal()
    run_chosen = Signal(object)  # Run: the one whose results are to be shown

    def __init__(self, io: JobRunner, settings: Settings, messages: Messages, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._io, self._settings, self._messages = io, settings, messages
        self.data: DataChoice | None = None
