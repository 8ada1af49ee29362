"""A small corpus of synthesised recordings."""

from __future__ import annotations

from pathlib import Path

import pytest
import soundfile

from persian_mir.examples.synthesise import synthesise

MODES = ("segah", "shour", "chahargah")
PLAYED = (("setar", 1, 220.0), ("ney", 2, 415.3))  # instrument, seed, shahed in Hz
RATE = 22_050


@pytest.fixture(scope="session")
def _made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("similar") / "corpus"
    folder.mkdir()
    for mode in MODES:
        for instrument, seed, tonic_hz in PLAYED:
            made = synthesise(mode, instrument, seed, 45.0, tonic_hz, RATE)
            soundfile.write(folder / f"{mode} {instrument}.flac", made.samples, RATE)
    return folder


@pytest.fixture
def corpus(_made: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Six recordings of 45 s, `MODE INSTRUMENT.flac`. Not to be changed; what is computed of them is kept for all."""
    monkeypatch.setenv("PERSIAN_MIR_HOME", str(_made.parent / "home"))
    return _made
