"""The layout of a file, whatever its kind."""

from __future__ import annotations

from pathlib import Path

from persian_mir.audio import chunk_layouts, flac_layout, mpeg_layout, ogg_layout, video_layouts
from persian_mir.audio.layout import Layout


def find_layout(path: Path) -> Layout:
    """The layout of the file at `path`; one without spans where its kind is not known here. Raises OSError."""
    size = path.stat().st_size
    with path.open("rb") as file:
        base = mpeg_layout.after_id3(file, 0)
        file.seek(base)
        head = file.read(48)
        for module in (chunk_layouts, flac_layout, ogg_layout, mpeg_layout, video_layouts):
            found: Layout | None = module.layout(file, base, size, head)
            if found is not None:
                return found
    return Layout(head[:4])
