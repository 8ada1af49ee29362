"""Embeddings on disk: one safetensors file each, in a folder that two programs may share.

A file's name is the digest of what it depends on save the layers, then the layers as a hexadecimal bit mask, so that
an entry with more layers is found and serves fewer. Files appear whole or not at all (written aside, then renamed);
each holds a checksum of its own arrays, and one that fails it is removed and computed again.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import logging
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import numpy as np

from persian_mir.app_paths import cache_dir
from persian_mir.atomic_write import atomic_write
from persian_mir.cache_files import load_kept, trim
from persian_mir.checked_json import listed, parsed, whole
from persian_mir.embeddings.embedding import Embedding, EmbeddingKey
from persian_mir.i18n import _

DEFAULT_BYTES = 16 << 30  # Nava in windows of 3 s and of 5 s by a model of 25 layers of 1024 takes 10.7 GB
_SUFFIX = ".safetensors"

_log = logging.getLogger(__name__)


class EmbeddingCache:
    """A folder of embeddings; when it exceeds `max_bytes`, those not used for longest go.

    `refused`: why the disk last refused to keep one, for the caller to tell the user; empty while it never did.
    """

    def __init__(self, folder: Path, max_bytes: int = DEFAULT_BYTES) -> None:
        self.folder = folder
        self.max_bytes = max_bytes
        self.refused = ""

    @classmethod
    def usual(cls) -> EmbeddingCache:
        """The one of this user, which all commands and the window share."""
        return cls(cache_dir() / "embeddings")

    def complaint(self) -> str:
        """A sentence on `refused` for the user; empty where there is nothing to tell."""
        if not self.refused:
            return ""
        text = _(
            "The features cannot be kept in {folder}: {reason}. The work goes on without, but the next run computes "
            "them again. Free some space to keep them."
        )
        return text.format(folder=self.folder, reason=self.refused)

    def holds(self, key: EmbeddingKey) -> bool:
        """Whether there is an entry for `key`. It is not read, and may turn out to be damaged."""
        return next(self._candidates(key), None) is not None

    def get(self, key: EmbeddingKey) -> Embedding | None:
        """The embedding of `key`, also out of an entry with more layers; None when absent or damaged."""
        for path in self._candidates(key):
            embedding = load_kept(path, partial(_read, key))
            if embedding is not None:
                return embedding
            _log.warning("removing the damaged cache entry %s", path)
            _remove(path)
        return None

    def put(self, embedding: Embedding) -> None:
        """Keep `embedding`. A disk that is full or not writable is noted in `refused`, not raised: the work goes on."""
        path = self.folder / f"{_base(embedding.key)}.{_mask(embedding.layers):x}{_SUFFIX}"
        try:
            with atomic_write(path, durable=False) as file:
                file.write(_pack(embedding))
            trim(self.folder, self.max_bytes)
        except OSError as error:
            level = logging.INFO if self.refused else logging.WARNING  # once: there may be thousands of recordings
            _log.log(level, "the embedding could not be cached in %s: %s", self.folder, error)
            self.refused = error.strerror or str(error)

    def _candidates(self, key: EmbeddingKey) -> Iterator[Path]:
        """Entries of the same sound, model and grid that hold at least the layers of `key`, fewest layers first."""
        wanted, found = _mask(key.layers), []
        for path in self.folder.glob(f"{_base(key)}.*{_SUFFIX}"):
            try:
                mask = int(path.name.split(".")[1], 16)
            except ValueError:
                continue
            if mask & wanted == wanted:
                found.append((mask.bit_count(), path))
        yield from (path for _count, path in sorted(found))


def _base(key: EmbeddingKey) -> str:
    return dataclasses.replace(key, layers=()).digest()


def _mask(layers: Sequence[int]) -> int:
    return sum(1 << layer for layer in set(layers))


def _checksum(values: np.ndarray, starts: np.ndarray, stops: np.ndarray, layers: str) -> str:
    digest = hashlib.blake2b(layers.encode(), digest_size=16)
    for array in (values, starts, stops):
        digest.update(str(array.shape).encode())
        digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()


def _pack(embedding: Embedding) -> bytes:
    from safetensors.numpy import save

    layers = json.dumps(embedding.layers)
    arrays = {"values": embedding.values, "starts": embedding.starts, "stops": embedding.stops}
    checksum = _checksum(embedding.values, embedding.starts, embedding.stops, layers)
    packed: bytes = save(
        {name: np.ascontiguousarray(array) for name, array in arrays.items()},
        {"layers": layers, "checksum": checksum, "base": _base(embedding.key)},
    )
    return packed


def _read(key: EmbeddingKey, path: Path) -> Embedding:
    """The layers of `key` out of `path`. Raises ValueError, and much else, when anything about the file is wrong."""
    from safetensors import safe_open

    with safe_open(path, "numpy") as file:
        metadata = file.metadata() or {}
        values, starts, stops = (file.get_tensor(name) for name in ("values", "starts", "stops"))
    layers: list[int] = parsed(metadata["layers"], listed(whole(), 1024))
    sound = metadata["checksum"] == _checksum(values, starts, stops, metadata["layers"])
    if not sound or metadata["base"] != _base(key):
        raise ValueError("its content is not what was written")
    chosen = np.ascontiguousarray(values[:, [layers.index(layer) for layer in key.layers]])
    return Embedding(chosen, starts, stops, key.layers, key)


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:  # open in another program, on Windows
        _log.debug("%s: %s", path, error)
