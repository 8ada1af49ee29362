"""The options of all commands that compute with a backbone, and of those that label."""

from __future__ import annotations

import argparse

from persian_mir.commands.arguments import seconds
from persian_mir.computing import DEVICES, ENGINES, PRECISIONS, Computing
from persian_mir.i18n import _
from persian_mir.predictor import Labeller
from persian_mir.predictors import predictors


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


def add_predictors(parser: argparse.ArgumentParser) -> None:
    """Declare by what is labelled, and how that computes."""
    files = _("a .probe or .baseline file; may be repeated")
    parser.add_argument("--probe", action="append", default=[], metavar="F", help=files)
    parser.add_argument("--modal", action="store_true", help=_("read the Dastgah from pitch, against the radif"))
    parser.add_argument(
        "--modal-window",
        type=seconds,
        metavar="S",
        help=_("seconds that each segment of the modal reading hears, 10 to 60 (default: 30); implies --modal"),
    )
    add_computing(parser)


def predictors_asked_for(args: argparse.Namespace) -> list[Labeller]:
    """Those of the options; without any the modal reading."""
    modal = args.modal or not args.probe or args.modal_window is not None
    return predictors(modal, args.probe, computing(args), args.modal_window)


def computing(args: argparse.Namespace) -> Computing:
    """What was asked for."""
    return Computing(args.device, args.precision, args.engine)
