"""What a child process says on its standard output: one JSON object a line."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

from persian_mir.checked_json import RecordError, listed, mapping, number, optional, parsed, record, text, truth, whole
from trainer.pretrain.course import COURSE

log = logging.getLogger(__name__)

MAX_LINE = 4 << 20  # bytes; the check of thousands of faulty recordings says about 1 MB
LONG = text(1 << 16)
share = number(0, 1)
seconds = optional(number(0))
EVENT = record(event=text(64))
EVENTS = {  # docs/json.md; what `done` holds is the command's own
    "progress": record(fraction=share, note=optional(LONG), seconds_left=seconds),
    "skipped": record(file=LONG, reason=LONG),
    "remark": record(note=LONG),
    "registered": record(id=text(), folder=LONG),
    "started": record(
        labels=listed(text()), recordings=whole(), segments=whole(), split=record(how=text(), hash=text())
    ),
    "epoch": record(
        number=whole(1), of=whole(1), loss=number(), dev_loss=optional(number()), dev_accuracy=optional(share),
        lr=number(0), seconds_left=seconds,
    ),
    "passes": record(run=whole(1), most=whole(1), patience=optional(whole(1)), kept=whole()),
    "step": COURSE,
    "stopped": record(out=LONG),
    "error": record(what=LONG, path=optional(LONG), cure=optional(LONG)),
}  # fmt: skip
CHECKED = record(
    dataset=text(), synthetic=truth, recordings=whole(), artists=whole(), hours=mapping(mapping(number(0))),
    parts=mapping(whole()), alone=mapping(whole()), labels=mapping(whole()),
    findings=listed(record(kind=text(), text=text(MAX_LINE), recordings=listed(LONG), leave_out=listed(LONG))),
)  # fmt: skip
LEVEL = record(
    accuracy=share,
    low=share,
    high=share,
    count=whole(),
    classes=listed(record(label=text(), recall=share, count=whole())),
)
JUDGED = record(judgement=record(segments=LEVEL, recordings=LEVEL))
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
        event: dict[str, Any] = parsed(line, EVENT, MAX_LINE)
        EVENTS.get(event["event"], EVENT)(event, "")
    except RecordError as error:
        log.warning("the trainer said what is no event: %s %r", error.what, line[:SHOWN])
    else:
        yield event
