"""Files that can be computed again: known by a checked header, and thrown away oldest first."""

from __future__ import annotations

import json
import logging
import os
import zlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from stat import S_ISREG
from typing import Any, TypeVar

from persian_mir.atomic_write import PART, remove_abandoned
from persian_mir.checked_json import RecordError, parsed, record

log = logging.getLogger(__name__)

HEADER_BYTES = 16384

Found = TypeVar("Found")


def header(values: Mapping[str, Any]) -> bytes:
    """`values` as the beginning of a file: a checksum and JSON, padded with spaces."""
    text = json.dumps(values, ensure_ascii=False).encode("utf-8", "replace")
    if len(text) > HEADER_BYTES - 10:
        raise ValueError("the header is too long")
    return (b"%08x\n" % zlib.crc32(text) + text).ljust(HEADER_BYTES - 1) + b"\n"


def read_header(raw: bytes) -> dict[str, Any] | None:
    """The values written by `header`, or None where they are damaged."""
    text = raw[9:HEADER_BYTES].rstrip()
    if len(raw) < HEADER_BYTES or raw[:9] != b"%08x\n" % zlib.crc32(text):
        return None
    try:
        return parsed(text, record())  # type: ignore[no-any-return]
    except RecordError:
        return None


def load_kept(path: Path, load: Callable[[Path], Found], level: int = logging.INFO) -> Found | None:
    """What `load` makes of a file of a cache; None where there is none, or it is damaged: it is computed again.

    The damage is written to the log at `level`.
    """
    try:
        found = load(path)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except Exception as error:  # noqa: BLE001 - damage makes zipfile, numpy and json raise whatever they please
        log.log(level, "%s is damaged and is made anew: %s", path, error)
        return None
    touch(path)
    return found


def touch(path: Path) -> None:
    """Mark as just used, so that it is thrown away last."""
    with suppress(OSError):
        os.utime(path)


def trim(folder: Path, limit_bytes: int) -> None:
    """Remove the files used longest ago until `folder` holds at most `limit_bytes`; and what killed writers left."""
    remove_abandoned(folder)
    files: list[tuple[float, int, Path]] = []
    with suppress(OSError):
        for path in folder.iterdir():
            with suppress(OSError):  # another program was quicker
                info = path.stat()
                if path.suffix != PART and S_ISREG(info.st_mode):
                    files.append((info.st_mtime, info.st_size, path))
    held = sum(size for _time, size, _path in files)
    for _used, size, path in sorted(files)[:-1]:  # the newest stays, however large
        if held <= limit_bytes:
            break
        held -= size
        try:
            path.unlink(missing_ok=True)
        except OSError as error:  # open in another program, on Windows
            log.info("cannot remove %s: %s", path, error)
