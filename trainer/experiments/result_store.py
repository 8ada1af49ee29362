"""Results of experiments on disk: whole or not there, and known again by a checksum."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from persian_mir.checked_json import RecordError, read_json
from persian_mir.i18n import _
from persian_mir.whole_file import write_whole
from trainer.experiments.result_rules import result

CHECKSUM = "checksum"
ASIDE = ".damaged"

log = logging.getLogger(__name__)


def write_result(path: Path, values: Mapping[str, Any]) -> None:
    """Whole or not at all. Raises PersianMirError when the disk refuses."""
    plain = json.loads(json.dumps(values))  # as it will be read
    write_whole(path, json.dumps({**plain, CHECKSUM: _digest(plain)}, indent=1, ensure_ascii=False))


def read_result(path: Path) -> dict[str, Any]:
    """What was written; older programs wrote no checksum. Raises OSError, and RecordError for one that is damaged."""
    values: dict[str, Any] = read_json(path, result)
    written = values.pop(CHECKSUM, None)
    if written is not None and written != _digest(values):
        raise RecordError(_("Its content is not what was written."), path=path)
    return values


def set_aside_damaged(out: Path) -> Iterator[Path]:
    """Put damaged results of the folder `out` under another name, so that they are computed again; which ones."""
    for path in sorted((out / "cells").glob("*.json")):
        try:
            read_result(path)
        except RecordError as error:
            log.warning("%s is damaged and is computed again: %s", path, error)
            path.replace(path.with_suffix(ASIDE))
            yield path


def _digest(values: Mapping[str, Any]) -> str:
    return hashlib.blake2b(json.dumps(values, sort_keys=True).encode(), digest_size=16).hexdigest()
