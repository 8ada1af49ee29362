"""`curve`: what few labelled recordings are worth."""

from __future__ import annotations

import argparse
import math
from dataclasses import asdict
from pathlib import Path

from persian_mir.commands.arguments import whole_number
from persian_mir.commands.computing import computing
from persian_mir.i18n import _
from persian_mir.labels import TASKS
from trainer.commands.arguments import add_backbone, add_data, add_excel, add_running, guard
from trainer.commands.reporter import Reporter


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command's arguments."""
    one = commands.add_parser("curve", help=_("how good a probe gets with few labelled recordings"))
    add_data(one)
    one.add_argument("--task", choices=TASKS, required=True)
    add_backbone(one)
    one.add_argument("--sizes", type=_sizes, default=(2, 4, 8, 16), help=_("labelled recordings (default: 2,4,8,16)"))
    one.add_argument("--draws", type=_draws, default=20, help=_("how often each size is drawn (default: 20)"))
    one.add_argument("--out", type=Path, required=True, help=_("the CSV to write; a page is written beside it"))
    add_excel(one)
    add_running(one)
    one.set_defaults(run=run)


def run(args: argparse.Namespace, reporter: Reporter) -> int:
    """Draw, fit, judge, write. Raises PersianMirError and Cancelled."""
    from persian_mir.backbones import load_backbone
    from persian_mir.embeddings import EmbeddingCache
    from persian_mir.grid import Grid
    from trainer.data import read_dataset
    from trainer.experiments.learning_curve import learning_curve
    from trainer.features.extraction import all_layers
    from trainer.reports.curve_page import write_curve

    dataset = read_dataset(args.data, args.task, args.tables, reporter)
    guard((args.out, args.out.with_suffix(".html")), args, dataset)
    backbone = load_backbone(args.backbone, *computing(args))
    extractor = all_layers(backbone, Grid(), EmbeddingCache.usual())
    curve = learning_curve(dataset, args.task, extractor, args.sizes, args.draws, progress=reporter)
    page = write_curve(curve, args.out, excel=args.excel)
    text = _("{size} labelled: {segments:.1%} of the other segments, {recordings:.1%} of the other recordings right")
    lines = [text.format(size=p.size, segments=p.segments, recordings=p.recordings) for p in curve.points]
    points = [{k: None if math.isnan(v) else v for k, v in asdict(p).items()} for p in curve.points]
    values = {"out": str(args.out), "page": str(page), "points": points, "notes": list(curve.notes)}
    reporter.event("done", "\n".join([*lines, *curve.notes, f"{args.out}, {page}"]), **values)
    return 1 if reporter.skipped else 0


def _sizes(text: str) -> tuple[int, ...]:
    sizes = tuple(int(part) if part.strip().isdecimal() else 0 for part in text.split(","))
    if not 1 <= len(sizes) <= 50 or any(not 2 <= size <= 100_000 for size in sizes):
        raise argparse.ArgumentTypeError(_("numbers from 2 on, with commas"))
    return sizes


def _draws(text: str) -> int:
    return whole_number(text, 2, 1000)
