"""What the check heard of a recording, kept by its content: hours of sound are decoded for it once."""

from __future__ import annotations

import hashlib
import json
import logging
from dataclasses import asdict, dataclass
from pathlib import Path

from persian_mir.app_paths import cache_dir
from persian_mir.atomic_write import atomic_write
from persian_mir.cache_files import load_kept
from persian_mir.checked_json import among, number, read_json, record, text
from persian_mir.i18n import language
from persian_mir.recording import Recording

LISTENER = 3  # the way in which it is listened to; what another one heard is heard again
SOUND = record(listener=among(LISTENER), digest=text(64), seconds=number(0), problem=text(), language=text(64))
_SLACK_S = 0.01  # what earlier versions heard of this file may be another length of it

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
    for content_hash in recording.hashes:
        sound = load_kept(_file(content_hash, recording.decoder), _read)
        today = content_hash == recording.content_hash
        if sound and (today or (not sound.problem and abs(sound.seconds - recording.duration_s) < _SLACK_S)):
            return sound
    return None


def _read(path: Path) -> Sound | None:
    """Raises ValueError where the file is damaged."""
    values = read_json(path, SOUND)
    sound = Sound(values["digest"], values["seconds"], values["problem"])
    if len(bytes.fromhex(sound.digest)) != 16 or sound.seconds <= 0:
        raise ValueError("its numbers are none")
    # a sentence is asked for again in the language of today
    return sound if not sound.problem or values["language"] == language() else None


def remember(recording: Recording, sound: Sound) -> None:
    """Keep it. A disk that refuses is told in the log; then it is decoded again the next time."""
    path = _file(recording.content_hash, recording.decoder)
    try:
        with atomic_write(path, durable=False) as file:
            file.write(json.dumps(asdict(sound) | {"language": language(), "listener": LISTENER}).encode())
    except OSError as error:
        log.info("%s: %s", path, error)


def _file(content_hash: str, decoder: str) -> Path:
    name = hashlib.blake2b(f"{content_hash} {decoder}".encode(), digest_size=16).hexdigest()
    return cache_dir() / "heard" / f"{name}.json"
