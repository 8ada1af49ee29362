"""`mini-nava`: a synthesised corpus laid out as Nava, to prove the trainer with."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path

from persian_mir.commands.arguments import seconds_between, whole_number
from persian_mir.i18n import _
from trainer.commands.arguments import seed
from trainer.commands.reporter import Reporter


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command's arguments."""
    one = commands.add_parser("mini-nava", help=_("synthesise a corpus laid out as Nava"))
    one.add_argument("out", type=Path, help=_("the folder to make"))
    one.add_argument("--recordings", type=_recordings, default=400, help=_("how many (default: 400)"))
    one.add_argument("--seconds", type=_seconds, default=10.0, help=_("length of a recording (default: 10)"))
    one.add_argument("--seed", type=seed, default=0)
    one.add_argument("--faults", action="store_true", help=_("plant faults for the check to find"))
    one.add_argument("--leak", action="store_true", help=_("let every artist play one Dastgah only"))
    one.add_argument("--json", action="store_true", help=_("one JSON object a line for each event"))
    one.set_defaults(run=run)


def run(args: argparse.Namespace, reporter: Reporter) -> int:
    """Make the corpus. Raises PersianMirError when it cannot be written."""
    from trainer.data.mini_nava import make_mini_nava

    made = make_mini_nava(
        args.out, args.recordings, args.seed, args.seconds, faults=args.faults, leak=args.leak, progress=reporter
    )
    text = _("{out}: {count} synthesised recordings").format(out=args.out, count=len(made.takes))
    reporter.event("done", text, out=str(args.out), recordings=len(made.takes), planted=asdict(made.planted))
    return 0


def _seconds(text: str) -> float:
    return seconds_between(text, 0.25, 3600)


def _recordings(text: str) -> int:
    return whole_number(text, 35, 100_000)
