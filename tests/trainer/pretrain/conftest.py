from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from trainer.pretrain.recipe import PretrainOptions

RATE = 16_000
SMALL = PretrainOptions("mert", steps=6, batch=4, together=2, clip_s=1.0, rate=1e-3, every=3, codes=8, books=2)


@pytest.fixture(scope="session")
def tones(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six recordings of 6 s: held notes of half a second, of 16 pitches and 4 levels."""
    folder = tmp_path_factory.mktemp("tones")
    rng = np.random.default_rng(5)
    for number in range(6):
        notes = []
        for _note in range(12):
            hz, level = 200 * 2 ** (rng.integers(16) / 8), 0.1 * 2 ** rng.integers(4) / 2
            time = np.arange(RATE // 2) / RATE
            notes.append(level * np.sin(2 * np.pi * hz * time) * np.minimum(1, 40 * np.minimum(time, 0.5 - time)))
        soundfile.write(folder / f"{number}.flac", np.concatenate(notes), RATE)
    return folder


@pytest.fixture
def small() -> Callable[..., PretrainOptions]:
    from dataclasses import replace

    return lambda **changes: replace(SMALL, **changes)
