"""Events on standard output: JSON lines for the window, words for people."""

from __future__ import annotations

import json
import math
import shutil
import sys
import threading
import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from persian_mir import plurals
from persian_mir.i18n import _, digits, figures
from persian_mir.progress import Cancelled, Progress
from persian_mir.stdio import clear_line
from persian_mir.time_left import TimeLeft
from persian_mir.visible import visible

if TYPE_CHECKING:
    from trainer.features.segments import Skipped
    from trainer.fitting.loop import Epoch
    from trainer.fitting.split_masks import Started

INTERVAL_S = 0.2  # between two reports of progress
UNWATCHED_S = 5.0  # the same where they are lines in a file


class Reporter(Progress):
    """Prints events, as JSON lines or for people, and cancels the work once `stop` is set."""

    def __init__(self, as_json: bool) -> None:
        self.stop = threading.Event()
        self.skipped = 0
        self._json = as_json
        self._last = 0.0
        self._time_left = TimeLeft()
        self._watched = not as_json and sys.stderr.isatty()
        self._told: set[Path] = set()
        self._first_epoch: tuple[int, float] | None = None  # its number, and when it was done

    def step(self, fraction: float, note: str = "") -> None:
        """Report at most five times a second. Raises Cancelled when asked to stop."""
        if self.stop.is_set():
            raise Cancelled
        if time.monotonic() - self._last < (INTERVAL_S if self._json or self._watched else UNWATCHED_S):
            return
        self._last = time.monotonic()
        seconds = self._time_left.update(fraction)
        left = "" if seconds is None else _("{time} left").format(time=_clock(seconds))
        text = "  ".join(filter(None, (figures(f"{fraction:4.0%}"), left, visible(note))))
        if self._watched:
            clear_line()
            print(text[: shutil.get_terminal_size().columns - 1], end="", file=sys.stderr, flush=True)
        else:
            whole = None if seconds is None else round(seconds, 1)
            self.event("progress", text, fraction=round(fraction, 4), note=note, seconds_left=whole)

    def publish(self, value: Any) -> None:
        """Skipped recordings, remarks, beginning and end of a fit, its epochs, and steps of pre-training."""
        from trainer.baselines.early_stopping import Passes
        from trainer.features.segments import Remark, Skipped
        from trainer.fitting.split_masks import Started
        from trainer.pretrain.course import Course
        from trainer.reports.passes import passes_told

        match value:
            case Started():
                self._publish_started(value)
            case Remark():
                self.event("remark", value.text, note=value.text)
            case Passes():
                self.event("passes", passes_told([asdict(value)]), **asdict(value))
            case Skipped():
                self._publish_skipped(value)
            case Course():
                self.event("step", value.told, **asdict(value))
            case _:
                self._publish_epoch(value)

    def _publish_started(self, started: Started) -> None:
        text = _("{segments} of {recordings}, {labels}; split {how}, {hash}").format(
            segments=plurals.segments(started.segments),
            recordings=plurals.recordings(started.recordings),
            labels=plurals.labels(len(started.labels)),
            how=started.how,
            hash=started.hash[:12],
        )
        split = {"how": started.how, "hash": started.hash}
        heard = {"recordings": started.recordings, "segments": started.segments}
        self.event("started", text, labels=list(started.labels), **heard, split=split)

    def _publish_skipped(self, skipped: Skipped) -> None:
        if skipped.path in self._told:  # each reading of the data leaves it out
            return
        self._told.add(skipped.path)
        self.skipped += 1
        text = _("left out: {file}: {reason}").format(file=visible(str(skipped.path)), reason=skipped.reason)
        self.event("skipped", text, file=str(skipped.path), reason=skipped.reason)

    def _publish_epoch(self, epoch: Epoch) -> None:
        row = {key: None if math.isnan(number) else number for key, number in asdict(epoch).items()}
        if math.isnan(epoch.dev_loss):
            text = _("epoch {number} of {of}: loss {loss:.4f}")
        else:
            text = _(
                "epoch {number} of {of}: loss {loss:.4f}, dev loss {dev_loss:.4f}, dev accuracy {dev_accuracy:.3f}"
            )
        self.event("epoch", figures(text.format(**asdict(epoch))), **row, seconds_left=self._seconds_left(epoch))

    def _seconds_left(self, epoch: Epoch) -> float | None:
        """By the mean of the epochs so far; an early stop makes it less. None after the first one, or a new run."""
        now = time.monotonic()
        if self._first_epoch is None or epoch.number <= self._first_epoch[0]:
            self._first_epoch = (epoch.number, now)
            return None
        number, began = self._first_epoch
        return round((now - began) / (epoch.number - number) * (epoch.of - epoch.number), 1)

    def event(self, name: str, text: str, **values: object) -> None:
        """One event; people see `text` on standard error, so that standard output holds results only."""
        if self._json:
            print(json.dumps({"event": name, **values}, ensure_ascii=True, allow_nan=False), flush=True)
            return
        if self._watched:
            clear_line()
        print(text, file=sys.stdout if name == "done" else sys.stderr)


def _clock(seconds: float) -> str:
    """`0:05`, `2:30`, `1:02:30`."""
    minutes, rest = divmod(math.ceil(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return digits(f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}")
