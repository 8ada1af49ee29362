"""`persian-mir similar`: the passages of the catalogue, or of named files, that sound like one of a recording."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from persian_mir.commands.arguments import count, integer
from persian_mir.commands.catalogue_file import add_catalogue, open_catalogue
from persian_mir.commands.computing import add_computing, computing
from persian_mir.commands.files import expand
from persian_mir.commands.progress_line import ProgressLine
from persian_mir.commands.stretch import add_stretch, stretch_of
from persian_mir.errors import PersianMirError
from persian_mir.i18n import _, figures
from persian_mir.models.table import SIGNAL
from persian_mir.visible import visible

if TYPE_CHECKING:
    from persian_mir.similarity.build import IndexingResult
    from persian_mir.similarity.features import Features
    from persian_mir.similarity.index import Neighbour


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "similar",
        help=_("find passages that sound like one of a recording"),
        description=_(
            "Finds the nearest passages in other recordings, by melody in any transposition or by embedding. What was "
            "heard once is kept in an index, so that the next question is quick."
        ),
    )
    parser.add_argument("file", type=Path, metavar="FILE")
    begins, ends = _("the passage begins here: 65, 1:05.5"), _("and ends here (default: the end)")
    add_stretch(parser, begins, ends)
    parser.add_argument(
        "--by", choices=("melody", "embedding"), default="melody", help=_("what is compared (default: melody)")
    )
    add_catalogue(parser)
    parser.add_argument(
        "--among", nargs="+", metavar="FOLDER", help=_("look in these folders or recordings, not in the catalogue")
    )
    parser.add_argument("--same-recording", action="store_true", help=_("look in the recording itself, too"))
    parser.add_argument("--limit", type=count, default=10, metavar="N", help=_("at most so many (default: 10)"))
    parser.add_argument(
        "--backbone", default=SIGNAL, metavar="ID|FOLDER", help=_("of the embedding; see `persian-mir models list`")
    )
    parser.add_argument("--layer", type=integer, metavar="N", help=_("its hidden state (default: the middle one)"))
    add_computing(parser)
    parser.add_argument("--format", choices=("table", "json"), default="table", help=_("how to print (default: table)"))
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Bring the index up to date, ask it, and print; 1 where some recordings could not be heard."""
    from persian_mir.similarity.build import build_index
    from persian_mir.similarity.index import SimilarityIndex

    features = _features(args)
    paths, known = _recordings(args)
    line = ProgressLine(_("Listening"))
    try:
        with SimilarityIndex(features.space) as index:
            built = build_index(index, features, paths, known, line)
            tell_failed(built)
            found = _nearest(args, index, features, built.hashes)
    finally:
        line.close()
    print_passages(found, args.format)
    return int(bool(built.failed))


def print_passages(found: Sequence[Neighbour], form: str) -> None:
    """Print passages as a `table` or as `json`."""
    if form == "json":
        from persian_mir.exchange.own_record import as_text

        print(as_text([as_json(one) for one in found], indent=1))
    else:
        print("\n".join(map(_line, found)) if found else _("Nothing was found."))


def tell_failed(built: IndexingResult) -> None:
    """Say which recordings could not be heard, and why."""
    for path, error in built.failed:
        print(f"persian-mir: {error if error.path else f'{path}: {error}'}", file=sys.stderr)


def _features(args: argparse.Namespace) -> Features:
    if args.by == "melody":
        from persian_mir.similarity.melody import MelodyFeatures

        return MelodyFeatures()
    from persian_mir.backbones import load_backbone
    from persian_mir.embeddings.cache import EmbeddingCache
    from persian_mir.similarity.embedding import EmbeddingFeatures

    backbone = load_backbone(args.backbone, *computing(args))
    if args.layer is not None and not 0 <= args.layer < backbone.key.states:
        what = _("--layer must be 0 to {last} of this backbone.").format(last=backbone.key.states - 1)
        raise PersianMirError(what)
    return EmbeddingFeatures(backbone, args.layer, cache=EmbeddingCache.usual())


def _recordings(args: argparse.Namespace) -> tuple[Sequence[Path], Mapping[Path, str]]:
    """Where to look, with the content hashes that are known."""
    if args.among is not None:
        return expand(args.among), {}
    known = known_recordings(args)
    return list(known), known


def known_recordings(args: argparse.Namespace) -> dict[Path, str]:
    """The recordings of the catalogue with their content hashes. Raises PersianMirError where there are none."""
    from persian_mir.similarity.from_catalogue import known_files

    with open_catalogue(args) as catalogue:
        known = known_files(catalogue)
    if not known:
        what, cure = (
            _("The catalogue is empty."),
            _("Fill it with: persian-mir batch FOLDER, or name folders: --among."),
        )
        raise PersianMirError(what, cure=cure)
    return known


def _nearest(args: argparse.Namespace, index: Any, features: Features, among: Sequence[str]) -> tuple[Neighbour, ...]:
    from persian_mir.audio import open_audio
    from persian_mir.similarity.nearest import nearest

    with open_audio(args.file) as source:
        recording = source.recording
        start_s, stop_s = stretch_of(args, recording.duration_s)
        span = round(start_s * recording.rate), round(stop_s * recording.rate)
        others = not args.same_recording
        return nearest(index, features, source, span, max(1, args.limit), among=among, other_recordings_only=others)


def as_json(one: Neighbour) -> dict[str, Any]:
    """The documented object of one passage (`docs/json.md`)."""
    return {
        "file": str(one.file),
        "start_s": round(one.start_s, 6),
        "stop_s": round(one.stop_s, 6),
        "similarity": round(one.similarity, 6),
    }


def _line(one: Neighbour) -> str:
    higher = _("{cents:+.0f} cents").format(cents=one.transposed_cents) if one.transposed_cents else ""
    times = f"{one.start_s:8.1f} – {one.stop_s:.1f} s"
    told = figures(f"{one.similarity:.3f}  {times:<20} {higher:>11}")
    return f"{told}  {visible(str(one.file))}"
