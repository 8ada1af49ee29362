"""Arguments that several commands take, so that they are named, explained and defaulted alike."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from persian_mir.commands.arguments import seconds_between, whole_number
from persian_mir.commands.computing import add_computing
from persian_mir.i18n import _
from persian_mir.models.table import SIGNAL
from persian_mir.output_guard import guard_outputs
from trainer.fitting.head_config import MOST_SEED

if TYPE_CHECKING:
    from trainer.data import Dataset

READ = ("data", "other", "tables", "split", "probe")  # options that may name a file to read, by their `dest`


def add_data(one: argparse.ArgumentParser) -> None:
    """Which labelled recordings."""
    one.add_argument("--data", type=Path, required=True, help=_("a manifest CSV, a folder a class, or Nava"))
    one.add_argument("--tables", type=Path, help=_("a JSON with other meanings of Nava's codes"))


def add_backbone(one: argparse.ArgumentParser) -> None:
    """What hears them."""
    one.add_argument("--backbone", default=SIGNAL, help=_("a model's id or folder (default: signal)"))


def add_running(one: argparse.ArgumentParser) -> None:
    """How it computes, and how it reports."""
    add_computing(one)
    one.add_argument("--json", action="store_true", help=_("one JSON object a line for each event"))


def add_excel(one: argparse.ArgumentParser) -> None:
    """Whether a CSV is for Excel."""
    one.add_argument("--excel", action="store_true", help=_("begin the CSV with the mark by which Excel knows UTF-8"))


def add_window(one: argparse.ArgumentParser, text: str, usual: float | None = None) -> None:
    """How long a segment is."""
    one.add_argument("--window", type=_window, default=usual, help=text)


def _window(text: str) -> float:
    return seconds_between(text, 0.1, 600)


def add_epochs(one: argparse.ArgumentParser) -> None:
    """In how many passes a net of an earlier study may be fitted."""
    text = _("passes over the data at most, where a net is fitted (default: the study's)")
    one.add_argument("--epochs", type=epochs_number, help=text)


def add_patience(one: argparse.ArgumentParser) -> None:
    """When a net of an earlier study stops early."""
    text = _("passes without a lower loss of held-out recordings, after which a net stops (default: the study's)")
    one.add_argument("--patience", type=epochs_number, help=text)


def epochs_number(text: str) -> int:
    """Passes over the data. Raises ArgumentTypeError."""
    return whole_number(text, 1, 10_000)


def seed(text: str) -> int:
    """What random numbers begin with: what every library that draws some takes."""
    return whole_number(text, 0, MOST_SEED)


def guard(outputs: Iterable[Path], args: argparse.Namespace, dataset: Dataset) -> None:
    """Raises PersianMirError where one of `outputs` would be written over what the command reads; see there."""
    from persian_mir.models.store import model_files

    named = [Path(value) for name in READ if (value := getattr(args, name, None))]
    backbones = getattr(args, "backbones", [args.backbone] if hasattr(args, "backbone") else [])
    models = [path for one in backbones for path in model_files(one)]
    guard_outputs(outputs, [*named, *getattr(args, "add", ()), *models, *dataset.files])
