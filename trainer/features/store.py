"""The features of a whole corpus as one memory-mapped file, so that they need not fit into memory.

A header (see `cache_files`), then float32 [segments, layers, width]. It is joined from the embeddings of single
recordings, which stay, and goes by all that decides its content. It appears whole or not at all, and is checked before
it is used: after a kill or a fault of the disk it is joined again. Those not used for longest go first.
"""

from __future__ import annotations

import errno
import hashlib
import logging
import math
import os
import shutil
from collections.abc import Iterable
from functools import partial
from io import BufferedReader
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from persian_mir.atomic_write import atomic_write, remove_abandoned
from persian_mir.cache_files import HEADER_BYTES, header, load_kept, read_header, trim

FORMAT = "persian-mir-joined 1"

Floats = NDArray[np.float32]
Shape = tuple[int, int, int]

log = logging.getLogger(__name__)


class FeatureStore:
    """A folder of such files, which together take `max_bytes` (the newest stays, however large)."""

    def __init__(self, folder: Path, max_bytes: int) -> None:
        self.folder, self.max_bytes = folder, max_bytes

    def get(self, digest: str, shape: Shape) -> Floats | None:
        """The array of that name, mapped; None where it is absent or damaged. It is for reading.

        A map that could be written to would count as memory of this process, though it were never written to.
        """
        return load_kept(self._path(digest), partial(_load, shape), logging.WARNING)

    def put(self, digest: str, shape: Shape, parts: Iterable[Floats]) -> Floats:
        """Write `parts` after each other; the array, mapped. Raises OSError where the disk refuses: nothing is left."""
        path, size = self._path(digest), HEADER_BYTES + _bytes(shape)
        self.folder.mkdir(parents=True, exist_ok=True)
        remove_abandoned(self.folder)  # they may be large
        if shutil.disk_usage(self.folder).free < size:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
        sums = hashlib.blake2b(digest_size=16)
        with atomic_write(path, durable=False) as file:
            file.write(bytes(HEADER_BYTES))
            for part in parts:
                raw = np.ascontiguousarray(part, np.float32).data
                sums.update(raw)
                file.write(raw)
            if file.tell() != size:
                raise ValueError(f"the parts are not of shape {shape}")
            file.seek(0)
            file.write(header({"format": FORMAT, "shape": shape, "checksum": sums.hexdigest()}))
        trim(self.folder, self.max_bytes)
        return np.asarray(np.memmap(path, np.float32, "r", HEADER_BYTES, shape))

    def _path(self, digest: str) -> Path:
        return self.folder / f"{digest}.features"


def _load(shape: Shape, path: Path) -> Floats:
    """Raises ValueError where the file is damaged, or of another array."""
    with path.open("rb") as file:
        if _checksum_written(file.read(HEADER_BYTES), shape) != _checksum_of(file, shape):
            raise ValueError("the content is not what was written")
    return np.asarray(np.memmap(path, np.float32, "r", HEADER_BYTES, shape))


def _bytes(shape: Shape) -> int:
    return 4 * math.prod(shape)


def _checksum_written(raw: bytes, shape: Shape) -> str:
    """Raises ValueError for a header that is none, or of another array."""
    values = read_header(raw)
    if values is None or values.get("format") != FORMAT or values.get("shape") != list(shape):
        raise ValueError("its header is another one")
    return str(values.get("checksum"))


def _checksum_of(file: BufferedReader, shape: Shape) -> str:
    """BLAKE2b-128, in hex, of all that follows. Raises ValueError for another length."""
    begin = file.tell()
    sums = hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16))
    if file.tell() - begin != _bytes(shape):
        raise ValueError("it is cut off")
    return sums.hexdigest()
