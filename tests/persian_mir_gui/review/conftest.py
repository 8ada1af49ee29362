"""A recording that a made-up probe has labelled, in real services with a real store."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from pytestqt.qtbot import QtBot

from persian_mir.prediction import Prediction, pooled
from persian_mir.provenance import Provenance
from persian_mir_gui.library.session import Item
from persian_mir_gui.shell.services import Services, build_services, close_services

RATE = 8000
PROBE = "probe:0a1b2c3d4e5f"
SURENESS = (0.9, 0.52, 0.8, 0.6)  # the first of two labels; 0.52 is the least sure
LANE = (PROBE, "instrument")


@pytest.fixture
def services(qapp) -> Iterator[Services]:
    made = build_services()
    yield made
    assert close_services(made)


@pytest.fixture
def item(services: Services, qtbot: QtBot, tmp_path: Path) -> Item:
    """Four seconds, of which a probe says `santoor` each time, with `SURENESS`."""
    services.settings.set("reviewer", "Sara")
    opened = _open_tone(services, qtbot, tmp_path / "tone.wav")
    qtbot.waitUntil(lambda: services.review.statements.store is not None)
    return opened


def _open_tone(services: Services, qtbot: QtBot, path: Path, seconds: float = 4.0) -> Item:
    samples = 0.3 * np.sin(2 * np.pi * 440 / RATE * np.arange(round(seconds * RATE)))
    soundfile.write(path, samples.astype(np.float32), RATE)
    services.session.open_paths([path])
    opened = lambda: next((one for one in services.session.items if one.path == path), None)  # noqa: E731
    qtbot.waitUntil(lambda: opened() is not None and opened().state == "ready")
    one = opened()
    assert one is not None
    services.session.select(one)
    _predict(services, one, PROBE, SURENESS)
    return one


def _predict(services: Services, item: Item, who: str, sureness: tuple[float, ...]) -> None:
    rows = np.array([[p, 1 - p] for p in sureness], np.float32)
    starts = np.arange(len(rows), dtype=np.int64) * RATE
    stops = starts + RATE
    made = Provenance(who, {who: "0a1b2c3d4e5f6a7b"})
    labels = ("santoor", "ney")
    said = Prediction("instrument", labels, starts, stops, rows, pooled(rows, stops - starts), made)
    services.session.put_prediction(item, who, "Instrument · test", said)


def _marks(services: Services, item: Item) -> dict[int, tuple[str, str]]:
    return {k: (one.status, one.label) for k, one in services.review.statements.marks(item, LANE).items()}


@pytest.fixture
def open_tone() -> Any:
    return _open_tone


@pytest.fixture
def predict() -> Any:
    return _predict


@pytest.fixture
def marks() -> Any:
    return _marks
