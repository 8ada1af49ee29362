from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import soundfile

from persian_mir.examples.synthesise import synthesise
from trainer.__main__ import main

RATE = 16_000
SECONDS = 8.0


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Synthesised recordings, one folder a class: four each of setar and ney."""
    folder = tmp_path_factory.mktemp("corpus")
    for seed in range(8):
        instrument = ("setar", "ney")[seed % 2]
        sound = synthesise(("shour", "mahour")[seed % 4 // 2], instrument, seed, SECONDS, 220.0 + 9 * seed, RATE)
        path = folder / instrument / f"synthesised {seed}.wav"
        path.parent.mkdir(exist_ok=True)
        soundfile.write(path, sound.samples, sound.rate)
    return folder


@pytest.fixture
def no_listener(monkeypatch: pytest.MonkeyPatch) -> None:
    """Standard input belongs to pytest."""
    monkeypatch.setattr("trainer.__main__._listen", lambda stop: None)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], no_listener: None) -> Callable[..., tuple[int, list[dict[str, Any]]]]:
    """`fit` in this process, as the window reads it: its exit code and the events."""

    def fit(*arguments: object) -> tuple[int, list[dict[str, Any]]]:
        code = main(["fit", *map(str, arguments), "--json"])
        return code, [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    return fit
