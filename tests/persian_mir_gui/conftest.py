"""The window's tests need Qt; where it cannot be loaded they are skipped, and say why."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

try:
    import PySide6.QtWidgets  # noqa: F401
except ImportError as error:
    pytest.skip(f"Qt cannot be loaded: {error}", allow_module_level=True)


@pytest.fixture
def judged_file(tmp_path: Path) -> Path:
    """A judged file with known confusions, its recordings beside it."""
    spec = importlib.util.spec_from_file_location("judged_files", Path(__file__).with_name("judged_files.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    path: Path = module.make_judged(tmp_path)
    return path
