"""The real window with a recording that a real probe has labelled."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from persian_mir.backbones import load_backbone
from persian_mir.examples.synthesise import synthesise
from persian_mir.probes import save_probe
from persian_mir_gui.app import build_program, parse
from persian_mir_gui.core.settings import Settings
from persian_mir_gui.shell.main_window import MainWindow
from trainer.data import read_dataset
from trainer.fitting.fit import fit_probe
from trainer.fitting.fit_options import FitOptions
from trainer.fitting.training_data import TrainingData

RATE = 16_000
TASK = "instrument"


@pytest.fixture(scope="module")
def probe(tmp_path_factory: pytest.TempPathFactory, mini_nava: Path) -> Path:
    """A poor one: two passes, and nothing is strange to it."""
    path = tmp_path_factory.mktemp("probes") / "poor.probe"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PERSIAN_MIR_HOME", str(path.parent / "home"))
        options = FitOptions(hidden=(), epochs=2, task=TASK, window_s=1.0, views=0, others=4)
        fitted = fit_probe(
            TrainingData(read_dataset(mini_nava, TASK).entries), options, load_backbone("signal", "cpu")
        ).probe
        save_probe(replace(fitted, novelty=None), path)
    return path


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """Four seconds of a synthesised ney, four of a santoor."""
    parts = [synthesise("shour", name, seed, 4.0, 294.0, RATE).samples for seed, name in enumerate(("ney", "santoor"))]
    path = tmp_path / "synthesised.wav"
    soundfile.write(path, np.concatenate([part[: 4 * RATE] for part in parts]), RATE)
    return path


@pytest.fixture
def window(qapp: QApplication, qtbot: QtBot, recording: Path, probe: Path) -> Iterator[MainWindow]:
    hook = sys.excepthook
    settings = Settings()
    for key, value in (("label_on_open", False), ("predictors", []), ("device", "cpu"), ("reviewer", "Sara")):
        settings.set(key, value)
    settings.save()
    program = build_program(qapp, parse([str(recording)]))
    made = program.window
    made.services = program.services  # for the tests alone
    qtbot.addWidget(made)
    made.resize(1400, 860)
    with qtbot.waitExposed(made):
        made.show()
    services = made.services
    services.labelling.predictors.add_probe(probe)
    item = lambda: services.session.current  # noqa: E731
    qtbot.waitUntil(lambda: item() is not None and item().state == "ready")
    qtbot.waitUntil(lambda: [one.chosen for one in services.labelling.predictors.all] == [False, True])
    made.top.label.click()
    qtbot.waitUntil(lambda: item().labelling == "done")
    qtbot.waitUntil(lambda: services.review.statements.store is not None)
    yield made
    made.close()
    sys.excepthook = hook
