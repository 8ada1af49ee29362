"""`check`: what is wrong with a dataset, and its hours by instrument and Dastgah. Exit code 1: there are faults."""

from __future__ import annotations

import argparse
from pathlib import Path

from persian_mir.errors import PersianMirError
from persian_mir.i18n import _
from persian_mir.labels import TASKS
from trainer.commands.reporter import Reporter


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command's arguments."""
    one = commands.add_parser("check", help=_("look for faults in a dataset"))
    one.add_argument("place", type=Path, nargs="?", help=_("a manifest CSV, a folder a class, or Nava"))
    one.add_argument("--data", type=Path, help=_("the same, as the other commands name it"))
    one.add_argument("--task", choices=TASKS, default="", help=_("what the folders name (default: told by the names)"))
    one.add_argument("--tables", type=Path, help=_("a JSON with other meanings of Nava's codes"))
    one.add_argument("--json", action="store_true", help=_("one JSON object a line for each event"))
    one.set_defaults(run=run)


def run(args: argparse.Namespace, reporter: Reporter) -> int:
    """Read, check, tell. Raises PersianMirError when the data cannot be read."""
    from trainer.data import read_dataset
    from trainer.data.check import check

    source = args.data or args.place
    if source is None:
        raise PersianMirError(_("There is nothing to check."), cure=_("Name the data with --data."))
    report = check(read_dataset(source, args.task, args.tables, reporter), reporter)
    reporter.event("done", report.text(), **report.as_dict())
    return 1 if report.findings else 0
