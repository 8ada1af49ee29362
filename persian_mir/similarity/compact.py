"""Letting go of the vectors that count no more: the others are written into a file that takes the old one's place."""

from __future__ import annotations

from contextlib import suppress
from secrets import token_hex

from persian_mir.progress import SILENT, Progress
from persian_mir.similarity.index_file import in_words
from persian_mir.similarity.store import VectorStore

MOST_GONE = 0.25  # of the rows; beyond that the rest is written anew


def compact(store: VectorStore, progress: Progress = SILENT, most_gone: float = MOST_GONE) -> bool:
    """Compact the store where more than `most_gone` of its rows are gone; return whether that was done.

    Others may read and add meanwhile. Killed, or stopped by `progress`, all stands as it was, but for a file that the
    next call removes. Raises PersianMirError where the disk refuses.
    """
    held = store.held()
    spans, total = held.spans, len(held.vectors)
    if not total or 1 - spans.count.sum() / total <= most_gone:
        return False
    with in_words(store.folder), (store.folder / f"vectors-{token_hex(4)}.f16").open("wb") as file:
        for number, (first, count) in enumerate(zip(spans.first, spans.count, strict=True)):
            progress.step(number / len(spans.first))
            file.write(held.vectors[first : first + count].tobytes())
        done = store.take_file(held, file)
    for path in store.folder.glob("vectors*.f16"):
        if path.name != store.file:
            with suppress(OSError):  # Windows keeps what is mapped, until the next time
                path.unlink()
    return done
