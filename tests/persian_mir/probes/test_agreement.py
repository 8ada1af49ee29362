"""Whether `fast` may take the place of `exact` is measured with the probe, on the user's recordings, and kept."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch

from persian_mir.audio import open_audio
from persian_mir.backbones import load_backbone
from persian_mir.commands.main import main
from persian_mir.computing import Computing
from persian_mir.embeddings import embed_recording
from persian_mir.half_precision import multiplies_bfloat16
from persian_mir.models.store import add_folder, models_dir
from persian_mir.probes import agreement, load_predictor, save_probe
from persian_mir.probes.agreement import MOST_APART, Agreement, agreement_here, begin, conclusion, keep_agreement
from persian_mir.probes.probe import Head


@pytest.fixture
def recordings(tmp_path: Path) -> list[Path]:
    """Three of a minute, so with 117 segments of 3 s, 1.5 s apart."""
    rng, folder = np.random.default_rng(0), tmp_path / "sound"
    folder.mkdir()
    paths = [folder / f"{k}.wav" for k in range(3)]
    for path in paths:
        levels = np.repeat(rng.uniform(0.01, 0.3, 60), 16_000)
        soundfile.write(path, levels * rng.standard_normal(len(levels)), 16_000)
    return paths


@pytest.fixture
def probe(tiny_hubert: Path, make_probe, tmp_path: Path) -> Path:
    """One on the small HuBERT, whose labels a rounding does not change."""
    model = add_folder(tiny_hubert)
    key = load_backbone(model.id, "cpu", "exact", "torch").key
    head = Head((np.zeros((3, key.width), np.float32),), (np.array([1, 0, -1], np.float32),))
    plain = {"mean": np.zeros((1, key.width), np.float32), "std": np.ones((1, key.width), np.float32)}
    one = make_probe(backbone=key, layers=(2,), head=head, **plain, layer_weights=np.ones(1, np.float32), novelty=None)
    path = tmp_path / "a.probe"
    save_probe(one, path)
    return path


def enough(**fields: object) -> Agreement:
    counts = {"recordings": 3, "same_recordings": 3, "segments": 100, "same_segments": 99, "largest_difference": 0.05}
    return replace(begin("bf16", "torch", "cpu"), **counts | fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "short",
    [{"same_segments": 98}, {"same_recordings": 2}, {"largest_difference": MOST_APART + 0.01}, {"segments": 49}],
)
def test_it_holds_only_where_everything_does(short: dict[str, object]) -> None:
    assert enough().holds
    assert "fast" in conclusion(enough())
    assert not enough(**short).holds
    assert "exactly" in conclusion(enough(**short))


OPENVINO = pytest.param("openvino", marks=pytest.mark.skipif(not multiplies_bfloat16(), reason="it cannot here"))


@pytest.mark.usefixtures("any_bfloat16")
@pytest.mark.parametrize("engine", ["torch", OPENVINO])
def test_a_probe_that_agrees_computes_fast_from_then_on(
    engine: str, probe: Path, recordings: list[Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert load_predictor(probe).backbone.precision == "fp32"
    options = ["--probe", str(probe), "--engine", engine, "--device", "cpu"]
    assert main(["models", "check", str(recordings[0]), *options, "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["recordings"], told["segments"], told["same_segments"]) == (1, 39, 39)
    assert (told["engine"], told["holds"]) == (engine, False)  # too few
    assert load_predictor(probe).backbone.precision == "fp32"

    assert main(["models", "check", str(recordings[0].parent), *options]) == 0
    assert "fast" in capsys.readouterr().out
    found = agreement_here(load_predictor(probe).probe.hash)
    assert found is not None
    backbone = load_predictor(probe).backbone
    assert (backbone.engine, backbone.precision) == (engine, found.precision)
    assert found.precision.startswith("bf16")
    with open_audio(recordings[0]) as source:
        (said,) = load_predictor(probe).predict(source)
    assert (said.provenance.parameters["precision"], said.provenance.parameters["engine"]) == (found.precision, engine)
    assert load_predictor(probe, None, Computing(precision="exact")).backbone.precision == "fp32"


@pytest.mark.parametrize("engine", ["auto", "torch"])
def test_where_fast_cannot_be_had_it_says_why(
    engine: str,
    probe: Path,
    recordings: list[Path],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: {"avx2": True}, raising=False)
    assert main(["models", "check", str(recordings[0]), "--probe", str(probe), "--engine", engine]) == 2
    assert "does not compute in bfloat16 itself" in capsys.readouterr().err
    assert agreement_here(load_predictor(probe).probe.hash) is None


@pytest.mark.usefixtures("any_bfloat16")
def test_the_difference_is_that_of_the_two(probe: Path, recordings: list[Path]) -> None:
    """A head that hears much in little: what rounding does to the features is seen in the probabilities."""
    one, backbone = load_predictor(probe).probe, load_predictor(probe).backbone
    with open_audio(recordings[0]) as source:
        middle = embed_recording(source, backbone, one.grid, one.layers).values.mean(axis=(0, 1))
    weight = 3000 * np.random.default_rng(1).standard_normal((3, one.backbone.width)).astype(np.float32)
    save_probe(replace(one, head=Head((weight,), (-weight @ middle,))), probe)
    main(["models", "check", str(recordings[0].parent), "--probe", str(probe), "--device", "cpu", "--engine", "torch"])
    found = agreement_here(load_predictor(probe).probe.hash)
    assert found is not None
    exact, fast = (load_predictor(probe, None, Computing("cpu", one, "torch")) for one in ("exact", "fast"))
    furthest, same = 0.0, 0
    for path in recordings:
        with open_audio(path) as source:
            (a,), (b,) = exact.predict(source), fast.predict(source)
        furthest = max(furthest, float(np.abs(a.probabilities - b.probabilities).max()))
        same += int((a.probabilities.argmax(1) == b.probabilities.argmax(1)).sum())
    assert found.largest_difference == pytest.approx(furthest, abs=1e-5)
    assert furthest > 1e-3
    assert (found.segments, found.same_segments) == (117, same)


@pytest.mark.usefixtures("any_bfloat16")
def test_what_was_measured_elsewhere_says_nothing_here(probe: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = load_predictor(probe).probe.hash
    keep_agreement(name, enough())
    keep_agreement("another", enough())
    assert agreement_here(name) is not None
    assert load_predictor(probe).backbone.precision == "bf16"
    assert load_predictor(probe, None, Computing(engine="openvino")).backbone.precision == "fp32"  # torch was measured
    monkeypatch.setattr(agreement, "_machine", lambda: "another computer")
    assert agreement_here(name) is None
    assert load_predictor(probe).backbone.precision == "fp32"


@pytest.mark.logs
@pytest.mark.parametrize("damage", ["{", "[]", '{"x": {"segments": -1}}', '{"x": 3}'])
def test_a_damaged_record_counts_for_nothing_and_is_replaced(probe: Path, damage: str) -> None:
    path = models_dir() / "agreement.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(damage)
    name = load_predictor(probe).probe.hash
    assert load_predictor(probe).backbone.precision == "fp32"
    keep_agreement(name, enough())
    assert agreement_here(name) is not None


def test_a_probe_without_a_network_is_exact_in_any_case(
    make_probe, recordings: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = load_backbone("signal").key
    head = Head((np.zeros((3, key.width), np.float32),), (np.zeros(3, np.float32),))
    plain = {"mean": np.zeros((1, key.width), np.float32), "std": np.ones((1, key.width), np.float32)}
    one = make_probe(backbone=key, layers=(0,), head=head, **plain, layer_weights=np.ones(1, np.float32), novelty=None)
    save_probe(one, tmp_path / "s.probe")
    assert main(["models", "check", str(recordings[0]), "--probe", str(tmp_path / "s.probe")]) == 2
    assert "exactly" in capsys.readouterr().err


def test_without_recordings_it_says_what_to_do(probe: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models", "check", "--probe", str(probe)]) == 2
    assert "Name recordings" in capsys.readouterr().err
