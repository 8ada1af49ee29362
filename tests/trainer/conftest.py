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


@pytest.fixture(scope="session")
def tiny_hubert(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A HuBERT of random weights in the hub's own format: two layers, 16 wide."""
    import torch
    from transformers import HubertConfig, HubertModel

    folder = tmp_path_factory.mktemp("models") / "tiny"
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        config = HubertConfig(
            hidden_size=16,
            num_hidden_layers=2,
            num_attention_heads=2,
            intermediate_size=32,
            conv_dim=(16,) * 7,
            num_conv_pos_embeddings=16,
            num_conv_pos_embedding_groups=4,
        )
        HubertModel(config).save_pretrained(folder)
    text = '{"feature_extractor_type": "Wav2Vec2FeatureExtractor", "sampling_rate": 16000, "do_normalize": true}'
    (folder / "preprocessor_config.json").write_text(text)
    return folder
