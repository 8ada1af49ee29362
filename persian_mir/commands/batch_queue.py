"""`persian-mir batch --list` and `--first`: the queue of the last batch, shown and put in another order."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable
from contextlib import closing
from typing import TYPE_CHECKING

from persian_mir.i18n import _
from persian_mir.plurals import recordings
from persian_mir.visible import visible

if TYPE_CHECKING:
    from persian_mir.batch.queue_rows import Job


def add_queue(parser: argparse.ArgumentParser) -> None:
    """Declare what asks for the queue alone."""
    parser.add_argument("--list", action="store_true", help=_("show the queue of the last batch, and end"))
    parser.add_argument(
        "--first",
        action="append",
        default=[],
        metavar="P",
        help=_("of the files that wait, let those like P come first, and end; may be repeated"),
    )


def run_queue(args: argparse.Namespace) -> int:
    """Do that. Any number of programs may be at work meanwhile."""
    from persian_mir.batch.queue_order import QueueOrder
    from persian_mir.batch.queue_rows import State, last_work
    from persian_mir.catalogue.catalogue import Catalogue

    with closing(Catalogue.open(args.catalogue)) as catalogue:
        queue = QueueOrder(catalogue, last_work(catalogue))
        if args.first:
            number = queue.put_first(args.first)
            if not args.json:
                print(_("Come first: {what}").format(what=recordings(number)))
        if args.list or args.json:
            _print(queue.in_order(sum(queue.counts().get(state, 0) for state in State)), args.json)
    return 0


def _print(jobs: Iterable[Job], as_json: bool) -> None:
    from persian_mir.batch.report import state_name

    if as_json:
        keys = ("file", "state", "priority", "reason")
        told = [
            dict(zip(keys, (str(job.path), job.state.name.lower(), job.priority, job.reason or None), strict=True))
            for job in jobs
        ]
        print(json.dumps(told, ensure_ascii=False, indent=1))
        return
    for job in jobs:
        print(f"{state_name(job.state)}  {job.priority:+d}  {visible(str(job.path))}  {visible(job.reason)}".rstrip())
