"""What the similarity takes from the catalogue."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from persian_mir.catalogue.catalogue import Catalogue, Row


def all_rows(catalogue: Catalogue) -> Iterator[Row]:
    """Yield every recording that is not taken off the list, page by page."""
    page = catalogue.page()
    yield from page.rows
    while page.after is not None:
        page = catalogue.page(after=page.after)
        yield from page.rows


def known_files(catalogue: Catalogue) -> dict[Path, str]:
    """Return the content hash of every recording, by where it was seen last."""
    rows = catalogue.rows("SELECT path, content_hash FROM recordings WHERE removed = 0 ORDER BY path")
    return {Path(os.fsdecode(path)): content_hash for path, content_hash in rows}


def titles_of(catalogue: Catalogue, files: Sequence[Path]) -> list[str]:
    """Return what the catalogue calls the recordings in these files; the name of a file that it does not know."""
    sql = "SELECT title FROM recordings WHERE removed IN (0, 1) AND path = ?"  # its index begins with `removed`
    return [(catalogue.row(sql, os.fsencode(file)) or (file.stem,))[0] for file in files]
