"""Arguments that several commands take, so that they are named, explained and defaulted alike."""

from __future__ import annotations

import argparse
from pathlib import Path

from persian_mir.i18n import _


def add_data(one: argparse.ArgumentParser) -> None:
    """Which labelled recordings."""
    one.add_argument("--data", type=Path, required=True, help=_("a manifest CSV, a folder a class, or Nava"))
    one.add_argument("--tables", type=Path, help=_("a JSON with other meanings of Nava's codes"))


def add_backbone(one: argparse.ArgumentParser) -> None:
    """What hears them."""
    one.add_argument("--backbone", default="signal", help=_("a model's id or folder (default: signal)"))


def add_running(one: argparse.ArgumentParser) -> None:
    """Where it runs, and how it reports."""
    one.add_argument("--device", choices=("auto", "cpu", "cuda", "mps"), default="auto")
    one.add_argument("--json", action="store_true", help=_("one JSON object a line for each event"))
