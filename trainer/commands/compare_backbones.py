"""`compare-backbones`: the same probe on several models, as on a model before and after its pre-training."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING

from persian_mir import plurals
from persian_mir.commands.arguments import whole_number
from persian_mir.commands.computing import computing
from persian_mir.i18n import _, figures
from trainer.commands.arguments import add_data, add_running
from trainer.commands.reporter import Reporter
from trainer.fitting.fit_options import FitOptions
from trainer.fitting.options import add_options

if TYPE_CHECKING:
    from trainer.fitting.compare import Comparison, ProbeComparison

CHOSEN = ("task", "layers", "hidden", "window_s", "views", "split", "lr", "epochs", "patience", "seed")


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command's arguments."""
    text = _("fit the same probe on several models and say how far apart they are")
    one = commands.add_parser("compare-backbones", help=text, description=text)
    one.add_argument("models", nargs="+", metavar="ID|FOLDER", help=_("models; the others are compared with the first"))
    add_data(one)
    add_options(one, FitOptions, CHOSEN)
    one.add_argument("--seeds", type=_seeds, default=3, help=_("how often each is fitted (default: 3)"))
    add_running(one)
    one.set_defaults(run=run)


def run(args: argparse.Namespace, reporter: Reporter) -> int:
    """Fit, judge, tell. Raises PersianMirError and Cancelled."""
    from persian_mir.backbones import load_backbone
    from persian_mir.embeddings import EmbeddingCache
    from trainer.commands.checked import checked_data
    from trainer.fitting.compare import compare

    dataset, _left = checked_data(args.data, args, (), reporter)
    options = FitOptions(**{name: getattr(args, name) for name in CHOSEN})
    backbones = [load_backbone(name, *computing(args)) for name in args.models]
    told = compare(dataset, options, backbones, args.seeds, EmbeddingCache.usual(), reporter)
    table = "\n".join(_lines(told))
    reporter.event("done", table, table=table, **asdict(told))
    return 1 if reporter.skipped else 0


def _lines(told: Comparison) -> Iterator[str]:
    text = _("{task}: {recordings} judged by segment, chance {chance:.1%}, the commonest label {majority:.1%}")
    recordings = plurals.recordings(told.recordings)
    chances = {"chance": told.chance, "majority": told.majority_baseline}
    yield text.format(task=told.task, recordings=recordings, **chances)
    width = max(len(one.backbone) for one in told.rows)
    for one in told.rows:
        yield f"  {one.backbone:<{width}}  {figures(_words(one))}"


def _words(one: ProbeComparison) -> str:
    text = _("{share:.1%} right ({low:.1%} to {high:.1%}); seeds {seeds}")
    seeds = " ".join(f"{share:.1%}" for share in one.seeds)
    words = text.format(share=one.accuracy, low=one.low, high=one.high, seeds=seeds)
    if one.gain is None or one.gain_low is None or one.gain_high is None:
        return words
    text = _("{gain:+.1f} points ({low:+.1f} to {high:+.1f})")
    gain = text.format(gain=100 * one.gain, low=100 * one.gain_low, high=100 * one.gain_high)
    return f"{words}; {gain}"


def _seeds(text: str) -> int:
    return whole_number(text, 1, 100)
