"""Files of recordings that are gone, found again by hand."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from persian_mir.catalogue.catalogue import Row
from persian_mir.i18n import _
from persian_mir_gui.archive.relink_dialog import RelinkDialog
from persian_mir_gui.core.messages import message_of
from persian_mir_gui.library import relink_work as work
from persian_mir_gui.library.ledger import Ledger


class RelinkActs(QObject):
    """Asks where to look; what is found is linked by its sound alone."""

    failed = Signal(object)  # Message

    def __init__(self, ledger: Ledger, chosen: Callable[[], tuple[Row, ...]], window: QWidget) -> None:
        super().__init__(window)
        self._ledger, self._chosen, self._window = ledger, chosen, window
        self._folder = ""  # where was looked last

    def ask_file(self) -> None:
        """Ask in which file the chosen recording lies."""
        rows = self._chosen()
        name, _kind = QFileDialog.getOpenFileName(self._window, _("Find the file"), self._folder)
        if name and len(rows) == 1:
            self._folder = str(Path(name).parent)
            self.find_in_file(rows[0], Path(name))

    def find_in_file(self, row: Row, file: Path) -> None:
        """Link a recording to a file, if that holds its sound."""
        job = self._ledger.aside(work.find_in_file, row, file)
        job.done.connect(partial(self._ledger.change, work.link))
        job.failed.connect(lambda error: self.failed.emit(message_of(error)))

    def ask_folder(self) -> None:
        """Ask where the files of those that are chosen may be."""
        folder = QFileDialog.getExistingDirectory(self._window, _("Folder in which the files may be"), self._folder)
        if folder:
            self._folder = folder
            self.find_in_folder(Path(folder))

    def find_in_folder(self, folder: Path) -> None:
        """Look through a folder for the files of those that are chosen."""
        RelinkDialog(self._ledger, self._chosen(), folder, self._window).open()
