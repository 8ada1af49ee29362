"""CLAP's two halves against `transformers`' own model, feature extractor and tokeniser."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from transformers import ClapFeatureExtractor, RobertaTokenizer

from persian_mir.backbones import load_backbone
from persian_mir.backbones.words import WordEncoder
from persian_mir.errors import ModelError
from tests.persian_mir.backbones.clap_maker import save_clap

RATE = 48_000
TEXTS = ("slow ney, breathy", "loud drums", "a", "نی آرام", "fast " * 20)


@pytest.fixture(scope="module", params=["safetensors", "bin"])
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any]:
    """A folder, and the model whose weights lie in it."""
    folder = tmp_path_factory.mktemp("clap")
    return folder, save_clap(folder, request.param == "bin")


def sound(seconds: float) -> np.ndarray:
    rng = np.random.default_rng(1)
    tone = 0.3 * np.sin(2 * np.pi * 330 * np.arange(round(seconds * RATE)) / RATE)
    return (tone + rng.normal(0, 0.02, len(tone))).astype(np.float32)


def expected(made: tuple[Path, Any], window: np.ndarray) -> np.ndarray:
    """What `transformers` makes of a window of ten seconds or less."""
    folder, model = made
    features = ClapFeatureExtractor.from_pretrained(folder)(window, sampling_rate=RATE, return_tensors="pt")
    with torch.no_grad():
        return model.get_audio_features(input_features=features["input_features"].float()).pooler_output.numpy()


@pytest.mark.parametrize("seconds", [10.0, 7.3, 3.0, 0.5])
def test_a_window_is_heard_as_the_model_hears_it(made: tuple[Path, Any], seconds: float) -> None:
    backbone = load_backbone(str(made[0]), "cpu")
    key = backbone.key
    assert (key.rate, key.states, key.width, key.normalise) == (48_000, 1, 24, False)
    meant = expected(made, sound(seconds))
    assert np.abs(meant).mean() > 0.1
    np.testing.assert_allclose(backbone.embed(sound(seconds)[None], [0])[:, 0], meant, atol=2e-4, rtol=2e-4)


def test_of_a_longer_window_the_mean_of_its_pieces_is_taken(made: tuple[Path, Any]) -> None:
    window = sound(14.0)
    meant = (expected(made, window[: 10 * RATE]) + expected(made, window[4 * RATE :])) / 2
    found = load_backbone(str(made[0]), "cpu").embed(np.stack([window, window[::-1]]), [0])
    np.testing.assert_allclose(found[:1, 0], meant, atol=2e-4, rtol=2e-4)
    assert not np.allclose(found[0], found[1], atol=1e-3)


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_is_read_as_the_model_reads_it(made: tuple[Path, Any], text: str) -> None:
    folder, model = made
    tokens = RobertaTokenizer.from_pretrained(folder)(text, return_tensors="pt", truncation=True, max_length=77)
    with torch.no_grad():
        vector = model.get_text_features(**tokens).pooler_output[0]
    found = WordEncoder(folder).embed(text)
    assert np.linalg.norm(found) == pytest.approx(1, abs=1e-5)
    np.testing.assert_allclose(found, (vector / vector.norm()).numpy(), atol=2e-5)


def test_a_model_that_takes_all_words_for_the_same_is_refused(tmp_path: Path) -> None:
    """As laion/larger_clap_music is published."""
    model = save_clap(tmp_path)
    with torch.no_grad():
        model.text_projection.linear1.weight.mul_(1e-3)
    model.save_pretrained(tmp_path)
    with pytest.raises(ModelError, match="all words for the same") as caught:
        WordEncoder(tmp_path)
    assert "larger_clap_general" in caught.value.cure
    assert load_backbone(str(tmp_path), "cpu").embed(sound(1.0)[None], [0]).shape == (1, 1, 24)


def test_words_that_are_missing_damaged_or_too_many(tmp_path: Path) -> None:
    save_clap(tmp_path)
    words = tmp_path / "vocab.json"
    known = json.loads(words.read_text())
    for text, reason in (
        (json.dumps(known | {"more": 10**6}), "does not fit"),
        (json.dumps({word: number for word, number in known.items() if word != "</s>"}), "does not fit"),
        ("{", "damaged"),
        ('{"a": -1}', "damaged"),
    ):
        words.write_text(text)
        with pytest.raises(ModelError, match=reason):
            WordEncoder(tmp_path)
    words.unlink()
    with pytest.raises(ModelError, match=r"vocab\.json"):
        WordEncoder(tmp_path)


@pytest.mark.parametrize(
    ("file", "part", "fields"),
    [
        ("config.json", "audio_config", {"enable_fusion": True}),
        ("config.json", "audio_config", {"hidden_size": 10**9}),
        ("config.json", "audio_config", {"hidden_size": 65}),
        ("config.json", "audio_config", {"depths": [1, 2]}),
        ("config.json", "audio_config", {"depths": [64, 64, 64, 64, 64, 64, 64]}),
        ("config.json", "audio_config", {"num_attention_heads": [3, 4, 4]}),
        ("config.json", "audio_config", {"patch_stride": [2, 2]}),
        ("config.json", "audio_config", {"window_size": 40}),
        ("config.json", "text_config", {"vocab_size": 10**8}),
        ("config.json", "text_config", {"hidden_size": 30}),
        ("config.json", "text_config", {"hidden_act": "os.system"}),
        ("config.json", "", {"projection_hidden_act": "sigmoid"}),
        ("config.json", "", {"audio_config": "all"}),
        ("preprocessor_config.json", "", {"truncation": "fusion"}),
        ("preprocessor_config.json", "", {"sampling_rate": 16_000}),
        ("preprocessor_config.json", "", {"hop_length": 1}),
        ("preprocessor_config.json", "", {"frequency_min": 900, "frequency_max": 800}),
    ],
    ids=str,
)
def test_absurd_descriptions_are_refused(tmp_path: Path, file: str, part: str, fields: dict[str, Any]) -> None:
    save_clap(tmp_path)
    for weights in tmp_path.glob("*.safetensors"):
        weights.write_bytes(b"")  # so that nothing but the description can be what is refused
    held = json.loads((tmp_path / file).read_text())
    (held[part] if part else held).update(fields)
    (tmp_path / file).write_text(json.dumps(held))
    with pytest.raises(ModelError) as caught:
        load_backbone(str(tmp_path), "cpu")
    assert caught.value.path == tmp_path / file
