"""`persian-mir batch`: folders labelled into a catalogue, however long that takes and however often it is killed."""

from __future__ import annotations

import argparse
import importlib.util
import json
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from persian_mir import plurals
from persian_mir.commands.arguments import integer
from persian_mir.commands.batch_queue import add_queue, run_queue
from persian_mir.commands.catalogue_file import add_catalogue
from persian_mir.commands.computing import add_predictors, computing
from persian_mir.commands.progress_line import ProgressLine
from persian_mir.errors import PersianMirError
from persian_mir.i18n import _, digits, figures, ngettext, percent
from persian_mir.output_guard import guard_outputs
from persian_mir.visible import visible

if TYPE_CHECKING:
    from persian_mir.batch.presets import Preset
    from persian_mir.batch.queue import Queue
    from persian_mir.batch.roster import Cluster
    from persian_mir.batch.run import Batch, BatchStatus


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "batch",
        help=_("label folders into a catalogue, overnight"),
        description=_(
            "Labels all recordings of folders and keeps what was said in a catalogue. Killed, it goes on where it "
            "stopped; started twice, the two share the work. Without folders it works on what waits."
        ),
    )
    parser.add_argument("folders", nargs="*", type=Path, metavar="FOLDER", help=_("folders, or recordings"))
    add_catalogue(parser)
    add_predictors(parser)
    parser.add_argument(
        "--pattern",
        action="append",
        default=[],
        metavar="P",
        help=_("take only such files, as '*.flac'; '!*live*' leaves out"),
    )
    parser.add_argument("--watch", action="store_true", help=_("go on with new files in the folders until interrupted"))
    parser.add_argument("--collection", default="", metavar="NAME", help=_("add the recordings to this collection"))
    parser.add_argument(
        "--priority", type=integer, default=0, metavar="N", help=_("of these files; higher comes first")
    )
    _add_presets(parser)
    _add_cluster(parser)
    parser.add_argument("--report", type=Path, metavar="FOLDER", help=_("write batch.html and batch.csv there"))
    parser.add_argument("--retry", action="store_true", help=_("try again what failed"))
    parser.add_argument("--pause", action="store_true", help=_("let all programs at this catalogue pause, and end"))
    parser.add_argument("--resume", action="store_true", help=_("let them go on"))
    add_queue(parser)
    parser.add_argument("--json", action="store_true", help=_("print JSON, for programs"))
    parser.set_defaults(run=run)


