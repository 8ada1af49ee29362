"""`pretrain`: a model that learns from recordings without labels."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path

from persian_mir import plurals
from persian_mir.errors import PersianMirError
from persian_mir.i18n import _, digits, figures
from persian_mir.progress import Cancelled
from trainer.commands.reporter import Reporter
from trainer.fitting.options import add_options, declared
from trainer.pretrain.recipe import PretrainOptions


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command's arguments."""
    one = commands.add_parser(
        "pretrain",
        help=_("let a model learn from recordings without labels"),
        description=_(
            "Continues the training of a model on recordings without labels, or begins one. It takes days without a "
            "large graphics card. Stopped or killed, the same command goes on. With several devices: torchrun."
        ),
    )
    one.add_argument("--data", type=Path, required=True, metavar="FOLDER", help=_("recordings, at any depth"))
    one.add_argument("--from", dest="start", required=True, metavar="ID|FOLDER|scratch", help=_("what to begin with"))
    one.add_argument("--out", type=Path, required=True, metavar="FOLDER", help=_("the folder of the new model"))
    add_options(one, PretrainOptions)
    one.add_argument("--cost", action="store_true", help=_("only measure what it would take here, and keep nothing"))
    one.add_argument("--device", choices=("auto", "cpu", "cuda", "mps"), default="auto")
    one.add_argument("--json", action="store_true", help=_("one JSON object a line for each event"))
    one.set_defaults(run=run)


def run(args: argparse.Namespace, reporter: Reporter) -> int:
    """`pretrain`. Raises PersianMirError."""
    from persian_mir.backbones.device import pick_device
    from trainer.pretrain.run import run_pretraining
    from trainer.pretrain.train import is_first

    refuse_place(args.out, [args.data, Path(args.start)])
    options = PretrainOptions(**{name: getattr(args, name) for name in declared(PretrainOptions)})
    device = pick_device(args.device)
    if args.cost:
        return _tell_cost(args, options, device, reporter)
    try:
        corpus = run_pretraining(args.data, args.start, args.out, options, device, reporter)
    except Cancelled:
        reporter.event("stopped", _("Stopped. The same command goes on from here."), out=str(args.out))
        return 130
    if is_first():
        text = _("{out}: learnt from {recordings}, {hours} hours")
        recordings = plurals.recordings(len(corpus.learnt))
        told = text.format(out=args.out, recordings=recordings, hours=digits(f"{corpus.hours:.1f}"))
        reporter.event("done", told, out=str(args.out), hours=round(corpus.hours, 3), recordings=len(corpus.learnt))
    return 1 if reporter.skipped else 0


def _tell_cost(args: argparse.Namespace, options: PretrainOptions, device: str, reporter: Reporter) -> int:
    from trainer.pretrain.cost import measure

    cost, clips = measure(args.data, args.start, options, device, reporter), options.steps * options.batch
    text = _("about {here} here, {clip:.2f} s a clip; about {card} on a graphics card of 24 GB; {memory} of memory")
    told = text.format(
        here=plurals.duration(cost.seconds(clips)), clip=cost.clip_s, card=plurals.duration(cost.card_s(clips)),
        memory=plurals.size(cost.bytes(options.at_once)),
    )  # fmt: skip
    reporter.event("done", figures(told), device=device, **asdict(cost))
    return 0


def refuse_place(out: Path, read: list[Path]) -> None:
    """Raises PersianMirError where the new model would lie in what it is made from, or in another model's folder."""
    from persian_mir.models.config import CONFIG
    from persian_mir.models.store import CARD

    place = out.resolve()
    if any(place == one.resolve() or place in one.resolve().parents for one in read if one.exists()):
        raise PersianMirError(_("The new model would be written over what it is made from."), path=out)
    if out.exists() and (not out.is_dir() or ((out / CONFIG).exists() and not (out / CARD).exists())):
        raise PersianMirError(_("Something else is there."), path=out, cure=_("Choose a new folder."))
