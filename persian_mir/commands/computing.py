"""The options of all commands that compute with a backbone."""

from __future__ import annotations

import argparse

from persian_mir.computing import DEVICES, ENGINES, PRECISIONS, Computing
from persian_mir.i18n import _


def add_computing(parser: argparse.ArgumentParser) -> None:
    """Declare where, how exactly and by what backbones are computed."""
    parser.add_argument("--device", choices=DEVICES, default="auto", help=_("where backbones run"))
    parser.add_argument(
        "--precision",
        choices=PRECISIONS,
        default="auto",
        help=_("exact: float32; fast: bfloat16; auto: fast for a probe that `models check` found to agree, else exact"),
    )
    parser.add_argument("--engine", choices=ENGINES, default="auto", help=_("what computes them on a CPU"))


def computing(args: argparse.Namespace) -> Computing:
    """What was asked for."""
    return Computing(args.device, args.precision, args.engine)
