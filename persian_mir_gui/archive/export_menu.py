"""What is known of chosen recordings, written for other programs: a format is chosen, then where to."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from persian_mir.catalogue.catalogue import Catalogue, Row
from persian_mir.exchange.formats import FORMATS, Format, output_files
from persian_mir.output_guard import guard_outputs
from persian_mir.progress import Progress


def export_menu(parent: QWidget, rows: tuple[Row, ...], choose: Callable[[Format, tuple[Row, ...]], object]) -> QMenu:
    """Return the menu of all formats."""
    menu = QMenu(parent)
    menu.aboutToHide.connect(menu.deleteLater)
    for format_ in FORMATS:
        menu.addAction(f"{format_.words}…", partial(choose, format_, rows))
    return menu


def ask_place(parent: QWidget, title: str, format_: Format, rows: Sequence[Row], folder: str) -> Path | None:
    """Return the file, or the folder where each recording has a file of its own; None where nobody chose."""
    if not format_.extension or (not format_.many and len(rows) > 1):
        place = QFileDialog.getExistingDirectory(parent, title, folder)
    else:
        stem = rows[0].path.stem if len(rows) == 1 else "catalogue"
        place, _kind = QFileDialog.getSaveFileName(parent, title, str(Path(folder) / f"{stem}{format_.extension}"))
    return Path(place) if place else None


def write_export(
    catalogue: Catalogue, rows: Sequence[Row], format_: Format, out: Path, progress: Progress
) -> tuple[Path, ...]:
    """Write, and return the files. Raises PersianMirError where one would be written over a recording."""
    described = []
    for done, row in enumerate(rows):
        progress.step(0.5 * done / len(rows))
        described.append(catalogue.describe(row.content_hash))
    recordings = [row.path for row in rows]
    outputs = output_files(format_, out, recordings)
    if format_.extension:
        guard_outputs(outputs, recordings)
    if format_.many:
        format_.write(out, described)
        return tuple(outputs)
    for done, (path, one) in enumerate(zip(outputs, described, strict=True)):
        progress.step(0.5 + 0.5 * done / len(rows))
        format_.write(path, [one])
    return tuple(outputs)


def common_folder(files: Sequence[Path]) -> Path:
    """The folder that holds all of them, at some depth."""
    return Path(os.path.commonpath([file.parent for file in files]))
