"""Events on standard output: JSON lines for the window, words for people."""

from __future__ import annotations

import json
import math
import sys
import threading
import time
from dataclasses import asdict
from typing import Any

from persian_mir.i18n import _
from persian_mir.progress import Cancelled, Progress

INTERVAL_S = 0.2  # between two reports of progress


class Reporter(Progress):
    """Prints events, as JSON lines or for people, and cancels the work once `stop` is set."""

    def __init__(self, as_json: bool) -> None:
        self.stop = threading.Event()
        self.skipped = 0
        self._json = as_json
        self._last = 0.0

    def step(self, fraction: float, note: str = "") -> None:
        """Report at most five times a second. Raises Cancelled when asked to stop."""
        if self.stop.is_set():
            raise Cancelled
        if time.monotonic() - self._last >= INTERVAL_S:
            self._last = time.monotonic()
            self.event("progress", f"{fraction:4.0%}  {note}", fraction=round(fraction, 4), note=note)

    def publish(self, value: Any) -> None:
        """Skipped recordings and finished epochs."""
        from trainer.features import Skipped

        if isinstance(value, Skipped):
            self.skipped += 1
            text = _("left out: {file}: {reason}").format(file=value.path, reason=value.reason)
            self.event("skipped", text, file=str(value.path), reason=value.reason)
        else:
            row = {key: None if math.isnan(number) else number for key, number in asdict(value).items()}
            text = _(
                "epoch {number} of {of}: loss {loss:.4f}, dev loss {dev_loss:.4f}, dev accuracy {dev_accuracy:.3f}"
            )
            self.event("epoch", text.format(**asdict(value)), **row)

    def event(self, name: str, text: str, **values: object) -> None:
        """One event; people see `text` on standard error, so that standard output holds results only."""
        if self._json:
            print(json.dumps({"event": name, **values}, ensure_ascii=True, allow_nan=False), flush=True)
        elif name != "done":
            print(text, file=sys.stderr)
        else:
            print(text)
