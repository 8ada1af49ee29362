"""`fit`: one probe from labelled recordings."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from persian_mir import plurals
from persian_mir.errors import PersianMirError, ProbeError, writing_cure
from persian_mir.grid import Grid
from persian_mir.i18n import _, quoted
from persian_mir.labels import TASKS
from persian_mir.output_guard import guard_outputs
from trainer.commands.arguments import (
    add_backbone,
    add_data,
    add_running,
    add_window,
    number,
    seed,
    whole_number,
)
from trainer.commands.checked import checked_data
from trainer.commands.reporter import Reporter

if TYPE_CHECKING:
    from persian_mir.probes.probe import Probe
    from trainer.data import Entry
    from trainer.fitting.fit import Outcome
    from trainer.fitting.training_config import TrainingConfig


ROOM = 8 << 20  # bytes that must be free: a probe, its card and the state of the fit


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command's arguments."""
    one = commands.add_parser("fit", help=_("fit one probe"))
    add_data(one)
    one.add_argument("--task", choices=TASKS, required=True)
    add_backbone(one)
    one.add_argument("--out", type=Path, required=True, help=_("the .probe file to write"))
    one.add_argument("--add", type=Path, action="append", default=[], help=_("a manifest CSV that joins the training"))
    one.add_argument("--judged", type=Path, help=_("a JSON file for what is said of each segment kept apart"))
    one.add_argument(
        "--split", default="auto", help=_("auto, official, grouped (by artist), recording, or a file made by `split`")
    )
    one.add_argument("--quick", action="store_true", help=_("judge by the split alone, not by unheard artists too"))
    one.add_argument("--fresh", action="store_true", help=_("begin anew where an earlier run was stopped or killed"))
    one.add_argument(
        "--hidden", type=_hidden, default=(512,), help=_("sizes of 0 to 5 hidden layers, as 512,256; 0: none")
    )
    one.add_argument("--layers", default="all", help=_("hidden states to read: all (default), last, or numbers as 6,7"))
    one.add_argument(
        "--mix", choices=("softmax", "concat", "single"), default="softmax", help=_("what becomes of several layers")
    )
    one.add_argument(
        "--features",
        choices=("embedding", "modal", "both"),
        default="embedding",
        help=_("learn from the model, from the modal reading around each segment, or from both"),
    )
    add_window(one)
    one.add_argument("--epochs", type=_count, default=100)
    one.add_argument("--lr", type=_rate, default=1e-3, help=_("learning rate (default: 0.001)"))
    one.add_argument(
        "--schedule", choices=("constant", "plateau"), default="constant", help=_("plateau halves the rate there")
    )
    one.add_argument("--optimizer", choices=("adam", "adamw"), default="adam")
    one.add_argument("--weight-decay", type=_share, default=0.0)
    one.add_argument("--patience", type=_count, default=15, help=_("epochs without progress before it stops"))
    one.add_argument(
        "--class-weights", choices=("none", "balanced"), default="none", help=_("balanced: rare classes count as much")
    )
    one.add_argument("--dropout", type=_share, default=0.2)
    one.add_argument("--seed", type=seed, default=0)
    add_running(one)
    one.set_defaults(run=run)


def run(args: argparse.Namespace, reporter: Reporter) -> int:
    """`fit`: read the data, fit, save. Raises PersianMirError, and Cancelled when there is nothing to keep."""
    from persian_mir.app_paths import cache_dir
    from persian_mir.backbones import load_backbone
    from persian_mir.embeddings import EmbeddingCache
    from trainer.data import DataError
    from trainer.fitting.fit import fit_probe
    from trainer.fitting.split_masks import chosen_split
    from trainer.fitting.training_config import TrainingData
    from trainer.reports.card import card_path

    keep = args.out.with_name(args.out.name + ".fitting")
    written = [path for path in (args.out, args.judged, card_path(args.out), keep) if path is not None]
    guard_outputs(written)
    for path in written[:-2]:
        _try_place(path)
    sound, left = checked_data(args.data, args, written, reporter)
    dataset, splits = chosen_split(sound, args.task, args.split, args.seed)
    added: list[Entry] = []
    for path in args.add:
        more, left_too = checked_data(path, args, written, reporter)
        added += more.entries
        left += left_too
    backbone = load_backbone(args.backbone, args.device)
    _register(args.backbone, backbone.key.id, reporter)
    lesson = _lesson(args, backbone.key.states, both=not (args.quick or added))
    try:
        outcome = fit_probe(
            TrainingData(dataset.entries, dataset.name, splits, added, left),
            lesson,
            backbone,
            cache=EmbeddingCache(cache_dir() / "embeddings"),
            progress=reporter,
            keep=keep,
            fresh=args.fresh,
        )
    except DataError as error:  # says what is wrong with them, not where they lie
        raise DataError(error.what, path=error.path or args.data, cure=error.cure) from error
    try:
        _write(outcome, args, reporter)
    except PersianMirError as error:
        place = outcome.checkpoint.write()
        if place is None:
            raise
        cure = _("The fit is kept in {place}: make room and run the same command again, which writes it at once.")
        raise type(error)(error.what, path=error.path, cure=cure.format(place=place)) from error
    return 1 if reporter.skipped else 0


