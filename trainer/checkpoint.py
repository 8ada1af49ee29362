"""What a fit has reached, beside the probe it will become: after a kill, the same command goes on from here.

One .npz of plain arrays, one of which is a JSON text; it appears whole or not at all. A file that is damaged, or that
belongs to other data or settings, is as good as none.
"""

from __future__ import annotations

import json
import logging
import time
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from persian_mir.audio.cache_files import partial

INTERVAL_S = 2.0  # between two writings; what lies between is computed again, to the same bits
NOTES = "notes"
FORMAT = "persian-mir-fitting 1"

Arrays = Mapping[str, NDArray[Any]]
Notes = Mapping[str, Any]

log = logging.getLogger(__name__)


class Checkpoint:
    """The states of the parts of one fit, by name. Without a path nothing is kept."""

    def __init__(self, path: Path | None = None, digest: str = "", fresh: bool = False) -> None:
        self._path, self._digest = path, digest
        self._parts: dict[str, tuple[Notes, Arrays]] = {}
        self._written = time.monotonic()
        if path is not None and not fresh:
            self._parts = _read(path, digest)

    def get(self, name: str) -> tuple[Notes, Arrays] | None:
        """Notes and arrays of a part, or None where it has not come so far."""
        return self._parts.get(name)

    @property
    def due(self) -> bool:
        """Whether the last writing is some time ago."""
        return self._path is not None and time.monotonic() - self._written > INTERVAL_S

    def put(self, name: str, notes: Notes, arrays: Arrays) -> None:
        """Keep the state of a part, and write all of them. A disk that refuses is told in the log and costs no more
        than the chance to go on after a kill.
        """
        self._parts[name] = (notes, arrays)
        if self._path is None:
            return
        notes = {name: dict(part) for name, (part, _arrays) in self._parts.items()}
        text = json.dumps({"format": FORMAT, "digest": self._digest, "parts": notes})
        named = {f"{name}/{key}": one for name, (_notes, part) in self._parts.items() for key, one in part.items()}
        named[NOTES] = np.frombuffer(text.encode(), np.uint8)
        try:
            with partial(self._path) as part_file:
                with part_file.open("wb") as file:
                    np.savez(file, allow_pickle=False, **named)
                part_file.replace(self._path)
        except OSError as error:
            log.warning("the state of the fit could not be kept in %s: %s", self._path, error)
        self._written = time.monotonic()

    def remove(self) -> None:
        """The fit is over."""
        self._parts = {}
        if self._path is not None:
            self._path.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class Slot:
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
        notes = json.loads(arrays.pop(NOTES).tobytes())
        if (notes["format"], notes["digest"]) != (FORMAT, digest):
            log.info("%s belongs to other data or settings; the fit begins anew", path)
            return {}
        parts: dict[str, tuple[Notes, dict[str, NDArray[Any]]]] = {n: (v, {}) for n, v in notes["parts"].items()}
        for name, array in arrays.items():
            part, _slash, key = name.partition("/")
            parts[part][1][key] = array
        return dict(parts)
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, EOFError, zipfile.BadZipFile) as error:
        log.info("%s cannot be read; the fit begins anew: %s", path, error)
        return {}
