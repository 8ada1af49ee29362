"""File → Export: what was read of the current recording, as files."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QPoint, QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QFileDialog, QWidget

from persian_mir.commands.labelled import Labelled
from persian_mir.errors import PersianMirError
from persian_mir.i18n import _
from persian_mir.modal.explanation import explain
from persian_mir.modal.pitch import PitchTrack
from persian_mir.modal.reading import ModalReading
from persian_mir.output_guard import guard_outputs
from persian_mir.prediction import Prediction
from persian_mir.progress import Progress
from persian_mir_gui.core.jobs import JobRunner
from persian_mir_gui.core.messages import Message, Messages
from persian_mir_gui.core.settings import Settings
from persian_mir_gui.inspector.profile_view import ProfileView
from persian_mir_gui.library import item_text
from persian_mir_gui.library.session import Session
from persian_mir_gui.modal.reading import Readings
from persian_mir_gui.plots.picture_export import save_picture
from persian_mir_gui.review.review import Review
from persian_mir_gui.timeline.view import TimelineView
from persian_mir_gui.widgets.theme_source import ThemeSource

PROFILE_SIZE = QSize(640, 320)
DATA = ("pitch-track", "scala", "tuning")
LABELS = {"labels-csv": "csv", "labels-json": "json"}  # and how the command line calls the same


@dataclass(frozen=True, slots=True)
class Named:
    """What is written of a predictor."""

    id: str
    name: str


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
        return bool(self._review.lanes()) if what in LABELS else self.ready

    def ask(self, what: str) -> None:
        """Export `what`, a row of the menu, to a file that the user names."""
        item = self._session.current
        if item is None or not self.can(what):
            return
        suffix, kinds = self.kinds(what)
        folder = Path(str(self._settings.get("last_folder")) or item.path.parent)
        suggested = folder / f"{item.path.stem}-{what}{suffix}"
        name, chosen = QFileDialog.getSaveFileName(self._window, _("Export"), str(suggested), kinds)
        if name:
            path = Path(name)
            if not path.suffix:
                path = path.with_name(path.name + (".svg" if "svg" in chosen else suffix))
            self.write(what, path)

    def kinds(self, what: str) -> tuple[str, str]:
        """The usual suffix, and the kinds of file for the dialog."""
        data = {
            "pitch-track": (".csv", f"{_('Table')} (*.csv)"),
            "scala": (".scl", f"{_('Scala scale')} (*.scl)"),
            "tuning": (".tun", f"{_('Tuning table')} (*.tun)"),
            "labels-csv": (".csv", f"{_('Table')} (*.csv)"),
            "labels-json": (".json", "JSON (*.json)"),
        }
        if what in data:
            return data[what]
        return ".png", f"{_('Picture')} (*.png);;{_('Drawing')} (*.svg)"

    def write(self, what: str, path: Path) -> None:
        """Write `what` to `path`; a message says where it is, or why it is not."""
        try:
            guard_outputs([path], [item.path for item in self._session.items])
        except PersianMirError as error:
            self._messages.error(error)
            return
        if what in LABELS:
            self._write_labels(LABELS[what], path)
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

    def _write_labels(self, kind: str, path: Path) -> None:
        labelled = self.labelled()
        if labelled is not None:
            job = self._io.start("", write_labels, kind, path, labelled)
            job.done.connect(lambda _none: self._say_written(path))
            job.failed.connect(self._messages.error)

    def labelled(self) -> Labelled | None:
        """What is known of the current recording, by machines and by people, as the command line writes it."""
        item, store = self._session.current, self._review.statements.store
        if item is None or item.recording is None:
            return None
        answers: dict[str, list[Prediction]] = {}
        for (who, _task), prediction in item.predictions.items():
            if len(prediction.starts):
                answers.setdefault(who, []).append(prediction)
        who_said_what = [
            (Named(who, item.predictor_names.get(who, who)), tuple(answers[who]))
            for who in sorted(answers, key=lambda who: who != "modal")
        ]
        said = dict(store.of(item.recording.content_hash)) if store else {}
        return Labelled(item.path, item.recording, item.problems, who_said_what, said=said)

    def _say_written(self, path: Path) -> None:
        self._messages.post(Message("info", _("Exported {name}.").format(name=path.name), path=path))

    def _draw(self, what: str, path: Path, title: str) -> None:
        if what == "pitch-view":
            if self._timeline.pitch.isHidden():  # its layout does not give it a size
                self._timeline.pitch.resize(self._timeline.width(), self._timeline.pitch.sizeHint().height())
            size = QSize(self._timeline.width(), self._timeline.ruler.height() + self._timeline.pitch.height() + 12)
            save_picture(path, size, self._timeline.theme.background, title, self._paint_pitch)
        else:
            profile = ProfileView(ThemeSource(self._profile.theme))
            profile.resize(PROFILE_SIZE)
            whole = self._readings.known.whole
            profile.show_reading(whole, None, None if whole is None else explain(whole))
            save_picture(path, PROFILE_SIZE, profile.theme.panel, title, profile.paint_picture)

    def _paint_pitch(self, painter: QPainter) -> None:
        self._timeline.ruler.render(painter, QPoint(0, 0), renderFlags=QWidget.RenderFlag(0))
        painter.translate(0, self._timeline.ruler.height())
        self._timeline.pitch.paint_export(painter)


def write_labels(kind: str, path: Path, labelled: Labelled, _progress: Progress) -> None:
    """Runs on the worker: the file that `persian-mir label --format` writes. Raises PersianMirError."""
    from persian_mir.commands.writers import WRITERS
    from persian_mir.exchange.writing import write_whole

    text = io.StringIO(newline="")
    writer = WRITERS[kind](text)
    writer.write(labelled)
    writer.close()
    write_whole(path, text.getvalue())


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
