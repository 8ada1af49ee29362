"""Maps: what is read, what is refused, and how one walks on them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from persian_mir.errors import PersianMirError
from persian_mir.progress import SILENT
from persian_mir_gui.training.state.embedding_points import read_map


def document(**other: Any) -> dict[str, Any]:
    return {
        "format": "persian-mir-map",
        "version": 1,
        "method": "pca",
        "backbone": "signal",
        "layer": 0,
        "files": ["/a.wav", "/b.wav"],
        "points": [[0, 0.0, 5.0, -2.0, 0.0], [0, 5.0, 10.0, 0.0, 1.0], [1, 0.0, 5.0, 2.0, -1.0]],
        "labels": {"instrument": ["tar", "ney"], "artist": ["10", "9"], "dastgah": ["", "shour"], "mode": ["", ""]},
        "of": 30,
        **other,
    }


def written(tmp_path: Path, value: object) -> Path:
    path = tmp_path / "map.json"
    path.write_text(json.dumps(value), encoding="utf-8")
    return path


def test_a_map_is_read(tmp_path: Path) -> None:
    points = read_map(written(tmp_path, document()), SILENT)
    assert points.excerpt(1).path == Path("/a.wav")
    assert (points.excerpt(1).start_s, points.excerpt(1).stop_s) == (5.0, 10.0)
    assert points.label("instrument", 2) == "ney"
    assert points.known("instrument") == ("ney", "tar")  # as in the vocabulary
    assert points.known("artist") == ("9", "10")
    assert points.of == 30
    assert set(points.labels) == {"instrument", "artist"}  # of one label alone there is nothing to see


def test_both_directions_have_one_scale(tmp_path: Path) -> None:
    places = read_map(written(tmp_path, document()), SILENT).places
    assert places[:, 0].tolist() == [0.0, 0.5, 1.0]
    assert places[:, 1].tolist() == [0.5, 0.75, 0.25]


@pytest.mark.parametrize(
    "other",
    [
        {"format": "other"},
        {"version": 2},
        {"points": []},
        {"points": [[2, 0, 5, 0, 0]]},
        {"points": [[-1, 0, 5, 0, 0]]},
        {"points": [[0, 0, 5, 0]]},
        {"points": [[0, 0, 5, float("nan"), 0]]},
        {"labels": {"instrument": ["tar"]}},
        {"files": None},
    ],
)
def test_what_is_no_map_is_refused(tmp_path: Path, other: dict[str, Any]) -> None:
    with pytest.raises(PersianMirError) as refused:
        read_map(written(tmp_path, document(**other)), SILENT)
    assert refused.value.cure
    assert refused.value.path


def test_a_missing_map_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PersianMirError):
        read_map(tmp_path / "none.json", SILENT)
