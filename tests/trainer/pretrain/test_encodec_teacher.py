"""EnCodec as the teacher, on a small random one: what is learnt is its codes, and a run goes on to the same weights."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from persian_mir.backbones.encodec import codes
from persian_mir.backbones.loading import load_network
from persian_mir.errors import ModelError
from persian_mir.models.store import InstalledModel, model_folder, write_record
from persian_mir.progress import Cancelled
from tests.persian_mir.backbones.encodec_tiny import save
from tests.trainer.pretrain.killed import kill_and_go_on
from tests.trainer.pretrain.listener import Listener
from trainer.__main__ import main
from trainer.pretrain.corpus import draw, read_corpus
from trainer.pretrain.encodec_teacher import ENCODEC
from trainer.pretrain.recipe import PretrainOptions
from trainer.pretrain.run import KEPT, begin_with, prepare, run_pretraining
from trainer.pretrain.train import LEARNING, losses_of

Options = Callable[..., PretrainOptions]


@pytest.fixture
def encodec(tmp_path: Path) -> Path:
    """A tiny EnCodec, installed: ten books of 64 codes."""
    folder = tmp_path / "encodec"
    with torch.random.fork_rng(devices=[]):
        save(folder)
    write_record(InstalledModel(ENCODEC, "main", "MIT (code)", folder), model_folder(ENCODEC) / "main")
    return folder


@pytest.fixture
def student(tiny_hubert: Path, tmp_path: Path) -> Path:
    """The tiny HuBERT, hearing 24 kHz as MERT does."""
    folder = tmp_path / "student"
    folder.mkdir()
    for path in tiny_hubert.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    heard = folder / "preprocessor_config.json"
    heard.write_text(heard.read_text().replace("16000", "24000"))
    return folder


def chosen(small: Options, **more: object) -> PretrainOptions:
    return small(**{"teacher": "encodec", "codes": 0, **more})


def test_what_is_learnt_is_its_codes(
    tones: Path, encodec: Path, student: Path, small: Options, monkeypatch: pytest.MonkeyPatch
) -> None:
    options, corpus = chosen(small, books=8), read_corpus(tones, 1.0)
    net, task = prepare(begin_with(str(student), options), corpus, options, "cpu")
    learnt: list[torch.Tensor] = []
    losses = net.losses

    def watched(heard: torch.Tensor, hidden: torch.Tensor, named: torch.Tensor, spectrum: torch.Tensor) -> object:
        learnt.append(named)
        return losses(heard, hidden, named, spectrum)

    monkeypatch.setattr(net, "losses", watched)
    losses_of(net, task, corpus.learnt, (LEARNING, 0, 3), range(4), "cpu")
    clips = np.stack(list(draw(corpus.learnt, (LEARNING, 0, 3), range(4), 1.0, 24_000)))
    expected = codes(load_network(encodec, ENCODEC, "main")[0], clips, 8)
    assert task.frames == 74
    assert expected.shape == (4, 75, 8)
    assert len(np.unique(expected)) > 12, "more than one a book"
    np.testing.assert_array_equal(learnt[0].numpy(), expected[:, :74])
    assert net.embeddings.shape[:2] == (8, 64)


def test_a_run_that_was_stopped_ends_as_one_that_was_not(
    tones: Path, encodec: Path, student: Path, tmp_path: Path, small: Options
) -> None:
    run_pretraining(tones, str(student), tmp_path / "whole", chosen(small), "cpu")
    for stop_after in (2, 3):
        with pytest.raises(Cancelled):
            run_pretraining(tones, str(student), tmp_path / "parts", chosen(small), "cpu", Listener(stop_after))
    run_pretraining(tones, str(student), tmp_path / "parts", chosen(small), "cpu")
    one, other = (load_file(tmp_path / name / "model.safetensors") for name in ("whole", "parts"))
    assert all(torch.equal(one[name], other[name]) for name in one)
    run_pretraining(tones, str(student), tmp_path / "mel", small(), "cpu")
    assert not all(torch.equal(one[name], mel) for name, mel in load_file(tmp_path / "mel/model.safetensors").items())


def test_killed_with_it_a_run_goes_on_to_the_same_weights(
    tones: Path, encodec: Path, student: Path, tmp_path: Path
) -> None:
    def line(name: str) -> list[str]:
        places = ["--data", str(tones), "--from", str(student), "--out", str(tmp_path / name), "--device", "cpu"]
        sizes = ["--steps", "6", "--every", "2", "--batch", "2", "--together", "2", "--clip-s", "1", "--books", "2"]
        return ["pretrain", *places, "--teacher", "encodec", *sizes]

    kill_and_go_on(line("killed"), tmp_path / "killed" / KEPT)
    assert main(line("whole")) == 0
    killed, whole = (load_file(tmp_path / name / "model.safetensors") for name in ("killed", "whole"))
    assert killed.keys() == whole.keys()
    assert all(torch.equal(killed[name], whole[name]) for name in whole)


def test_the_card_names_the_teacher(
    tones: Path, encodec: Path, student: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line = ["pretrain", "--data", str(tones), "--from", str(student), "--out", str(tmp_path / "new"), "--device", "cpu"]
    line += ["--teacher", "encodec", "--steps", "1", "--batch", "2", "--clip-s", "1", "--books", "2"]
    assert main([*line, "--cost", "--json"]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["clip_s"] > 0
    assert main(line) == 0
    teacher = json.loads((tmp_path / "new" / "pretrained.json").read_text())["teacher"]
    assert (teacher["kind"], teacher["id"], teacher["revision"]) == ("encodec", ENCODEC, "main")
    assert teacher["licence"] == "MIT (code)"
    assert teacher["weights"]
    assert not (tmp_path / "new" / "teacher.npz").exists()


def test_another_teacher_does_not_go_on_with_what_was_kept(
    tones: Path, encodec: Path, student: Path, tmp_path: Path, small: Options
) -> None:
    """The weights of EnCodec changed: what was learnt from the old ones is not mixed with the new."""
    with pytest.raises(Cancelled):
        run_pretraining(tones, str(student), tmp_path / "new", chosen(small), "cpu", Listener(2))
    save(encodec, num_filters=6)
    listener = Listener()
    run_pretraining(tones, str(student), tmp_path / "new", chosen(small), "cpu", listener)
    assert [one.step for one in listener.course] == [1, 2, 3, 4, 5, 6]


def test_without_it_people_are_told_how_to_get_it(
    tmp_path: Path, student: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line = ["pretrain", "--data", str(tmp_path / "nothing"), "--from", str(student), "--out", str(tmp_path / "new")]
    assert main([*line, "--teacher", "encodec", "--device", "cpu"]) == 2
    assert f"persian-mir models fetch {ENCODEC}" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("more", "why"),
    [({"codes": 32}, "10 books of 64 codes"), ({"books": 11}, "10 books of 64 codes")],
)
def test_sizes_that_it_has_not_are_refused(
    more: dict[str, int], why: str, encodec: Path, student: Path, small: Options
) -> None:
    with pytest.raises(ModelError, match=why):
        begin_with(str(student), chosen(small, **more))


def test_a_model_of_another_rate_is_refused(encodec: Path, tiny_hubert: Path, small: Options) -> None:
    with pytest.raises(ModelError, match=r"24000 Hz with 75 frames.*16000 Hz with 50") as caught:
        begin_with(str(tiny_hubert), chosen(small))
    assert "--teacher mel" in caught.value.cure
