"""`features`: every hidden state of every recording once, into the cache that fitting and labelling share."""

from __future__ import annotations

import argparse

from persian_mir import plurals
from persian_mir.commands.computing import computing
from persian_mir.grid import Grid
from persian_mir.i18n import _
from persian_mir.models.sizes import windows_of
from trainer.commands.arguments import add_backbone, add_data, add_running, add_window
from trainer.commands.reporter import Reporter


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command's arguments."""
    text = _("compute the features of all recordings; run again, it goes on where it stopped")
    one = commands.add_parser("features", help=text)
    add_data(one)
    add_backbone(one)
    add_window(one, _("length of a segment in seconds (default: 5, and what the model learnt from if longer)"))
    add_running(one)
    one.set_defaults(run=run)


def run(args: argparse.Namespace, reporter: Reporter) -> int:
    """Embed what the cache lacks. Raises PersianMirError, and Cancelled; what is done is kept."""
    from persian_mir.backbones import load_backbone
    from persian_mir.embeddings import EmbeddingCache
    from trainer.data import read_dataset
    from trainer.features.extraction import all_layers
    from trainer.features.gather import prepare

    dataset = read_dataset(args.data, "", args.tables, reporter)
    backbone = load_backbone(args.backbone, *computing(args))
    cache = EmbeddingCache.usual()
    paths = list(dict.fromkeys(entry.path for entry in dataset.entries))
    lengths = windows_of(backbone) if args.window is None else (args.window,)
    segments = 0
    for place, length in enumerate(lengths):
        extractor = all_layers(backbone, Grid(length, length), cache)
        segments += prepare(paths, extractor, reporter.part(place / len(lengths), 1 / len(lengths)))
    text = _("In {folder}: {segments} of {recordings}")
    heard = len(paths) - reporter.skipped
    said = text.format(folder=cache.folder, segments=plurals.segments(segments), recordings=plurals.recordings(heard))
    reporter.event("done", said, segments=segments, recordings=heard, folder=str(cache.folder))
    return 1 if reporter.skipped else 0
