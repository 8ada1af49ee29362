"""`persian-mir embed`: a backbone's pooled hidden states, for researchers."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from persian_mir.atomic_write import atomic_write
from persian_mir.audio import open_audio
from persian_mir.commands.arguments import seconds
from persian_mir.commands.computing import add_computing, computing
from persian_mir.commands.files import expand
from persian_mir.commands.progress_line import ProgressLine
from persian_mir.errors import AudioError, PersianMirError
from persian_mir.grid import Grid
from persian_mir.i18n import _
from persian_mir.output_guard import guard_outputs
from persian_mir.progress import Progress
from persian_mir.side_by_side import side_by_side

if TYPE_CHECKING:
    from persian_mir.embeddings.embedding import Embedding


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "embed",
        help=_("write embeddings of recordings to an .npz file"),
        description=_("Writes `embeddings` [segments, layers, width], `starts_s`, `stops_s`, `files` and `key`."),
    )
    parser.add_argument("files", nargs="+", metavar="FILE", help=_("recordings, or folders of them"))
    parser.add_argument("--backbone", required=True, metavar="ID|FOLDER", help=_("see `persian-mir models list`"))
    parser.add_argument(
        "--layers", default="all", metavar="all|6,7", help=_("hidden states; 0 is the first layer's input")
    )
    parser.add_argument("--window", type=seconds, default=5.0, metavar="S", help=_("length of a segment in seconds"))
    add_computing(parser)
    parser.add_argument("--out", required=True, type=Path, metavar="FILE.npz")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Embed all files, then write those that could be, and say why the others could not."""
    from persian_mir.backbones import load_backbone
    from persian_mir.embeddings.cache import EmbeddingCache
    from persian_mir.embeddings.embed import embed_recording
    from persian_mir.embeddings.shared_backbone import SharedBackbone
    from persian_mir.models.store import model_files

    grid = _grid(args.window)
    if not args.out.absolute().parent.is_dir():
        raise PersianMirError(_("The folder to write into does not exist."), path=args.out.parent)
    paths = expand(args.files)
    guard_outputs([args.out], [*paths, *model_files(args.backbone)])
    backbone = SharedBackbone(load_backbone(args.backbone, *computing(args)))
    if backbone.remark:
        print(f"persian-mir: {backbone.remark}", file=sys.stderr)
    layers = _layers(args.layers, backbone.key.states)
    cache = EmbeddingCache.usual()

    def embedded(path: Path, progress: Progress) -> tuple[Embedding, int] | AudioError:
        try:
            with open_audio(path, progress.part(0.0, 0.0)) as source:
                rate = source.recording.rate
                return embed_recording(source, backbone, grid, layers, progress, cache), rate
        except AudioError as error:
            return error

    line = ProgressLine("")
    kept: list[tuple[Path, Embedding, int]] = []
    for path, found in zip(paths, side_by_side(paths, embedded, line, lambda path: path.name), strict=True):
        line.close()
        if isinstance(found, AudioError):
            print(f"persian-mir: {found}", file=sys.stderr)
        else:
            kept.append((path, *found))
    if not kept:
        raise PersianMirError(_("None of the recordings could be embedded."))
    _write(args.out, kept)
    return 1 if len(kept) < len(paths) else 0


def _grid(window_s: float) -> Grid:
    try:
        return Grid(window_s, window_s)
    except ValueError as error:
        raise PersianMirError(_("--window must be 0.1 to 600 seconds.")) from error


def _layers(text: str, states: int) -> list[int]:
    """`all`, or numbers with commas between them, each below `states`."""
    if text == "all":
        return list(range(states))
    try:
        layers = sorted({int(part) for part in text.split(",")})
    except ValueError:
        layers = [-1]
    if layers[0] < 0 or layers[-1] >= states:
        raise PersianMirError(
            _("--layers {text} cannot be had: this backbone has the hidden states 0 to {last}.").format(
                text=text, last=states - 1
            )
        )
    return layers


def _write(path: Path, kept: Sequence[tuple[Path, Embedding, int]]) -> None:
    """Write files with their embeddings and sampling rates. Raises PersianMirError where the disk refuses."""
    keys = [dataclasses.asdict(embedding.key) for _path, embedding, _rate in kept]
    try:
        with atomic_write(path) as file:
            np.savez(
                file,
                embeddings=np.concatenate([embedding.values for _path, embedding, _rate in kept]),
                starts_s=np.concatenate([embedding.starts / rate for _path, embedding, rate in kept]),
                stops_s=np.concatenate([embedding.stops / rate for _path, embedding, rate in kept]),
                files=np.array([str(name) for name, embedding, _rate in kept for _segment in embedding.values]),
                key=np.array(json.dumps(keys, default=str)),
            )
    except OSError as error:
        raise PersianMirError(
            _("The embeddings could not be written: {reason}.").format(reason=error.strerror), path=path
        ) from error