def _add_presets(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--preset", metavar="NAME", help=_("what was kept under this name"))
    parser.add_argument(
        "--save-preset", metavar="NAME", help=_("keep probes, reading, device, precision and patterns under a name")
    )
    parser.add_argument("--forget-preset", metavar="NAME", help=_("keep that preset no longer, and end"))


def _add_cluster(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--cluster", metavar="ADDRESS", help=_("let the workers of this Dask scheduler label"))
    parser.add_argument(
        "--cluster-tls",
        nargs=3,
        type=Path,
        metavar=("CA", "CERT", "KEY"),
        help=_("the files by which scheduler and workers know this program, and it them"),
    )


def run(args: argparse.Namespace) -> int:
    """Do what is asked of the queue, then label what waits in it."""
    from persian_mir.batch.presets import forget_preset, save_preset
    from persian_mir.batch.queue import Queue
    from persian_mir.batch.report import report_files, write_report
    from persian_mir.batch.run import Batch
    from persian_mir.batch.sources import Sources
    from persian_mir.catalogue.catalogue import Catalogue
    from persian_mir.catalogue.database import default_path
    from persian_mir.predictors import predictors

    if args.forget_preset:
        forget_preset(args.forget_preset)
        return 0
    if args.list or args.first:
        return run_queue(args)
    wanted = _wanted(args)
    if args.save_preset:
        save_preset(args.save_preset, wanted)
    chosen = predictors(wanted.modal, wanted.probes, wanted.computing, wanted.modal_window_s)
    sources = Sources(tuple(args.folders), wanted.patterns)
    if args.report:
        guard_outputs(report_files(args.report), [*args.folders, *map(Path, wanted.probes)])
    cluster = _cluster(args, wanted)
    batch = Batch(
        args.catalogue or default_path(), tuple(chosen), sources, args.watch, args.priority, args.collection, cluster
    )
    with closing(Catalogue.open(args.catalogue)) as catalogue:
        queue = Queue(catalogue, batch.work)
        if args.pause or args.resume:
            queue.pause(args.pause)
        if args.retry:
            queue.retry()
        if args.pause:
            print(_("Paused. To go on: persian-mir batch --resume"))
            return 0
        status = _run(batch)
        if args.report:
            write_report(args.report, catalogue, queue, batch.made_by, status)
        code = _say(queue, status, args.json)
    _index(args.catalogue)
    return code


def _run(batch: Batch) -> BatchStatus:
    """Label what waits, and show how far it is."""
    from persian_mir.batch.run import run_batch

    line = BatchLine()
    try:
        return run_batch(batch, line)
    finally:
        line.close()


def _index(catalogue: Path | None) -> None:
    """Let what was heard be found by `similar` and `recommend`; that it cannot be is told, and is no failure here."""
    from persian_mir.similarity.grow import grow

    line = ProgressLine(_("index"))
    try:
        grow(catalogue, line)
    except PersianMirError as error:
        print(f"persian-mir: {error}", file=sys.stderr)
    finally:
        line.close()


def _cluster(args: argparse.Namespace, wanted: Preset) -> Cluster | None:
    """The cluster that is asked for. Raises PersianMirError where what it takes is not installed."""
    from persian_mir.batch.roster import Cluster

    if args.cluster is None:
        return None
    if importlib.util.find_spec("distributed") is None:
        cure = _("Install it with: pip install 'persian-mir[cluster]'")
        raise PersianMirError(_("A cluster needs Dask, which is not installed."), cure=cure)
    return Cluster(args.cluster, wanted, args.cluster_tls and tuple(args.cluster_tls))


class BatchLine(ProgressLine):
    """The progress of a batch on a terminal: files, failures, and the time left."""

    def __init__(self) -> None:
        super().__init__(_("batch"))
        self._note, self._paused = "", False
        self._remarks: tuple[str, ...] = ()

    def publish(self, value: Any) -> None:
        """Take over what the batch tells of itself; a pause is said in a line of its own, also where nobody watches."""
        self._note = _note(value)
        if value.paused and not self._paused:
            self.close()
            print(_("Paused. To go on: persian-mir batch --resume"), file=sys.stderr)
        self._paused = value.paused
        for remark in value.remarks:
            if remark not in self._remarks:
                self.close()
                print(f"persian-mir: {visible(remark)}", file=sys.stderr)
        self._remarks = value.remarks

    def step(self, fraction: float, note: str = "") -> None:
        """Redraw."""
        super().step(fraction, self._note or note)


def _note(status: BatchStatus) -> str:
    from persian_mir.batch.queue_rows import State

    counts = status.counts
    settled = sum(counts.get(state, 0) for state in (State.DONE, State.FAILED, State.SKIPPED))
    note = digits(f"{settled}/{sum(counts.values())}")
    if failed := counts.get(State.FAILED, 0):
        note += "  " + _("{count} failed").format(count=failed)
    if status.paused:
        return note + "  " + _("paused")
    if status.workers and status.utilisation is not None:
        share = percent(status.utilisation)
        told = ngettext("{count} worker, {share} at work", "{count} workers, {share} at work", len(status.workers))
        note += "  " + told.format(count=len(status.workers), share=share)
    if status.left_s is not None:
        note += "  " + _("{time} left").format(time=_clock(status.left_s))
    return note


def _clock(seconds: float) -> str:
    minutes, seconds = divmod(round(seconds), 60)
    return digits(f"{minutes // 60}:{minutes % 60:02d}:{seconds:02d}")


def _wanted(args: argparse.Namespace) -> Preset:
    """The preset, and what the other options say instead."""
    from persian_mir.batch.presets import Preset, preset

    wanted = preset(args.preset) if args.preset else Preset(modal=not args.probe)
    if args.probe:
        wanted = replace(wanted, probes=tuple(args.probe))
    if args.modal or args.modal_window is not None:
        wanted = replace(wanted, modal=True, modal_window_s=args.modal_window)
    wanted = replace(wanted, **{name: one for name, one in computing(args)._asdict().items() if one != "auto"})
    return replace(wanted, patterns=tuple(args.pattern)) if args.pattern else wanted


def _say(queue: Queue, status: BatchStatus, as_json: bool) -> int:
    from persian_mir.batch.queue_rows import State
    from persian_mir.batch.report import state_name

    failed = [(str(job.path), job.reason) for job in _failed(queue)]
    if as_json:
        counts = {state.name.lower(): status.counts.get(state, 0) for state in State}
        used = status.utilisation
        told = {"counts": counts, "elapsed_s": round(status.elapsed_s, 3), "utilisation": used and round(used, 3)}
        told["workers"] = {worker: round(share, 3) for worker, share in status.workers.items()}
        print(json.dumps(told | {"failed": [{"file": path, "reason": reason} for path, reason in failed]}))
    else:
        line = _(", ").join(f"{state_name(state)} {count}" for state, count in sorted(status.counts.items()))
        print(figures(line) or _("There is nothing to be labelled."))
        for worker, share in status.workers.items():
            print(_("{worker} was at work {share} of the time.").format(worker=worker, share=percent(share)))
        if count := queue.remarked():
            text = _("Something is to be known of the sound of {recordings}: the report (--report FOLDER) says what.")
            print(f"persian-mir: {text.format(recordings=plurals.recordings(count))}", file=sys.stderr)
        for path, reason in failed:
            print(f"persian-mir: {visible(path)}: {reason}", file=sys.stderr)
    return 1 if failed else 0


def _failed(queue: Queue) -> Iterator[Any]:
    from persian_mir.batch.queue_rows import State

    after = 0
    while jobs := queue.jobs(after, state=State.FAILED):
        yield from jobs
        after = jobs[-1].id
