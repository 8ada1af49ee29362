"""`map`: the segments of labelled recordings as points in the plane, for the window to show and play."""

from __future__ import annotations

import argparse
from pathlib import Path

from persian_mir.commands.computing import computing
from persian_mir.i18n import _
from persian_mir.labels import TASKS
from trainer.commands.arguments import add_backbone, add_data, add_running, add_window, guard
from trainer.commands.reporter import Reporter


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command's arguments."""
    one = commands.add_parser("map", help=_("lay the embeddings out in the plane"))
    add_data(one)
    one.add_argument("--task", choices=TASKS, required=True, help=_("whose labelled recordings are shown"))
    add_backbone(one)
    one.add_argument("--layer", default="last", help=_("the hidden state: last (default) or a number"))
    one.add_argument("--method", choices=("pca", "tsne"), default="pca")
    add_window(one, _("length of a segment in seconds (default: 5)"), 5.0)
    one.add_argument("--out", type=Path, required=True, help=_("the JSON file to write"))
    add_running(one)
    one.set_defaults(run=run)


def run(args: argparse.Namespace, reporter: Reporter) -> int:
    """Embed, project, write. Raises PersianMirError and Cancelled."""
    from persian_mir.backbones import load_backbone
    from persian_mir.embeddings import EmbeddingCache
    from persian_mir.grid import Grid
    from trainer.data import read_dataset
    from trainer.experiments.context import write_json
    from trainer.experiments.point_map import point_map
    from trainer.features.extraction import FeatureExtractor
    from trainer.fitting.fit_options import layer_numbers

    dataset = read_dataset(args.data, args.task, args.tables, reporter)
    guard([args.out], args, dataset)
    backbone = load_backbone(args.backbone, *computing(args))
    layer = layer_numbers("last" if args.layer == "all" else args.layer, backbone.key.states)[0]
    cache = EmbeddingCache.usual()
    extractor = FeatureExtractor(backbone, Grid(args.window, args.window), (layer,), cache)
    document = point_map(dataset, args.task, extractor, args.method, reporter)
    write_json(args.out, document)
    points, of = len(document["points"]), document["of"]
    text = _("{out}: {points} of {of} segments").format(out=args.out, points=points, of=of)
    reporter.event("done", text, out=str(args.out), points=points, of=of, layer=layer, method=args.method)
    return 1 if reporter.skipped else 0
