"""Tiny collections whose right answer is known by construction."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from persian_mir.modal.degrees import scale_degrees
from trainer.__main__ import main

RATE = 16_000
SECONDS = 8
Rows = Iterable[tuple[str, str, str, str]]


def tones(hz: Iterable[float], brightness: float = 0.5) -> np.ndarray:
    """Notes of a quarter of a second with harmonics that fall by `brightness` each: float32 [samples]."""
    time = np.arange(RATE // 4) / RATE
    fade = np.minimum(1, np.minimum(time, time[::-1]) / 0.01)
    notes = [sum(brightness**k * np.sin(2 * np.pi * (k + 1) * f * time) for k in range(6)) * fade for f in hz]
    sound = np.concatenate(notes)
    return np.asarray(0.5 * sound / np.abs(sound).max(), np.float32)


def scale(mode: str, tonic_hz: float, seed: int) -> list[float]:
    """A walk over the notated degrees of a mode, its shahed every other note: Hz of 32 notes."""
    steps = [degree.step * 50 for degree in scale_degrees(mode)]
    order = np.random.default_rng(seed).permutation(np.resize(steps, SECONDS * 2))
    return [tonic_hz * 2 ** (cents / 1200) for step in order for cents in (0, step)]


@pytest.fixture(scope="session")
def scales(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A manifest of three modes, five recordings each on other shaheds; the last, by another artist, is the test."""
    folder = tmp_path_factory.mktemp("scales")
    rows = []
    for place, mode in enumerate(("mahour", "segah", "chahargah")):
        for take in range(5):
            name = f"{mode} {take}.wav"
            soundfile.write(folder / name, tones(scale(mode, 220 + 17 * take + 5 * place, take)), RATE)
            rows.append((name, mode, f"artist {take}", ("train", "train", "train", "dev", "test")[take]))
    return write_manifest(folder, "dastgah", rows)


def write_manifest(folder: Path, task: str, rows: Rows) -> Path:
    """`data.csv` with file, label, artist and split."""
    path = folder / "data.csv"
    lines = [f"file,{task},artist,split", *(",".join(row) for row in rows)]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


@pytest.fixture
def baseline(
    capsys: pytest.CaptureFixture[str], no_listener: None, tmp_path: Path
) -> Callable[..., tuple[int, dict[str, Any]]]:
    """`baseline NAME` in this process: its exit code and the last event. `out` is a file in `tmp_path`."""

    def fit(name: str, *arguments: object) -> tuple[int, dict[str, Any]]:
        out = tmp_path / f"{name}.baseline"
        code = main(["baseline", name, "--out", str(out), "--json", *map(str, arguments)])
        return code, json.loads(capsys.readouterr().out.splitlines()[-1])

    return fit
