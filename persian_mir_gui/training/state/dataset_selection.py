"""The data that a probe is fitted on, and what the check says of them."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from persian_mir.app_paths import data_dir
from persian_mir.i18n import _
from persian_mir.removal import remove_below
from persian_mir.time_left import TimeLeft
from persian_mir_gui.core.messages import Message, message_of
from persian_mir_gui.core.settings import Settings
from persian_mir_gui.training.state.child import Child
from persian_mir_gui.training.state.events import CHECKED
from persian_mir_gui.training.state.kept_check import keep_check, kept_check

log = logging.getLogger(__name__)

MINI_RECORDINGS, MINI_SECONDS = 210, 10  # of the mini-Nava that a newcomer tries with: six of each pair of labels


@dataclass(frozen=True, slots=True)
class Fault:
    """One finding of the check: its kind, a sentence, the recordings it concerns."""

    kind: str
    text: str
    recordings: tuple[str, ...] = ()
    leave_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What `trainer check` found (its `Report`): `hours` by instrument, then Dastgah; `parts` by split."""

    name: str
    synthetic: bool
    recordings: int
    artists: int
    hours: Mapping[str, Mapping[str, float]]
    parts: Mapping[str, int]
    alone: Mapping[str, int]
    labels: Mapping[str, int]  # by task, how many
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class DataChoice:
    """A folder laid out as Nava, a folder a class, or a manifest CSV. `result` is None until it has been checked.

    `checked`: when, UTC, where that was before today's opening.
    """

    path: Path
    result: CheckResult | None = None
    checked: datetime | None = None

    @property
    def name(self) -> str:
        """What it is called."""
        return self.result.name if self.result is not None else self.path.name


def check_result(event: Mapping[str, Any]) -> CheckResult:
    """The event `done` of a check. Raises RecordError where it is not one."""
    CHECKED(event, "")
    faults = (
        Fault(one["kind"], one["text"], tuple(one["recordings"]), tuple(one["leave_out"])) for one in event["findings"]
    )
    plain = {name: event[name] for name in ("synthetic", "recordings", "artists", "hours", "parts", "alone", "labels")}
    return CheckResult(name=event["dataset"], faults=tuple(faults), **plain)


def known_choice(path: Path) -> DataChoice:
    """The data at `path`, with what an earlier check said of them as they are now."""
    kept = kept_check(path)
    try:
        return DataChoice(path) if kept is None else DataChoice(path, check_result(kept[0]), kept[1])
    except ValueError:
        log.info("the kept check of %s makes no sense", path)
        return DataChoice(path)


class DatasetSelection(QObject):
    """Chooses data, has them checked, makes a mini-Nava; one thing at a time, each in a child process."""

    changed = Signal()  # the data, their check, or whether something is being done
    progressed = Signal(float, object)  # 0 to 1, seconds left or None
    failed = Signal(object)  # Message

    def __init__(self, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._child: Child | None = None
        self._time_left = TimeLeft()
        self.doing = ""  # what is being done, in words; empty when nothing is
        last = str(settings.get("trainer_data"))
        self.data = DataChoice(Path(last)) if last and Path(last).exists() else None

    def recall(self) -> None:
        """Know again what an earlier check said of the data."""
        if self.data is not None and self.data.result is None and self._child is None:
            self.data = known_choice(self.data.path)
            self.changed.emit()

    def choose(self, path: Path) -> None:
        """Take the data at `path` and check them."""
        self.cancel()
        self.data = DataChoice(path)
        self._settings.set("trainer_data", str(path))
        self.check()

    def check(self) -> None:
        """Look for faults in the data chosen."""
        if self.data is not None and self._child is None:
            name = self.data.path.name
            self._start(["check", "--data", str(self.data.path)], _("Checking {name}").format(name=name))

    def make_mini_nava(self) -> None:
        """Make the synthesised corpus, if it is not there, and choose it."""
        folder = data_dir() / "mini-nava"
        if (folder / "truth.json").exists():  # written last
            self.choose(folder)
        elif self._child is None:
            try:
                if folder.exists():  # what is left of one that was not finished
                    remove_below(folder, data_dir())
            except (OSError, ValueError) as error:
                self.failed.emit(message_of(error, _("Making a mini-Nava")))
                return
            line = ["mini-nava", str(folder), "--recordings", str(MINI_RECORDINGS), "--seconds", str(MINI_SECONDS)]
            self._start(line, _("Making a mini-Nava"))

    def cancel(self) -> None:
        """Stop what is being done; nothing more comes of it."""
        child, self._child = self._child, None
        if child is not None:
            child.abandon()
            self._rest()

    def close(self) -> bool:
        """For the end of the program. Whether the child has ended."""
        child, self._child = self._child, None
        return child is None or child.close()

    def _start(self, arguments: Sequence[str], doing: str) -> None:
        child = Child(arguments, self)
        child.event_received.connect(self._told)
        child.done.connect(self._checked if arguments[0] == "check" else self._made)
        child.stopped.connect(self._stopped)
        child.failed.connect(self._failed)
        self._child, self.doing, self._time_left = child, doing, TimeLeft()
        self.changed.emit()
        child.start()

    def _told(self, event: Mapping[str, Any]) -> None:
        fraction = event.get("fraction")
        if event["event"] == "progress" and isinstance(fraction, int | float) and 0 <= fraction <= 1:
            self.progressed.emit(float(fraction), self._time_left.update(float(fraction)))

    def _checked(self, event: Mapping[str, Any]) -> None:
        try:
            if self.data is not None:
                self.data = DataChoice(self.data.path, check_result(event))
                keep_check(self.data.path, event)
        except ValueError:
            log.warning("the check said what makes no sense: %r", str(event)[:200])
            what = _("The check said what makes no sense.")
            self.failed.emit(Message("error", what, _("Try again; the log has the details.")))
        self._end()

    def _made(self, event: Mapping[str, Any]) -> None:
        self._let_go()
        self.choose(Path(str(event.get("out"))))

    def _stopped(self, _kept: object) -> None:
        self._end()

    def _failed(self, message: Message) -> None:
        self._end()
        self.failed.emit(message)

    def _end(self) -> None:
        self._let_go()
        self._rest()

    def _let_go(self) -> None:
        """Of a child that has ended."""
        if self._child is not None:
            self._child.deleteLater()
        self._child = None

    def _rest(self) -> None:
        self.doing = ""
        self.changed.emit()
