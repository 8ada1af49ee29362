"""A real, small fit: what is no instrument is none of its labels, also where pauses were among the examples."""

from __future__ import annotations

import numpy as np
import pytest
import soundfile

from persian_mir.audio import open_audio
from persian_mir.backbones import SIGNAL, load_backbone
from persian_mir.embeddings import EmbeddingCache
from persian_mir.probes import ProbePredictor
from persian_mir.progress import SILENT
from trainer.data import read_dataset
from trainer.data.mini_nava import make_mini_nava
from trainer.features.extraction import all_layers
from trainer.features.gather import gather
from trainer.features.played import played
from trainer.fitting.fit import fit_probe
from trainer.fitting.fit_options import FitOptions
from trainer.fitting.training_data import TrainingData

RATE = 22_050


@pytest.fixture(scope="module")
def predictor(tmp_path_factory: pytest.TempPathFactory) -> ProbePredictor:
    folder, backbone = tmp_path_factory.mktemp("mini-nava"), load_backbone(SIGNAL)
    make_mini_nava(folder, recordings=60, seconds=10.0)
    options = FitOptions(task="instrument", hidden=(16,), epochs=20, views=1)
    return ProbePredictor(fit_probe(TrainingData(read_dataset(folder).entries), options, backbone).probe, backbone)


def noises() -> dict[str, np.ndarray]:
    """12 s each of what no instrument is."""
    rng, t = np.random.default_rng(1), np.arange(12 * RATE) / RATE
    white = rng.standard_normal(len(t))
    brown = np.cumsum(white) - np.linspace(0, white.sum(), len(t))
    hum = sum(np.sin(2 * np.pi * 50 * k * t) / k for k in range(1, 8))
    return {"white": white, "brown": brown, "hum": hum, "clicks": (np.arange(len(t)) % 2205 == 0).astype(float)}


@pytest.mark.parametrize("kind", noises())
def test_what_is_no_instrument_is_none_of_them(predictor, tmp_path, kind):
    sound = noises()[kind]
    soundfile.write(tmp_path / "a.wav", 0.3 * sound / np.abs(sound).max(), RATE)
    with open_audio(tmp_path / "a.wav") as source:
        said = predictor.predict(source)[0]
    assert said.reason.startswith("None of the labels that it knows")
    assert all(said.reasons)


def test_pauses_are_heard_as_such_and_kept(tmp_path):
    rng, t = np.random.default_rng(2), np.arange(20 * RATE) / RATE
    for label, hz in (("tar", 220.0), ("ney", 330.0)):
        playing = np.where((t < 10) | (t >= 15), np.sin(2 * np.pi * hz * t), 0.0)  # from 10 to 15 s nobody plays
        (tmp_path / label).mkdir()
        sound = 0.3 * playing + 0.003 * rng.standard_normal(len(t))
        soundfile.write(tmp_path / label / f"{label}.wav", sound, RATE)
    cache = EmbeddingCache(tmp_path / "cache")
    extractor = all_layers(load_backbone(SIGNAL), FitOptions(task="instrument").grid, cache)
    data = read_dataset(tmp_path)
    features = gather(data.entries, "instrument", data.labels("instrument"), extractor, SILENT)
    assert played(features, extractor, SILENT).tolist() == [True, True, False, True] * 2
    files = sorted(cache.folder.rglob("*.safetensors"))
    assert played(features, extractor, SILENT).tolist() == [True, True, False, True] * 2
    assert sorted(cache.folder.rglob("*.safetensors")) == files


def test_no_label_of_a_recording_is_left_without_a_segment(tmp_path):
    t = np.arange(20 * RATE) / RATE
    soundfile.write(tmp_path / "a.wav", np.where(t < 10, 0.3, 0.003) * np.sin(2 * np.pi * 220 * t), RATE)
    soundfile.write(tmp_path / "b.wav", 0.3 * np.sin(2 * np.pi * 330 * t), RATE)
    rows = ["file,instrument,start_s,stop_s", "a.wav,tar,0,10", "a.wav,ney,10,20", "b.wav,tar,,"]
    (tmp_path / "m.csv").write_text("\n".join(rows))
    data = read_dataset(tmp_path / "m.csv")
    extractor = all_layers(load_backbone(SIGNAL), FitOptions(task="instrument").grid, None)
    features = gather(data.entries, "instrument", data.labels("instrument"), extractor, SILENT)
    assert played(features, extractor, SILENT).all()
