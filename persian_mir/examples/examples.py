"""The example recordings: written on first use, always called synthesised."""

from __future__ import annotations

from pathlib import Path

from persian_mir.progress import SILENT, Progress


def ensure_examples(folder: Path | None = None, progress: Progress = SILENT) -> list[Path]:
    """Paths of the example recordings; those that are missing are made first (a few seconds each)."""
    raise NotImplementedError


def is_synthesised(path: Path) -> bool:
    """Whether a recording was made by this program's synthesiser, as its name or its title says."""
    raise NotImplementedError
