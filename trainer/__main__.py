"""`python -m trainer fit`: the same for a person in a terminal and for the window, which reads `--json`.

With `--json` every event is one JSON object on a line of standard output (`event` names it: registered, progress,
skipped, epoch, done, error), and the line `stop` on standard input ends the fitting with the best probe so far, as
Ctrl+C does.
Exit codes: 0 a probe was written; 1 the same, but some recordings were left out; 2 nothing could be fitted; 130
stopped before there was anything to keep.
"""

from __future__ import annotations

import argparse
import json
import logging
import math
import os
import signal
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from persian_mir.errors import PersianMirError, ProbeError
from persian_mir.grid import Grid
from persian_mir.i18n import _
from persian_mir.labels import TASKS
from persian_mir.progress import Cancelled, Progress

INTERVAL_S = 0.2  # between two reports of progress
STDIN = 0

log = logging.getLogger(__name__)


class Reporter(Progress):
    """Prints events, as JSON lines or for people, and cancels the work once `stop` is set."""

    def __init__(self, as_json: bool) -> None:
        self.stop = threading.Event()
        self.skipped = 0
        self._json = as_json
        self._last = 0.0

    def step(self, fraction: float, note: str = "") -> None:
        """Report at most five times a second. Raises Cancelled when asked to stop."""
        if self.stop.is_set():
            raise Cancelled
        if time.monotonic() - self._last >= INTERVAL_S:
            self._last = time.monotonic()
            self.event("progress", f"{fraction:4.0%}  {note}", fraction=round(fraction, 4), note=note)

    def publish(self, value: Any) -> None:
        """Skipped recordings and finished epochs."""
        from trainer.features import Skipped

        if isinstance(value, Skipped):
            self.skipped += 1
            text = _("left out: {file}: {reason}").format(file=value.path, reason=value.reason)
            self.event("skipped", text, file=str(value.path), reason=value.reason)
        else:
            row = {key: None if math.isnan(number) else number for key, number in asdict(value).items()}
            text = _(
                "epoch {number} of {of}: loss {loss:.4f}, dev loss {dev_loss:.4f}, dev accuracy {dev_accuracy:.3f}"
            )
            self.event("epoch", text.format(**asdict(value)), **row)

    def event(self, name: str, text: str, **values: object) -> None:
        """One event; people see `text` on standard error, so that standard output holds results only."""
        if self._json:
            print(json.dumps({"event": name, **values}, ensure_ascii=True, allow_nan=False), flush=True)
        elif name != "done":
            print(text, file=sys.stderr)
        else:
            print(text)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    for stream in (sys.stdout, sys.stderr):  # a file name must never break the output, whatever the encoding
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    args = parser().parse_args(arguments)
    reporter = Reporter(args.json)
    previous = signal.getsignal(signal.SIGINT)

    def interrupt(*_signal: object) -> None:
        """Ctrl+C asks to stop; a second one insists."""
        if reporter.stop.is_set():
            raise KeyboardInterrupt
        reporter.stop.set()

    signal.signal(signal.SIGINT, interrupt)
    if args.json:
        threading.Thread(target=_listen, args=(reporter.stop,), daemon=True).start()
    try:
        return fit(args, reporter)
    except (Cancelled, KeyboardInterrupt):
        reporter.event("error", _("Stopped before there was a probe to keep."), what=_("Stopped."), path="", cure="")
        return 130
    except PersianMirError as error:
        path = str(error.path or "")
        reporter.event("error", f"trainer: {error}", what=error.what, path=path, cure=error.cure)
        return 2
    except Exception:
        log.exception("fitting failed")
        what = _("Fitting failed for a reason the program does not know.")
        reporter.event("error", f"trainer: {what}", what=what, path="", cure=_("The lines above have the details."))
        return 2
    finally:
        signal.signal(signal.SIGINT, previous)


def parser() -> argparse.ArgumentParser:
    """The command line."""
    top = argparse.ArgumentParser(prog="python -m trainer", description=_("Fits probes on labelled recordings."))
    commands = top.add_subparsers(metavar=_("COMMAND"), required=True)
    one = commands.add_parser("fit", help=_("fit one probe"))
    one.add_argument("--data", type=Path, required=True, help=_("a manifest CSV, or a folder with one folder a class"))
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
    return top


def fit(args: argparse.Namespace, reporter: Reporter) -> int:
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
    examples = read_examples(args.data, args.task)
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


def _listen(stop: threading.Event) -> None:
    """Wait for the line `stop`. Unbuffered: a lock of sys.stdin held by a daemon thread aborts Python at its exit."""
    seen = b""
    while (more := os.read(STDIN, 256)) and not stop.is_set():
        *lines, seen = (seen + more).split(b"\n")
        if any(line.strip() == b"stop" for line in lines):
            stop.set()


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


if __name__ == "__main__":
    sys.exit(main())
