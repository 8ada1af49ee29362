"""`split`: decide who is learnt from and who is judged by, and write it down."""

from __future__ import annotations

import argparse
from pathlib import Path

from persian_mir.commands.arguments import whole_number
from persian_mir.i18n import _
from persian_mir.labels import TASKS
from trainer.commands.arguments import guard, seed
from trainer.commands.reporter import Reporter


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command's arguments."""
    one = commands.add_parser("split", help=_("decide the parts of a dataset and write them to a file"))
    one.add_argument("data", type=Path, help=_("a manifest CSV, a folder a class, or Nava"))
    one.add_argument("--by", choices=("official", "artist", "recording"), required=True)
    one.add_argument("--task", choices=TASKS, default="instrument", help=_("whose classes are spread evenly"))
    one.add_argument("--folds", type=_folds, default=5, help=_("how many folds (default: 5); not for official lists"))
    one.add_argument("--seed", type=seed, default=0)
    one.add_argument("--out", type=Path, required=True, help=_("the JSON file to write"))
    one.add_argument("--tables", type=Path, help=_("a JSON with other meanings of Nava's codes"))
    one.add_argument("--json", action="store_true", help=_("one JSON object a line for each event"))
    one.set_defaults(run=run)


def _folds(text: str) -> int:
    from trainer.data.splits import MOST_FOLDS

    return whole_number(text, 3, MOST_FOLDS)


def run(args: argparse.Namespace, reporter: Reporter) -> int:
    """Read, draw, write. Raises PersianMirError, also where another split stands in the file."""
    from trainer.data import read_dataset
    from trainer.data.splits import grouped, official, write_splits

    dataset = read_dataset(args.data, args.task, args.tables, reporter)
    guard([args.out], args, dataset)
    drawn = (args.task, args.by, args.seed, args.folds)
    splits = official(dataset) if args.by == "official" else grouped(dataset, *drawn)
    write_splits(splits, args.out)
    text = _("{out}: split {hash}, {count} folds").format(out=args.out, hash=splits.hash, count=len(splits.folds))
    reporter.event("done", text, out=str(args.out), hash=splits.hash, folds=len(splits.folds))
    return 0
