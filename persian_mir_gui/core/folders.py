"""Where the dialogs of exports, and of scores, begin."""

from __future__ import annotations

from pathlib import Path

from persian_mir_gui.core.settings import Settings


def export_folder(settings: Settings, beside: Path | None) -> Path:
    """Where the last export went or the last score lay, else what was opened last, else `beside`; at last home.

    Folders that are gone are passed over.
    """
    told = (settings.get("export_folder"), settings.get("last_folder"))
    places = [*(Path(name) for name in told if name), *([beside] if beside is not None else [])]
    return next((place for place in places if place.is_dir()), Path.home())


def remember_export(settings: Settings, file: Path) -> None:
    """Have the next dialog begin where this file lies."""
    settings.set("export_folder", str(file.parent))
