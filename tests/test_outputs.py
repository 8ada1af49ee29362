"""No command writes over what it reads: every option of every command that names a file is tried, also new ones."""

from __future__ import annotations

import argparse
import os
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile

from persian_mir.commands.main import main as persian_mir
from persian_mir.commands.main import parser as persian_mir_parser
from persian_mir.errors import PersianMirError
from persian_mir.output_guard import guard_outputs
from trainer.__main__ import main as trainer
from trainer.__main__ import parser as trainer_parser
from trainer.data import read_dataset

READ = {
    "files",
    "file",
    "probe",
    "data",
    "other",
    "place",
    "tables",
    "add",
    "split",
    "backbone",
    "backbones",
    "folder",
    "folders",
    "catalogue",
    "among",
    "score",
    "start",
    "base",
    "models",
    "cluster_tls",
}
PLAIN = {  # no files
    *("tonic", "layers", "layer", "id", "names", "settings", "pattern", "preset", "save_preset", "save_profile"),
    *("forget_preset", "first", "cluster"),
    *("profile", "forget", "liked", "keep", "drop"),
    *("collection", "label", "template", "base_url", "text", "mode", "systems"),
}
DATA = ("--data", "{data}", "--task", "instrument", "--tables", "{tables}")
WRITTEN = {
    ("read", "pitch_csv"): ("{sound}", "--pitch-csv", "{out}"),
    ("read", "notes_csv"): ("{sound}", "--notes-csv", "{out}"),
    ("read", "scl"): ("{sound}", "--scl", "{out}"),
    ("read", "tun"): ("{sound}", "--tun", "{out}"),
    ("read", "gushehs_json"): ("{sound}", "--gushehs-json", "{out}"),
    ("transcribe", "out"): ("{sound}", "--as", "midi", "--out", "{out}"),
    ("align", "csv"): ("{data}", "{sound}", "--csv", "{out}"),
    ("export", "out"): ("{sound}", "--as", "csv", "--out", "{out}"),
    ("embed", "out"): ("{sound}", "--backbone", "signal", "--out", "{out}"),
    ("fit", "out"): (*DATA, "--add", "{added}", "--out", "{out}"),
    ("fit", "judged"): (*DATA, "--add", "{added}", "--out", "{folder}/new.probe", "--judged", "{out}"),
    ("split", "out"): ("{data}", "--by", "recording", "--tables", "{tables}", "--out", "{out}"),
    ("suspects", "out"): (*DATA, "--out", "{out}"),
    ("map", "out"): (*DATA, "--out", "{out}"),
    ("curve", "out"): (*DATA, "--out", "{out}"),
    ("baseline", "class-mean", "out"): (*DATA, "--out", "{out}"),
    ("baseline", "class-mean", "judged"): (*DATA, "--out", "{folder}/new.baseline", "--judged", "{out}"),
}
CURVE = (
    "size,draws,segments,segments_low,segments_high,recordings,recordings_low,recordings_high,strangers,strangers_low,"
    "strangers_high\n2,20,0.5,0.4,0.6,0.5,0.4,0.6,,,\n"
)
FOLDERS = {
    ("experiment", "out"),
    ("report", "out"),
    ("mini-nava", "out"),
    ("batch", "report"),
    ("pretrain", "out"),
    ("merge", "out"),
}  # tried below
WAYS = ("itself", "symbolic link", "hard link", "capitals", "other form of Unicode")


