"""`persian-mir models`: what can be had, what is here; the only command that reaches the network, when told to."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

from persian_mir.commands.progress_line import ProgressLine
from persian_mir.computing import DEVICES, ENGINES, Computing
from persian_mir.errors import PersianMirError
from persian_mir.i18n import _

MOST_CHECKED = 20  # recordings of the catalogue, where none are named


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command and its actions."""
    parser = commands.add_parser("models", help=_("list, fetch, add and remove backbones"))
    actions = parser.add_subparsers(metavar=_("ACTION"), required=True)
    listing = actions.add_parser("list", help=_("what can be had and what is installed"))
    listing.set_defaults(run=run_list)
    fetch = actions.add_parser("fetch", help=_("download a model; its licence is shown first"))
    fetch.add_argument("id", metavar="ID")
    fetch.add_argument("--accept-licence", action="store_true", help=_("accept the licence without being asked"))
    fetch.set_defaults(run=run_fetch)
    adding = actions.add_parser("add", help=_("use a model that lies in a folder, in the hub's own format"))
    adding.add_argument("folder", type=Path, metavar="FOLDER")
    adding.set_defaults(run=run_add)
    check = actions.add_parser(
        "check",
        help=_("whether a probe says the same when it computes fast"),
        description=_(
            "Labels recordings of your own with a probe twice, exactly and fast, and tells how far the two agree. "
            "Where they do, the probe computes fast on this machine from then on. Without files it takes recordings of "
            "the catalogue."
        ),
    )
    check.add_argument("files", nargs="*", metavar="FILE", help=_("recordings, or folders of them"))
    check.add_argument("--probe", type=Path, required=True, metavar="F", help=_("a .probe file"))
    check.add_argument("--device", choices=DEVICES, default="auto", help=_("where backbones run"))
    check.add_argument("--engine", choices=ENGINES, default="auto", help=_("what computes them on a CPU"))
    check.add_argument("--json", action="store_true", help=_("print JSON, for programs"))
    check.set_defaults(run=run_check)
    remove = actions.add_parser("remove", help=_("remove an installed model"))
    remove.add_argument("id", metavar="ID")
    remove.set_defaults(run=run_remove)


def run_list(args: argparse.Namespace) -> int:  # noqa: ARG001
    """A line a model."""
    from persian_mir.models.store import installed
    from persian_mir.models.table import MODELS
    from persian_mir.models.unavailable import unavailable

    here = {model.id: model for model in installed()}
    for row in MODELS:
        state = _("installed") if row.id in here else _("can be fetched")
        print(f"{row.id:<28}{state:<16}{row.licence}")
    for model in here.values():
        if model.id not in {row.id for row in MODELS}:
            print(f"{model.id:<28}{_('added from a folder')}")
    print("\n" + _("Cannot be had:"))
    for one in unavailable():
        print(f"{one.name:<28}{one.reason}")
    return 0


def run_fetch(args: argparse.Namespace) -> int:
    """Download, check and install one model."""
    from persian_mir.models.fetch import fetch

    line = ProgressLine(args.id)
    try:
        fetch(args.id, lambda licence: args.accept_licence or _ask(licence), line)
    finally:
        line.close()
    print(_("{id} is installed.").format(id=args.id))
    return 0


def run_add(args: argparse.Namespace) -> int:
    """Register a folder."""
    from persian_mir.models.store import add_folder

    print(_("{id} is installed.").format(id=add_folder(args.folder).id))
    return 0


def run_remove(args: argparse.Namespace) -> int:
    """Delete one model's files, or forget a folder."""
    from persian_mir.models.store import remove

    remove(args.id)
    print(_("{id} was removed.").format(id=args.id))
    return 0


def run_check(args: argparse.Namespace) -> int:
    """Measure, keep and tell; 1 where `fast` does not take the place of `exact`."""
    from persian_mir.commands.files import expand
    from persian_mir.probes.agreement import conclusion, in_words
    from persian_mir.probes.agreement_check import measure_agreement

    paths = expand(args.files) if args.files else _of_catalogue()
    line = ProgressLine(args.probe.name)
    try:
        found = measure_agreement(
            args.probe,
            paths,
            Computing(args.device, "auto", args.engine),
            line,
            lambda error: print(f"persian-mir: {error}", file=sys.stderr),
        )
    finally:
        line.close()
    if args.json:
        print(json.dumps(asdict(found) | {"holds": found.holds}))
    else:
        print(f"{in_words(found)}\n{conclusion(found)}")
    return 0 if found.holds else 1


def _of_catalogue() -> list[Path]:
    """The recordings that were added to the catalogue last."""
    from persian_mir.catalogue.catalogue import Catalogue

    with Catalogue.open() as catalogue:
        rows = catalogue.page(sort="added", limit=MOST_CHECKED, descending=True).rows
    if not rows:
        what = _("The catalogue holds no recordings to check with.")
        raise PersianMirError(what, cure=_("Name recordings of your own, or folders of them."))
    return [row.path for row in rows]


def _ask(licence: str) -> bool:
    print(licence)
    if not sys.stdin.isatty():
        print(_("Nobody can be asked here; say --accept-licence to accept it."), file=sys.stderr)
        return False
    return input(_("Do you accept this licence? [y/N] ")).strip().lower() in ("y", "yes", "بله")
