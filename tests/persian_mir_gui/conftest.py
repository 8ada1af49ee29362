"""The window's tests need Qt; where it cannot be loaded they are skipped, and say why."""

from __future__ import annotations

import pytest

try:
    import PySide6.QtWidgets  # noqa: F401
except ImportError as error:
    pytest.skip(f"Qt cannot be loaded: {error}", allow_module_level=True)
