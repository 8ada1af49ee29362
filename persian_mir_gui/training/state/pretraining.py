"""Pre-training from the window: what it would take, the run in a process of its own, its curves, the model it makes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from persian_mir.app_paths import data_dir
from persian_mir.errors import PersianMirError
from persian_mir.i18n import _
from persian_mir.models.config import read_architecture
from persian_mir.models.store import InstalledModel, add_folder, installed
from persian_mir.progress import Progress
from persian_mir_gui.core.jobs import JobRunner
from persian_mir_gui.core.messages import Message, message_of
from persian_mir_gui.core.settings import Settings
from persian_mir_gui.training.state.child_work import ChildWork
from trainer.fitting.options import declared, flag_of
from trainer.pretrain.clip_cost import Cost
from trainer.pretrain.course import Course, course_of, read_curve
from trainer.pretrain.recipe import PretrainOptions, can_begin

NEWS_MS = 200  # between two looks at the curves
SETTING = "trainer_pretraining"
KEPT = "training.safetensors"


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be learnt from, what with (`scratch`: new weights), how, and what the model is called."""

    data: str = ""
    start: str = "scratch"
    name: str = ""
    options: PretrainOptions = field(default_factory=PretrainOptions)

    @property
    def out(self) -> Path:
        """The folder of the new model."""
        return data_dir() / "pretrained" / self.name

    @property
    def can_go_on(self) -> bool:
        """Whether an earlier run was stopped or killed on its way."""
        return bool(self.name) and (self.out / KEPT).is_file()

    @property
    def arguments(self) -> list[str]:
        """Those of `python -m trainer`."""
        line = ["pretrain", "--data", self.data, "--from", self.start, "--out", str(self.out)]
        for name, one in declared(PretrainOptions).items():
            line += [flag_of(one), one.written(getattr(self.options, name))]
        return line


def read_request(text: str) -> Request:
    """What `Pretraining` kept in the settings; the usual one where it makes no sense."""
    try:
        told = json.loads(text)
        known = declared(PretrainOptions)
        options = {name: known[name].checked(value) for name, value in told["options"].items() if name in known}
        data, start, name = (str(told[one]) for one in ("data", "start", "name"))
        return Request(data, start, name, PretrainOptions(**options))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return Request()


class Pretraining(QObject):
    """One run at a time; a run that was stopped goes on where it was."""

    changed = Signal()  # what it would take, or whether something is at work
    advanced = Signal()  # the curves
    posted = Signal(object)  # Message
    registered = Signal()  # the model is among the others

    def __init__(self, io: JobRunner, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._io, self._settings = io, settings
        self.request = read_request(str(settings.get(SETTING)))
        self.cost: Mapping[str, Any] | None = None  # what `--cost` told of `costed`
        self.costed = Request()
        self.measuring = False
        self.course: Course | None = None  # the newest step
        self.curve: dict[int, Course] = {one.step: one for one in read_curve(self.request.out)}
        self.model: InstalledModel | None = None  # what the last run made
        self.work = ChildWork(self)
        self.work.changed.connect(self.changed)
        self.work.event_received.connect(self._told)
        self.work.done.connect(self._done)
        self.work.failed.connect(self.posted)
        self._news = QTimer(self, singleShot=True, interval=NEWS_MS)
        self._news.timeout.connect(self.advanced)

    def measure(self, request: Request) -> None:
        """Find out what it would take here."""
        if not self.work.running:
            self.measuring, self.costed, self.cost = True, request, None
            self.work.start([*request.arguments, "--cost"])

    def start(self, request: Request) -> None:
        """Begin, or go on where the same run was."""
        if self.work.running:
            return
        kept = {"data": request.data, "start": request.start, "name": request.name, "options": asdict(request.options)}
        self._settings.set(SETTING, json.dumps(kept))
        self.request, self.measuring, self.model, self.course = request, False, None, None
        self.curve = {one.step: one for one in read_curve(request.out)} if request.can_go_on else {}
        self.work.start(request.arguments)
        self.advanced.emit()

    def known_cost(self, request: Request) -> tuple[float, float, float] | None:
        """Seconds here, seconds on a card of 24 GB, bytes; None where that was not measured for such a clip."""
        if self.cost is None or _of_a_clip(request) != _of_a_clip(self.costed):
            return None
        cost = Cost(*(float(self.cost[name]) for name in ("clip_s", "flop", "weights_bytes", "clip_bytes")))
        clips = request.options.steps * request.options.batch
        return cost.seconds(clips), cost.card_s(clips), cost.bytes(request.options.at_once)

    def close(self, timeout_s: float = 1.0) -> bool:
        """End what is at work; False if it would not end in time."""
        self._news.stop()
        return self.work.close(timeout_s)

    def _told(self, event: Mapping[str, Any]) -> None:
        if event["event"] == "step":
            self.course = course_of(event)
            if self.course.judged_right is not None:
                self.curve[self.course.step] = self.course
            if not self._news.isActive():
                self._news.start()
        elif event["event"] == "remark":
            self.posted.emit(Message("info", str(event["note"])))

    def _done(self, event: Mapping[str, Any]) -> None:
        if self.measuring:
            self.cost = event
            self.changed.emit()
            return
        job = self._io.start("", _register, self.request.out)
        job.done.connect(self._registered)
        job.failed.connect(lambda error: self.posted.emit(message_of(error)))

    def _registered(self, model: InstalledModel) -> None:
        self.model = model
        text = _("{id} is among the models now: a probe can be fitted on it.")
        self.posted.emit(Message("info", text.format(id=model.id)))
        self.registered.emit()
        self.changed.emit()


def _register(out: Path, _progress: Progress) -> InstalledModel:
    return add_folder(out)


def _of_a_clip(request: Request) -> tuple[object, ...]:
    """All that what a clip takes hangs on."""
    one = request.options
    sizes = (one.recipe, one.aim, one.teacher, one.clip_s, one.codes, one.books, one.precision, one.checkpointing)
    return request.start, *sizes


def starts(recipe: str, progress: Progress) -> tuple[str, ...]:
    """Ids of the installed models that can be trained on by that recipe. Runs on the worker."""
    found = []
    for model in installed():
        progress.step(0.0)
        try:
            if model.folder is not None and can_begin(read_architecture(model.folder), recipe):
                found.append(model.id)
        except PersianMirError:  # told where it is used
            continue
    return tuple(found)
