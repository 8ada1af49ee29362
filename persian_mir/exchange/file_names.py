"""Names of files that are made: safe on every system, and each once."""

from __future__ import annotations

import re
import unicodedata

from persian_mir.exchange.texts import plain_text

FORBIDDEN = re.compile(r'[<>:"/\\|?*]')  # on Windows; `/` everywhere
RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\..*)?", re.IGNORECASE)
LONGEST = 180  # bytes of UTF-8; file systems allow 255, and something may be added


def safe_name(text: str) -> str:
    """Return `text` as the name of a file: nothing that Windows, macOS or Linux refuses, no folder, never hidden."""
    name = FORBIDDEN.sub("_", unicodedata.normalize("NFC", plain_text(text)))
    name = name.strip().lstrip(".").rstrip(". ") or "_"
    if RESERVED.fullmatch(name):
        name = f"_{name}"
    stem, dot, suffix = name.rpartition(".")
    if not stem or len(suffix.encode()) > 16:
        stem, dot, suffix = name, "", ""
    room = LONGEST - len(f"{dot}{suffix}".encode())
    return f"{stem.encode()[:room].decode(errors='ignore').rstrip('. ')}{dot}{suffix}"


class Names:
    """Hands out names, each once: capitals and the forms of Unicode make no difference on many a disk."""

    def __init__(self) -> None:
        self._taken: set[tuple[str, str]] = set()

    def take(self, text: str, folder: str = "") -> str:
        """Return a safe name for `text` that was not given out in `folder` before: `a (2).wav` the second time."""
        name = safe_name(text)
        stem, dot, suffix = name.rpartition(".") if "." in name else (name, "", "")
        number = 1
        while (folder, unicodedata.normalize("NFC", name.casefold())) in self._taken:
            number += 1
            name = f"{stem} ({number}){dot}{suffix}"
        self._taken.add((folder, unicodedata.normalize("NFC", name.casefold())))
        return name
