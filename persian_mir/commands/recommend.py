"""`persian-mir recommend`: recordings of the catalogue like those that one likes, and why."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from persian_mir.commands.arguments import count
from persian_mir.commands.catalogue_file import add_catalogue, open_catalogue
from persian_mir.commands.progress_line import ProgressLine
from persian_mir.commands.similar import tell_failed
from persian_mir.errors import PersianMirError
from persian_mir.i18n import _, figures
from persian_mir.visible import visible

if TYPE_CHECKING:
    from persian_mir.catalogue.catalogue import Catalogue
    from persian_mir.similarity.build import IndexingResult
    from persian_mir.similarity.recommend import Recommendation
    from persian_mir.similarity.traits import Traits


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "recommend",
        help=_("find recordings like those you like, and why"),
        description=_(
            "Recommends recordings of the catalogue for some of them, by mode, instrument and melody. What few others "
            "share counts for most."
        ),
    )
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help=_("recordings of the catalogue"))
    parser.add_argument("--liked", metavar="SET", help=_("also those that are kept in this set"))
    change = parser.add_mutually_exclusive_group()
    change.add_argument("--keep", metavar="SET", help=_("keep the named recordings in this set of liked ones"))
    change.add_argument("--drop", metavar="SET", help=_("take the named recordings out of this set"))
    add_catalogue(parser)
    parser.add_argument("--same-artist", action="store_true", help=_("allow the same artist twice in a row"))
    parser.add_argument("--limit", type=count, default=10, metavar="N", help=_("at most so many (default: 10)"))
    parser.add_argument("--format", choices=("table", "json"), default="table", help=_("how to print (default: table)"))
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Bring the index of melodies up to date, compare, and print; 1 where some recordings could not be heard."""
    from persian_mir.similarity.recommend import recommend
    from persian_mir.similarity.traits import traits_of

    with open_catalogue(args) as catalogue:
        everything = traits_of(catalogue)
        liked = _liked(catalogue, args, everything)
    if not liked:
        print(_("Nothing was found."))
        return 0
    melody, built = _melody(everything, [one.content_hash for one in liked])
    limit = max(1, args.limit)
    found = recommend(liked, everything, melody, limit, same_artist_in_a_row=args.same_artist)
    if args.format == "json":
        from persian_mir.exchange.own_record import as_text

        print(as_text([as_json(one) for one in found], indent=1))
    else:
        print("\n".join(map(_line, found)) if found else _("Nothing was found."))
    return int(bool(built.failed))


def _liked(catalogue: Catalogue, args: argparse.Namespace, everything: Sequence[Traits]) -> list[Traits]:
    """The recordings that are named, and those of the set; what is to be kept of them is. Raises PersianMirError."""
    named = _named(args.files, everything)
    sets = dict(catalogue.liked_sets())
    if (args.liked is None and not named) or (args.liked is not None and args.liked not in sets):
        what = _("No recording is named, and no set that is known.")
        raise PersianMirError(what, cure=_("Known are: {names}.").format(names=", ".join(sets) or "–"))
    name = args.keep or args.drop
    if name:
        with catalogue.step("like"):
            catalogue.put_liked(name, [one.content_hash for one in named], liked=bool(args.keep))
    hashes = {one.content_hash for one in named} | set(catalogue.liked(args.liked or ""))
    return [one for one in everything if one.content_hash in hashes]


def _named(files: Sequence[Path], everything: Sequence[Traits]) -> list[Traits]:
    """The recordings in `files`, which may have been moved. Raises PersianMirError for one that is not in there."""
    from persian_mir.audio import open_audio

    known = {one.content_hash: one for one in everything}
    found = []
    for path in files:
        with open_audio(path) as source:
            mine = next((known[one] for one in source.recording.hashes if one in known), None)
        if mine is None:
            what = _("This recording is not in the catalogue.")
            raise PersianMirError(what, path=path, cure=_("Add it with: persian-mir batch FILE"))
        found.append(mine)
    return found


def _melody(everything: Sequence[Traits], liked: Sequence[str]) -> tuple[dict[str, float], IndexingResult]:
    from persian_mir.similarity.build import build_index
    from persian_mir.similarity.index import SimilarityIndex
    from persian_mir.similarity.melody import MelodyFeatures
    from persian_mir.similarity.recommend import melody_likeness

    features, known = MelodyFeatures(), {one.file: one.content_hash for one in everything}
    line = ProgressLine(_("Listening"))
    try:
        with SimilarityIndex(features.space) as index:
            built = build_index(index, features, list(known), known, line)
            tell_failed(built)
            return melody_likeness(index, liked), built
    finally:
        line.close()


def as_json(one: Recommendation) -> dict[str, Any]:
    """The documented object of one recording (`docs/json.md`)."""
    reasons = [
        {
            "kind": reason.kind,
            "label": reason.label or None,
            "likeness": round(reason.likeness, 6),
            "strength": round(reason.strength, 6),
        }
        for reason in one.reasons
    ]
    return {"file": str(one.recording.file), "title": one.recording.title, "score": one.score, "reasons": reasons}


def _line(one: Recommendation) -> str:
    reasons = _(", ").join(reason.text for reason in one.reasons)
    score, title = figures(f"{one.score:5.2f}"), visible(one.recording.title)
    return f"{score}  {title}  ({reasons})  {visible(str(one.recording.file))}"
