"""What every test stands on: folders of its own, no display, and nothing left behind unnoticed."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["LANGUAGE"] = "en"
os.environ["HF_HUB_OFFLINE"] = "1"  # a test that means to reach its loopback hub says so itself

GRACE_S = 2.0  # a pool's threads need a moment to end after its work has


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "logs: this test expects warnings in the log and checks them itself")


@pytest.fixture(autouse=True)
def _own_folders(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PERSIAN_MIR_HOME", str(tmp_path_factory.mktemp("home")))


@pytest.fixture(autouse=True)
def _no_thread_left() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    deadline = time.monotonic() + GRACE_S
    while left := [t for t in threading.enumerate() if t not in before and not t.name.startswith("tqdm")]:
        if time.monotonic() > deadline:
            pytest.fail(f"threads left behind: {left}")
        time.sleep(0.01)


@pytest.fixture(autouse=True)
def _no_unexpected_log(request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    yield
    if request.node.get_closest_marker("logs"):
        return
    loud = [r for r in caplog.get_records("call") if r.levelno >= logging.WARNING]
    assert not loud, f"unexpected log records: {[r.getMessage() for r in loud]}"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of recordings and golden vectors beside the project; not part of it."""
    folder = Path(__file__).parents[2] / "shared"
    if not folder.is_dir():
        pytest.skip("the folder ../shared (recordings and golden vectors) is not here")
    return folder
