from __future__ import annotations

import io
import json
import pickle
import zipfile
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.numpy import load, save

from persian_mir.errors import ProbeError
from persian_mir.prediction import SURE_MARGIN
from persian_mir.probes import file as probe_file
from persian_mir.probes.file import load_probe, parse_probe, save_probe
from persian_mir.probes.probe import probabilities, tensors

ROW = {"id": "tiny", "revision": "r1", "weights_hash": "ab12", "rate": 16_000}
ROW |= {"states": 3, "width": 8, "normalise": True}


@pytest.fixture
def saved(make_probe, tmp_path) -> Path:
    path = tmp_path / "ساز\u200cها" / "instrument.probe"
    save_probe(make_probe(), path)
    return path


def header_of(data: bytes) -> dict:
    return json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])


def with_header(data: bytes, header: dict) -> bytes:
    """The file with another header, its checksum left as it was."""
    text = json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + data[8 + int.from_bytes(data[:8], "little") :]


def with_document(data: bytes, **changes: object) -> bytes:
    """A probe of its own making: another description and the checksum that belongs to it."""
    return remade(json.loads(header_of(data)["__metadata__"]["probe"]) | changes, load(data))


def with_arrays(data: bytes, **changes: np.ndarray) -> bytes:
    arrays = {name.replace("_", "."): array for name, array in changes.items()}
    return remade(json.loads(header_of(data)["__metadata__"]["probe"]), load(data) | arrays)


def remade(document: dict, arrays: dict[str, np.ndarray]) -> bytes:
    document.pop("checksum")
    text = json.dumps(document | {"checksum": probe_file._checksum(document, arrays)})
    return save(arrays, metadata={"probe": text})


def test_the_margin_of_what_is_sure_is_kept(make_probe, tmp_path, saved):
    assert "sure_margin" not in json.loads(header_of(saved.read_bytes())["__metadata__"]["probe"])
    assert load_probe(saved).sure_margin == SURE_MARGIN
    one = replace(make_probe(), sure_margin=0.62)
    save_probe(one, tmp_path / "a.probe")
    assert load_probe(tmp_path / "a.probe").sure_margin == 0.62
    assert one.hash == make_probe().hash  # its probabilities are the same
    for value in (-0.1, 0, 2.5, "0.5", True, None, [0.5]):
        with pytest.raises(ProbeError, match="sure_margin"):
            parse_probe(with_document(saved.read_bytes(), sure_margin=value))


def equal(one, other) -> bool:
    scalars = ("hash", "task", "labels", "backbone", "grid", "layers", "temperature")
    same = all(getattr(one, name) == getattr(other, name) for name in scalars)
    return same and dict(one.training) == dict(other.training)


@pytest.mark.parametrize("hidden", [(), (6,), (6, 5, 4, 3, 2)])
@pytest.mark.parametrize("guarded", [True, False])
def test_round_trip(make_probe, tmp_path, values, hidden, guarded):
    probe = make_probe(hidden, guarded)
    save_probe(probe, tmp_path / "a.probe")
    again = load_probe(tmp_path / "a.probe")
    assert equal(probe, again)
    for name, array in tensors(probe).items():
        np.testing.assert_array_equal(tensors(again)[name], array)
    np.testing.assert_array_equal(probabilities(again, values), probabilities(probe, values))


def test_a_guard_that_has_heard_other_sounds_comes_back(make_probe, tmp_path, values):
    contrast = np.arange(27, dtype=np.float32).reshape(3, 9) / 9
    probe = make_probe(novelty=replace(make_probe().novelty, contrast=contrast))
    save_probe(probe, tmp_path / "a.probe")
    back = load_probe(tmp_path / "a.probe")
    assert back.hash == probe.hash != make_probe().hash
    np.testing.assert_array_equal(back.novelty.contrast, contrast)
    np.testing.assert_array_equal(probabilities(back, values), probabilities(probe, values))


def test_what_older_programs_can_read_is_written_as_they_read_it(saved):
    assert json.loads(header_of(saved.read_bytes())["__metadata__"]["probe"])["format"] == 1


def test_same_probe_same_bytes_and_nothing_left_beside(make_probe, saved):
    before = saved.read_bytes()
    save_probe(make_probe(), saved)
    assert saved.read_bytes() == before
    assert [entry.name for entry in saved.parent.iterdir()] == ["instrument.probe"]


def test_it_is_plain_safetensors(saved):
    assert set(load(saved.read_bytes())) >= {"mix", "mean", "std", "head.0.weight", "head.1.bias"}


def test_a_folder_that_cannot_be_written_is_said(make_probe, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ProbeError, match="could not be written"):
        save_probe(make_probe(), tmp_path / "file" / "a.probe")


