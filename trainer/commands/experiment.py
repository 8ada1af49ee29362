"""`experiment`: one of the paper's tables, from the data to the report."""

from __future__ import annotations

import argparse
import logging
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from persian_mir.commands.computing import computing
from persian_mir.errors import PersianMirError
from persian_mir.i18n import _
from persian_mir.models.table import SIGNAL
from trainer.baselines.protocols import OF_ONE
from trainer.commands.arguments import add_data, add_patience, add_running, epochs_number, guard
from trainer.commands.reporter import Reporter
from trainer.experiments.table import EPOCHS

if TYPE_CHECKING:
    from trainer.data import Dataset
    from trainer.experiments.context import ExperimentContext
    from trainer.experiments.table import Experiment

log = logging.getLogger(__name__)


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command's arguments."""
    text = _("run an experiment and write its report; run again, it goes on where it stopped")
    shape = argparse.RawDescriptionHelpFormatter
    one = commands.add_parser("experiment", help=text, description=text, epilog=_names(), formatter_class=shape)
    one.add_argument("names", nargs="+", metavar=_("NAME"), help=_("one or several of the names below, or all"))
    add_data(one)
    several = _("a model's id or folder (default: signal); repeated: each of them, in one report")
    one.add_argument("--backbone", dest="backbones", action="append", default=[], metavar="ID|FOLDER", help=several)
    epochs = _("passes over the data (default: 50, as in the paper; of an earlier study at most, else its own)")
    one.add_argument("--epochs", type=epochs_number, help=epochs)
    add_patience(one)
    one.add_argument("--other", type=Path, help=_("another collection, by which earlier studies are judged, too"))
    one.add_argument("--systems", nargs="+", default=(), metavar=_("NAME"), help=_("only these earlier studies"))
    parted = _("only these ways of parting the data, of {names}").format(names=", ".join(OF_ONE))
    one.add_argument("--protocols", nargs="+", default=(), choices=OF_ONE, metavar=_("NAME"), help=parted)
    one.add_argument("--out", type=Path, required=True, help=_("the folder for results and report"))
    add_running(one)
    one.set_defaults(run=run)


def _names() -> str:
    rows = {
        "table2": _("segments of 3 s against 5 s"),
        "table3": _("each hidden state of the backbone by itself"),
        "table3-linear": _("the same by linear probes: the quickest look at all layers"),
        "table4": _("heads of one to five hidden layers"),
        "learning-rate": _("four learning rates"),
        "visualisation": _("maps of the embeddings, by PCA and by t-SNE"),
        "earlier-studies": _("systems of earlier studies beside probe, hybrid and modal reading"),
        "all": _("all of these, one after the other"),
    }
    return "\n".join([_("experiments:"), *(f"  {name:<16} {text}" for name, text in rows.items())])


def run(args: argparse.Namespace, reporter: Reporter) -> int:
    """Compute what is missing and write the report. Raises PersianMirError and Cancelled."""
    from trainer.data import read_dataset
    from trainer.experiments.context import check_tasks
    from trainer.experiments.result_store import set_aside_damaged
    from trainer.experiments.systems import systems
    from trainer.experiments.table import EXPERIMENTS, find
    from trainer.features.segments import Remark
    from trainer.reports.report import report_files, write_report

    chosen = EXPERIMENTS if "all" in args.names else tuple(map(find, dict.fromkeys(args.names)))
    dataset = read_dataset(args.data, "", args.tables, reporter)
    guard(report_files(args.out), args, dataset)
    other = read_dataset(args.other, "", args.tables, reporter) if args.other else None
    for path in set_aside_damaged(args.out):
        reporter.publish(Remark(_("{file} is damaged: this result is computed again.").format(file=path)))
    contexts = _contexts(args, dataset, other, reporter)
    check_tasks(dataset)
    systems(contexts[0])
    _make(args.out)
    done = sum(_computed(chosen, context, args.epochs or EPOCHS, args.out) for context in contexts)
    page, table = write_report(args.out)
    text = _("{count} results computed; report: {page}, figures: {table}").format(count=done, page=page, table=table)
    reporter.event("done", text, computed=done, report=str(page), csv=str(table))
    return 1 if reporter.skipped else 0


def _contexts(
    args: argparse.Namespace, dataset: Dataset, other: Dataset | None, reporter: Reporter
) -> list[ExperimentContext]:
    """One for each backbone, each reporting its share. Raises PersianMirError."""
    from persian_mir.backbones import load_backbone
    from persian_mir.embeddings import EmbeddingCache
    from trainer.baselines.baseline import Effort
    from trainer.experiments.context import SEED, ExperimentContext, precision_of

    backbones = [load_backbone(name, *computing(args)) for name in dict.fromkeys(args.backbones or [SIGNAL])]
    cache, precision, share = EmbeddingCache.usual(), precision_of(args.out), 1 / len(backbones)
    effort = Effort(SEED, args.device, args.epochs, args.patience)
    return [
        ExperimentContext(
            dataset,
            backbone,
            cache,
            reporter.part(k * share, share),
            precision,
            effort,
            other,
            tuple(args.systems),
            tuple(dict.fromkeys(args.protocols)),
        )
        for k, backbone in enumerate(backbones)
    ]


def _computed(chosen: Sequence[Experiment], context: ExperimentContext, epochs: int, out: Path) -> int:
    """Listen, then each experiment, then the suspect labels; returns how many results were computed."""
    from trainer.data import DataError
    from trainer.experiments.context import listen
    from trainer.experiments.label_issues import lacking_suspects, write_suspects_of
    from trainer.experiments.runner import run_experiment, windows, works
    from trainer.experiments.weighted_progress import WeightedProgress, Work

    lengths = sorted(set().union(*(windows(one, context, epochs, out) for one in chosen)))
    listening = Work("listening", 0.1 * len(context.dataset.entries))
    doubting = Work("suspects", 10.0)
    doubts = [doubting] * len(lacking_suspects(context, out))
    fits = [work for one in chosen for work in works(one, context, epochs, out)]
    weighted = WeightedProgress(context.progress, [*[listening] * len(lengths), *fits, *doubts])
    context = replace(context, progress=weighted)
    for length in lengths:
        weighted.begin(listening, _("listening, segments of {seconds:g} s").format(seconds=length))
        listen(context, length)
    done = sum(run_experiment(one, context, epochs, out) for one in chosen)
    try:
        write_suspects_of(context, out, doubting)
    except DataError as error:  # too few recordings to compare: the figures stand without the list
        log.info("no suspect labels: %s", error)
    return done


def _make(out: Path) -> None:
    """Raises PersianMirError where there can be no such folder."""
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        what = _("The folder for the results cannot be made: {reason}.").format(reason=error.strerror)
        raise PersianMirError(what, path=out, cure=_("Name another folder; a file cannot be one.")) from error
