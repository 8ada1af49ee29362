"""What is known of the cards, kept in a file of the user's: written whole after each answer, so a kill loses one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from persian_mir.app_paths import data_dir
from persian_mir.atomic_write import atomic_write
from persian_mir.checked_json import RecordError, parsed, plain
from persian_mir.errors import PersianMirError
from persian_mir.i18n import _
from persian_mir.quiz.scheduler import LEAST_EASE, LONGEST_DAYS, Memory

VERSION = 1


def memory_path() -> Path:
    """Where it is kept."""
    return data_dir() / "quiz.json"


def read_memories(path: Path | None = None) -> dict[str, Memory]:
    """The memories by the ids of their cards; those that make no sense are left out. Raises PersianMirError."""
    path = path or memory_path()
    try:
        content = parsed(path.read_bytes(), plain)
    except FileNotFoundError:
        return {}
    except (OSError, RecordError) as error:
        what = _("What you learnt in the quiz cannot be read: {reason}.").format(reason=str(error).rstrip("."))
        raise PersianMirError(what, path=path, cure=_("Restore the file from a copy, or move it away.")) from error
    rows = content.get("cards") if isinstance(content, dict) else None
    found = {name: _memory(row) for name, row in rows.items()} if isinstance(rows, dict) else {}
    return {name: memory for name, memory in found.items() if memory is not None}


def write_memories(memories: Mapping[str, Memory], path: Path | None = None) -> None:
    """Keep them. Raises PersianMirError where the disk refuses."""
    path = path or memory_path()
    rows = {name: asdict(memory) | {"due": str(memory.due or "")} for name, memory in memories.items()}
    try:
        with atomic_write(path) as file:
            file.write(json.dumps({"version": VERSION, "cards": rows}, indent=1).encode())
    except OSError as error:
        what = _("What you learnt in the quiz cannot be kept: {reason}.").format(reason=error.strerror)
        raise PersianMirError(what, path=path, cure=_("Check the disk, then answer the next question.")) from error


def _memory(row: Any) -> Memory | None:
    try:
        made = Memory(
            repetitions=int(row["repetitions"]),
            ease=float(row["ease"]),
            days=int(row["days"]),
            due=date.fromisoformat(row["due"]) if row["due"] else None,
            answers=int(row["answers"]),
            right=int(row["right"]),
        )
    except (KeyError, TypeError, ValueError, OverflowError):
        return None
    sound = made.repetitions >= 0 and LEAST_EASE <= made.ease <= 10 and 0 <= made.days <= LONGEST_DAYS
    return made if sound and 0 <= made.right <= made.answers else None
