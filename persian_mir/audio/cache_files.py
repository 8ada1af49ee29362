"""Files that can be computed again: written aside, put in place at once, and thrown away oldest first."""

from __future__ import annotations

import json
import logging
import os
import time
import uuid
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

log = logging.getLogger(__name__)

HEADER_BYTES = 16384
_PARTIAL = ".partial"
_ABANDONED_S = 24 * 3600.0  # a partial file this old belongs to a program that died


@contextmanager
def partial(final: Path) -> Iterator[Path]:
    """A path beside `final` to write to. Whatever is still there when the block ends is removed."""
    final.parent.mkdir(parents=True, exist_ok=True)
    path = final.with_name(f"{final.name}.{uuid.uuid4().hex}{_PARTIAL}")
    try:
        yield path
    finally:
        with suppress(OSError):  # Windows keeps what is mapped; `trim` removes it later
            path.unlink(missing_ok=True)


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
    values = json.loads(text)
    return values if isinstance(values, dict) else None


def touch(path: Path) -> None:
    """Mark as just used, so that it is thrown away last."""
    with suppress(OSError):
        os.utime(path)


def trim(folder: Path, limit_bytes: int) -> None:
    """Remove the files used longest ago until `folder` holds at most `limit_bytes`; and abandoned partial files."""
    files: list[tuple[float, int, Path]] = []
    with suppress(OSError):
        for path in folder.iterdir():
            with suppress(OSError):
                info = path.stat()
                files.append((info.st_mtime, info.st_size, path))
    held = sum(size for _time, size, _path in files)
    for used, size, path in sorted(files)[:-1]:  # the newest stays, however large
        is_partial = path.suffix == _PARTIAL
        abandoned = is_partial and time.time() - used > _ABANDONED_S
        if abandoned or (held > limit_bytes and not is_partial):
            held -= size
            try:
                path.unlink(missing_ok=True)
            except OSError as error:
                log.info("cannot remove %s: %s", path, error)