def a_zip() -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as archive:
        archive.writestr("archive/data.pkl", pickle.dumps({"weights": [1.0]}))
    return memory.getvalue()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty, cut off"),
        (b"RIFF....WAVEfmt ", "empty, cut off"),
        (b"\xff" * 64, "empty, cut off"),
        ((1 << 62).to_bytes(8, "little") + b"{}      ", "empty, cut off"),
        (a_zip(), "zip file, which may run foreign code"),
        *((pickle.dumps({"head": list(range(500))}, protocol=p), "pickle file") for p in (2, 3, 4, 5)),
        ((4).to_bytes(8, "little") + b"[[]]rest", "cannot be read"),
        ((100_000).to_bytes(8, "little") + b"[" * 100_000, "cannot be read"),
        (save({"x": np.zeros(3, np.float32)}), "not a probe"),
    ],
)
def test_foreign_files_are_refused(tmp_path, data, words):
    path = tmp_path / "bad.probe"
    path.write_bytes(data)
    with pytest.raises(ProbeError, match=words) as caught:
        load_probe(path)
    assert caught.value.path == path
    assert caught.value.cure


def test_missing_file_directory_and_too_large_file(tmp_path, monkeypatch, saved):
    with pytest.raises(ProbeError, match="no such file"):
        load_probe(tmp_path / "absent.probe")
    with pytest.raises(ProbeError, match="not a file"):
        load_probe(tmp_path)
    monkeypatch.setattr(probe_file, "MAX_BYTES", 100)
    with pytest.raises(ProbeError, match="too large"):
        load_probe(saved)


BACKBONE = {
    "id": "tiny",
    "revision": "r1",
    "weights_hash": "ab12",
    "rate": 16000,
    "states": 3,
    "width": 8,
    "normalise": True,
}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"format": 0}, "older"),
        ({"format": None}, "older"),
        ({"format": True}, "older"),
        ({"format": 5}, "newer version"),
        ({"task": "genre"}, "task is unknown"),
        ({"task": ["instrument"]}, "task is unknown"),
        ({"labels": ["ney", "setar", "violin"]}, "violin"),
        ({"labels": ["ney", "setar", "setar"]}, "twice"),
        ({"labels": ["ney", "setar", 7]}, "not one of"),
        ({"labels": ["ney"]}, "two or more"),
        ({"labels": ["ney", "setar"]}, "arrays are not those"),
        ({"labels": "ney setar tar"}, "two or more"),
        ({"task": "artist", "labels": ["a", "b", "<b>b</b>"]}, "not one of"),
        ({"task": "artist", "labels": ["a", "b", "=cmd()"]}, "not one of"),
        ({"task": "artist", "labels": ["a", "b", " \u202eb"]}, "not one of"),
        ({"task": "artist", "labels": ["a", "b", "ب" * 65]}, "not one of"),
        ({"backbone": None}, "backbone"),
        ({"backbone": BACKBONE | {"width": 1 << 40}}, "backbone"),
        ({"backbone": BACKBONE | {"width": 9}}, "arrays are not those"),
        ({"backbone": BACKBONE | {"rate": "16000"}}, "backbone"),
        ({"backbone": BACKBONE | {"more": 1}}, "backbone"),
        ({"grid": {"window_s": 0, "hop_s": 1, "tail": "own"}}, "grid"),
        ({"grid": {"window_s": 1, "hop_s": True, "tail": "own"}}, "grid"),
        ({"grid": {"window_s": 1, "hop_s": 1, "tail": []}}, "grid"),
        ({"layers": [0, 3]}, "layers"),
        ({"layers": [1, 1]}, "layers"),
        ({"layers": []}, "layers"),
        ({"hidden": [6] * 6}, "hidden"),
        ({"hidden": [1 << 40]}, "hidden"),
        ({"hidden": [7]}, "arrays are not those"),
        ({"temperature": 0}, "temperature"),
        ({"temperature": float("nan")}, "NaN is no number"),
        ({"temperature": 10**400}, "temperature"),
        ({"novelty": {"near": 2, "far": 1}}, "novelty"),
        ({"novelty": None}, "arrays are not those"),
        ({"novelty": {"near": 1, "far": 2, "contrast": True}}, "novelty"),
        ({"format": 4, "novelty": {"near": 1, "far": 2, "contrast": 1}}, "novelty"),
        ({"format": 4, "novelty": {"near": 1, "far": 2, "contrast": True}}, "arrays are not those"),
        ({"training": []}, "training"),
        ({"concat": True}, "concat"),
        ({"format": 2, "concat": 1}, "concat"),
        ({"format": 2, "concat": True}, "arrays are not those"),
        ({"modal": {"version": "a", "columns": 3, "alone": False}}, "modal"),
        ({"format": 2, "modal": {"version": "a", "columns": 3, "alone": False}}, "arrays are not those"),
        ({"format": 2, "modal": {"version": "a", "columns": 1 << 40, "alone": False}}, "modal"),
        ({"format": 2, "modal": {"version": 1, "columns": 3, "alone": 0}}, "modal"),
        ({"format": 2, "modal": []}, "modal"),
    ],
)
def test_wrong_descriptions_are_refused(saved, changes, words):
    with pytest.raises(ProbeError, match=words):
        parse_probe(with_document(saved.read_bytes(), **changes))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"mean": np.zeros((8, 2), np.float32)}, "wrong type, shape"),
        ({"mean": np.zeros((2, 9), np.float32)}, "arrays are not those"),
        ({"mix": np.zeros(1, np.float64)}, "wrong type, shape"),
        ({"extra": np.zeros(0, np.float32)}, "arrays are not those"),
        ({"mix": np.array([np.nan, 1], np.float32)}, "not numbers"),
        ({"head_0_bias": np.full(6, np.inf, np.float32)}, "not numbers"),
        ({"std": np.zeros((2, 8), np.float32)}, "not positive"),
    ],
)
def test_wrong_arrays_are_refused(saved, changes, words):
    with pytest.raises(ProbeError, match=words):
        parse_probe(with_arrays(saved.read_bytes(), **changes))


