"""`search --by-sound`: a small CLAP whose words were made to lie at two sounds, on a catalogue of real files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
import torch

from persian_mir.audio import open_audio
from persian_mir.backbones import load_backbone
from persian_mir.backbones.words import UNLIKE, WordEncoder
from persian_mir.catalogue.catalogue import Catalogue
from persian_mir.catalogue.model import Statement
from persian_mir.commands.main import main
from persian_mir.similarity.index import SimilarityIndex
from persian_mir.similarity.words import load_word_search
from tests.persian_mir.backbones.clap_maker import save_clap

RATE = 48_000
SAID = {"low": "slow ney, breathy", "high": "loud drum"}


def sounds() -> dict[str, np.ndarray]:
    """Twenty seconds each: a low tone with breath, and high clicks."""
    rng = np.random.default_rng(2)
    time = np.arange(20 * RATE) / RATE
    low = 0.3 * np.sin(2 * np.pi * 220 * time) + rng.normal(0, 0.02, len(time))
    high = rng.normal(0, 0.5, len(time)) * np.exp(-20 * (time % 0.25))
    return {"low": low, "high": high}


@pytest.fixture(scope="module")
def clap(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A CLAP that has learnt which text belongs to which sound: the last layers of both halves are set to say so."""
    folder = tmp_path_factory.mktemp("models") / "clap"
    folder.mkdir()
    model = save_clap(folder)
    places = torch.eye(24)  # in the space of sounds and words
    network: Any = load_backbone(str(folder), "cpu")._network
    tokens = [WordEncoder(folder)._tokenizer.encode(text).ids for text in (*SAID.values(), *UNLIKE)]
    with torch.no_grad():
        windows = torch.from_numpy(np.stack([one[: 10 * RATE] for one in sounds().values()])).float()
        heard = network.audio_model(input_features=network.log_mel(windows)[:, None]).pooler_output
        read = torch.cat([model.text_model(input_ids=torch.tensor([ids])).pooler_output for ids in tokens])
        for half, said in ((model.audio_projection, heard), (model.text_projection, read)):
            solved = torch.linalg.pinv(torch.relu(half.linear1(said))) @ places[: len(said)]
            half.linear2.weight.copy_(solved.T)
            half.linear2.bias.zero_()
    model.save_pretrained(folder)
    return folder


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Both sounds, of two modes."""
    path = tmp_path / "c.sqlite"
    with Catalogue.open(path) as catalogue:
        for (name, sound), mode in zip(sounds().items(), ("segah", "shour"), strict=True):
            soundfile.write(tmp_path / f"{name}.wav", sound, RATE)
            with open_audio(tmp_path / f"{name}.wav") as source:
                recording = source.recording
            catalogue.put_recording(recording)
            said = Statement("mode", 0, recording.frames, mode, "machine", "modal", probability=0.9)
            catalogue.add_statements(recording.content_hash, [said])
    return path


def asked(clap: Path, archive: Path, *arguments: str) -> list[str]:
    places = ["--catalogue", str(archive), "--backbone", str(clap), "--device", "cpu"]
    return ["search", "--by-sound", *arguments, *places]


@pytest.mark.parametrize("name", SAID)
def test_the_words_find_their_sound(name: str, clap: Path, archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*asked(clap, archive, *SAID[name].split()), "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert len(told) == 4
    assert [Path(one["file"]).stem for one in told[:2]] == [name, name]
    assert told[0]["stop_s"] - told[0]["start_s"] == 10
    assert told[1]["similarity"] > told[2]["similarity"] + 0.1
    assert main([*asked(clap, archive, SAID[name]), "--limit", "1"]) == 0
    assert capsys.readouterr().out.split()[-1].endswith(f"{name}.wav")


def test_what_was_heard_is_kept_and_a_mode_leaves_some(
    clap: Path, archive: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line = [*asked(clap, archive, SAID["low"]), "--format", "json"]
    assert main([*line, "--mode", "shour"]) == 0
    assert {Path(one["file"]).stem for one in json.loads(capsys.readouterr().out)} == {"high"}
    with SimilarityIndex(load_word_search(str(clap), "cpu").features.space) as index:
        assert len(index.store.hashes()) == 1
    assert main(line) == 0
    first = capsys.readouterr().out
    for name in SAID:
        (archive.parent / f"{name}.wav").unlink()  # it was heard before, and is known still
    assert main(line) == 0
    assert capsys.readouterr().out == first


def test_without_the_model_it_says_what_to_fetch_and_its_licence(
    archive: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["search", "--by-sound", "slow ney", "--catalogue", str(archive)]) == 2
    told = capsys.readouterr().err
    assert "776 MB" in told
    assert "Apache-2.0" in told
    assert "persian-mir models fetch laion/larger_clap_general" in told


def test_what_cannot_be_asked_is_said_in_words(
    clap: Path, archive: Path, tiny_hubert: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(asked(clap, archive, "نی آرام")) == 2
    assert "English" in capsys.readouterr().err
    assert main(asked(tiny_hubert, archive, "slow ney")) == 2
    assert "knows no words" in capsys.readouterr().err
