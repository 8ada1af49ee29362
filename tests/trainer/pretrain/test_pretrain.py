"""Whole runs at a tiny size: the loss falls, a killed one ends as one that was not, two processes as one."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from persian_mir.backbones import load_backbone
from persian_mir.progress import SILENT, Cancelled
from tests.trainer.pretrain.killed import kill_and_go_on
from tests.trainer.pretrain.listener import Listener
from trainer.__main__ import main
from trainer.features.segments import Remark
from trainer.pretrain.corpus import read_corpus
from trainer.pretrain.cost import kept_bytes
from trainer.pretrain.course import read_curve
from trainer.pretrain.half import LIMIT, halved
from trainer.pretrain.recipe import PretrainOptions
from trainer.pretrain.result import merge_models
from trainer.pretrain.run import KEPT, begin_with, prepare, run_pretraining
from trainer.pretrain.train import begin, learn

Options = Callable[..., PretrainOptions]


def weights(folder: Path) -> dict[str, torch.Tensor]:
    return load_file(folder / "model.safetensors")


def same(one: dict[str, torch.Tensor], other: dict[str, torch.Tensor]) -> bool:
    return one.keys() == other.keys() and all(torch.equal(one[name], other[name]) for name in one)


@pytest.mark.parametrize("recipe", ["mert", "hubert"])
def test_the_loss_falls(recipe: str, tones: Path, tiny_hubert: Path, tmp_path: Path, small: Options) -> None:
    listener = Listener()
    options = small(recipe=recipe, steps=30, batch=8, together=8, every=30)
    run_pretraining(tones, str(tiny_hubert), tmp_path / "new", options, "cpu", listener)
    losses = [one.codes for one in listener.course]
    assert np.mean(losses[-5:]) < np.mean(losses[:5]) - 0.2
    if recipe == "mert":
        assert listener.course[-1].constant_q < 0.6 * listener.course[0].constant_q
    (judged,) = read_curve(tmp_path / "new")
    assert judged == listener.course[-1]
    assert len(judged.judged_codes) == 2
    assert 0 < (judged.judged_right or 0) <= 1


def test_the_result_is_a_model_like_any(tones: Path, tiny_hubert: Path, tmp_path: Path, small: Options) -> None:
    run_pretraining(tones, str(tiny_hubert), tmp_path / "new", small(), "cpu")
    new, old = load_backbone(str(tmp_path / "new")), load_backbone(str(tiny_hubert))
    assert (new.key.rate, new.key.states, new.key.normalise) == (old.key.rate, old.key.states, old.key.normalise)
    noise = np.random.default_rng(0).normal(0, 0.1, (1, 16_000)).astype(np.float32)
    assert np.isfinite(new.embed(noise, (0, 1, 2))).all()
    card = json.loads((tmp_path / "new" / "pretrained.json").read_text())
    assert card["hours"] > 0
    assert card["from"]["id"].startswith("local/")
    assert not (tmp_path / "new" / KEPT).exists()


def test_a_run_that_was_stopped_ends_as_one_that_was_not(
    tones: Path, tiny_hubert: Path, tmp_path: Path, small: Options
) -> None:
    run_pretraining(tones, str(tiny_hubert), tmp_path / "whole", small(), "cpu")
    for stop_after in (2, 3):
        with pytest.raises(Cancelled):
            run_pretraining(tones, str(tiny_hubert), tmp_path / "parts", small(), "cpu", Listener(stop_after))
    run_pretraining(tones, str(tiny_hubert), tmp_path / "parts", small(), "cpu")
    assert same(weights(tmp_path / "whole"), weights(tmp_path / "parts"))


def test_a_damaged_or_foreign_state_begins_anew(
    tones: Path, tiny_hubert: Path, tmp_path: Path, small: Options, caplog: pytest.LogCaptureFixture
) -> None:
    run_pretraining(tones, str(tiny_hubert), tmp_path / "whole", small(), "cpu")
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / KEPT).write_bytes(b"\x10\0\0\0\0\0\0\0{damaged")
    (tmp_path / "parts" / "teacher.npz").write_bytes(b"PK damaged")
    run_pretraining(tones, str(tiny_hubert), tmp_path / "parts", small(), "cpu")
    assert same(weights(tmp_path / "whole"), weights(tmp_path / "parts"))
    assert "damaged" in caplog.text
    caplog.clear()


def first_step(tones: Path, tiny_hubert: Path, options: PretrainOptions) -> tuple[dict[str, torch.Tensor], float]:
    """The gradients of the first step in which all learns, and the bytes kept for the way back at once."""
    corpus = read_corpus(tones, options.clip_s)
    net, task = prepare(begin_with(str(tiny_hubert), options), corpus, options, "cpu")
    task = halved(net, replace(task, from_nothing=True), "cpu", SILENT)
    assert task.half == (options.precision == "fast")
    trained = begin(net, task, "cpu")
    with kept_bytes(net) as kept:
        learn(trained, task, 0, "cpu")
    return {name: one.grad.clone() for name, one in net.named_parameters() if one.grad is not None}, kept[0]


def off(one: dict[str, torch.Tensor], other: dict[str, torch.Tensor]) -> float:
    """How far apart two gradients are, all weights in a row, by the size of the first."""
    assert one.keys() == other.keys()
    rows = [torch.cat([part.flatten() for part in gradient.values()]) for gradient in (one, other)]
    return float((rows[0] - rows[1]).norm() / rows[0].norm())


def test_gradients_add_up_however_many_clips_go_together(tones: Path, tiny_hubert: Path, small: Options) -> None:
    whole, *parts = (
        first_step(tones, tiny_hubert, small(recipe="hubert", batch=6, together=count))[0] for count in (6, 4, 1)
    )
    assert all(off(whole, one) < 1e-5 for one in parts)
    less, _kept = first_step(tones, tiny_hubert, small(recipe="hubert", batch=4, together=4))
    assert off(whole, less) > 0.01


def test_checkpointing_keeps_less_and_learns_the_same(tones: Path, tiny_hubert: Path, small: Options) -> None:
    (plain, much), (again, less) = (
        first_step(tones, tiny_hubert, small(batch=2, together=2, checkpointing=one)) for one in ("no", "yes")
    )
    assert off(plain, again) < 1e-6
    assert less < 0.8 * much


@pytest.mark.usefixtures("any_bfloat16")
def test_bfloat16_learns_nearly_the_same(tones: Path, tiny_hubert: Path, small: Options) -> None:
    (plain, _much), (half, _less) = (first_step(tones, tiny_hubert, small(precision=one)) for one in ("auto", "fast"))
    assert 0 < off(plain, half) < LIMIT
    assert all(one.dtype == torch.float32 for one in half.values())


@pytest.mark.usefixtures("any_bfloat16")
def test_where_bfloat16_is_wrong_it_is_not_used(
    tones: Path, tiny_hubert: Path, small: Options, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = torch.nn.functional.linear

    def linear(values: torch.Tensor, *args: Any) -> torch.Tensor:
        result = right(values, *args)
        return -result if torch.is_autocast_enabled("cpu") else result

    monkeypatch.setattr("persian_mir.half_precision.is_right", lambda *_: True)
    monkeypatch.setattr(torch.nn.functional, "linear", linear)
    told: list[object] = []
    options = small(precision="fast")
    net, task = prepare(begin_with(str(tiny_hubert), options), read_corpus(tones, 1.0), options, "cpu")
    listener = Listener()
    monkeypatch.setattr(listener, "publish", told.append)
    assert not halved(net, task, "cpu", listener).half
    assert [type(one) for one in told] == [Remark]


def test_where_bfloat16_would_be_slower_it_is_not_used(
    tones: Path, tiny_hubert: Path, small: Options, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: {"avx2": True}, raising=False)
    options, listener = small(precision="fast"), Listener()
    told: list[object] = []
    monkeypatch.setattr(listener, "publish", told.append)
    net, task = prepare(begin_with(str(tiny_hubert), options), read_corpus(tones, 1.0), options, "cpu")
    assert not halved(net, task, "cpu", listener).half
    assert [type(one) for one in told] == [Remark]


def test_the_cost_is_told_and_nothing_is_kept(
    tones: Path, tiny_hubert: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line = [*command(tones, tiny_hubert, tmp_path / "new", steps=1000), "--cost"]
    assert main([*line, "--json"]) == 0
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert told["event"] == "done"
    assert told["clip_s"] > 0
    assert told["clip_bytes"] > 4 * 32 * 3200  # what the first convolution says of a second is among it
    assert main(line) == 0
    assert "on a graphics card of 24 GB" in capsys.readouterr().out
    assert not (tmp_path / "new").exists()


def command(tones: Path, start: Path, out: Path, steps: int = 6, every: int = 3) -> list[str]:
    sizes = {"--steps": steps, "--batch": 4, "--together": 2, "--clip-s": 1.0, "--codes": 8, "--books": 2}
    sizes |= {"--every": every, "--learning-rate": 0.001}
    told = [text for name, value in sizes.items() for text in (name, str(value))]
    places = ["--data", str(tones), "--from", str(start), "--out", str(out), "--device", "cpu"]
    return ["pretrain", *places, *told]


def test_killed_in_the_middle_it_goes_on_to_the_same_weights(tones: Path, tiny_hubert: Path, tmp_path: Path) -> None:
    kill_and_go_on(command(tones, tiny_hubert, tmp_path / "killed", 20, 10), tmp_path / "killed" / KEPT)
    assert main(command(tones, tiny_hubert, tmp_path / "whole", 20, 10)) == 0
    assert same(weights(tmp_path / "killed"), weights(tmp_path / "whole"))


def test_two_processes_come_to_the_weights_of_one(tones: Path, tiny_hubert: Path, tmp_path: Path) -> None:
    call = [sys.executable, "-m", "torch.distributed.run", "--nproc-per-node=2", "--standalone", "-m", "trainer"]
    told = subprocess.run(
        [*call, *command(tones, tiny_hubert, tmp_path / "two")],
        capture_output=True, text=True, env={**os.environ, "OMP_NUM_THREADS": "1"}, check=False,
    )  # fmt: skip
    assert told.returncode == 0, told.stderr
    assert main(command(tones, tiny_hubert, tmp_path / "one")) == 0
    one, two = weights(tmp_path / "one"), weights(tmp_path / "two")
    assert all(torch.allclose(one[name], two[name], atol=1e-5) for name in one)


def test_models_are_merged(tones: Path, tiny_hubert: Path, tmp_path: Path, small: Options) -> None:
    run_pretraining(tones, str(tiny_hubert), tmp_path / "new", small(), "cpu")
    folders = [str(tiny_hubert), str(tmp_path / "new"), "--share", "1", "--out", str(tmp_path / "same")]
    assert main(["merge", *folders]) == 0
    new, merged = weights(tmp_path / "new"), weights(tmp_path / "same")
    assert all(torch.allclose(new[name], merged[name], atol=1e-6) for name in new)
    merge_models(tiny_hubert, [tmp_path / "new"], 0.0, tmp_path / "old")
    assert load_backbone(str(tmp_path / "old")).key.states == 3


def test_the_new_model_is_never_written_over_what_it_is_made_from(
    tones: Path, tiny_hubert: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {path.name: path.read_bytes() for path in tiny_hubert.iterdir()}
    assert main(command(tones, tiny_hubert, tiny_hubert)) == 2
    assert main(command(tones, tiny_hubert, tones)) == 2
    assert main(["merge", str(tiny_hubert), str(tiny_hubert), "--out", str(tiny_hubert)]) == 2
    assert "written over" in capsys.readouterr().err
    assert before == {path.name: path.read_bytes() for path in tiny_hubert.iterdir()}
    taken = tmp_path / "taken"
    taken.mkdir()
    (taken / "config.json").write_text("{}")
    assert main(command(tones, tiny_hubert, taken)) == 2


def test_an_unknown_model_is_told(tones: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pretrain", "--data", str(tones), "--from", "no/such", "--out", str(tmp_path / "x")]) == 2
    assert "no/such" in capsys.readouterr().err