def file_options(parser: argparse.ArgumentParser, name: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every option that takes a text or a path."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for command, one in action.choices.items():
                yield from file_options(one, (*name, command))
        elif action.choices is None and action.nargs != 0 and action.type in (None, str, Path):
            yield *name, action.dest


def test_every_option_that_names_a_file_is_read_or_tried_here() -> None:
    found = {*file_options(persian_mir_parser()), *file_options(trainer_parser())}
    systems = {one for one in found if one[0] == "baseline" and one[1] != "class-mean"}  # declared and run as that one
    found -= systems
    assert {one for one in found if one[-1] not in READ | PLAIN} == {*WRITTEN, *FOLDERS}


@pytest.fixture
def places(tmp_path: Path) -> dict[str, Path]:
    """Two recordings without a suffix that tells, the manifest of one, what is added, and tables."""
    names = {"sound": "آواز Tar", "data": "آواز Data", "added": "آواز Added", "tables": "آواز Tables"}
    made = {name: tmp_path / text for name, text in names.items()} | {"folder": tmp_path}
    for name in ("sound", "other"):
        path = made.get(name, tmp_path / name)
        soundfile.write(path, np.random.default_rng(0).uniform(-0.5, 0.5, 16_000), 8000, format="WAV")
    made["data"].write_text(f"file,instrument\n{names['sound']},ney\n", encoding="utf-8")
    made["added"].write_text("file,instrument\nother,tar\n", encoding="utf-8")
    made["tables"].write_text("{}", encoding="utf-8")
    return made


def called(path: Path, way: str) -> Path:
    """Another name of a file."""
    other = path.with_name(f"{way}.other")
    if way == "symbolic link":
        other.symlink_to(path)
    elif way == "hard link":
        os.link(path, other)
    elif way == "capitals":
        other = path.with_name(path.name.swapcase())
    elif way == "other form of Unicode":
        other = path.with_name(unicodedata.normalize("NFD", path.name))
        assert other != path
    return path if way == "itself" else other


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("option", WRITTEN, ids="-".join)
def test_nothing_that_is_read_is_written_over(
    option: tuple[str, ...], way: str, places: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = WRITTEN[option]
    run = persian_mir if "{sound}" in arguments else trainer
    victims = [name for name in ("sound", "data", "added", "tables") if f"{{{name}}}" in arguments or run is trainer]
    for name in victims:
        if name == "added" and "{added}" not in arguments:
            continue
        before = places[name].read_bytes()
        out = called(places[name], way)
        there = sorted(places["folder"].rglob("*"))
        assert run([*option[:-1], *(one.format(**places, out=out) for one in arguments)]) == 2
        assert "write over it" in capsys.readouterr().err, name
        assert (places[name].read_bytes(), sorted(places["folder"].rglob("*"))) == (before, there)
        if way in ("symbolic link", "hard link"):
            out.unlink()


@pytest.mark.parametrize("option", WRITTEN, ids="-".join)
def test_nothing_is_written_to_a_device(
    option: tuple[str, ...], places: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    run = persian_mir if "{sound}" in WRITTEN[option] else trainer
    assert run([*option[:-1], *(one.format(**places, out=os.devnull) for one in WRITTEN[option])]) == 2
    assert "no plain file" in capsys.readouterr().err


def test_the_files_of_a_folder_of_results_are_not_written_over_what_is_read(
    places: dict[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    manifest = places["data"].rename(tmp_path / "results.csv")
    before = manifest.read_bytes()
    assert trainer(["experiment", "all", "--data", str(manifest), "--out", str(tmp_path)]) == 2
    assert "write over it" in capsys.readouterr().err
    assert manifest.read_bytes() == before
    curve = tmp_path / "curves" / "results.csv"
    curve.parent.mkdir()
    curve.write_text(CURVE, encoding="utf-8")
    assert trainer(["report", "--out", str(curve.parent)]) == 2
    assert "write over it" in capsys.readouterr().err
    assert curve.read_text(encoding="utf-8") == CURVE
    named = (tmp_path / "batch.csv", tmp_path / "batch.html")
    for one in named:
        one.write_bytes(places["sound"].read_bytes())
    assert persian_mir(["batch", *map(str, named), "--report", str(tmp_path)]) == 2
    assert "write over it" in capsys.readouterr().err
    assert {one.read_bytes() for one in named} == {places["sound"].read_bytes()}
    lists = tmp_path / "NavaDataset" / "dev.txt"
    lists.parent.mkdir()
    lists.write_text("0_0_1_1\n")
    assert trainer(["mini-nava", str(tmp_path), "--recordings", "35", "--seconds", "0.25"]) == 2
    assert lists.read_text() == "0_0_1_1\n"


def test_the_lists_of_a_corpus_and_the_files_of_a_model_are_read(tiny_hubert: Path, mini_nava: Path) -> None:
    dataset = read_dataset(mini_nava)
    lists = mini_nava / "NavaDataset" / "dev.txt"
    before = lists.read_bytes()
    assert lists in dataset.files
    plain = ["map", "--data", str(mini_nava), "--task", "instrument", "--backbone", str(tiny_hubert), "--out"]
    for path in (lists, tiny_hubert / "config.json"):
        assert trainer([*plain, str(path)]) == 2
    assert lists.read_bytes() == before


def test_a_recording_is_not_written_over_though_nobody_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "a.flac"
    guard_outputs([path])
    path.touch()
    with pytest.raises(PersianMirError, match="is a recording"):
        guard_outputs([path])


def test_what_is_not_there_or_a_result_of_before_may_be_written(tmp_path: Path) -> None:
    old, read = tmp_path / "old.csv", tmp_path / "read.csv"
    old.touch()
    read.touch()
    guard_outputs([old], [read, tmp_path / "gone.csv"])
    guard_outputs([tmp_path / "new.csv"], [read])
    guard_outputs([tmp_path / "elsewhere" / "read.csv"], [read])


def test_two_outputs_are_two_files(tmp_path: Path) -> None:
    with pytest.raises(PersianMirError, match="Two things"):
        guard_outputs([tmp_path / "a.csv", tmp_path / "A.csv"])
    with pytest.raises(PersianMirError, match="Two things"):
        guard_outputs([tmp_path / "new" / "a.csv", tmp_path / "new" / ".." / "new" / "a.csv"])
