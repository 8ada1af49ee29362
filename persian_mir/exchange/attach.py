"""Which recording the labels of a file are about: by hash, else by name, among those that the user has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile
from pathlib import Path

from persian_mir.catalogue.model import Described, Statement
from persian_mir.exchange.bounded import ExchangeError
from persian_mir.exchange.sheet import Sheet
from persian_mir.i18n import _, quoted

SLACK_S = 0.05  # by which lengths of one recording differ, as programs write them
MOST_NAMED = 5  # recordings, in a message


def attach(sheet: Sheet, source: Path, known: Sequence[Described], named: bool = False) -> Described:
    """Return the one of `known` that a sheet of the file `source` is about.

    A hash decides; else the name of the recording in the file, or the file's own name, and among several of that name
    their folder, then their length. The only one that a user has `named` for the file needs neither. Raises
    ExchangeError where none would do, or several, which it names.
    """
    if sheet.content_hash:
        found = [one for one in known if one.content_hash == sheet.content_hash]
    elif named and len(known) == 1 and not sheet.name:
        found = list(known)
    else:
        wanted = {sheet.name} if sheet.name else _names_of(source)
        found = [one for one in known if wanted & {Path(one.path).name, Path(one.path).stem}]
        found = _told_apart(found, sheet, source)
    if len({one.content_hash for one in found}) == 1:
        return found[0]
    name = sheet.name or source.name
    if sheet.content_hash:
        what = _("No recording that is known has the sound that this is about: {name}.").format(name=name)
        raise ExchangeError(what, cure=_("Name the recording itself with --for, not another version of it."))
    if found:
        paths = ", ".join(quoted(one.path) for one in found[:MOST_NAMED])
        what = _("Several recordings are called so, and nothing tells which is meant: {paths}.").format(paths=paths)
    else:
        what = _("No recording that is known belongs to this: {name}.").format(name=name)
    raise ExchangeError(what, cure=_("Choose the recording in the list first; in the terminal, name it with --for."))


def _told_apart(found: list[Described], sheet: Sheet, source: Path) -> list[Described]:
    """Those of recordings of one name for which most speaks: the folder, else the length; all where neither does."""
    told, here = _folders(sheet.folder), source.absolute().parent
    stop_s = max((label.stop_s or 0.0 for label in sheet.labels), default=0.0)

    def in_common(one: Described) -> int:
        pairs = zip(reversed(told), reversed(_folders(str(Path(one.path).parent))), strict=False)
        return sum(1 for _pair in takewhile(lambda pair: pair[0] == pair[1], pairs))

    def is_beside(one: Described) -> int:
        return Path(one.path).parent == here

    def is_as_long(one: Described) -> int:
        return sheet.length_s is not None and abs(one.frames / one.rate - sheet.length_s) <= SLACK_S

    def is_long_enough(one: Described) -> int:
        return one.frames / one.rate + SLACK_S >= stop_s

    for speaks in (in_common, is_beside, is_as_long, is_long_enough):
        if len({one.content_hash for one in found}) > 1:
            most = max(map(speaks, found))
            found = [one for one in found if speaks(one) == most]
    return found


def _folders(path: str) -> list[str]:
    return [part.casefold() for part in path.replace("\\", "/").split("/") if part not in ("", ".")]


def _names_of(source: Path) -> set[str]:
    """`take.wav.TextGrid` and `take.TextGrid` are about `take.wav`."""
    parts = source.name.split(".")
    return {".".join(parts[:end]) for end in range(1, len(parts))}


def new_statements(told: Described, known: Described) -> Described:
    """Return what is told, without the statements that `known` holds already, so that a file may be taken in twice.

    The rest get ids that no catalogue gives: an id from a file must not stand for a statement of ours.
    """
    ours = {_content(one): one.id for one in known.statements}
    ids = {one.id: ours.get(_content(one), f"{told.content_hash[:12]}-{one.id}") for one in told.statements if one.id}
    new = (
        replace(one, id=ids.get(one.id, ""), supersedes=ids.get(one.supersedes, ""))
        for one in told.statements
        if _content(one) not in ours
    )
    return replace(told, statements=tuple(new))


def _content(one: Statement) -> Statement:
    """A statement without what names it and others."""
    return replace(one, id="", supersedes="")
