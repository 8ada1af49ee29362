"""What a fit has reached, beside the probe it will become: after a kill, the same command goes on from here.

One .npz of plain arrays, one of which is a JSON text; it appears whole or not at all. A file that is damaged, or that
belongs to other data or settings, is as good as none. Where the disk refuses it, it goes among the user's data.
"""

from __future__ import annotations

import json
import logging
import struct
import time
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from persian_mir.app_paths import data_dir
from persian_mir.atomic_write import atomic_write
from persian_mir.checked_json import mapping, parsed, record

NOTED = record(parts=mapping(record()))
INTERVAL_S = 2.0  # between two writings; what lies between is computed again, to the same bits
NOTES = "notes"
FORMAT = "persian-mir-fitting 1"

Arrays = Mapping[str, NDArray[Any]]
Notes = Mapping[str, Any]

DAMAGED = (  # what numpy and zipfile raise for random bytes; RuntimeError for what a flag seems to ask of them
    OSError, ValueError, LookupError, TypeError, AttributeError, EOFError, MemoryError, RuntimeError, struct.error,
    zipfile.BadZipFile, zlib.error,
)  # fmt: skip

log = logging.getLogger(__name__)


class Checkpoint:
    """The states of the parts of one fit, by name. Without a path nothing is kept."""

    def __init__(self, path: Path | None = None, digest: str = "", restart: bool = False) -> None:
        self._places = () if path is None else (path, data_dir() / "rescued" / f"{digest}.fitting")
        self._digest = digest
        self._parts: dict[str, tuple[Notes, Arrays]] = {}
        self._written = time.monotonic()
        self._told = False
        found = () if restart else (parts for place in self._places if (parts := _read(place, digest)))
        self._parts = next(iter(found), {})

    def get(self, name: str) -> tuple[Notes, Arrays] | None:
        """Notes and arrays of a part, or None where it has not come so far."""
        return self._parts.get(name)

    @property
    def due(self) -> bool:
        """Whether the last writing is some time ago."""
        return bool(self._places) and time.monotonic() - self._written > INTERVAL_S

    def put(self, name: str, notes: Notes, arrays: Arrays) -> None:
        """Keep the state of a part, and write all of them."""
        self._parts[name] = (notes, arrays)
        self.write()

    def write(self) -> Path | None:
        """Write all parts, and return where they are; None where every disk refuses, which is told in the log, once,
        and costs no more than the chance to go on after a kill.
        """
        self._written = time.monotonic()
        for place in self._places:
            try:
                self._write(place)
            except (OSError, ValueError) as error:  # ValueError: zipfile, of the file it could not write
                log.log(
                    logging.INFO if self._told else logging.WARNING,
                    "the state of the fit is not kept in %s: %s",
                    place,
                    error,
                )
                self._told = True
            else:
                for other in self._places:
                    if other != place:
                        _remove(other)  # it is older
                return place
        return None

    def _write(self, place: Path) -> None:
        notes = {name: dict(part) for name, (part, _arrays) in self._parts.items()}
        text = json.dumps({"format": FORMAT, "digest": self._digest, "parts": notes})
        named = {f"{name}/{key}": one for name, (_notes, part) in self._parts.items() for key, one in part.items()}
        named[NOTES] = np.frombuffer(text.encode(), np.uint8)
        with atomic_write(place, durable=False) as file:
            np.savez(file, allow_pickle=False, **named)

    def remove(self) -> None:
        """The fit is over."""
        self._parts = {}
        for place in self._places:
            _remove(place)


@dataclass(frozen=True, slots=True)
class CheckpointEntry:
    """One part of a fit within its checkpoint."""

    checkpoint: Checkpoint
    name: str

    def get(self) -> tuple[Notes, Arrays] | None:
        """What was kept."""
        return self.checkpoint.get(self.name)

    @property
    def due(self) -> bool:
        """Whether the last writing is some time ago."""
        return self.checkpoint.due

    def put(self, notes: Notes, arrays: Arrays) -> None:
        """Keep this."""
        self.checkpoint.put(self.name, notes, arrays)


def _read(path: Path, digest: str) -> dict[str, tuple[Notes, Arrays]]:
    try:
        with path.open("rb") as raw, np.load(raw, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        notes = parsed(arrays.pop(NOTES).tobytes(), NOTED)
        if (notes["format"], notes["digest"]) != (FORMAT, digest):
            log.info("%s belongs to other data or settings, or to another version; the fit begins anew", path)
            return {}
        parts: dict[str, tuple[Notes, dict[str, NDArray[Any]]]] = {n: (v, {}) for n, v in notes["parts"].items()}
        for name, array in arrays.items():
            part, _slash, key = name.partition("/")
            parts[part][1][key] = array
        return dict(parts)
    except FileNotFoundError:
        return {}
    except DAMAGED as error:
        log.warning("%s is damaged; the fit begins anew: %s", path, error)
        return {}


def _remove(place: Path) -> None:
    """Nobody misses a state that cannot be removed: it is held against the digest of the fit."""
    try:
        place.unlink(missing_ok=True)
    except OSError as error:
        log.info("cannot remove %s: %s", place, error)
