"""The main job from end to end: probes fitted on synthesised sound say the same in the terminal and in the window."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from persian_mir.backbones import load_backbone
from persian_mir.commands.main import main
from persian_mir.examples.synthesise import synthesise
from persian_mir.models.store import add_folder
from persian_mir.probes import save_probe
from trainer.data import read_dataset
from trainer.fitting.fit import fit_probe
from trainer.fitting.fit_options import FitOptions
from trainer.fitting.training_data import TrainingData

RATE = 16_000
SECONDS = 6.0
OPTIONS = FitOptions(hidden=(8,), epochs=30, lr=1e-2, task="instrument", window_s=2.0, hop_s=1.0, views=0, others=4)

Said = dict[tuple[str, str], tuple[list[str], list[list[float]]]]  # labels and numbers of each predictor and task
NewHome = Callable[[str], Path]


@dataclass(frozen=True, slots=True)
class Bench:
    """Two probes, the folder of the model that the second one needs, and a recording that neither has heard."""

    probes: tuple[Path, Path]
    model: Path
    held_out: Path


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory, tiny_hubert: Path) -> Bench:
    folder = tmp_path_factory.mktemp("first light")
    for seed in range(6):
        instrument = ("setar", "ney")[seed % 2]
        write(folder / "corpus" / instrument / f"synthesised {seed}.wav", instrument, seed)
    held_out = write(folder / "آواز شور.wav", "ney", 91)
    probes = folder / "signal.probe", folder / "hubert.probe"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PERSIAN_MIR_HOME", str(folder / "trainer's home"))
        examples = read_dataset(folder / "corpus", "instrument").entries
        for path, backbone, layers in zip(probes, ("signal", add_folder(tiny_hubert).id), ("0", "1,2"), strict=True):
            options = replace(OPTIONS, layers=layers)
            save_probe(fit_probe(TrainingData(examples), options, load_backbone(backbone, "cpu")).probe, path)
    return Bench(probes, tiny_hubert, held_out)


def write(path: Path, instrument: str, seed: int) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    sound = synthesise(("shour", "mahour")[seed % 4 // 2], instrument, seed, SECONDS, 220.0 + 5 * seed, RATE)
    soundfile.write(path, sound.samples, sound.rate)
    return path


@pytest.fixture
def new_home(bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> NewHome:
    """Moves to folders with nothing computed in them: what is compared was computed twice, not read from one cache."""

    def move(name: str) -> Path:
        monkeypatch.setenv("PERSIAN_MIR_HOME", str(tmp_path / name))
        add_folder(bench.model)
        return tmp_path / name

    return move


def arguments(bench: Bench) -> list[str]:
    probes = [part for probe in bench.probes for part in ("--probe", str(probe))]
    return ["label", str(bench.held_out), "--modal", *probes, "--device", "cpu", "--format", "json"]


def of_command(output: str) -> Said:
    """Segments, and as the last row of each the verdict on the recording, from the documented JSON."""
    (file,) = json.loads(output)
    assert file["error"] is None
    said: Said = {}
    for segment in file["segments"]:
        labels, numbers = said.setdefault((segment["predictor"], segment["task"]), ([], []))
        labels.append(segment["label"])
        numbers.append([segment["start_s"], segment["stop_s"], segment["probability"]])
    for predictor in file["predictors"]:
        for task, verdict in predictor["verdicts"].items():
            labels, numbers = said[predictor["id"], task]
            labels += [verdict["label"], verdict["runner_up"]]
            numbers.append([verdict["probability"], verdict["runner_up_probability"], 0.0])
    return said


def of_window(item: Any) -> Said:
    """The same, from what the window's lanes and inspector show."""
    said: Said = {}
    for key, prediction in item.predictions.items():
        segments = [prediction.segment(index) for index in range(len(prediction.starts))]
        times = zip(prediction.starts / item.recording.rate, prediction.stops / item.recording.rate, strict=True)
        verdict = prediction.verdict()
        labels = [segment.label for segment in segments] + [verdict.label, verdict.runner_up]
        numbers = [[*span, segment.probability] for span, segment in zip(times, segments, strict=True)]
        said[key] = labels, [*numbers, [verdict.probability, verdict.runner_up_probability, 0.0]]
    return said


def assert_same(one: Said, other: Said) -> None:
    """Equal in everything named, and to six digits in everything counted."""
    assert one.keys() == other.keys()
    for key, (labels, numbers) in one.items():
        assert labels == other[key][0]
        np.testing.assert_allclose(numbers, other[key][1], rtol=0, atol=1e-6)


def test_the_window_says_what_the_command_says(
    bench: Bench, new_home: NewHome, capsys: pytest.CaptureFixture[str], request: pytest.FixtureRequest
) -> None:
    pytest.importorskip("PySide6.QtWidgets", exc_type=ImportError)
    new_home("of the command")
    assert main(arguments(bench)) == 0
    said = of_command(capsys.readouterr().out)
    probes = [key for key in said if key[0].startswith("probe:")]
    assert set(said) == {("modal", "dastgah"), ("modal", "mode"), *probes}
    assert [key[1] for key in probes] == ["instrument"] * 2
    assert said[probes[0]][0][-2:] == ["ney", "setar"]  # classical features are enough for these two
    new_home("of the window")
    assert_same(said, of_window(labelled_in_the_window(bench, request)))


def labelled_in_the_window(bench: Bench, request: pytest.FixtureRequest) -> Any:
    from persian_mir_gui.app import build_program, parse
    from persian_mir_gui.core.settings import Settings

    qtbot, hook = request.getfixturevalue("qtbot"), sys.excepthook
    settings = Settings()
    settings.set("label_on_open", False)
    settings.set("device", "cpu")
    program = build_program(request.getfixturevalue("qapp"), parse([str(bench.held_out)]))
    window = program.window
    qtbot.addWidget(window)
    try:
        with qtbot.waitExposed(window):
            window.show()
        session, labelling = program.services.session, program.services.labelling
        for probe in bench.probes:
            labelling.predictors.add_probe(probe)
        qtbot.waitUntil(lambda: session.current is not None and session.current.state == "ready", timeout=20_000)
        qtbot.waitUntil(lambda: [choice.chosen for choice in labelling.predictors.all] == [True] * 3, timeout=20_000)
        window.top.label.click()
        assert labelling.running
        qtbot.waitUntil(lambda: not labelling.running, timeout=60_000)
        assert session.current.labelling == "done"
        assert not window.messages.isVisible()
        return session.current
    finally:
        window.close()
        sys.excepthook = hook


def test_the_installed_command_says_it_too(bench: Bench, new_home: NewHome, capsys: pytest.CaptureFixture[str]) -> None:
    new_home("of this process")
    assert main(arguments(bench)) == 0
    said = of_command(capsys.readouterr().out)
    environment = os.environ | {"PERSIAN_MIR_HOME": str(new_home("of the other"))}
    command = [sys.executable, "-m", "persian_mir", *arguments(bench)]
    ran = subprocess.run(command, capture_output=True, encoding="utf-8", env=environment, timeout=100, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert_same(said, of_command(ran.stdout))
