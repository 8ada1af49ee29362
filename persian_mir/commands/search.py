"""`persian-mir search`: recordings of the catalogue, by words in either script and by mode."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from persian_mir.commands.arguments import count
from persian_mir.commands.catalogue_file import add_catalogue, open_catalogue
from persian_mir.commands.computing import add_computing
from persian_mir.commands.text_table import columned
from persian_mir.errors import PersianMirError
from persian_mir.i18n import _
from persian_mir.labels import TASKS, describe, label_ids
from persian_mir.models.clap import GENERAL

if TYPE_CHECKING:
    from persian_mir.catalogue.catalogue import Row

LIMIT = 200


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "search",
        help=_("find recordings in the catalogue"),
        description=_(
            "Finds recordings by words in titles, names, labels, notes and verses, in either script and any spelling; "
            "the best first. With --by-sound it finds passages that sound as English words say; what was heard once is "
            "kept in an index."
        ),
    )
    parser.add_argument(
        "text", nargs="+", metavar="TEXT", help=_("words that must all be there; '' for all recordings")
    )
    add_catalogue(parser)
    parser.add_argument(
        "--mode", action="append", default=[], metavar="M", help=_("only in this mode; repeated: in one of them")
    )
    parser.add_argument("--by-sound", action="store_true", help=_("the words say how it sounds: slow ney, breathy"))
    parser.add_argument(
        "--backbone",
        default=GENERAL,
        metavar="ID|FOLDER",
        help=_("the CLAP that knows sounds by words (default: {id})").format(id=GENERAL),
    )
    add_computing(parser)
    parser.add_argument("--limit", type=count, metavar="N", help=_("at most so many (default: 200; by sound: 10)"))
    parser.add_argument("--format", choices=("table", "json"), default="table", help=_("how to print (default: table)"))
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Search and print."""
    from persian_mir.catalogue.filters import Filter

    wanted = Filter(terms=tuple(("mode", mode_id(name)) for name in args.mode))
    if args.by_sound:
        from persian_mir.commands import search_sound

        return search_sound.run(args, wanted)
    with open_catalogue(args) as catalogue:
        rows = catalogue.search(" ".join(args.text), wanted, max(1, args.limit or LIMIT))
    if args.format == "json":
        from persian_mir.exchange.own_record import as_text

        print(as_text([as_json(row) for row in rows], indent=1))
    else:
        print("\n".join(columned(_table(rows))) if rows else _("Nothing was found."))
    return 0


def mode_id(name: str) -> str:
    """The id of a mode that is named in either script, by any of its names. Raises PersianMirError for none."""
    from persian_mir.catalogue.fold import joined, other_names

    key = joined(name)
    for mode in label_ids("mode"):
        known = describe("mode", mode)
        if key in map(joined, (mode, known.name, known.persian)) or other_names().get(key) == "_" + joined(mode):
            return mode
    what = _("There is no mode of this name: {name}.").format(name=name)
    raise PersianMirError(what, cure=_("Known are: {modes}.").format(modes=", ".join(label_ids("mode"))))


def as_json(row: Row) -> dict[str, Any]:
    """The documented object of one recording (`docs/json.md`)."""
    verdicts: dict[str, Any] = {}
    for task, label, status, probability in row.labels:
        first: dict[str, Any] = {"label": label, "probability": probability, "status": status, "labels": []}
        verdicts.setdefault(task, first)["labels"].append(label)
    return {"file": str(row.path), "title": row.title, "verdicts": verdicts, "score": row.score}


def _table(rows: Sequence[Row]) -> list[list[str]]:
    """Title, labels of the tasks that any of them has, and file."""
    held = [task for task in TASKS if any(one[0] == task for row in rows for one in row.labels)]
    return [[row.title, *(_labels(row, task) or "–" for task in held), str(row.path)] for row in rows]


def _labels(row: Row, task: str) -> str:
    return ", ".join(describe(of, label).spoken for of, label, *_rest in row.labels if of == task)
