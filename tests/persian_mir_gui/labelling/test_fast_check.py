"""The check whether fast agrees, from the menu of the device, with real probes on real recordings."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from persian_mir.backbones import load_backbone
from persian_mir.computing import AUTOMATIC
from persian_mir.models.store import add_folder
from persian_mir.probes import Head, Probe, save_probe
from persian_mir_gui.core.messages import Message
from persian_mir_gui.labelling.device_menu import DeviceMenu
from persian_mir_gui.labelling.predictors import probes_folder
from persian_mir_gui.shell.services import Services
from tests.persian_mir.probes.conftest import make


def hubert_probe(folder: Path) -> Probe:
    """One that a rounding does not make say something else."""
    key = load_backbone(add_folder(folder).id, "cpu", "exact", "torch").key
    zeros, ones = np.zeros((1, key.width), np.float32), np.ones((1, key.width), np.float32)
    head = Head((np.zeros((3, key.width), np.float32),), (np.array([1, 0, -1], np.float32),))
    layer = {"layers": (2,), "layer_weights": np.ones(1, np.float32), "mean": zeros, "std": ones}
    return make(backbone=key, head=head, novelty=None, **layer)


@pytest.fixture
def menu(qtbot, services: Services) -> DeviceMenu:
    menu = DeviceMenu(services.io, services.settings, services.labelling)
    qtbot.addWidget(menu)
    return menu


@pytest.fixture
def said(services: Services) -> list[Message]:
    messages: list[Message] = []
    services.messages.posted.connect(messages.append)
    return messages


@pytest.mark.usefixtures("any_bfloat16")
def test_a_chosen_probe_that_agrees_computes_fast(
    qtbot, services: Services, menu: DeviceMenu, said: list[Message], tiny_hubert: Path, tmp_path: Path
) -> None:
    probe = hubert_probe(tiny_hubert)
    save_probe(probe, probes_folder() / "a.probe")
    soundfile.write(tmp_path / "a.wav", 0.1 * np.random.default_rng(0).standard_normal(16_000 * 90), 16_000)
    services.settings.set("device", "cpu")
    services.settings.set("engine", "torch")
    services.settings.set("label_on_open", False)
    with qtbot.waitSignal(services.labelling.predictors.changed):
        services.labelling.predictors.refresh()
    (choice,) = [one for one in services.labelling.predictors.all if one.path]
    services.labelling.predictors.choose(choice.id, True)
    services.session.open_paths([tmp_path / "a.wav"])
    qtbot.waitUntil(lambda: [item.state for item in services.session.items] == ["ready"])
    bench = services.labelling._bench
    how = AUTOMATIC._replace(engine="torch")
    before = bench.predictor(choice, how)
    menu.check.trigger()
    qtbot.waitUntil(lambda: bool(said))
    assert [one.level for one in said] == ["info"]
    assert "59 of 59 segments" in said[0].what
    assert "fast" in said[0].cure
    after = bench.predictor(choice, how)
    assert (before.backbone.precision, after.backbone.precision[:4]) == ("fp32", "bf16")  # type: ignore[attr-defined]


def test_with_nothing_to_check_it_says_what_is_wanted(
    services: Services, menu: DeviceMenu, said: list[Message]
) -> None:
    menu.check.trigger()
    assert "open recordings" in said[0].cure


def test_the_precision_is_a_setting(services: Services, menu: DeviceMenu) -> None:
    chosen = lambda: [one.objectName() for one in menu._precision.actions() if one.isChecked()]  # noqa: E731
    assert chosen() == ["auto"]
    menu._precision.actions()[2].trigger()
    assert services.settings.get("precision") == "fast"
    services.settings.set("precision", "exact")
    assert chosen() == ["exact"]
