"""Other encoders as a person uses them: fetched from a hub here, a recording embedded, a probe fitted, table 2."""

from __future__ import annotations

import csv
import dataclasses
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from persian_mir.backbones import load_backbone
from persian_mir.commands.main import main as persian_mir
from persian_mir.models import conformer, fetch, hub, table
from persian_mir.probes import load_probe
from trainer.__main__ import main as trainer

pytest.importorskip("torch")

from tests.persian_mir.backbones import encodec_tiny, muq_tiny

QUICK = ["--no-views", "--others=4", "--hidden", "8", "--epochs", "2", "--window", "2"]
ENCODERS: dict[str, tuple[Callable[[Path], Any], str, tuple[int, int]]] = {  # its files; states and width
    "facebook/encodec_24khz": (encodec_tiny.save, "config.json preprocessor_config.json model.safetensors", (1, 32)),
    "OpenMuQ/MuQ-large-msd-iter": (muq_tiny.save_muq, "config.json pytorch_model.bin", (4, 32)),
    "minzwon/MusicFM": (muq_tiny.save_musicfm, "msd_stats.json pretrained_msd.pt", (4, 32)),
}

pytestmark = pytest.mark.usefixtures("no_listener")


@pytest.fixture
def offered(of_the_hub: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Put a small checkpoint of an encoder in the hub, under the names that the large one has."""
    sizes = ("hop_length", "n_mels", "conv_dim", "encoder_dim", "encoder_depth", "w2v2_config")
    monkeypatch.setattr(conformer, "MUSICFM", {name: muq_tiny.CONFIG[name] for name in sizes})

    def offer(model_id: str) -> None:
        save, names, _sizes = ENCODERS[model_id]
        folder = tmp_path / "published" / model_id
        folder.mkdir(parents=True)
        save(folder)
        of_the_hub.files = {name: (folder / name).read_bytes() for name in names.split()}
        row = next(one for one in table.MODELS if one.id == model_id)
        own = None if row.sha256 is None else hub.sha256(folder / row.weights)
        monkeypatch.setattr(fetch, "find_row", lambda _id: dataclasses.replace(row, sha256=own))

    return offer


@pytest.mark.parametrize("model_id", ENCODERS)
def test_fetched_listed_embedded_and_fitted(
    model_id: str, offered: Callable[[str], None], corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    offered(model_id)
    assert persian_mir(["models", "fetch", model_id, "--accept-licence"]) == 0
    capsys.readouterr()
    assert persian_mir(["models", "list"]) == 0
    (line,) = [one for one in capsys.readouterr().out.splitlines() if one.startswith(model_id)]
    assert "installed" in line
    assert next(row.licence for row in table.MODELS if row.id == model_id) in line
    sound, out = next(corpus.rglob("*.wav")), tmp_path / "out.npz"
    assert persian_mir(["embed", str(sound), "--backbone", model_id, "--window", "4", "--out", str(out)]) == 0
    states, width = ENCODERS[model_id][2]
    with np.load(out) as written:
        assert written["embeddings"].shape == (2, states, width)
        assert np.isfinite(written["embeddings"]).all()
    probe = tmp_path / "it.probe"
    line = ["--data", str(corpus), "--task", "instrument", "--backbone", model_id, "--out", str(probe), *QUICK]
    assert trainer(["fit", *map(str, line)]) == 0
    key = load_probe(probe).backbone
    assert (key.id, key.rate, key.states, key.width) == (model_id, 24_000, states, width)
    capsys.readouterr()
    assert persian_mir(["label", str(sound), "--probe", str(probe)]) == 0
    assert sound.name in capsys.readouterr().out


def test_a_folder_of_each_kind_is_a_model(offered: Callable[[str], None], tmp_path: Path) -> None:
    for model_id, (_save, _names, (states, width)) in ENCODERS.items():
        offered(model_id)
        folder = tmp_path / "published" / model_id
        assert persian_mir(["models", "add", str(folder)]) == 0
        key = load_backbone(f"local/{folder.name}", "cpu").key
        assert (key.states, key.width) == (states, width)


def test_features_of_windows_of_5_and_of_30_s(
    offered: Callable[[str], None], corpus: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for model_id, segments in (("facebook/encodec_24khz", 16), ("OpenMuQ/MuQ-large-msd-iter", 16 + 8)):
        offered(model_id)
        assert persian_mir(["models", "fetch", model_id, "--accept-licence"]) == 0
        line = ["features", "--data", str(corpus), "--backbone", model_id, "--json"]
        capsys.readouterr()
        for told in (segments, 8):  # all; one length alone: of 8 recordings of 8 s
            assert trainer([*line, *(["--window", "30"] if told == 8 else [])]) == 0
            assert json.loads(capsys.readouterr().out.splitlines()[-1])["segments"] == told


def test_table_2_over_three_encoders(
    offered: Callable[[str], None], corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "results"
    for model_id in ENCODERS:
        offered(model_id)
        assert persian_mir(["models", "fetch", model_id, "--accept-licence"]) == 0
    backbones = [word for model_id in ENCODERS for word in ("--backbone", model_id)]
    line = ["--data", str(corpus), *backbones, "--epochs", "2", "--out", str(out), "--json"]
    capsys.readouterr()
    assert trainer(["experiment", "table2", *line]) == 0
    told = [json.loads(one) for one in capsys.readouterr().out.splitlines()]
    shares = [one["fraction"] for one in told if one["event"] == "progress"]
    assert shares == sorted(shares)
    with (out / "results.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    found = {(row["backbone"], row["cell"]) for row in rows if row["task"] == "instrument"}
    usual = {(one, cell) for one in ENCODERS for cell in ("3 s", "5 s")}
    assert found == usual | {(one, "30 s") for one in ENCODERS if one != "facebook/encodec_24khz"}
    page = next(out.glob("*.html")).read_text(encoding="utf-8")
    assert all(model_id in page for model_id in ENCODERS)
    assert trainer(["experiment", "table2", *line]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["computed"] == 0
