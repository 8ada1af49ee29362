"""Recordings and statements to fill a catalogue with."""

from __future__ import annotations

from pathlib import Path

from persian_mir.catalogue.model import Statement
from persian_mir.recording import Recording

FRAMES = 441_000


def recording(number: int = 1, name: str = "", **other: object) -> Recording:
    path = Path("/sounds") / (name or f"{number:05}.wav")
    values: dict[str, object] = {
        **{"path": path, "content_hash": f"{number:032x}", "rate": 44_100, "frames": FRAMES, "channels": 2},
        **{"format": "WAV", "decoder": "libsndfile 1.2", "file_hash": f"{number + 1000:032x}"},
    }
    return Recording(**(values | other))  # type: ignore[arg-type]


def machine(label: str, who: str = "modal", task: str = "mode", probability: float = 0.9, **other: object) -> Statement:
    values = {"status": "machine", "who": who, "version": "1", "probability": probability}
    values |= {"when": "2026-11-28T10:00:00+00:00"}
    return Statement(task, 0, FRAMES, label, **(values | other))  # type: ignore[arg-type]
