"""Pyramids on the disk: built once for a content, mapped into memory, rebuilt when damaged."""

from __future__ import annotations

import logging
import time
import zlib
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from persian_mir.app_paths import cache_dir
from persian_mir.atomic_write import atomic_write
from persian_mir.audio.pyramid_levels import BASE, STEP, Columns, Pyramid, total_bins, waveform_columns
from persian_mir.audio.source import AudioSource
from persian_mir.cache_files import HEADER_BYTES, header, load_kept, read_header, trim
from persian_mir.i18n import _
from persian_mir.progress import SILENT, Progress
from persian_mir.recording import Recording

__all__ = ["BASE", "STEP", "Columns", "Pyramid", "build_pyramid", "load_pyramid", "waveform_columns"]

log = logging.getLogger(__name__)

VERSION = 2
LIMIT_BYTES = 2 << 30  # about ninety hours at 96 kHz
BLOCK_FRAMES = 1024 * BASE
PUBLISH_EVERY_S = 0.1


def load_pyramid(recording: Recording) -> Pyramid | None:
    """The pyramid built earlier for this content, or None where there is none or it is damaged."""
    return load_kept(_path(recording), partial(_load, recording))


def _load(recording: Recording, path: Path) -> Pyramid:
    """The pyramid in a file of the cache. Raises ValueError where that is damaged, or of other sound."""
    with path.open("rb") as file:
        values = read_header(file.read(HEADER_BYTES)) or {}
    checksum = values.pop("checksum", None)
    if values != _values(recording) or path.stat().st_size != _size(recording):
        raise ValueError("it is cut off, or of other sound")
    bins = _map(path, recording, "r")
    if _checksum(bins) != checksum:
        raise ValueError("its content is not what was written")
    pyramid = Pyramid(recording, bins)
    pyramid.mark_complete()
    return pyramid


def build_pyramid(source: AudioSource, progress: Progress = SILENT) -> Pyramid:
    """The pyramid of `source`: loaded where it was built before, else built, block by block, and kept.

    It is published at once and again as it grows, so that it can be painted meanwhile. Without room on the disk it
    is kept in memory. Raises AudioError where the file breaks off, and Cancelled.
    """
    loaded = load_pyramid(source.recording)
    if loaded is not None:
        progress.publish(loaded)
        progress.step(1.0)
        return loaded
    final, pyramid = _path(source.recording), None
    try:
        with atomic_write(final, durable=False) as file:
            _make_room(file, source.recording)
            pyramid = Pyramid(source.recording, _map(file, source.recording, "r+"))
            _fill(pyramid, source, progress)
            file.seek(0)
            file.write(header(_values(source.recording) | {"checksum": _checksum(pyramid.bins)}))
    except OSError as error:  # also on Windows, which moves no mapped file
        log.info("the pyramid cannot be kept: %s", error)
    if pyramid is None or pyramid.ready_frames < source.recording.frames:
        pyramid = Pyramid(source.recording)
        _fill(pyramid, source, progress)
    trim(final.parent, LIMIT_BYTES)
    return pyramid


def _fill(pyramid: Pyramid, source: AudioSource, progress: Progress) -> None:
    frames, published = source.recording.frames, 0.0
    note = _("Drawing {name}").format(name=source.recording.path.name)
    for block in source.blocks(frames=BLOCK_FRAMES):
        pyramid.add(block)
        progress.step(pyramid.ready_frames / frames, note)
        if time.monotonic() - published > PUBLISH_EVERY_S:
            progress.publish(pyramid)
            published = time.monotonic()
    progress.publish(pyramid)


def _make_room(file: BinaryIO, recording: Recording) -> None:
    """Really write the whole size: a mapped file that finds the disk full ends the program."""
    left = _size(recording)
    while left:
        left -= file.write(bytes(min(left, 1 << 20)))
    file.flush()


def _map(file: Path | BinaryIO, recording: Recording, mode: Any) -> Any:
    shape = (3, total_bins(recording.frames))
    return np.memmap(file, np.float32, mode=mode, offset=HEADER_BYTES, shape=shape)


def _size(recording: Recording) -> int:
    return HEADER_BYTES + 3 * 4 * total_bins(recording.frames)


def _checksum(bins: NDArray[np.float32]) -> int:
    return zlib.crc32(np.ascontiguousarray(bins).data)


def _values(recording: Recording) -> dict[str, Any]:
    """What the file must say of itself: the sound, how it was decoded, and the shape of the pyramid."""
    return {
        "pyramid": VERSION, "base": BASE, "step": STEP, "hash": recording.content_hash, "frames": recording.frames,
        "channels": recording.channels, "rate": recording.rate, "decoder": recording.decoder,
    }  # fmt: skip


def _path(recording: Recording) -> Path:
    return cache_dir() / "pyramids" / f"{recording.content_hash}.{VERSION}"
