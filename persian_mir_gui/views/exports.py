"""File → Export: what was read of the current recording, as files."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPoint, QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QFileDialog, QWidget

from persian_mir.errors import PersianMirError
from persian_mir.i18n import _
from persian_mir_gui.services.context import Services
from persian_mir_gui.services.messages import Message
from persian_mir_gui.views import words
from persian_mir_gui.views.picture_export import save_picture
from persian_mir_gui.views.profile_view import ProfileView
from persian_mir_gui.views.timeline_view import TimelineView

PROFILE_SIZE = QSize(640, 320)


class Exports:
    """Asks where to, and writes. `window` is what dialogs stand in front of."""

    def __init__(self, services: Services, window: QWidget, timeline: TimelineView, profile: ProfileView) -> None:
        self._services, self._window = services, window
        self._timeline, self._profile = timeline, profile

    @property
    def ready(self) -> bool:
        """Whether there is a reading to export."""
        whole = self._services.readings.known.whole
        return whole is not None and whole.tonic_hz is not None

    def ask(self, what: str) -> None:
        """Export `what`, a row of the menu, to a file that the user names."""
        item = self._services.session.current
        if item is None or not self.ready:
            return
        suffix, kinds = self.kinds(what)
        folder = Path(str(self._services.settings.get("last_folder")) or item.path.parent)
        suggested = folder / f"{item.path.stem}-{what}{suffix}"
        name, chosen = QFileDialog.getSaveFileName(self._window, _("Export"), str(suggested), kinds)
        if name:
            path = Path(name)
            if not path.suffix:
                path = path.with_name(path.name + (".svg" if "svg" in chosen else suffix))
            self.write(what, path)

    def kinds(self, what: str) -> tuple[str, str]:
        """The usual suffix, and the kinds of file for the dialog."""
        del what
        return ".png", f"{_('Picture')} (*.png);;{_('Drawing')} (*.svg)"

    def write(self, what: str, path: Path) -> None:
        """Write `what` to `path`; a message says where it is, or why it is not."""
        try:
            self._write(what, path)
        except PersianMirError as error:
            self._services.messages.error(error)
        else:
            self._services.messages.post(Message("info", _("Exported {name}.").format(name=path.name), path=path))

    def _write(self, what: str, path: Path) -> None:
        item = self._services.session.current
        title = words.title(item) if item else ""
        if what == "pitch-view":
            size = QSize(self._timeline.width(), self._timeline.ruler.height() + self._timeline.pitch.height() + 12)
            save_picture(path, size, self._timeline.theme.background, title, self._paint_pitch)
        else:
            profile = ProfileView(self._profile.theme)
            profile.resize(PROFILE_SIZE)
            known = self._services.readings.known
            profile.show_reading(known.whole, None)
            save_picture(path, PROFILE_SIZE, profile.theme.panel, title, profile.paint_picture)

    def _paint_pitch(self, painter: QPainter) -> None:
        self._timeline.ruler.render(painter, QPoint(0, 0), renderFlags=QWidget.RenderFlag(0))
        painter.translate(0, self._timeline.ruler.height())
        self._timeline.pitch.paint_export(painter)
