"""How a run goes, step by step; what was judged is kept beside the weights, for whoever looks later."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from persian_mir.checked_json import RecordError, listed, number, optional, parsed, record, whole
from persian_mir.i18n import _, percent

CURVE = "learning.jsonl"
LONGEST = 1 << 14  # bytes of a line
COURSE = record(
    step=whole(1), of=whole(1), codes=number(), constant_q=number(0), judged_codes=listed(number()),
    judged_right=optional(number(0, 1)), judged_constant_q=optional(number(0)), clips_s=number(0),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Course:
    """How it goes at a step: mean losses of a clip, of what is learnt from and of recordings kept apart.

    `codes`: cross entropy, all books together; `constant_q`: mean square error. `judged_codes`: cross entropy of each
    book, none of them between two judgements; then `judged_right`, the share of codes named rightly, and
    `judged_constant_q` are None, too. `clips_s`: clips a second.
    """

    step: int
    of: int
    codes: float
    constant_q: float
    judged_codes: tuple[float, ...]
    judged_right: float | None
    judged_constant_q: float | None
    clips_s: float

    @property
    def told(self) -> str:
        """The step in words."""
        text = _("step {step} of {of}: loss {codes:.3f}")
        parts = [text.format(step=self.step, of=self.of, codes=self.codes)]
        if self.judged_right is not None:
            text = _("kept apart {codes:.3f}, {right} right")
            parts.append(text.format(codes=sum(self.judged_codes), right=percent(self.judged_right)))
        return _(", ").join(parts)


def write_course(folder: Path, course: Course) -> None:
    """Add a judged step to the curve in `folder`. Raises OSError where the disk refuses."""
    with (folder / CURVE).open("ab") as file:
        file.write(b"\n" + json.dumps(asdict(course)).encode())  # a line that a kill cut off spoils no other


def read_curve(folder: Path) -> tuple[Course, ...]:
    """The judged steps that `folder` tells of, in order; a step that was done again as it was the last time."""
    with suppress(OSError):
        rows = {one.step: one for one in _rows((folder / CURVE).read_bytes())}
        return tuple(rows[step] for step in sorted(rows))
    return ()


def _rows(data: bytes) -> Iterator[Course]:
    for line in data.splitlines():
        with suppress(RecordError):  # it was being written when the run was killed
            yield course_of(parsed(line, COURSE, LONGEST))


def course_of(told: Mapping[str, Any]) -> Course:
    """A step as JSON holds it, which keeps to `COURSE`."""
    known: dict[str, Any] = {one.name: told.get(one.name) for one in fields(Course)}
    return Course(**{**known, "judged_codes": tuple(told["judged_codes"])})
