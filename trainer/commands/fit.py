"""`fit`: one probe from labelled recordings."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from persian_mir import plurals
from persian_mir.commands.computing import computing
from persian_mir.errors import PersianMirError, ProbeError, writing_cure
from persian_mir.i18n import _
from persian_mir.output_guard import guard_outputs
from trainer.commands.arguments import add_data, add_running
from trainer.commands.checked import checked_data
from trainer.commands.reporter import Reporter
from trainer.fitting.fit_options import FitOptions
from trainer.fitting.options import add_options, declared

if TYPE_CHECKING:
    from persian_mir.backbones import Backbone
    from persian_mir.probes.probe import Probe
    from trainer.data import Entry
    from trainer.fitting.fit import Outcome
    from trainer.fitting.training_data import TrainingData


ROOM = 8 << 20  # bytes that must be free: a probe, its card and the state of the fit


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command's arguments."""
    one = commands.add_parser("fit", help=_("fit one probe"))
    add_data(one)
    one.add_argument("--out", type=Path, required=True, help=_("the .probe file to write"))
    one.add_argument("--add", type=Path, action="append", default=[], help=_("a manifest CSV that joins the training"))
    one.add_argument("--judged", type=Path, help=_("a JSON file for what is said of each segment kept apart"))
    one.add_argument("--quick", action="store_true", help=_("judge by the split alone, not by unheard artists too"))
    one.add_argument("--fresh", action="store_true", help=_("begin anew where an earlier run was stopped or killed"))
    add_options(one, FitOptions)
    one.add_argument("--no-views", dest="views", action="store_const", const=0, help=_("the same as --views 0"))
    add_running(one)
    one.set_defaults(run=run)


def run(args: argparse.Namespace, reporter: Reporter) -> int:
    """`fit`: read the data, fit, save. Raises PersianMirError, and Cancelled when there is nothing to keep."""
    from persian_mir.backbones import load_backbone
    from persian_mir.embeddings import EmbeddingCache
    from trainer.data import DataError
    from trainer.fitting.fit import fit_probe
    from trainer.reports.card import card_path

    keep = args.out.with_name(args.out.name + ".fitting")
    written = [path for path in (args.out, args.judged, card_path(args.out), keep) if path is not None]
    guard_outputs(written)
    for path in written[:-2]:
        _try_place(path)
    data = _data(args, written, reporter)
    backbone = load_backbone(args.backbone, *computing(args))
    _register(args.backbone, backbone.key.id, reporter)
    options = FitOptions(**{name: getattr(args, name) for name in declared(FitOptions)})
    strangers, cache = not (args.quick or args.add), EmbeddingCache.usual()
    try:
        outcome = fit_probe(
            data, options, backbone, strangers=strangers, cache=cache, progress=reporter, keep=keep, restart=args.fresh
        )
    except DataError as error:  # says what is wrong with them, not where they lie
        raise DataError(error.what, path=error.path or args.data, cure=error.cure) from error
    if not (args.quick or outcome.stopped):
        outcome = _with_sounds(outcome, backbone)
    try:
        _write(outcome, args, reporter)
    except PersianMirError as error:
        place = outcome.checkpoint.write()
        if place is None:
            raise
        cure = _("The fit is kept in {place}: make room and run the same command again, which writes it at once.")
        raise type(error)(error.what, path=error.path, cure=cure.format(place=place)) from error
    return 1 if reporter.skipped else 0


def _data(args: argparse.Namespace, written: Sequence[Path], reporter: Reporter) -> TrainingData:
    """What is learnt from and judged by: the data, parted, and all that joins the training."""
    from trainer.fitting.split_masks import chosen_split
    from trainer.fitting.training_data import TrainingData

    sound, left = checked_data(args.data, args, written, reporter)
    dataset, splits = chosen_split(sound, args.task, args.split, args.seed)
    added: list[Entry] = []
    for path in args.add:
        more, left_too = checked_data(path, args, written, reporter)
        added += more.entries
        left += left_too
    return TrainingData(dataset.entries, dataset.name, splits, added, left)


def _with_sounds(outcome: Outcome, backbone: Backbone) -> Outcome:
    """The same, its probe's notes telling what it makes of sounds that are none of its labels."""
    from persian_mir.probes import ProbePredictor
    from trainer.evaluation.foreign_sounds import answers_to_sounds

    probe = outcome.probe
    sounds = answers_to_sounds(ProbePredictor(probe, backbone), probe.task, probe.labels, 2 * probe.grid.window_s)
    return replace(outcome, probe=replace(probe, training={**probe.training, "sounds": sounds}))


def _write(outcome: Outcome, args: argparse.Namespace, reporter: Reporter) -> None:
    """The probe, its card and, if wanted, the judged segments; then the state of a fit that ended by itself goes."""
    from persian_mir.probes.file import save_probe
    from trainer.evaluation.evaluation_file import write_evaluation
    from trainer.reports.card import write_card
    from trainer.reports.words import sure_margin_words, unknown_words

    probe, judged = outcome.probe, outcome.judged
    save_probe(probe, args.out)
    card = write_card(probe, args.out, judged.evaluations if judged else {})
    if args.judged and judged:
        write_evaluation(args.judged, judged)
    if not outcome.stopped:
        outcome.checkpoint.remove()
    lines = [_("{file}: probe {hash}").format(file=args.out, hash=probe.hash[:12]), *_scores(probe)]
    lines += [sure_margin_words(probe.training["sure"]), unknown_words(probe.training["unknown"])]
    if outcome.stopped:
        lines.append(_("Stopped before its end: this is the best so far. The same command goes on from here."))
    strangers = not (args.quick or args.add or outcome.stopped or args.task == "artist")
    if strangers and "grouped" not in (judged.evaluations if judged else {}):
        lines.append(_("No figure of artists never heard stands here: the artists are not known, or too few."))
    reporter.event(
        "done",
        "\n".join(filter(None, [*lines, str(probe.training["warning"])])),
        out=str(args.out),
        hash=probe.hash,
        training=dict(probe.training),
        card=str(card),
        judged=str(args.judged) if args.judged and judged else None,
        stopped=outcome.stopped,
    )


def _scores(probe: Probe) -> Iterator[str]:
    """A line a part."""
    text = _("{part}: {segments}, {right:.1%} right; {recordings}, {whole:.1%} right")
    scores = probe.training["scores"]
    for part, one in scores.items() if isinstance(scores, dict) else ():
        of = {
            "segments": plurals.segments(one["segments"]),
            "recordings": plurals.recordings(one["recordings"]),
        }
        yield text.format(part=part, right=one["segment_accuracy"], whole=one["recording_accuracy"], **of)


def _try_place(path: Path) -> None:
    """Raises ProbeError where `path` cannot be written, or hardly: better now than after the fitting."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path.parent) as file:
            file.write(bytes(ROOM))
        if path.exists():
            path.open("ab").close()
    except OSError as error:
        what = _("Nothing can be written there: {reason}.").format(reason=error.strerror)
        raise ProbeError(what, path=path, cure=writing_cure(error)) from error


def _register(name: str, model_id: str, reporter: Reporter) -> None:
    """Make a folder of the user's own known under its id, since that is what the probe will ask for."""
    from persian_mir.models import add_folder, find_installed

    if Path(name).is_dir() and model_id.startswith("local/") and find_installed(model_id) is None:
        folder = add_folder(Path(name)).folder
        reporter.event("registered", f"{model_id}: {folder}", id=model_id, folder=str(folder))
