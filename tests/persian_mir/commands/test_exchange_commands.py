"""`persian-mir export` and `import`, by the catalogue and without it."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from persian_mir.audio import open_audio
from persian_mir.catalogue.catalogue import Catalogue
from persian_mir.catalogue.model import Collection, Described
from persian_mir.commands.main import main
from persian_mir.exchange import elan, textgrid
from persian_mir.exchange.formats import FORMATS, Format
from persian_mir.exchange.marks import in_force
from tests.persian_mir.exchange.described import FULL, RATE

FRAMES = 60 * RATE


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    path = tmp_path / "take.wav"
    soundfile.write(path, np.zeros(FRAMES, np.int16), RATE)
    return path


@pytest.fixture
def full(sound: Path) -> Described:
    """A catalogue of one recording of which everything is known."""
    with open_audio(sound) as source:
        recording = source.recording
    place = {"path": str(sound), "content_hash": recording.content_hash, "file_hash": recording.file_hash}
    with Catalogue.open() as catalogue:
        catalogue.put_recording(recording)
        catalogue.put_described(replace(FULL, **place))
        return catalogue.describe(recording.content_hash)


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = main([str(one) for one in arguments])
    out, err = capsys.readouterr()
    return code, out, err


@pytest.mark.parametrize("format_", FORMATS, ids=lambda one: one.id)
def test_every_format_is_exported(
    format_: Format, full: Described, sound: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out" / f"x{format_.extension}"
    code, printed, _err = run(capsys, "export", "--as", format_.id, "--out", out, sound)
    assert (code, printed.strip()) == (0, str(out))
    assert out.exists()
    if format_.lossless and format_.read:
        (sheet,) = format_.read(out)
        assert sheet.own == full


def test_several_recordings_go_into_a_folder(
    full: Described, sound: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "b" / "take.wav"
    other.parent.mkdir()
    other.write_bytes(sound.read_bytes())
    code, printed, _err = run(capsys, "export", "--as", "textgrid", "--out", tmp_path / "out", sound, other)
    names = [Path(line).name for line in printed.splitlines()]
    assert (code, names) == (0, ["take.TextGrid", "take (2).TextGrid"])
    assert all((tmp_path / "out" / name).is_file() for name in names)


def test_a_collection_is_exported(full: Described, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Catalogue.open() as catalogue:
        catalogue.put_collection(Collection("Radio", "An archive"))
        catalogue.put_members("Radio", [full.content_hash])
    code, _out, _err = run(capsys, "export", "--as", "json", "--out", tmp_path / "x.json", "--collection", "Radio")
    told = json.loads((tmp_path / "x.json").read_text(encoding="utf-8"))
    assert (code, told["recordings"][0]["collection"]["name"]) == (0, "Radio")
    code, _out, err = run(capsys, "export", "--as", "json", "--out", tmp_path / "y.json", "--collection", "Rado")
    assert (code, "Radio" in err, (tmp_path / "y.json").exists()) == (2, True, False)


def test_what_the_catalogue_does_not_know_is_read(
    sound: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = tmp_path / "missing.wav"
    code, _out, err = run(capsys, "export", "--as", "csv", "--out", tmp_path / "x.csv", sound, missing)
    rows = list(csv.DictReader((tmp_path / "x.csv").read_text(encoding="utf-8").splitlines()))
    assert (code, {row["predictor"] for row in rows if row["task"]}) == (1, {"modal"})
    assert "missing.wav" in err
    assert run(capsys, "export", "--as", "csv", "--out", tmp_path / "y.csv", missing)[0] == 2
    with Catalogue.open() as catalogue:
        assert catalogue.count() == 0


def test_labels_of_another_program_come_into_the_catalogue_once(
    full: Described, sound: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "labels.csv"
    rows = "/else/take.wav,0,10,Bayat-e Zand,Omid\n/else/take.wav,10,20,?,\n"
    path.write_text(f"file,start_s,stop_s,mode,by\n{rows}", "utf-8")
    code, out, _err = run(capsys, "import", path, "--json")
    told = json.loads(out)
    assert (code, told["added"]) == (0, True)
    assert [(one["text"], one["label"], one["how"]) for one in told["matches"]] == [
        ("Bayat-e Zand", "bayat-e-tork", "other name"),
        ("?", "", ""),
    ]
    (taken,) = told["recordings"]
    assert (taken["recording"], taken["statements"], taken["left_out"]) == (str(sound), 1, 1)
    with Catalogue.open() as catalogue:
        new = [one for one in catalogue.statements_of(full.content_hash) if one.who == "Omid"]
        (said,) = new
        assert (said.start, said.stop, said.label, said.status) == (0, 10 * RATE, "bayat-e-tork", "corrected")
        assert catalogue.items_of(full.content_hash) == full.items
        catalogue.undo()
        held = {one.id for one in in_force(catalogue.statements_of(full.content_hash))}
        assert not held & {one.id for one in new}


def test_strict_takes_nothing(full: Described, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "take.txt"
    path.write_text("0\t10\tSegah\n10\t20\tjazz\n", "utf-8")
    code, out, err = run(capsys, "import", path, "--strict")
    assert code == 2
    assert "jazz" in out
    assert "1" in err
    with Catalogue.open() as catalogue:
        assert catalogue.describe(full.content_hash) == full


def test_taking_in_what_was_exported_changes_nothing(
    full: Described, sound: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for format_ in (one for one in FORMATS if one.lossless):
        out = tmp_path / f"{format_.id}{format_.extension}"
        assert run(capsys, "export", "--as", format_.id, "--out", out, sound)[0] == 0
        assert run(capsys, "import", out, "--as", format_.id)[0] == 0
        with Catalogue.open() as catalogue:
            assert catalogue.describe(full.content_hash) == full


def test_everything_goes_into_another_catalogue(
    full: Described, sound: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    elan.write(tmp_path / "take.eaf", [full])
    other = tmp_path / "other.sqlite"
    for _time in range(2):
        assert run(capsys, "import", tmp_path / "take.eaf", "--for", sound, "--catalogue", other)[0] == 0
    with Catalogue.open(other) as catalogue:
        told = catalogue.describe(full.content_hash)
    assert (told.programme, told.carrier, told.credits, told.notes) == (
        *(full.programme, full.carrier, full.credits, full.notes),
    )
    assert [replace(one, id="") for one in told.items] == [replace(one, id="") for one in full.items]
    assert [replace(one, id="", supersedes="") for one in told.statements] == [
        replace(one, id="", supersedes="") for one in full.statements
    ]
    assert {one.label for one in in_force(told.statements)} == {one.label for one in in_force(full.statements)}


def test_a_file_about_another_recording_is_told(
    full: Described, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = replace(full, content_hash="0" * 32, path="/etc/passwd")
    elan.write(tmp_path / "take.eaf", [other])
    code, out, _err = run(capsys, "import", tmp_path / "take.eaf")
    assert (code, "passwd" in out, "has the sound" in out) == (1, True, True)
    with Catalogue.open() as catalogue:
        assert (catalogue.count(), catalogue.describe(full.content_hash)) == (1, full)


def test_only_told_with_dry_run(full: Described, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    textgrid.write(tmp_path / "take.TextGrid", [full])
    code, out, _err = run(capsys, "import", tmp_path / "take.TextGrid", "--dry-run")
    assert code == 0
    assert "dashti" in out
    with Catalogue.open() as catalogue:
        assert catalogue.describe(full.content_hash) == full


@pytest.mark.parametrize("name", ["x.iiif.json", "x.doc", "x"])
def test_other_files_are_refused_in_words(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / name).write_text("x", "utf-8")
    code, _out, err = run(capsys, "import", tmp_path / name)
    assert (code, "--as" in err) == (2, True)


def test_the_only_recording_is_not_meant_by_a_file_of_another_name(
    full: Described, sound: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    labels = tmp_path / "other.txt"
    labels.write_text("0\t1\tsegah\n", encoding="utf-8")
    code, out, _err = run(capsys, "import", labels)
    assert (code, "other.txt" in out) == (1, True)
    assert run(capsys, "import", labels, "--for", sound)[0] == 0  # whoever names it means it


@pytest.fixture
def twins(tmp_path: Path) -> dict[str, str]:
    """Three recordings of one name, of 10, 10 and 20 s, by their folders: the content hash of each."""
    found = {}
    with Catalogue.open() as catalogue:
        for number, (folder, seconds) in enumerate((("radio/a", 10), ("radio/b", 10), ("tapes", 20))):
            path = tmp_path / folder / "side 1.wav"
            path.parent.mkdir(parents=True)
            soundfile.write(path, np.random.default_rng(number).uniform(-0.5, 0.5, seconds * RATE), RATE)
            with open_audio(path) as source:
                catalogue.put_recording(source.recording)
                found[folder] = source.recording.content_hash
    return found


def holders(twins: dict[str, str]) -> set[str]:
    """The folders of the recordings of which something was said."""
    with Catalogue.open() as catalogue:
        return {folder for folder, content_hash in twins.items() if catalogue.statements_of(content_hash)}


CSV = "file,start_s,stop_s,mode\n{file},0,5,segah\n"
TEXTGRID = """File type = "ooTextFile"
Object class = "TextGrid"

