"""Where the program's own data lie: in the wheel beside the code, in a checkout beside the packages."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent
_IN_WHEEL = _PACKAGE / "_resources"

RESOURCES: Path = _IN_WHEEL if _IN_WHEEL.is_dir() else _PACKAGE.parent / "resources"


def guide(language: str = "en") -> Path:
    """Return the user guide, Markdown, in `language` where there is one, else in English."""
    folder = RESOURCES if (RESOURCES / "guide.md").is_file() else RESOURCES.parent / "docs"
    own = folder / f"guide.{language}.md"
    return own if own.is_file() else folder / "guide.md"
