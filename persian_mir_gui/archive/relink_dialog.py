"""A folder looked through for the files of recordings; then which were found where, and which were not."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QHeaderView, QPushButton, QVBoxLayout, QWidget

from persian_mir import plurals
from persian_mir.catalogue.catalogue import Row
from persian_mir.i18n import _
from persian_mir.visible import visible
from persian_mir_gui.core.jobs import Job
from persian_mir_gui.core.messages import message_of
from persian_mir_gui.library import relink_work as work
from persian_mir_gui.library.ledger import Ledger
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.fraction_bar import FractionBar
from persian_mir_gui.widgets.message_bar import breakable
from persian_mir_gui.widgets.table import Cell, PlainTable
from persian_mir_gui.widgets.widget_factories import quiet, resize_within_screen, space_out


class RelinkDialog(QDialog):
    """Looks as soon as it is there; what is found is linked at once, as a step that can be undone."""

    def __init__(self, ledger: Ledger, rows: tuple[Row, ...], place: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Find files again"))
        self._ledger, self._rows, self._place = ledger, rows, place
        self.told = quiet(wrap=True, factor=1.0)
        self.bar = FractionBar()
        self.note = quiet(wrap=True)
        self.table = PlainTable(_("Recordings"), (_("Recording"), _("Found")))
        self.table.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        self.table.hide()
        self.close_ = QPushButton(_("Cancel"))
        self.close_.clicked.connect(self.reject)
        self._lay_out()
        resize_within_screen(self, 640, 360)
        self._look = self._start()

    def _lay_out(self) -> None:
        foot = space_out(QHBoxLayout())
        foot.addStretch(1)
        foot.addWidget(self.close_)
        layout = space_out(QVBoxLayout(self), margins=(16, 16, 16, 16), spacing=10)
        for widget in (self.told, self.bar, self.note):
            layout.addWidget(widget)
        layout.addWidget(self.table, 1)
        layout.addStretch()
        layout.addLayout(foot)

    def _start(self) -> Job:
        what = formatting.digits(plurals.recordings(len(self._rows)))
        place = formatting.isolated(visible(str(self._place)))
        self.told.setText(breakable(_("Looking for {what} in {place}").format(what=what, place=place)))
        job = self._ledger.aside(work.find_missing, self._rows, self._place)
        job.progressed.connect(self._advance)
        job.done.connect(self._take)
        job.failed.connect(self._fail)
        return job

    def _advance(self, share: float, note: str) -> None:
        self.bar.show_fraction(share)
        self.note.setText(breakable(visible(note)))

    def _take(self, result: work.Found) -> None:
        if result.files:
            self._ledger.change(work.link, result.files)
        found, left = len(result.files), len(result.sought) - len(result.files)
        self._end(_told(found, left, len(self._rows) - len(result.sought)))
        self.table.show_rows([_cells(row, result.files.get(row.content_hash)) for row in result.sought])
        self.table.setVisible(bool(result.sought))

    def _fail(self, error: Exception) -> None:
        message = message_of(error)
        self._end(f"{message.what} {message.cure}")

    def _end(self, told: str) -> None:
        self.told.setText(told)
        self.bar.hide()
        self.note.hide()
        self.close_.setText(_("Close"))

    def done(self, result: int) -> None:
        self._look.cancel()
        super().done(result)


def _told(found: int, left: int, there: int) -> str:
    """`Found: 3 recordings. Not found: 1 recording. Where it was: 2 recordings.`"""
    parts = (
        (_("Found: {what}."), found),
        (_("Not found: {what}."), left),
        (_("Their file is where it was: {what}."), there),
    )
    told = [text.format(what=plurals.recordings(number)) for text, number in parts if number]
    return formatting.digits(" ".join(told))


def _cells(row: Row, found: Path | None) -> list[Cell]:
    title = Cell(formatting.isolated(visible(row.title)))
    title.setToolTip(breakable(visible(str(row.path))))
    where = Cell(f"\u2066{visible(str(found))}\u2069" if found is not None else _("not found"))
    where.setToolTip(breakable(visible(str(found or ""))))
    return [title, where]