0 {length} <exists> 1 "IntervalTier" "mode" 0 {length} 1 0 {length} "segah"
"""


@pytest.mark.parametrize(
    ("name", "content", "of"),
    [
        ("labels.csv", CSV.format(file="D:\\\\Archive\\\\RADIO\\\\b\\\\side 1.wav"), {"radio/b"}),
        ("labels.csv", CSV.format(file="/mnt/x/tapes/side 1.wav"), {"tapes"}),
        ("labels.csv", CSV.format(file="a/side 1.wav") + "b/side 1.wav,0,5,shour\n", {"radio/a", "radio/b"}),
        ("labels.csv", CSV.format(file="side 1.wav").replace(",5,", ",15,"), {"tapes"}),
        ("radio/b/side 1.txt", "0\t5\tsegah\n", {"radio/b"}),
        ("side 1.TextGrid", TEXTGRID.format(length=20), {"tapes"}),
        ("side 1.jams", json.dumps({
            "file_metadata": {"duration": 20.0},
            "annotations": [{"namespace": "mode", "data": [{"time": 0, "duration": 5, "value": "segah"}]}],
        }), {"tapes"}),
    ],
)  # fmt: skip
def test_recordings_of_one_name_are_told_apart(
    name: str, content: str, of: set[str], twins: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / name).write_text(content, "utf-8")
    code, out, _err = run(capsys, "import", tmp_path / name)
    assert (code, holders(twins)) == (0, of), out


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("labels.csv", CSV.format(file="side 1.wav")),
        ("side 1.TextGrid", TEXTGRID.format(length=10)),
        ("labels.csv", CSV.format(file="elsewhere/side 1.wav")),
    ],
)
def test_where_nothing_tells_which_is_meant_they_are_named(
    name: str, content: str, twins: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / name).write_text(content, "utf-8")
    code, out, _err = run(capsys, "import", tmp_path / name)
    assert (code, holders(twins)) == (1, set())
    assert str(Path("radio") / "a" / "side 1.wav") in out
    assert str(Path("radio") / "b" / "side 1.wav") in out
    chosen = tmp_path / "radio" / "a" / "side 1.wav"
    assert run(capsys, "import", tmp_path / name, "--for", chosen)[0] == 0
    assert holders(twins) == {"radio/a"}


def test_strict_takes_nothing_where_a_recording_is_not_known(
    twins: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "labels.csv"
    path.write_text(CSV.format(file="tapes/side 1.wav") + "side 1.wav,0,5,segah\n", "utf-8")
    code, _out, err = run(capsys, "import", path, "--strict")
    assert (code, holders(twins)) == (2, set())
    assert "not known: 1" in err
    assert run(capsys, "import", path)[0] == 1
    assert holders(twins) == {"tapes"}
