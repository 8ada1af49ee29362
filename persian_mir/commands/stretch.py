"""The options `--start` and `--stop` of commands that take a stretch of one recording."""

from __future__ import annotations

import argparse
import math

from persian_mir.commands.arguments import seconds
from persian_mir.errors import PersianMirError
from persian_mir.i18n import _


def add_stretch(parser: argparse.ArgumentParser, start: str, stop: str) -> None:
    """Declare them, with what each is told to be."""
    parser.add_argument("--start", type=seconds, metavar="S", help=start)
    parser.add_argument("--stop", type=seconds, metavar="S", help=stop)


def stretch_of(args: argparse.Namespace, length_s: float = math.inf) -> tuple[float, float]:
    """Where the stretch begins and ends, in seconds, of a recording of that length; all of it where neither is said.

    Raises PersianMirError where there is none. Before the length is known, what can be told already is.
    """
    start_s = 0.0 if args.start is None else args.start
    stop_s = length_s if args.stop is None else min(args.stop, length_s)
    if not 0 <= start_s < stop_s and (args.start, args.stop) != (None, None):
        what = _("--start must be 0 or later, before --stop and before the end of the recording.")
        raise PersianMirError(what, path=args.file)
    return start_s, stop_s
