"""The button by which a page of the trainer gives its figures as a table, or itself as a picture."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QPoint
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QFileDialog, QPushButton, QWidget

from persian_mir.csv_text import csv_line
from persian_mir.errors import PersianMirError
from persian_mir.i18n import _
from persian_mir.output_guard import guard_outputs
from persian_mir.progress import Progress
from persian_mir_gui.core.jobs import JobRunner
from persian_mir_gui.core.messages import Message, message_of
from persian_mir_gui.plots.base import as_drawing
from persian_mir_gui.plots.picture_export import save_picture
from persian_mir_gui.training.state.training import Training

STEP_ROWS = 1000  # between two looks whether it was cancelled


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a page offers: `rows` are drawn on the worker, one cell a name in `header`; `picture` as it is shown."""

    title: str
    stem: str
    header: Sequence[str]
    rows: Callable[[], Iterable[Sequence[object]]]
    picture: QWidget


class ExportButton(QPushButton):
    """Asks where to, and writes. The suffix says what: a table, a picture, or a drawing."""

    def __init__(self, io: JobRunner, training: Training, offer: Callable[[], Sheet | None]) -> None:
        super().__init__(_("Export…"))
        self._io, self._training, self._offer = io, training, offer
        self.setToolTip(_("The figures as a table, or the page as a picture"))
        self.clicked.connect(self.ask)

    def ask(self) -> None:
        """Let the user name the file, and write it."""
        sheet = self._offer()
        if sheet is None:
            return
        kinds = f"{_('Table')} (*.csv);;{_('Picture')} (*.png);;{_('Drawing')} (*.svg)"
        name, chosen = QFileDialog.getSaveFileName(self.window(), _("Export"), f"{sheet.stem}.csv", kinds)
        if name:
            path = Path(name)
            suffix = chosen.rpartition(".")[2].rstrip(")") or "csv"
            self.write(sheet, path if path.suffix else path.with_name(f"{path.name}.{suffix}"))

    def write(self, sheet: Sheet, path: Path) -> None:
        """Write `sheet` to `path`; a message says that it was, or why not."""
        data = self._training.data
        try:
            guard_outputs([path], [] if data is None else [data.path])
            if path.suffix.lower() in (".png", ".svg"):
                size, ground = sheet.picture.size(), self.palette().window().color()
                save_picture(path, size, ground, sheet.title, partial(_paint, sheet.picture))
                self._say_written(path)
                return
        except PersianMirError as error:
            self._training.message_posted.emit(message_of(error))
            return
        job = self._io.start(_("Exporting {name}").format(name=path.name), write_table, path, sheet)
        job.done.connect(lambda _none: self._say_written(path))
        job.failed.connect(lambda error: self._training.message_posted.emit(message_of(error)))

    def _say_written(self, path: Path) -> None:
        self._training.message_posted.emit(Message("info", _("Exported {name}.").format(name=path.name), path=path))


def write_table(path: Path, sheet: Sheet, progress: Progress) -> None:
    """Runs on the worker. Raises PersianMirError where the file cannot be written."""
    from persian_mir.whole_file import write_whole

    lines = [csv_line(sheet.header)]
    for number, row in enumerate(sheet.rows()):
        if number % STEP_ROWS == 0:
            progress.step(0.0)
        lines.append(csv_line(row))
    write_whole(path, "".join(lines))


def _paint(picture: QWidget, painter: QPainter) -> None:
    with as_drawing(picture):
        picture.render(painter, QPoint(), renderFlags=QWidget.RenderFlag.DrawChildren)
