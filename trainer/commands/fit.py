"""`fit`: one probe from labelled recordings."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from persian_mir.errors import PersianMirError, ProbeError
from persian_mir.grid import Grid
from persian_mir.i18n import _
from persian_mir.labels import TASKS
from trainer.commands.reporter import Reporter


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command's arguments."""
    one = commands.add_parser("fit", help=_("fit one probe"))
    one.add_argument("--data", type=Path, required=True, help=_("a manifest CSV, a folder a class, or Nava"))
    one.add_argument("--tables", type=Path, help=_("a JSON with other meanings of Nava's codes"))
    one.add_argument("--task", choices=TASKS, required=True)
    one.add_argument("--backbone", default="signal", help=_("a model's id or folder (default: signal)"))
    one.add_argument("--out", type=Path, required=True, help=_("the .probe file to write"))
    one.add_argument(
        "--hidden", type=_hidden, default=(512,), help=_("sizes of 0 to 5 hidden layers, as 512,256; 0: none")
    )
    one.add_argument("--layers", default="all", help=_("hidden states to read: all (default), last, or numbers as 6,7"))
    one.add_argument("--window", type=_positive, default=5.0, help=_("length of a segment in seconds (default: 5)"))
    one.add_argument("--epochs", type=_count, default=100)
    one.add_argument("--lr", type=_positive, default=1e-3, help=_("learning rate (default: 0.001)"))
    one.add_argument("--seed", type=int, default=0)
    one.add_argument("--device", choices=("auto", "cpu", "cuda", "mps"), default="auto")
    one.add_argument("--json", action="store_true", help=_("one JSON object a line for each event"))
    one.set_defaults(run=run)


def run(args: argparse.Namespace, reporter: Reporter) -> int:
    """`fit`: read the data, fit, save. Raises PersianMirError, and Cancelled when there is nothing to keep."""
    from persian_mir.backbones import load_backbone
    from persian_mir.embeddings import EmbeddingCache
    from persian_mir.places import cache_dir
    from persian_mir.probes.file import save_probe
    from trainer.datasets import read_examples
    from trainer.fit import fit_probe
    from trainer.loop import Recipe

    if args.out.is_dir():
        raise ProbeError(_("This is a folder."), path=args.out, cure=_("Name the .probe file to write."))
    examples = read_examples(args.data, args.task, args.tables)
    backbone = load_backbone(args.backbone, args.device)
    _register(args.backbone, backbone.key.id, reporter)
    layers = chosen_layers(args.layers, backbone.key.states)
    recipe = Recipe(hidden=args.hidden, epochs=args.epochs, lr=args.lr, seed=args.seed)
    cache = EmbeddingCache(cache_dir() / "embeddings")
    grid = Grid(args.window, args.window)
    probe = fit_probe(examples, args.task, backbone, grid, layers, recipe, args.data.name, cache, reporter)
    save_probe(probe, args.out)
    text = _("{file}: probe {hash}, scores {scores}")
    scores = probe.training["scores"]
    text = text.format(file=args.out, hash=probe.hash[:12], scores=json.dumps(scores))
    reporter.event("done", text, out=str(args.out), hash=probe.hash, training=dict(probe.training))
    return 1 if reporter.skipped else 0


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
        what = _("The layers {layers} are not hidden states of this model.").format(layers=repr(text))
        raise PersianMirError(what, cure=_("It has 0 to {last}.").format(last=states - 1))
    return layers


def _hidden(text: str) -> tuple[int, ...]:
    sizes = tuple(int(part) for part in text.split(","))
    if sizes == (0,):
        return ()
    if len(sizes) > 5 or any(not 1 <= size <= 65_536 for size in sizes):
        raise argparse.ArgumentTypeError(_("0 to 5 sizes, each 1 to 65536"))
    return sizes


def _positive(text: str) -> float:
    value = float(text)
    if not 0 < value <= 600:
        raise argparse.ArgumentTypeError(_("a number above 0, at most 600"))
    return value


def _count(text: str) -> int:
    value = int(text)
    if not 1 <= value <= 100_000:
        raise argparse.ArgumentTypeError(_("a number from 1 to 100000"))
    return value
