"""One file of every kind, made once a session."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest


def _load_makers() -> ModuleType:
    """The module beside this file; test folders are no packages."""
    name = "persian_mir_audio_test_makers"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name("makers.py"))
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
    return sys.modules[name]


_makers = _load_makers()


@pytest.fixture(scope="session")
def kinds(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, object]]:
    """Path and original samples by the name of the kind."""
    folder = tmp_path_factory.mktemp("kinds")
    return {kind.name: _makers.make(kind, folder) for kind in _makers.KINDS}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "kind" in metafunc.fixturenames:
        metafunc.parametrize("kind", _makers.KINDS, ids=lambda kind: kind.name)


@pytest.fixture(scope="session")
def makers() -> ModuleType:
    """The module that makes them."""
    return _makers


@pytest.fixture
def wav(kinds: dict[str, tuple[Path, object]]) -> Path:
    return kinds["wav16"][0]
