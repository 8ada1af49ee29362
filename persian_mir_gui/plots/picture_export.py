"""Views as files: SVG for print, PNG for everything else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF, QSize
from PySide6.QtGui import QColor, QGuiApplication, QImage, QImageWriter, QPainter
from PySide6.QtSvg import QSvgGenerator

from persian_mir.atomic_write import atomic_write
from persian_mir.errors import PersianMirError
from persian_mir.i18n import _

PNG_SCALE = 2  # device pixels a pixel of the view

Paint = Callable[[QPainter], None]


class ExportError(PersianMirError):
    """A file could not be written."""


def save_picture(path: Path, size: QSize, ground: QColor, title: str, paint: Paint) -> None:
    """Write what `paint` paints on `ground` to `path`: SVG by that suffix, else PNG. Raises ExportError."""
    draw = _svg if path.suffix.lower() == ".svg" else _png
    save_bytes(path, draw(size, ground, title, paint))


def save_bytes(path: Path, content: bytes) -> None:
    """Write `content` as a whole or not at all. Raises ExportError."""
    try:
        path.parent.stat()  # a folder that is not there is a slip, and not made
        with atomic_write(path) as file:
            file.write(content)
    except OSError as error:
        raise ExportError(
            _("The file could not be written: {reason}.").format(reason=error.strerror or error),
            path=path,
            cure=_("Choose another folder, or make room."),
        ) from error


def _svg(size: QSize, ground: QColor, title: str, paint: Paint) -> bytes:
    buffer = QBuffer()
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(size)
    # Type as large as on the screen.
    generator.setResolution(round(QGuiApplication.primaryScreen().logicalDotsPerInch()))
    generator.setViewBox(QRectF(0, 0, size.width(), size.height()))
    generator.setTitle(title)
    generator.setDescription("Persian MIR")
    _painted(generator, size, ground, paint)
    return bytes(buffer.data().data())


def _png(size: QSize, ground: QColor, title: str, paint: Paint) -> bytes:
    image = QImage(size * PNG_SCALE, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(PNG_SCALE)
    image.setText("Title", title)
    image.setText("Software", "Persian MIR")
    _painted(image, size, ground, paint)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(image)
    return bytes(buffer.data().data())


def _painted(device: QImage | QSvgGenerator, size: QSize, ground: QColor, paint: Paint) -> None:
    painter = QPainter(device)
    painter.fillRect(QRectF(0, 0, size.width(), size.height()), ground)
    paint(painter)
    painter.end()
