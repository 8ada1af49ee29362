from __future__ import annotations

import math
import os
from pathlib import Path

import pytest

from trainer.data import DataError, read_dataset
from trainer.data.spelling import find_label


def manifest(folder: Path, text: str) -> Path:
    path = folder / "manifest.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_rows_are_read_with_all_their_columns(tmp_path):
    text = (
        "\ufefffile,instrument,artist,split,start_s,stop_s,shahed_hz\n"
        "a/x.wav,Setar,Ahmad Ebadi,valid,1.5,9,220\n"
        '"b, c.wav",سه تار,,,,,\n'
    )
    first, second = read_dataset(manifest(tmp_path, text), "instrument").entries
    assert (first.path, first.artist, first.split) == (tmp_path / "a/x.wav", "Ahmad Ebadi", "dev")
    assert first.labels == {"instrument": "setar", "artist": "Ahmad Ebadi"}
    assert (first.start_s, first.stop_s, first.extra) == (1.5, 9.0, {"shahed_hz": "220"})
    assert (second.path, second.labels) == (tmp_path / "b, c.wav", {"instrument": "setar"})
    assert (second.start_s, second.stop_s) == (0.0, math.inf)


@pytest.mark.parametrize("name", ["سه‌تار", "سه تار", "سهتار", "SETAR", "setar"])
def test_a_label_is_known_by_any_spelling(name):
    assert find_label("instrument", name) == "setar"


@pytest.mark.parametrize("name", ["Shushtari", "shoushtari", "شوشتری"])
def test_a_mode_of_other_collections_is_of_its_mother_mode(name):
    assert (find_label("dastgah", name), find_label("mode", name)) == ("homayoun", "homayoun")


def test_an_avaz_as_dastgah_is_of_its_dastgah():
    assert find_label("dastgah", "Abuata") == "shour"
    assert find_label("mode", "Abuata") == "abuata"
    assert not find_label("dastgah", "Makam Saba")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "lacks the column"),
        ("name,instrument\na.wav,ney\n", "lacks the column"),
        ("file,genre\na.wav,ney\n", "lacks the column"),
        ("file,instrument\n", "no rows"),
        ("file,instrument\na.wav\n", "Row 2 .*cells"),
        ("file,instrument\na.wav,ney,more\n", "Row 2 .*cells"),
        ("file,instrument\n,ney\n", "Row 2 .*no file"),
        ("file,instrument,split\na.wav,ney,exam\n", "Row 2 .*exam"),
        ("file,instrument,start_s\na.wav,ney,soon\n", "Row 2 .*soon"),
        ("file,instrument,start_s\na.wav,ney,nan\n", "Row 2 .*nan"),
        ("file,instrument,start_s,stop_s\na.wav,ney,5,4\n", "Row 2 .*after its start"),
        ('file,instrument\n"a.wav,ney\n', "cannot be read"),
    ],
)
def test_faults_name_the_row(tmp_path, text, words):
    path = manifest(tmp_path, text)
    with pytest.raises(DataError, match=words) as caught:
        read_dataset(path, "instrument")
    assert caught.value.path == path


def test_a_label_that_nobody_knows_is_left_for_the_check_to_tell(tmp_path):
    known, unknown = read_dataset(manifest(tmp_path, "file,instrument\na.wav,ney\nb.wav,violin\n")).entries
    assert (known.labels, unknown.labels) == ({"instrument": "ney"}, {})
    assert (unknown.written, unknown.spoken_place) == ({"instrument": "violin"}, "Row 3 of the manifest")


def test_what_spreadsheets_write_is_read(tmp_path):
    path = tmp_path / "manifest.csv"
    text = "file,instrument,split\nنی.wav,نی,test\n\nb.wav,tar,\n"
    plain = None
    for delimiter in ",;\t":
        for encoding in ("utf-8", "utf-8-sig", "utf-16"):
            for end in ("\n", "\r\n"):
                for line in ("", f"sep={delimiter}{end}"):
                    path.write_bytes((line + text.replace(",", delimiter).replace("\n", end)).encode(encoding))
                    read = [(one.path.name, one.labels, one.split) for one in read_dataset(path, "instrument").entries]
                    plain = plain or read
                    assert read == plain
    assert plain == [("نی.wav", {"instrument": "ney"}, "test"), ("b.wav", {"instrument": "tar"}, "")]


def test_times_with_a_decimal_comma_and_rows_of_nothing(tmp_path):
    text = "file;instrument;start_s;stop_s\na.wav;ney;0,5;۶٫۲۵\n;;;\n ; ;;\n"
    (one,) = read_dataset(manifest(tmp_path, text), "instrument").entries
    assert (one.start_s, one.stop_s) == (0.5, 6.25)
    (one,) = read_dataset(manifest(tmp_path, text.replace("۶٫۲۵", "0:01:06,25")), "instrument").entries
    assert (one.start_s, one.stop_s) == (0.5, 66.25)
    with pytest.raises(DataError, match=r"Row 2 .*1,000\.5"):
        read_dataset(manifest(tmp_path, text.replace("0,5", "1,000.5")), "instrument")


