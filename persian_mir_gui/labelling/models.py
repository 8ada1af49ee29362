"""The models that can be had, as the window sees them: which are here, which come, and how they are fetched."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from persian_mir.errors import PersianMirError
from persian_mir.i18n import _
from persian_mir.progress import Progress
from persian_mir_gui.core.jobs import Job, JobRunner
from persian_mir_gui.core.messages import Messages


@dataclass(frozen=True, slots=True)
class ModelState:
    """One model: its size and what of it was received, in bytes; where it lies, if it is here."""

    id: str
    name: str
    licence: str
    licence_url: str
    size: int
    folder: Path | None = None
    received: int = 0
    cached: bool = False

    @property
    def here(self) -> bool:
        """Whether it can be used at once."""
        return self.folder is not None


def look_at_models(progress: Progress) -> tuple[ModelState, ...]:
    """Return all models with files, those of the table first. Runs on the worker."""
    from persian_mir.models.fetch import in_client_cache, received_bytes
    from persian_mir.models.store import installed
    from persian_mir.models.table import MODELS, SIGNAL

    here = {model.id: model for model in installed() if model.folder is not None}
    found = []
    for row in MODELS:
        progress.step(0.0)
        if row.id != SIGNAL:
            model = here.pop(row.id, None)
            folder = model.folder if model else None
            part, cached = (0, False) if model else (received_bytes(row), bool(in_client_cache(row)))
            found.append(ModelState(row.id, row.name, row.licence, row.licence_url, row.size, folder, part, cached))
    own = [ModelState(model.id, model.id, model.licence, "", 0, model.folder) for model in here.values()]
    return (*found, *own)


def fetch_model(model_id: str, progress: Progress) -> str:
    """Fetch a model whose licence was accepted; return its id. Runs on the worker. Raises ModelError."""
    from persian_mir.models.fetch import fetch

    return fetch(model_id, lambda _licence: True, progress).id


def remove_model(model_id: str, _progress: Progress) -> str:
    """Remove a model's files, or forget a folder of the user's. Runs on the worker. Raises ModelError."""
    from persian_mir.models.store import remove

    remove(model_id)
    return model_id


class Models(QObject):
    """Knows the models and fetches one at a time; what comes after waits its turn."""

    changed = Signal()
    advanced = Signal(str, float, object, str)  # model id, 0 to 1, seconds left or None, megabytes so far
    installed = Signal(str)  # model id

    def __init__(self, messages: Messages, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.runner = JobRunner(self)
        self._messages = messages
        self._fetching: dict[str, Job] = {}
        self.failures: dict[str, PersianMirError] = {}  # by model id, until it is tried again
        self.states: tuple[ModelState, ...] = ()

    def refresh(self) -> None:
        """Look at the disk again."""
        self.runner.start("", look_at_models).done.connect(self._take)

    def fetching(self, model_id: str) -> Job | None:
        """Return the job that fetches this model, or None."""
        return self._fetching.get(model_id)

    def fetch(self, model_id: str) -> None:
        """Fetch a model whose licence the user has accepted; an interrupted download goes on."""
        if model_id in self._fetching:
            return
        title = _("Fetching {id}").format(id=model_id)
        job = self.runner.start(title, fetch_model, model_id)
        self._fetching[model_id] = job
        self.failures.pop(model_id, None)
        job.progressed.connect(lambda part, note: self.advanced.emit(model_id, part, job.seconds_left, note))
        job.done.connect(self._fetched)
        job.failed.connect(lambda error: self._fail(model_id, error, title))
        job.finished.connect(lambda: self._ended(model_id))
        self.changed.emit()

    def cancel(self, model_id: str) -> None:
        """Stop fetching; what was received stays, and the next time goes on from there."""
        if job := self._fetching.get(model_id):
            job.cancel()

    def remove(self, model_id: str) -> None:
        """Remove a model from this machine."""
        job = self.runner.start(_("Removing {id}").format(id=model_id), remove_model, model_id)
        job.failed.connect(lambda error: self._fail(model_id, error))
        job.finished.connect(self.refresh)

    def close(self, timeout_s: float = 1.0) -> bool:
        """End what is at work; False if it would not end in time."""
        return self.runner.close(timeout_s)

    def _take(self, states: tuple[ModelState, ...]) -> None:
        self.states = states
        self.changed.emit()

    def _fetched(self, model_id: str) -> None:
        self._messages.info(_("{id} is installed.").format(id=model_id))
        self.installed.emit(model_id)

    def _fail(self, model_id: str, error: PersianMirError, title: str = "") -> None:
        self.failures[model_id] = error
        self._messages.error(error, title)

    def _ended(self, model_id: str) -> None:
        del self._fetching[model_id]
        self.changed.emit()
        self.refresh()