def test_huge_declared_arrays_are_refused_before_they_are_made(saved):
    data = saved.read_bytes()
    header = header_of(data)
    header["mean"] |= {"shape": [1 << 20, 1 << 20], "data_offsets": [0, 1 << 42]}
    with pytest.raises(ProbeError, match="wrong type, shape"):
        parse_probe(with_header(data, header))


def test_arrays_that_overlap_are_refused(saved):
    data = saved.read_bytes()
    header = header_of(data)
    header["std"]["data_offsets"] = header["mean"]["data_offsets"]
    with pytest.raises(ProbeError, match="wrong type, shape"):
        parse_probe(with_header(data, header))


def test_an_artist_probe_names_artists_freely(make_probe, tmp_path):
    save_probe(make_probe(task="artist", labels=("3", "25", "ahmad-ebadi")), tmp_path / "a.probe")
    assert load_probe(tmp_path / "a.probe").labels == ("3", "25", "ahmad-ebadi")


@settings(max_examples=300)
@given(choice=st.data())
def test_any_damage_is_refused_or_harmless(saved, choice):
    data = bytearray(saved.read_bytes())
    whole = parse_probe(bytes(data))
    if choice.draw(st.booleans()):
        position = choice.draw(st.integers(0, len(data) * 8 - 1))
        data[position // 8] ^= 1 << position % 8
    else:
        del data[choice.draw(st.integers(0, len(data) - 1)) :]
    with suppress(ProbeError):
        assert equal(parse_probe(bytes(data)), whole)


@settings(max_examples=200)
@given(st.binary(max_size=200))
def test_any_bytes_are_refused(data):
    with pytest.raises(ProbeError):
        parse_probe(data)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"temperature": 1e-300}, "temperature"),
        ({"temperature": 1e300}, "temperature"),
        ({"grid": {"window_s": 0.001, "hop_s": 0.001, "tail": "own"}}, "too short"),
        ({"grid": {"window_s": 5.0, "hop_s": 1e-300, "tail": "own"}}, "damaged at grid"),
        ({"grid": {"window_s": 5.0, "hop_s": 1e-6, "tail": "own"}}, "too close"),
        ({"novelty": {"near": 1e-300, "far": 2e-300}}, "damaged at novelty"),
        *(({"backbone": ROW | {"id": name}}, "no model's id") for name in ("/tmp/model", "../model", "a\x1b[31m", "")),
        ({"backbone": ROW | {"revision": "\x1b]0;title\x07"}}, "no model's id"),
    ],
)
def test_numbers_and_names_that_cannot_be_are_refused(saved, changes, words):
    with pytest.raises(ProbeError, match=words):
        parse_probe(with_document(saved.read_bytes(), **changes))


@pytest.mark.parametrize(("name", "value"), [("novelty_whitening", 3e38), ("std", 1e-38), ("head_0_weight", -3e38)])
def test_numbers_that_overflow_are_refused(saved, name, value):
    data = saved.read_bytes()
    array = np.full_like(load(data)[name.replace("_", ".")], value)
    with pytest.raises(ProbeError, match="too large or too small"):
        parse_probe(with_arrays(data, **{name: array}))


@pytest.mark.parametrize("share", [0.0, 2.0, -1.0, 3e38])
def test_layer_weights_that_are_no_shares_are_refused(saved, share):
    data = saved.read_bytes()
    with pytest.raises(ProbeError, match="no shares of a whole"):
        parse_probe(with_arrays(data, mix=np.full_like(load(data)["mix"], share)))


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_a_temperature_that_is_no_number_is_refused(saved, text):
    data = saved.read_bytes()
    header = header_of(data)
    told = header["__metadata__"]["probe"]
    header["__metadata__"]["probe"] = told.replace('"temperature": 1.5', f'"temperature": {text}')
    assert header["__metadata__"]["probe"] != told
    with pytest.raises(ProbeError):
        parse_probe(with_header(data, header))