def test_paths_written_on_windows(tmp_path):
    (tmp_path / "صدا").mkdir()
    (tmp_path / "صدا" / "a b.wav").touch()
    text = "file,instrument\nصدا\\a b.wav,ney\nصدا/a b.wav,ney\n"
    assert {one.path for one in read_dataset(manifest(tmp_path, text), "instrument").entries} == {
        tmp_path / "صدا" / "a b.wav"
    }


@pytest.mark.skipif(os.name == "nt", reason="a backslash parts folders there")
def test_a_backslash_may_belong_to_a_name(tmp_path):
    (tmp_path / "a\\b.wav").touch()
    (one,) = read_dataset(manifest(tmp_path, "file,instrument\na\\b.wav,ney\n"), "instrument").entries
    assert one.path == tmp_path / "a\\b.wav"


def test_columns_are_known_in_any_case_and_with_spaces(tmp_path):
    (one,) = read_dataset(manifest(tmp_path, " File , Instrument,Remark\na.wav,ney,loud\n"), "instrument").entries
    assert one.labels == {"instrument": "ney"}
    assert one.extra == {"Remark": "loud"}


def test_semicolons_in_names_do_not_mislead(tmp_path):
    (one,) = read_dataset(manifest(tmp_path, "file,instrument,artist\na;b;c.wav,ney,x\n"), "instrument").entries
    assert one.path.name == "a;b;c.wav"


@pytest.mark.parametrize("encoding", ["cp1256", "utf-16-le"])
def test_other_encodings_are_refused(tmp_path, encoding):
    path = tmp_path / "manifest.csv"
    path.write_bytes("file,instrument\nنی.wav,ney\n".encode(encoding, "replace"))
    with pytest.raises(DataError, match=r"UTF-8|lacks the column"):
        read_dataset(path, "instrument")


@pytest.mark.parametrize(
    "raw",
    [b"\x89PNG\r\n\x1a\n\0\0", b"\xff\xfe\0", b"\0" * 1000, b"file,instrument\n" + b"a" * 200_000, b"x" * 3_000_000],
)
def test_what_is_no_table_at_all(tmp_path, raw):
    path = tmp_path / "manifest.csv"
    path.write_bytes(raw)
    with pytest.raises(DataError) as caught:
        read_dataset(path, "instrument")
    assert caught.value.path == path
    assert caught.value.cure


def test_a_column_twice(tmp_path):
    with pytest.raises(DataError, match="several columns of one name: instrument"):
        read_dataset(manifest(tmp_path, "file,instrument,Instrument\na.wav,ney,tar\n"), "instrument")


def test_more_rows_than_can_be_worked_with(tmp_path, monkeypatch):
    monkeypatch.setattr("trainer.data.manifest.MAX_ROWS", 3)
    text = "file,instrument\n" + "a.wav,ney\n" * 3
    assert len(read_dataset(manifest(tmp_path, text), "instrument").entries) == 3
    with pytest.raises(DataError, match="more than 3 rows"):
        read_dataset(manifest(tmp_path, text + "a.wav,ney\n"), "instrument")


def test_nothing_there(tmp_path):
    for name in ("gone", "gone.csv"):
        with pytest.raises(DataError, match="no such file or folder") as caught:
            read_dataset(tmp_path / name, "instrument")
        assert caught.value.path == tmp_path / name


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="there are no such devices here")
def test_a_device_is_no_data():
    with pytest.raises(DataError, match="neither a file nor a folder"):
        read_dataset(Path("/dev/zero"))


def test_what_may_not_be_read(tmp_path, monkeypatch):
    """The tests may run as one who may read everything, so the refusal is a made-up one."""
    (tmp_path / "ney").mkdir()
    (tmp_path / "ney" / "a.wav").touch()
    (tmp_path / "tar").mkdir()
    scandir = os.scandir

    def refuse(path):
        if Path(path).name == "tar":
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(DataError, match="cannot be read: Permission denied") as caught:
        read_dataset(tmp_path)
    assert caught.value.path == tmp_path / "tar"

    def shut(_self):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "exists", shut)
    with pytest.raises(DataError, match="cannot be read: Permission denied"):
        read_dataset(tmp_path)


