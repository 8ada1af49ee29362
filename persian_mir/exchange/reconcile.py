"""Labels of another's file as statements and items of a recording: what was matched how, and what was not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from persian_mir.catalogue.correction_rows import now
from persian_mir.catalogue.model import Described, Item, Statement
from persian_mir.exchange.marks import ITEM_TIERS, SEPARATOR, TIER, credits_from
from persian_mir.exchange.sheet import Label, Sheet
from persian_mir.exchange.terms import How, TermMatch, best_thing, find, thing_of
from persian_mir.labels import TASKS, is_label


@dataclass(frozen=True, slots=True)
class Match:
    """What all labels of one text in one tier became: `thing` is a task or a field of an item. `how` is empty for what
    was not matched, and so left out.
    """

    tier: str
    text: str
    thing: str
    label: str
    how: How
    number: int


def reconcile(sheets: Iterable[Sheet]) -> tuple[Match, ...]:
    """Return what the labels of a file mean, each text of each tier once, in the order in which they stand there."""
    texts: dict[str, dict[str, int]] = {}
    for label in (label for sheet in sheets for label in sheet.labels):
        counts = texts.setdefault(label.tier, {})
        counts[label.text] = counts.get(label.text, 0) + 1
    return tuple(
        Match(tier, text, thing, found.label, found.how, number)
        for tier, counts in texts.items()
        for thing in [thing_of(tier) or best_thing(counts)]
        for text, number in counts.items()
        for found in [_found(thing, text)]
    )


def _found(thing: str, text: str) -> TermMatch:
    """One term, or the terms of a field that may hold several: found only if all of them are."""
    if thing != "modes":
        return find(thing, text) if thing else TermMatch()
    found = [find(thing, one) for one in text.split(SEPARATOR)]
    worst: How = next((one.how for one in found if one.how != "id"), "id")
    return (
        TermMatch(SEPARATOR.join(one.label for one in found), worst) if all(one.how for one in found) else TermMatch()
    )


def described(
    sheet: Sheet, recording: Described, matches: Sequence[Match], source: str
) -> tuple[Described, tuple[Label, ...]]:
    """Return what a sheet says of `recording` (its path, hash, rate and length count), and the labels left out.

    What was matched to a task is a statement by whoever the file names, else by `source`; what was matched to the
    fields of an item is an item a stretch.
    """
    known = {(match.tier, match.text): match for match in matches}
    statements, fields, out = list[Statement](), dict[tuple[int, int], dict[str, str]](), list[Label]()
    for label in sheet.labels:
        match, ends = known[label.tier, label.text], _ends(label, recording)
        if not match.how or ends is None or not _may_be(match):
            out.append(label)
        elif match.thing in TASKS:
            statements.append(_statement(label, match, ends, source))
        else:
            fields.setdefault(ends, {})[match.thing] = match.label
    own = sheet.own or recording
    items = (*own.items, *(_item(ends, told) for ends, told in sorted(fields.items())))
    told = replace(own, items=items, statements=(*own.statements, *statements))
    place = {name: getattr(recording, name) for name in ("path", "content_hash", "rate", "frames", "file_hash")}
    return replace(told, **place), tuple(out)


def _may_be(match: Match) -> bool:
    return match.thing in ITEM_TIERS or not match.label or is_label(match.thing, match.label)


def _ends(label: Label, recording: Described) -> tuple[int, int] | None:
    """The stretch in samples; None for one outside of the recording. A label without times is about all of it."""
    start = round((label.start_s or 0.0) * recording.rate)
    stop = recording.frames if label.stop_s is None else min(round(label.stop_s * recording.rate), recording.frames)
    return (start, stop) if 0 <= start < stop else None


def _statement(label: Label, match: Match, ends: tuple[int, int], source: str) -> Statement:
    """What a person said, or a machine where the tier names one."""
    found = TIER.fullmatch(label.tier)
    machine = found["machine"] if found else None
    if machine is not None:
        status = "attributed" if match.thing == "artist" else "machine"
        told = (match.thing, *ends, match.label, status, machine)
        return Statement(*told, probability=label.probability, when=now())  # type: ignore[arg-type]  # one of Status
    who = label.who or (found["person"] if found else "") or source
    status = "corrected" if match.label else "rejected"
    return Statement(match.thing, *ends, match.label, status, who, when=now())  # type: ignore[arg-type]  # the same


def _item(ends: tuple[int, int], told: Mapping[str, str]) -> Item:
    modes, gushehs = (tuple(filter(None, told.get(name, "").split(SEPARATOR))) for name in ("modes", "gushehs"))
    who = credits_from(told.get("people", ""))
    return Item(*ends, told.get("kind", ""), modes, gushehs, note=told.get("note", ""), credits=who)
