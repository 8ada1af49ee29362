"""Where the program's own data lie: in the wheel beside the code, in a checkout beside the packages."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent
_IN_WHEEL = _PACKAGE / "_resources"

RESOURCES: Path = _IN_WHEEL if _IN_WHEEL.is_dir() else _PACKAGE.parent / "resources"
