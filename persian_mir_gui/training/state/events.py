"""What a child process says on its standard output: one JSON object a line."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from typing import Any

log = logging.getLogger(__name__)

MAX_LINE = 4 << 20  # bytes; the check of thousands of faulty recordings says about 1 MB
SHOWN = 120  # characters of a line that makes no sense, for the log


class EventReader:
    """Cuts bytes into events as they come. A line that is no event, or too long, is logged and left out."""

    def __init__(self) -> None:
        self._rest = bytearray()
        self._skipping = False  # within a line that is too long

    def feed(self, data: bytes) -> Iterator[dict[str, Any]]:
        """The events that `data` completes."""
        *whole, last = data.split(b"\n")
        for part in whole:
            self._grow(part)
            line, skipped = bytes(self._rest), self._skipping
            self._rest.clear()
            self._skipping = False
            if not skipped:
                yield from _event(line)
        self._grow(last)

    def end(self) -> Iterator[dict[str, Any]]:
        """The event of a last line that was not ended."""
        yield from self.feed(b"\n")

    def _grow(self, part: bytes) -> None:
        if self._skipping:
            return
        if len(self._rest) + len(part) > MAX_LINE:
            log.warning("a line of more than %d bytes from the trainer is left out", MAX_LINE)
            self._skipping = True
            self._rest.clear()
        else:
            self._rest += part


def _event(line: bytes) -> Iterator[dict[str, Any]]:
    if not line.strip():
        return
    try:
        event = json.loads(line)
    except (ValueError, RecursionError):
        event = None
    if isinstance(event, dict) and isinstance(event.get("event"), str):
        yield event
    else:
        log.warning("the trainer said what is no event: %r", line[:SHOWN])