def _lesson(args: argparse.Namespace, states: int, both: bool) -> TrainingConfig:
    """What was asked for, of a backbone with so many hidden states. Raises PersianMirError where it contradicts."""
    from trainer.fitting.loop import HeadConfig
    from trainer.fitting.training_config import TrainingConfig

    layers = chosen_layers(args.layers, states)
    if args.mix == "single" and len(layers) > 1:
        raise PersianMirError(
            _("Several layers are chosen."), cure=_("Name one with --layers, or choose another --mix.")
        )
    recipe = HeadConfig(
        hidden=args.hidden,
        epochs=args.epochs,
        lr=args.lr,
        dropout=args.dropout,
        patience=args.patience,
        seed=args.seed,
        optimizer=args.optimizer,
        weight_decay=args.weight_decay,
        schedule=args.schedule,
        class_weights=args.class_weights,
        mix=args.mix,
    )
    return TrainingConfig(args.task, Grid(args.window, args.window), layers, recipe, both, args.features)


def _write(outcome: Outcome, args: argparse.Namespace, reporter: Reporter) -> None:
    """The probe, its card and, if wanted, the judged segments; then the state of a fit that ended by itself goes."""
    from persian_mir.probes.file import save_probe
    from trainer.evaluation.evaluation_file import write_judged
    from trainer.reports.card import write_card

    probe, judged = outcome.probe, outcome.judged
    save_probe(probe, args.out)
    card = write_card(probe, args.out, judged.judgements if judged else {})
    if args.judged and judged:
        write_judged(args.judged, judged)
    if not outcome.stopped:
        outcome.checkpoint.remove()
    lines = [_("{file}: probe {hash}").format(file=args.out, hash=probe.hash[:12]), *_scores(probe)]
    if outcome.stopped:
        lines.append(_("Stopped before its end: this is the best so far. The same command goes on from here."))
    strangers = not (args.quick or args.add or outcome.stopped or args.task == "artist")
    if strangers and "grouped" not in (judged.judgements if judged else {}):
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


def chosen_layers(text: str, states: int) -> tuple[int, ...]:
    """`last`, `all`, or numbers with commas. Raises PersianMirError for a hidden state that the backbone lacks."""
    if text == "all":
        return tuple(range(states))
    if text == "last":
        return (states - 1,)
    layers = tuple(int(part) for part in text.split(",") if part.strip().isdecimal())
    if len(layers) != len(text.split(",")) or len(set(layers)) < len(layers) or max(layers) >= states:
        what = _("The layers {layers} are not hidden states of this model.").format(layers=quoted(text))
        raise PersianMirError(what, cure=_("It has 0 to {last}.").format(last=states - 1))
    return layers


def _hidden(text: str) -> tuple[int, ...]:
    sizes = tuple(int(part) if part.strip().isdecimal() else -1 for part in text.split(","))
    if sizes == (0,):
        return ()
    if len(sizes) > 5 or any(not 1 <= size <= 65_536 for size in sizes):
        raise argparse.ArgumentTypeError(_("0 to 5 sizes, each 1 to 65536"))
    return sizes


def _rate(text: str) -> float:
    return number(text, 1e-9, 100)


def _share(text: str) -> float:
    return number(text, 0, 0.999)


def _count(text: str) -> int:
    return whole_number(text, 1, 100_000)
