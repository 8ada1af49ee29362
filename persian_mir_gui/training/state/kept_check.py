"""What the last check of some data said, kept until they change."""

from __future__ import annotations

import hashlib
import json
import logging
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from persian_mir.app_paths import cache_dir
from persian_mir.checked_json import read_json, record, row, text, whole
from persian_mir.errors import PersianMirError
from persian_mir.whole_file import write_whole
from persian_mir_gui.training.state.events import CHECKED

log = logging.getLogger(__name__)

KEPT = record(state=row(whole(0, 1 << 63), whole()), when=text(64), event=CHECKED)
MAX_BYTES, MOST_FOLDERS = 4 << 20, 2000  # more is checked again: this is looked at while the page opens


def keep_check(data: Path, event: Mapping[str, Any]) -> None:
    """Write down the event `done` of a check of `data`. Where the disk refuses, the check is made again one day."""
    when = datetime.now(UTC).isoformat(timespec="seconds")
    try:
        document = {"state": _state(data), "when": when, "event": dict(event)}
        write_whole(_file(data), json.dumps(document, ensure_ascii=False))
    except (PersianMirError, OSError) as error:
        log.info("the check of %s is not kept: %s", data, error)


def kept_check(data: Path) -> tuple[Mapping[str, Any], datetime] | None:
    """Return the kept event and when the check was made (UTC); None where there is none or the data have changed."""
    try:
        given = read_json(_file(data), KEPT, MAX_BYTES)
        when = datetime.fromisoformat(given["when"])
        return (given["event"], when) if given["state"] == _state(data) and when.tzinfo else None
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        log.info("the kept check of %s cannot be read: %s", data, error)
        return None


def _file(data: Path) -> Path:
    name = hashlib.blake2b(os.fsencode(data.resolve()), digest_size=8).hexdigest()
    return cache_dir() / "checks" / f"{name}.json"


def _state(data: Path) -> list[int]:
    """Return when the data, or a folder below them, were changed last, in nanoseconds, and how many folders there are.

    Raises OSError, also where there are too many to look at each time.
    """
    folders = [data]
    for place, _inner, _files in os.walk(data):
        folders.append(Path(place))
        if len(folders) > MOST_FOLDERS:
            raise OSError("too many folders")
    return [max(one.stat().st_mtime_ns for one in folders), len(folders)]
