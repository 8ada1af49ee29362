"""File → Export: what was read of the current recording, as files."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QFileDialog, QWidget

from persian_mir import plurals
from persian_mir.errors import PersianMirError
from persian_mir.exchange.sound import write_sound
from persian_mir.i18n import _
from persian_mir.modal.explanation import explain
from persian_mir.modal.pitch import PitchTrack
from persian_mir.modal.reading import ModalReading
from persian_mir.output_guard import guard_outputs
from persian_mir.progress import Progress
from persian_mir_gui.core.folders import export_folder, remember_export
from persian_mir_gui.core.jobs import JobRunner
from persian_mir_gui.core.messages import Message, Messages
from persian_mir_gui.core.settings import Settings
from persian_mir_gui.inspector.profile_view import ProfileView
from persian_mir_gui.library import item_text
from persian_mir_gui.library.session import Session
from persian_mir_gui.modal.reading import Readings
from persian_mir_gui.plots.picture_export import save_picture
from persian_mir_gui.review.review import Review
from persian_mir_gui.shell.label_export import labelled_of, write_labels
from persian_mir_gui.timeline.view import TimelineView
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.theme_source import ThemeSource
from persian_mir_gui.widgets.time_text import time_text

PROFILE_SIZE = QSize(640, 320)
DATA = ("pitch-track", "scala", "tuning")
LABELS = {"labels-csv": "csv", "labels-json": "json"}  # and how the command line calls the same
ALL = "all-"  # before these: of all open recordings, in one file


class Exports:
    """Asks where to, and writes. `window` is what dialogs stand in front of."""

    def __init__(
        self,
        io: JobRunner,
        settings: Settings,
        messages: Messages,
        session: Session,
        readings: Readings,
        review: Review,
        window: QWidget,
        timeline: TimelineView,
        profile: ProfileView,
    ) -> None:
        self._window, self._io, self._settings = window, io, settings
        self._messages, self._session, self._readings = messages, session, readings
        self._review = review
        self._timeline, self._profile = timeline, profile

    @property
    def ready(self) -> bool:
        """Whether there is a reading to export."""
        whole = self._readings.known.whole
        return whole is not None and whole.tonic_hz is not None

    def can(self, what: str) -> bool:
        """Whether there is what this row of the menu exports."""
        if what.removeprefix(ALL) not in LABELS:
            return self.ready
        if what.startswith(ALL):
            return len(self._session.items) > 1
        return bool(self._review.lanes() or (self._session.current and self._session.current.said))

    def ask(self, what: str) -> None:
        """Export `what`, a row of the menu, to a file that the user names."""
        item = self._session.current
        if item is None or not self.can(what):
            return
        suffix, kinds = self.kinds(what)
        folder = export_folder(self._settings, None if item.synthesised else item.path.parent)
        suggested = folder / f"{self._name_of(what, item.path)}{suffix}"
        excel = kinds[-1] if self._settings.get("csv_for_excel") else kinds[0]
        name, chosen = QFileDialog.getSaveFileName(
            self._window, _("Export"), str(suggested), ";;".join(kinds), excel if suffix == ".csv" else kinds[0]
        )
        if not name:
            return
        if len(kinds) > 1 and suffix == ".csv":
            self._settings.set("csv_for_excel", chosen == kinds[-1])
        path = Path(name)
        if not path.suffix:
            path = path.with_name(path.name + (".svg" if "svg" in chosen else suffix))
        remember_export(self._settings, path)
        self.write(what, path)

    def _name_of(self, what: str, path: Path) -> str:
        """What the file is called, without its suffix, if the user does not want otherwise."""
        if what.startswith(ALL):
            return f"{path.parent.name}-labels".lstrip("-")
        words = {"pitch-track": "pitch", "pitch-view": "pitch", "scala": "scale", "labels-csv": "labels"}
        return f"{path.stem}-{(words | {'labels-json': 'labels'}).get(what, what)}"

    def kinds(self, what: str) -> tuple[str, list[str]]:
        """The usual suffix, and the kinds of file for the dialog."""
        table = f"{_('Table')} (*.csv)"
        data = {
            "pitch-track": (".csv", [table]),
            "scala": (".scl", [f"{_('Scala scale')} (*.scl)"]),
            "tuning": (".tun", [f"{_('Tuning table')} (*.tun)"]),
            "labels-csv": (".csv", [table, f"{_('Table for Excel')} (*.csv)"]),
            "labels-json": (".json", ["JSON (*.json)"]),
        }
        pictures = ".png", [f"{_('Picture')} (*.png)", f"{_('Drawing')} (*.svg)"]
        return data.get(what.removeprefix(ALL), pictures)

    def write(self, what: str, path: Path) -> None:
        """Write `what` to `path`; a message says where it is, or why it is not."""
        try:
            guard_outputs([path], [item.path for item in self._session.items])
        except PersianMirError as error:
            self._messages.error(error)
            return
        if what.removeprefix(ALL) in LABELS:
            self._write_labels(what, path)
            return
        item, known = self._session.current, self._readings.known
        if item is None or known.track is None or known.whole is None or known.whole.tonic_hz is None:
            return
        if what in DATA:
            job = self._io.start("", write_data, what, path, known.track, known.whole, item_text.title(item))
            job.done.connect(lambda _none: self._say_written(path))
            job.failed.connect(self._messages.error)
            return
        try:
            self._draw(what, path, item_text.title(item))
        except PersianMirError as error:
            self._messages.error(error)
        else:
            self._say_written(path)

    def _write_labels(self, what: str, path: Path) -> None:
        current, store = self._session.current, self._review.statements.store
        items = self._session.items if what.startswith(ALL) else [current] if current is not None else []
        labelled = [known for item in items if (known := labelled_of(item, store)) is not None]
        if not labelled:
            self._messages.info(_("There are no labels to export yet."), _("Label the recording first."))
            return
        title = _("Exporting {name}").format(name=path.name) if len(labelled) > 1 else ""
        marked = bool(self._settings.get("csv_for_excel"))
        kind = LABELS[what.removeprefix(ALL)]
        job = self._io.start(title, write_labels, kind, path, labelled, marked)
        left_out = len(items) - len(labelled)
        job.done.connect(lambda _none: self._say_written(path, left_out))
        job.failed.connect(self._messages.error)

    def ask_sound(self, start: int, stop: int) -> None:
        """Write samples `start` to `stop` of the current recording to a file that the user names."""
        item = self._session.current
        if item is None or item.recording is None:
            return
        folder = export_folder(self._settings, None if item.synthesised else item.path.parent)
        begin, end = (time_text(at / item.recording.rate, 3).replace(":", ".") for at in (start, stop))
        suggested = folder / f"{item.path.stem} {begin}-{end}.wav"
        name, _kind = QFileDialog.getSaveFileName(self._window, _("Export"), str(suggested), f"{_('Sound')} (*.wav)")
        if name:
            path = Path(name) if Path(name).suffix else Path(f"{name}.wav")
            try:
                guard_outputs([path], [one.path for one in self._session.items])
            except PersianMirError as error:
                self._messages.error(error)
                return
            remember_export(self._settings, path)
            title = _("Exporting {name}").format(name=path.name)
            job = self._io.start(title, write_sound, item.path, start, stop, path)
            job.done.connect(lambda _none: self._say_written(path))
            job.failed.connect(self._messages.error)

    def _say_written(self, path: Path, left_out: int = 0) -> None:
        what = _("Exported {name}.").format(name=path.name)
        rest = _("Not labelled yet, and left out: {recordings}.").format(
            recordings=formatting.digits(plurals.recordings(left_out))
        )
        self._messages.post(Message("info", what, rest if left_out else "", path=path))

    def _draw(self, what: str, path: Path, title: str) -> None:
        if what == "pitch-view":
            picture = self._timeline.panes.pitch_picture()
            save_picture(path, picture.size(), picture.theme.background, title, picture.paint_picture)
            picture.deleteLater()
        else:
            profile = ProfileView(ThemeSource(self._profile.theme))
            profile.setFixedSize(PROFILE_SIZE)
            whole = self._readings.known.whole
            profile.show_reading(whole, None, None if whole is None else explain(whole))
            save_picture(path, PROFILE_SIZE, profile.theme.panel, title, profile.paint_picture)


def write_data(
    what: str, path: Path, track: PitchTrack, reading: ModalReading, title: str, _progress: Progress
) -> None:
    """Runs on the worker. Raises PersianMirError where the file cannot be written."""
    from persian_mir.exchange.pitch_csv import write_pitch_csv
    from persian_mir.exchange.scales import measured_scale, write_scl, write_tun

    tonic = reading.tonic_hz
    if what == "pitch-track":
        write_pitch_csv(path, track, tonic)
    elif what == "scala":
        write_scl(path, measured_scale(reading.degrees), title)
    elif tonic is not None:
        write_tun(path, measured_scale(reading.degrees), tonic, title)
