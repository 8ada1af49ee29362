"""Which recording the labels of a file are about: by hash, else by name, among those that the user has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from persian_mir.catalogue.model import Described, Statement
from persian_mir.exchange.bounded import ExchangeError
from persian_mir.exchange.sheet import Sheet
from persian_mir.i18n import _


def attach(sheet: Sheet, source: Path, known: Sequence[Described], named: bool = False) -> Described:
    """Return the one of `known` that a sheet of the file `source` is about.

    A hash decides; else the name of the recording in the file, or the file's own name. The only one that a user has
    `named` for the file needs neither. Raises ExchangeError where none or several would do.
    """
    if sheet.content_hash:
        found = [one for one in known if one.content_hash == sheet.content_hash]
    elif named and len(known) == 1 and not sheet.name:
        found = list(known)
    else:
        wanted = {sheet.name} if sheet.name else _names_of(source)
        found = [one for one in known if wanted & {Path(one.path).name, Path(one.path).stem}]
    if len({one.content_hash for one in found}) == 1:
        return found[0]
    name = sheet.name or source.name
    if sheet.content_hash:
        what = _("No recording that is known has the sound that this is about: {name}.").format(name=name)
        raise ExchangeError(what, cure=_("Name the recording itself with --for, not another version of it."))
    if found:
        what = _("Several recordings are called so: {name}.").format(name=name)
    else:
        what = _("No recording that is known belongs to this: {name}.").format(name=name)
    raise ExchangeError(what, cure=_("Choose the recording in the list first; in the terminal, name it with --for."))


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
