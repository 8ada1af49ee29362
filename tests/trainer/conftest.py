from __future__ import annotations

from pathlib import Path

import pytest
import soundfile

from persian_mir.examples.synthesise import synthesise

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
