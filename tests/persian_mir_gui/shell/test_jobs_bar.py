"""How busy the models are, shown while they are at work."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from persian_mir.backbones import BackboneKey
from persian_mir.backbones.backbone import Floats
from persian_mir.batch.queue_rows import State
from persian_mir.batch.run import BatchStatus
from persian_mir.embeddings import SharedBackbone
from persian_mir.prediction import Prediction
from persian_mir.provenance import Provenance
from persian_mir_gui.archive.batch_desk import Order, Outcome
from persian_mir_gui.archive.batch_window import BatchWindow
from persian_mir_gui.labelling.predictors import PredictorChoice
from persian_mir_gui.shell.jobs_bar import JobsBar
from persian_mir_gui.shell.services import Services
from persian_mir_gui.widgets.theme_source import ThemeSource


class Waiting:
    """A backbone that computes until `go` is set."""

    precision, batch, device = "fp32", 1, "cpu"
    key = BackboneKey("waiting", "1", "0", 16_000, 1, 1, False)

    def __init__(self) -> None:
        self.go = threading.Event()

    def embed(self, batch: Floats, layers: Sequence[int]) -> Floats:
        self.go.wait(20)
        return np.zeros((len(batch), len(layers), 1), np.float32)


class Embedding:
    """A predictor that embeds one window of each recording."""

    id, name, tasks = "embedding", "Embedding", ("instrument",)

    def __init__(self, inner: Waiting) -> None:
        self.backbone = SharedBackbone(inner)

    def provenance(self) -> Provenance:
        return Provenance("embedding", {"embedding": "1"}, {})

    def predict(self, source: Any, progress: Any) -> tuple[Prediction, ...]:
        progress.step(0.1)
        self.backbone.embed(np.zeros((1, 100), np.float32), (0,))
        whole = np.array([0]), np.array([source.recording.frames])
        share = np.array([0.7, 0.3], np.float32)
        return (Prediction("instrument", ("tar", "ney"), *whole, share[None], share, self.provenance()),)


@pytest.fixture
def inner() -> Iterator[Waiting]:
    made = Waiting()
    yield made
    made.go.set()


@pytest.fixture
def bar(qtbot: QtBot, services: Services, themes: ThemeSource) -> JobsBar:
    made = JobsBar(services.labelling, services.batch, services.runners, themes)
    qtbot.addWidget(made)
    made.show()
    return made


def shown(bar: JobsBar) -> bool:
    bar.refresh()
    found = re.fullmatch(r"models (\d+)%", bar._used.text())
    return bar._used.isVisible() and found is not None and 0 < int(found[1]) <= 100


def test_a_batch_shows_how_busy_its_models_are(
    qtbot: QtBot, services: Services, bar: JobsBar, inner: Waiting, tone: Path
) -> None:
    assert not bar._used.isVisible()
    choice = PredictorChoice("embedding", "Embedding", ("instrument",))
    services.batch.start(Order((tone,), (), (choice,)), lambda _choice, _device: Embedding(inner))
    qtbot.waitUntil(lambda: shown(bar))
    inner.go.set()
    qtbot.waitUntil(lambda: not services.batch.running)
    bar.refresh()
    assert not bar._used.isVisible()


def test_the_bar_and_the_window_of_a_batch_tell_the_same(
    qtbot: QtBot, services: Services, bar: JobsBar, inner: Waiting, themes: ThemeSource, tone: Path
) -> None:
    window = BatchWindow(services.batch, services.labelling.predictors, services.settings, themes)
    qtbot.addWidget(window)
    choice = PredictorChoice("embedding", "Embedding", ("instrument",))
    services.batch.start(Order((tone,), (), (choice,)), lambda _choice, _device: Embedding(inner))
    qtbot.waitUntil(lambda: services.batch.status is not None)
    status = BatchStatus({State.WAITING: 3, State.DONE: 1}, 0.25, 300.0, False, 100.0)
    services.batch._advance(Outcome(status))
    assert bar._text.toolTip().endswith("5 min left")
    assert window.told.text().endswith("5 min left")
    assert bar._bar.value() == window.bar.value() == round(0.25 * bar._bar.maximum())
    services.batch._advance(Outcome(replace(status, paused=True)))
    assert "left" not in bar._text.toolTip() + window.told.text()
    inner.go.set()
    qtbot.waitUntil(lambda: not services.batch.running)


def test_labelling_shows_how_busy_its_models_are(
    qtbot: QtBot, services: Services, bar: JobsBar, inner: Waiting, tone: Path
) -> None:
    services.labelling._bench._make = lambda _choice, _device: Embedding(inner)
    services.session.open_paths([tone])
    qtbot.waitUntil(lambda: not services.io.jobs and bool(services.labelling.predictors.chosen))
    high = bar.minimumSizeHint().height()
    services.labelling.label(services.session.items)
    qtbot.waitUntil(lambda: shown(bar))
    assert bar.minimumSizeHint().height() == high  # the bar of the transport does not move
    inner.go.set()
    qtbot.waitUntil(lambda: not services.labelling.running)
    bar.refresh()
    assert not bar._used.isVisible()
