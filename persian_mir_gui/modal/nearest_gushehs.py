"""The gushehs that are nearest to the current recording over time, found on a worker while somebody looks at them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from persian_mir.progress import Progress
from persian_mir_gui.core.jobs import JobRunner, Latest
from persian_mir_gui.core.messages import Messages
from persian_mir_gui.modal.reading import Readings

if TYPE_CHECKING:
    from persian_mir.modal.gushehs import GushehStretch
    from persian_mir.modal.reading import ModalReading


class NearestGushehs(QObject):
    """`stretches` of the whole of the current recording; None where they are not known yet."""

    changed = Signal()

    def __init__(self, io: JobRunner, readings: Readings, messages: Messages, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._looks, self._readings, self._messages = Latest(io), readings, messages
        self._wanted = False
        self._of: ModalReading | None = None  # what they are sought in
        self.stretches: tuple[GushehStretch, ...] | None = None
        readings.changed.connect(self._look)

    def want(self, wanted: bool) -> None:
        """Say whether somebody looks at them from now on."""
        self._wanted = wanted
        self._look()

    def _look(self) -> None:
        whole = self._readings.known.whole
        if self._of is not None and whole is not self._of:
            self._of, self.stretches = None, None
            self.changed.emit()
        if self._wanted and whole is not None and self._of is None:
            self._of = whole
            job = self._looks.start(_find, whole)
            job.done.connect(partial(self._take, whole))
            job.failed.connect(self._messages.error)

    def _take(self, whole: ModalReading, stretches: tuple[GushehStretch, ...]) -> None:
        if whole is self._of:
            self.stretches = stretches
            self.changed.emit()


def _find(whole: ModalReading, _progress: Progress) -> tuple[GushehStretch, ...]:
    from persian_mir.modal.gushehs import gusheh_timeline

    return gusheh_timeline(whole)
