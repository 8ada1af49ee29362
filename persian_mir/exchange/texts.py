"""Texts as formats of exchange may hold them, and how terms are called for people who read them there."""

from __future__ import annotations

import re
from pathlib import PurePath

from persian_mir.labels import TASKS, describe
from persian_mir.visible import visible

NONCHARACTERS = re.compile("[\ufdd0-\ufdef\ufffe\uffff]")  # no XML holds the last two
MIME = {
    **{".wav": "audio/wav", ".mp3": "audio/mpeg", ".flac": "audio/flac", ".ogg": "audio/ogg", ".opus": "audio/ogg"},
    **{".m4a": "audio/mp4", ".aif": "audio/aiff", ".aiff": "audio/aiff", ".wma": "audio/x-ms-wma"},
}


def plain_text(text: str) -> str:
    """Return one line that any format can hold: what cannot be seen is spelt out."""
    return NONCHARACTERS.sub(lambda sign: f"\\u{ord(sign[0]):04x}", visible(text))


def mime_type(path: str) -> str:
    """Return the media type of a recording by its name."""
    return MIME.get(PurePath(path).suffix.lower(), "audio/basic")


def both_names(task: str, label: str) -> str:
    """Return how a label is called in both scripts: `Segah (سه‌گاه)`; the label itself where no vocabulary has it."""
    known = describe(task, label) if task in TASKS else None
    if known is None or not known.persian:
        return plain_text(label if known is None else known.name)
    return f"{known.name} ({known.persian})"


def clock(seconds: float) -> str:
    """Return `00:01:02.345`, as WebVTT and PBCore have it."""
    milliseconds = round(seconds * 1000)
    minutes, rest = divmod(milliseconds, 60_000)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{rest // 1000:02d}.{rest % 1000:03d}"
