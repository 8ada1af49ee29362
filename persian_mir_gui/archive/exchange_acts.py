"""What goes out of the catalogue and comes in: the chosen recordings exported, files of labels taken in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtWidgets import QWidget

from persian_mir import plurals
from persian_mir.catalogue.catalogue import Row
from persian_mir.exchange.formats import Format
from persian_mir.i18n import _
from persian_mir.visible import visible
from persian_mir_gui.archive.export_menu import ask_place, common_folder, export_menu, write_export
from persian_mir_gui.archive.import_dialog import ImportDialog, ask_file
from persian_mir_gui.core.messages import Message
from persian_mir_gui.library.ledger import Ledger
from persian_mir_gui.widgets import formatting


class ExchangeActs(QObject):
    """Asks for the format and the place, and tells what was done."""

    told = Signal(object)  # Message

    def __init__(self, ledger: Ledger, chosen: Callable[[], tuple[Row, ...]], window: QWidget) -> None:
        super().__init__(window)
        self._ledger, self._chosen, self._window = ledger, chosen, window
        self._folder = ""  # of the last file

    def show_formats(self, point: QPoint) -> None:
        """Show the formats at a point of the screen."""
        export_menu(self._window, self._chosen(), self.export).popup(point)

    def ask_import(self) -> None:
        """Ask for a file of labels, and show what it holds."""
        file = ask_file(self._window, self._folder)
        if file is not None:
            self._folder = str(file.parent)
            self.show_import(file)

    def show_import(self, file: Path) -> None:
        """Show what a file of labels holds, to be taken in or left."""
        dialog = ImportDialog(self._ledger, file, self._chosen(), self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.taken.connect(self._imported)
        dialog.open()

    def export(self, format_: Format, rows: tuple[Row, ...]) -> None:
        """Ask where to, and write."""
        title = _("Export as {format}").format(format=format_.words)
        place = ask_place(self._window, title, format_, rows, self._folder)
        if place is not None:
            self._folder = str(place if place.is_dir() else place.parent)
            self._ledger.read(write_export, rows, format_, place).done.connect(self._exported)

    def _exported(self, files: tuple[Path, ...]) -> None:
        """Name the file, or the folder where there are several."""
        if len(files) == 1:
            what, place = _("Written: {name}").format(name=visible(files[0].name)), files[0]
        else:
            count = formatting.digits(str(len(files)))
            what, place = _("Files that were written: {count}.").format(count=count), common_folder(files)
        self.told.emit(Message("info", what, path=place))

    def _imported(self, number: int) -> None:
        self.told.emit(Message("info", _("Taken in: {what}.").format(what=plurals.recordings(number))))
