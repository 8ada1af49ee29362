"""`persian-mir models`: what can be had, what is here; the only command that reaches the network, when told to."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from persian_mir.commands.progress_line import ProgressLine
from persian_mir.i18n import _


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
    remove = actions.add_parser("remove", help=_("remove an installed model"))
    remove.add_argument("id", metavar="ID")
    remove.set_defaults(run=run_remove)


def run_list(args: argparse.Namespace) -> int:  # noqa: ARG001
    """A line a model."""
    from persian_mir.models.store import installed
    from persian_mir.models.table import MODELS

    here = {model.id: model for model in installed()}
    for row in MODELS:
        state = _("installed") if row.id in here else _("can be fetched")
        print(f"{row.id:<28}{state:<16}{row.licence}")
    for model in here.values():
        if model.id not in {row.id for row in MODELS}:
            print(f"{model.id:<28}{_('added from a folder')}")
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


def _ask(licence: str) -> bool:
    print(licence)
    if not sys.stdin.isatty():
        print(_("Nobody can be asked here; say --accept-licence to accept it."), file=sys.stderr)
        return False
    return input(_("Do you accept this licence? [y/N] ")).strip().lower() in ("y", "yes", "بله")
