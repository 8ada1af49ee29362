from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from persian_mir.backbones import load_backbone
from persian_mir.grid import Grid
from trainer.__main__ import main
from trainer.data import DataError, read_dataset
from trainer.experiments.point_map import point_map
from trainer.experiments.projection import METHODS, neighbours, principal, project, thinned
from trainer.features.extraction import FeatureExtractor


def two_clouds(count: int = 60) -> np.ndarray:
    rng = np.random.default_rng(0)
    return (rng.normal(size=(count, 8)) + 12 * (np.arange(count) % 2)[:, None]).astype(np.float32)


@pytest.mark.parametrize("method", METHODS)
def test_clouds_stay_apart_and_the_map_is_the_same_again(method: str):
    values = two_clouds()
    places = project(values, method)
    assert places.shape == (60, 2)
    assert np.array_equal(places, project(values, method))
    own, other = places[::2], places[1::2]
    apart = np.linalg.norm(own.mean(axis=0) - other.mean(axis=0))
    assert apart > 2 * max(own.std(), other.std()) or method == "tsne"
    nearest = np.argsort(((places[:, None] - places[None]) ** 2).sum(axis=2), axis=1)[:, 1]
    assert (nearest % 2 == np.arange(60) % 2).all()


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("values", [np.zeros((1, 3)), np.zeros((9, 3)), np.eye(3), np.eye(5), np.arange(6.0)[:, None]])
def test_hardly_anything_to_lay_out(method: str, values: np.ndarray):
    places = project(values.astype(np.float32), method)
    assert places.shape == (len(values), 2)
    assert np.isfinite(places).all()


def test_another_seed_is_allowed():
    assert neighbours(two_clouds(), seed=1).shape == (60, 2)


def test_components_and_their_shares():
    points, shares = principal(two_clouds(), 3)
    assert points.shape == (60, 3)
    assert shares[0] > shares[1] > shares[2] > 0
    assert sum(shares) <= 1


def test_thinning_is_even():
    assert thinned(3, 10).tolist() == [0, 1, 2]
    assert thinned(101, 3).tolist() == [0, 50, 100]
    assert len(set(thinned(12_345, 5000).tolist())) == 5000


@pytest.mark.parametrize("method", METHODS)
def test_the_command(corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], method: str):
    out = tmp_path / "map.json"
    words = ["map", "--data", str(corpus), "--task", "instrument", "--backbone", "signal", "--layer", "last"]
    assert main([*words, "--method", method, "--window", "2", "--out", str(out), "--json"]) == 0
    done = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (done["event"], done["points"], done["of"]) == ("done", 32, 32)
    document = json.loads(out.read_text(encoding="utf-8"))
    assert (document["format"], document["version"], document["method"]) == ("persian-mir-map", 1, method)
    assert document["layer"] == 0
    assert document["backbone"] == "signal"
    assert len(document["files"]) == 8
    assert all(Path(file).is_file() and Path(file).is_absolute() for file in document["files"])
    assert [row[1:3] for row in document["points"][:4]] == [[0, 2], [2, 4], [4, 6], [6, 8]]
    assert set(document["labels"]) == {"instrument"}
    names = [Path(file).parent.name for file in document["files"]]
    assert document["labels"]["instrument"] == names


def extractor() -> FeatureExtractor:
    return FeatureExtractor(load_backbone("signal", "cpu"), Grid(), (0,))


def test_a_large_map_is_thinned(corpus: Path):
    document = point_map(read_dataset(corpus), "instrument", extractor(), "pca", most=5)
    assert len(document["points"]) == 5
    assert document["of"] == 16


def test_a_task_without_labels(corpus: Path):
    with pytest.raises(DataError, match="no labels"):
        point_map(read_dataset(corpus), "dastgah", extractor(), "pca")


def test_a_layer_that_is_not_there(corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    words = ["map", "--data", str(corpus), "--task", "instrument", "--layer", "3", "--out", str(tmp_path / "m")]
    assert main([*words, "--json"]) == 2
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["event"] == "error"
