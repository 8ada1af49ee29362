"""`persian-mir search --by-sound`: passages that sound as English words say."""

from __future__ import annotations

import argparse
from pathlib import Path

from persian_mir.catalogue.filters import Filter
from persian_mir.commands.catalogue_file import open_catalogue
from persian_mir.commands.computing import computing
from persian_mir.commands.progress_line import ProgressLine
from persian_mir.commands.similar import known_recordings, print_passages, tell_failed
from persian_mir.i18n import _
from persian_mir.similarity.words import load_word_search, readable

LIMIT = 10
EVERY = 1_000_000  # recordings that a filter may leave


def run(args: argparse.Namespace, wanted: Filter) -> int:
    """Bring the index up to date, ask it, and print; 1 where some recordings could not be heard."""
    text = readable(" ".join(args.text))
    search = load_word_search(args.backbone, *computing(args))
    line = ProgressLine(_("Listening"))
    try:
        found, built = search.find(text, _chosen(args, wanted), max(1, args.limit or LIMIT), line)
    finally:
        line.close()
    tell_failed(built)
    print_passages(found, args.format)
    return int(bool(built.failed))


def _chosen(args: argparse.Namespace, wanted: Filter) -> dict[Path, str]:
    """The recordings of the catalogue that the filter leaves, with their content hashes."""
    known = known_recordings(args)
    if wanted == Filter():
        return known
    with open_catalogue(args) as catalogue:
        left = {row.content_hash for row in catalogue.search("", wanted, EVERY)}
    return {path: content_hash for path, content_hash in known.items() if content_hash in left}