def test_a_folder_a_class(tmp_path):
    for name in ("Ney/a.wav", "Ney/disc 2/b.flac", "Ney/notes.txt", "tar/c.mp3", ".hidden/d.wav"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    found = {
        (str(example.path.relative_to(tmp_path)), example.labels["instrument"])
        for example in read_dataset(tmp_path, "instrument").entries
    }
    assert found == {("Ney/a.wav", "ney"), ("Ney/disc 2/b.flac", "ney"), ("tar/c.mp3", "tar")}


def test_folders_that_teach_nothing(tmp_path):
    with pytest.raises(DataError, match="no recordings"):
        read_dataset(tmp_path, "instrument")
    (tmp_path / "violin").mkdir()
    (tmp_path / "violin" / "a.wav").touch()
    (entry,) = read_dataset(tmp_path, "instrument").entries
    assert (entry.labels, entry.written["instrument"]) == ({}, "violin")


def nava(folder: Path, **lists: str) -> Path:
    data = folder / "NavaDataset" / "Data"
    data.mkdir(parents=True)
    for stem in ("3_0_25_12", "1_4_7_1", "2_6_7_2"):
        (data / f"{stem}.mp3").touch()
    for name, text in lists.items():
        (folder / "NavaDataset" / f"{name}.txt").write_text(text, encoding="utf-8")
    return folder


def test_nava_is_read_by_its_codes(tmp_path):
    folder = nava(tmp_path, all_train="3_0_25_12\n1_4_7_1\n", dev="1_4_7_1.mp3\n\n", test="2_6_7_2\r\n")
    dataset = read_dataset(folder)
    assert (dataset.name, dataset.synthetic) == ("Nava", False)
    kamancheh, santoor, setar = dataset.entries
    assert setar.labels == {"instrument": "setar", "dastgah": "shour", "artist": "25"}
    assert (setar.artist, setar.split, setar.extra) == ("25", "train", {"track": "12"})
    assert (kamancheh.split, kamancheh.also) == ("dev", ("train",))
    assert (santoor.labels["dastgah"], santoor.split) == ("chahargah", "test")
    assert dataset.key(kamancheh.path) == "Data/1_4_7_1.mp3"
    assert read_dataset(folder / "NavaDataset").entries == dataset.entries


def test_tables_of_ones_own(tmp_path):
    folder = nava(tmp_path, all_train="3_0_25_12")
    tables = tmp_path / "tables.json"
    tables.write_text('{"instrument": {"3": "tar"}, "artist": {"25": "somebody"}}')
    dataset = read_dataset(folder, tables=tables)
    assert dataset.entries[0].labels == {"instrument": "tar", "dastgah": "shour", "artist": "somebody"}
    assert len(dataset.unlisted) == 2


@pytest.mark.parametrize(
    "text", ["", "[]", '{"instrument": []}', '{"instrument": {"3": "violin"}}', '{"artist": {"25": 7}}']
)
def test_tables_that_mean_nothing(tmp_path, text):
    tables = tmp_path / "tables.json"
    tables.write_text(text)
    with pytest.raises(DataError):
        read_dataset(nava(tmp_path, all_train="3_0_25_12"), tables=tables)


def test_nava_with_codes_that_nobody_knows(tmp_path):
    folder = nava(tmp_path, all_train="9_0_25_12\nsantur_07_025_3\nsomething else\n")
    rows = {entry.path.stem: entry for entry in read_dataset(folder).entries}
    assert rows["9_0_25_12"].written["instrument"] == "9"
    assert rows["9_0_25_12"].labels == {"dastgah": "shour", "artist": "25"}
    assert rows["santur_07_025_3"].labels == {"instrument": "santoor", "artist": "25"}
    assert rows["something else"].written == {"name": "something else"}


def test_nava_without_lists_has_no_splits(tmp_path):
    assert {entry.split for entry in read_dataset(nava(tmp_path)).entries} == {""}


def test_folders_tell_their_task(tmp_path):
    for name in ("Shour/a.wav", "Nava/b.wav"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).touch()
    assert [entry.labels for entry in read_dataset(tmp_path).entries] == [{"dastgah": "nava"}, {"dastgah": "shour"}]
    assert read_dataset(tmp_path, "artist").entries[0].labels == {"artist": "Nava"}


def test_rows_that_say_the_same_share_what_they_say(tmp_path):
    """A manifest of a million rows over a few recordings holds each path and each label once."""
    rows = (f"a.wav,ney,{k}.5,{k + 1}.5" for k in range(1000))
    (tmp_path / "m.csv").write_text("\n".join(["file,instrument,start_s,stop_s", *rows]), encoding="utf-8")
    first, *others = read_dataset(tmp_path / "m.csv").entries
    assert {(id(one.path), id(one.labels), id(one.extra)) for one in others} == {
        (id(first.path), id(first.labels), id(first.extra))
    }
    assert [(one.start_s, one.stop_s) for one in others[:2]] == [(1.5, 2.5), (2.5, 3.5)]
    assert others[0].spoken_place == "Row 3 of the manifest"
