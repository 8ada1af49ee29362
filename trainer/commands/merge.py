"""`merge`: one model of several that began as the same."""

from __future__ import annotations

import argparse
from pathlib import Path

from persian_mir.commands.arguments import number
from persian_mir.i18n import _
from trainer.commands.pretrain import refuse_place
from trainer.commands.reporter import Reporter


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command's arguments."""
    one = commands.add_parser(
        "merge",
        help=_("make one model of several that began as the same"),
        description=_("Adds to a model a share of what each of several trained ones learnt (task arithmetic)."),
    )
    one.add_argument("base", type=Path, metavar="BASE", help=_("the folder of the model that all began as"))
    one.add_argument("folders", type=Path, nargs="+", metavar="FOLDER", help=_("what became of it"))
    one.add_argument("--share", type=_share, default=0.2, help=_("of each difference (default: 0.2)"))
    one.add_argument("--out", type=Path, required=True, metavar="FOLDER", help=_("the folder of the new model"))
    one.add_argument("--json", action="store_true", help=_("one JSON object a line for each event"))
    one.set_defaults(run=run)


def run(args: argparse.Namespace, reporter: Reporter) -> int:
    """`merge`. Raises PersianMirError."""
    from trainer.pretrain.result import merge_models

    refuse_place(args.out, [args.base, *args.folders])
    merge_models(args.base, args.folders, args.share, args.out)
    reporter.event("done", str(args.out), out=str(args.out))
    return 0


def _share(text: str) -> float:
    return number(text, -2, 2)
