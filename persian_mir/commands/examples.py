"""`persian-mir examples`: make the example recordings and say where they are."""

from __future__ import annotations

import argparse

from persian_mir.commands.progress_line import ProgressLine
from persian_mir.i18n import _


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "examples",
        help=_("make the synthesised example recordings"),
        description=_("Makes the example recordings (synthesised, not played by anyone) and prints where they are."),
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:  # noqa: ARG001 - all commands are of one shape
    """Print one path a line."""
    from persian_mir.examples.examples import ensure_examples

    line = ProgressLine(_("synthesising"))
    try:
        paths = ensure_examples(progress=line)
    finally:
        line.close()
    for path in paths:
        print(path)
    return 0
