"""What the check heard of a recording, kept by its content: hours of sound are decoded for it once."""

from __future__ import annotations

import hashlib
import json
import logging
from dataclasses import asdict, dataclass
from pathlib import Path

from persian_mir.app_paths import cache_dir
from persian_mir.atomic_write import atomic_write
from persian_mir.i18n import language
from persian_mir.recording import Recording

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Sound:
    """What a recording holds, apart from its format: a hash of the samples, mixed to mono and 16 bits; seconds; and
    what its decoder complained of, if it did.
    """

    digest: str
    seconds: float
    problem: str = ""


def remembered(recording: Recording) -> Sound | None:
    """What was heard of it before, by this decoder."""
    try:
        values = json.loads(_file(recording).read_text(encoding="utf-8"))
        if values["problem"] and values["language"] != language():
            return None  # a sentence: it is asked for again in the language of today
        return Sound(str(values["digest"]), float(values["seconds"]), str(values["problem"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def remember(recording: Recording, sound: Sound) -> None:
    """Keep it. A disk that refuses is told in the log; then it is decoded again the next time."""
    path = _file(recording)
    try:
        with atomic_write(path, durable=False) as file:
            file.write(json.dumps(asdict(sound) | {"language": language()}).encode())
    except OSError as error:
        log.info("%s: %s", path, error)


def _file(recording: Recording) -> Path:
    name = hashlib.blake2b(f"{recording.content_hash} {recording.decoder}".encode(), digest_size=16).hexdigest()
    return cache_dir() / "heard" / f"{name}.json"
