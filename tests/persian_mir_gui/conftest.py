"""The window's tests need Qt; where it cannot be loaded they are skipped, and say why."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path

import pytest

try:
    from PySide6.QtWidgets import QApplication

    from persian_mir_gui.services.context import Services, build_services, close_services
except ImportError as error:
    pytest.skip(f"Qt cannot be loaded: {error}", allow_module_level=True)


@pytest.fixture
def services(qapp: QApplication) -> Iterator[Services]:
    """All services of the program, over folders of the test's own."""
    made = build_services()
    yield made
    assert close_services(made, 10.0)


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
