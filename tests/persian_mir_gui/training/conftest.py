"""The trainer's window over real services, and what a check says of a small corpus."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from persian_mir_gui.shell.services import Services
from persian_mir_gui.training.state.dataset_selection import CheckResult, Fault
from persian_mir_gui.training.trainer_window import TrainerWindow
from persian_mir_gui.widgets.theme_source import ThemeSource


@pytest.fixture
def checked() -> CheckResult:
    """What a check says of a small mini-Nava."""
    return CheckResult(
        "mini-Nava (synthesised)",
        True,
        70,
        12,
        {"tar": {"shour": 0.5, "nava": 0.25}, "ney": {"nava": 1.0}},
        {"train": 42, "dev": 14, "test": 14},
        {"instrument": 7, "dastgah": 0},
        {"instrument": 2, "dastgah": 2, "mode": 0, "artist": 12},
        (Fault("corrupt", "tar/1.flac: It is damaged.", ("tar/1.flac",), ("tar/1.flac",)),),
    )


@pytest.fixture
def trainer(services: Services, qtbot: QtBot, themes: ThemeSource) -> TrainerWindow:
    """The trainer's window, shown, its models looked up."""
    made = TrainerWindow(services.io, services.settings, services.excerpts, services.training, services.study, themes)
    qtbot.addWidget(made)
    made.appear()
    qtbot.waitUntil(lambda: not services.io.jobs)
    return made
