"""What a file of another program says: of each recording its labels as they stand there, not yet reconciled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from persian_mir.catalogue.model import Described
from persian_mir.exchange.marks import Mark, marks_of
from persian_mir.exchange.texts import plain_text
from persian_mir.i18n import _

LONGEST = 4096  # signs of a label that are kept


@dataclass(frozen=True, slots=True)
class Label:
    """A label as a file has it: seconds, None for all of the recording. `tier` is its layer, column or namespace."""

    start_s: float | None
    stop_s: float | None
    text: str
    tier: str = ""
    who: str = ""
    probability: float | None = None

    def __post_init__(self) -> None:
        for name in ("text", "tier", "who"):
            object.__setattr__(self, name, plain_text(getattr(self, name)[:LONGEST]))


@dataclass(frozen=True, slots=True)
class Sheet:
    """The labels of one recording in a file. `name` is the recording's, without folders; `content_hash` may be empty.

    `folder` and `length_s`, where the file tells them, tell recordings of one name apart. `own`: what the program
    itself had written there and nobody changed since.
    """

    name: str
    content_hash: str = ""
    labels: tuple[Label, ...] = ()
    own: Described | None = None
    remarks: tuple[str, ...] = ()
    folder: str = ""
    length_s: float | None = None


def left_out(number: int) -> tuple[str, ...]:
    """Return a remark on labels that are no stretch of time with a text, if there are any."""
    if not number:
        return ()
    return (_("Labels without a stretch of time or a text, and left out: {number}.").format(number=number),)


def parted(sheet: Sheet, rounding_s: float) -> Sheet:
    """Part the labels of a sheet from its own record: those that still say what it says, within `rounding_s` seconds,
    stand for it; others are new, and what no label stands for any longer is taken out of the record.
    """
    own = sheet.own
    if own is None:
        return sheet
    marks = list(marks_of(own))
    by_key = dict[tuple[str, str], list[Mark]]()
    for mark in marks:
        by_key.setdefault((plain_text(mark.tier), plain_text(mark.text)), []).append(mark)
    stands = list[tuple[Label, Mark | None]]()
    for label in sheet.labels:
        same = _same(label, by_key.get((label.tier, label.text), ()), own, rounding_s)
        stands.append((label, same))
        if same is not None:
            by_key[label.tier, label.text].remove(same)
    shown = {id(mark) for _label, mark in stands}
    lost = {id(mark.source) for mark in marks if id(mark) not in shown}
    new = tuple(label for label, mark in stands if mark is None or id(mark.source) in lost)
    return replace(sheet, labels=new, own=_without(own, lost))


def _same(label: Label, marks: Sequence[Mark], own: Described, rounding_s: float) -> Mark | None:
    start_s = 0.0 if label.start_s is None else label.start_s
    stop_s = own.frames / own.rate if label.stop_s is None else label.stop_s
    for mark in marks:
        off = max(abs(mark.start / own.rate - start_s), abs(mark.stop / own.rate - stop_s))
        if off <= rounding_s:
            return mark
    return None


def _without(own: Described, lost: set[int]) -> Described:
    """The record without the statements and items that the file no longer shows as they were."""
    return replace(
        own,
        items=tuple(one for one in own.items if id(one) not in lost),
        statements=tuple(one for one in own.statements if id(one) not in lost),
    )
