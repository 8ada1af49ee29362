"""Short files of several kinds, and bad ones with the reason for which each must fail."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

SECONDS, RATE = 2.0, 16_000
BAD = {"text.mp3": "not sound", "empty.wav": "empty", "header.flac": "not sound"}


def tone(path: Path, number: int) -> None:
    """A tone of its own, so that no two files have one sound."""
    t = np.arange(int(SECONDS * RATE)) / RATE
    soundfile.write(path, 0.3 * np.sin(2 * np.pi * (220 + 7 * number) * t), RATE)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Six good files in two folders and three bad ones."""
    place = tmp_path / "radio"
    (place / "1343").mkdir(parents=True)
    for number, suffix in enumerate(("wav", "flac", "ogg", "wav", "flac", "ogg")):
        tone(place / ("1343" if number < 3 else ".") / f"take {number}.{suffix}", number)
    (place / "text.mp3").write_bytes(b"no sound " * 50)
    (place / "empty.wav").write_bytes(b"")
    (place / "header.flac").write_bytes(b"fLaC" + b"\xff" * 100)
    return place
