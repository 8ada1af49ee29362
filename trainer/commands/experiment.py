"""`experiment`: one of the paper's tables, from the data to the report."""

from __future__ import annotations

import argparse
import logging
from pathlib import Path

from persian_mir.i18n import _
from trainer.commands.arguments import add_backbone, add_data, add_running
from trainer.commands.reporter import Reporter

log = logging.getLogger(__name__)


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command's arguments."""
    text = _("run an experiment and write its report; run again, it goes on where it stopped")
    one = commands.add_parser("experiment", help=text)
    one.add_argument("names", nargs="+", metavar=_("NAME"), help="table2 table3 table4 learning-rate ...; all")
    add_data(one)
    add_backbone(one)
    one.add_argument("--epochs", type=int, default=None, help=_("passes over the data (default: 50, as in the paper)"))
    one.add_argument("--out", type=Path, required=True, help=_("the folder for results and report"))
    add_running(one)
    one.set_defaults(run=run)


def run(args: argparse.Namespace, reporter: Reporter) -> int:
    """Compute what is missing and write the report. Raises PersianMirError and Cancelled."""
    from persian_mir.backbones import load_backbone
    from persian_mir.embeddings import EmbeddingCache
    from persian_mir.places import cache_dir
    from trainer.datasets import DataError, read_dataset
    from trainer.experiments.doubts import write_suspects_of
    from trainer.experiments.runner import Bench, run_experiment
    from trainer.experiments.table import EPOCHS, EXPERIMENTS, find
    from trainer.report import write_report

    chosen = EXPERIMENTS if args.names == ["all"] else tuple(find(name) for name in args.names)
    dataset = read_dataset(args.data, "", args.tables)
    cache = EmbeddingCache(cache_dir() / "embeddings")
    bench = Bench(dataset, load_backbone(args.backbone, args.device), cache, reporter)
    args.out.mkdir(parents=True, exist_ok=True)
    done = sum(run_experiment(one, bench, args.epochs or EPOCHS, args.out) for one in chosen)
    try:
        write_suspects_of(bench, args.out)
    except DataError as error:  # too few recordings to compare: the figures stand without the list
        log.info("no suspect labels: %s", error)
    page, table = write_report(args.out)
    text = _("{count} results computed; report: {page}, figures: {table}").format(count=done, page=page, table=table)
    reporter.event("done", text, computed=done, report=str(page), csv=str(table))
    return 1 if reporter.skipped else 0
