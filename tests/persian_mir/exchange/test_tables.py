"""CSV, TSV and Parquet: what spreadsheets and other people do to them."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from persian_mir.catalogue.model import Statement
from persian_mir.exchange import csv_table, parquet
from persian_mir.exchange.bounded import ExchangeError, base_name, read_bounded
from persian_mir.exchange.sheet import Label
from persian_mir.exchange.table import rows_of
from tests.persian_mir.exchange.described import BARE, FULL, LATER, machine


def read(tmp_path: Path, text: str, name: str = "x.csv") -> tuple[object, ...]:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return csv_table.read(path)


def test_what_a_person_said_stands_beside_the_machines_label_and_probability() -> None:
    said = [row for row in rows_of([FULL]) if row.get("verified_by") == "Sara" and row["task"] == "mode"]
    (row,) = said
    assert (row["label"], row["status"], row["in_force"]) == ("dashti", "corrected", "yes")
    assert (row["machine_label"], row["machine_probability"], row.get("probability")) == ("shour", 0.6, None)


def test_no_cell_is_a_formula(tmp_path: Path) -> None:
    csv_table.write(tmp_path / "x.csv", [FULL])
    with (tmp_path / "x.csv").open(newline="", encoding="utf-8") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert "'=a note, & <more>" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_an_edited_row_is_a_label_and_the_rest_stays_whole(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    csv_table.write(path, [FULL])
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    label, part = rows[0].index("label"), rows[0].index("part")
    (edited,) = [row for row in rows if row[label] == "shour" and row[part] == "segment"]
    edited[label] = "abuata"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    (sheet,) = csv_table.read(path)
    assert sheet.labels == (Label(30.0, 60.0, "abuata", "mode", "", 0.6),)
    assert sheet.own is not None
    assert [one.id for one in sheet.own.statements] == ["s1", "s2", "s4", "s5", "s6", "s7"]
    assert sheet.own.items == FULL.items


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("file,start_s,stop_s,mode\na.wav,0,1.5,Segah\n", [Label(0, 1.5, "Segah", "mode")]),
        ("filename;start;end;label\na.wav;0,5;1,5;دشتی\n", [Label(0.5, 1.5, "دشتی")]),
        ("onset\tduration\tvalue\n۱\t2\tx\n", [Label(1, 3, "x")]),
        ("Begin Time (s)\tEnd Time (s)\tAnnotation\n1:01\t1:02.5\tx\n", [Label(61, 62.5, "x")]),
        ("file,mode,kind\na.wav,segah,reng\n", [Label(None, None, "segah", "mode"), Label(None, None, "reng", "kind")]),
        ("\ufefffile,label\na.wav,a\x1b[31m\n", [Label(None, None, "a\\x1b[31m")]),
        ("label,confidence\nx,0.25\n", [Label(None, None, "x", probability=0.25)]),
    ],
)
def test_tables_of_others(tmp_path: Path, text: str, labels: list[Label]) -> None:
    (sheet,) = read(tmp_path, text)
    assert list(sheet.labels) == labels
    assert sheet.name in ("a.wav", "")


@pytest.mark.parametrize("times", ["2,1", "1,1", "x,2", "nan,2", "1,"])
def test_rows_without_a_stretch_are_told(tmp_path: Path, times: str) -> None:
    (sheet,) = read(tmp_path, f"start_s,stop_s,label\n{times},x\n0,1,y\n")
    assert [label.text for label in sheet.labels] == ["y"]
    assert len(sheet.remarks) == 1


def test_utf_16_is_read_and_latin_1_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes("file,label\na.wav,شور\n".encode("utf-16"))
    (sheet,) = csv_table.read(path)
    assert sheet.labels[0].text == "شور"
    path.write_bytes("file,label\na.wav,é\n".encode("latin-1"))
    with pytest.raises(ExchangeError, match="UTF-8"):
        csv_table.read(path)


def test_data_frames_have_types(tmp_path: Path) -> None:
    from pyarrow import parquet as arrow

    parquet.write(tmp_path / "x.parquet", [FULL, BARE])
    table = arrow.read_table(tmp_path / "x.parquet")
    assert {str(table.schema.field(name).type) for name in ("start_s", "probability")} == {"double"}
    assert str(table.schema.field("start").type) == "int64"
    assert table.column("label").to_pylist().count("segah") == 2


def test_no_path_of_another_is_kept() -> None:
    names = ["../../etc/passwd", "C:\\music\\a.wav", "file:///home/x/a%20b.wav", "\\\\server\\share\\a.wav", "a.wav"]
    assert [base_name(one) for one in names] == ["passwd", "a.wav", "a%20b.wav", "a.wav", "a.wav"]


def test_a_data_frame_of_another_is_read(tmp_path: Path) -> None:
    import pyarrow as arrow
    from pyarrow import parquet as arrows

    columns = {"begin": [0.5, None], "end": [1.0, None], "label": ["Segah", "Nava"], "odd": [[1], [2]]}
    arrows.write_table(arrow.table(columns), tmp_path / "x.parquet")
    (sheet,) = parquet.read(tmp_path / "x.parquet")
    assert sheet.labels == (Label(0.5, 1.0, "Segah"), Label(None, None, "Nava"))


def test_a_data_frame_with_a_large_text_many_times_takes_little_memory(tmp_path: Path) -> None:
    """Decoded row by row the texts would be 20 GB."""
    import pyarrow as arrow
    from pyarrow import parquet as arrows

    large = arrow.DictionaryArray.from_arrays(arrow.array([0] * 20_000, arrow.int32()), [" x" * (1 << 19)])
    schema = arrow.schema([("label", arrow.dictionary(arrow.int32(), arrow.string()))])
    with arrows.ParquetWriter(tmp_path / "x.parquet", schema, store_schema=False) as writer:
        writer.write_table(arrow.table({"label": large}, schema))
    assert (tmp_path / "x.parquet").stat().st_size < 1 << 20
    (sheet,) = parquet.read(tmp_path / "x.parquet")
    assert len(sheet.labels) == 20_000
    assert {len(label.text) for label in sheet.labels} == {4096}


def test_a_data_frame_whose_texts_are_none_is_refused(tmp_path: Path) -> None:
    """pyarrow gives texts that are no UTF-8 as an error of Python's own."""
    import pyarrow as arrow
    from pyarrow import parquet as arrows

    path = tmp_path / "x.parquet"
    arrows.write_table(arrow.table({"label": ["Segah_Segah"]}), path, compression="none")
    path.write_bytes(path.read_bytes().replace(b"Segah_Segah", b"Segah\xffSegah"))
    with pytest.raises(ExchangeError):
        parquet.read(path)


def test_what_a_person_supersedes_is_what_the_machine_had_said() -> None:
    first, second = (machine("mode", 0, 10, label, 0.5, number) for label, number in (("shour", "a"), ("nava", "b")))
    said = Statement("mode", 0, 10, "segah", "corrected", "S", when=LATER, supersedes="a")
    other = Statement("mode", 0, 10, "segah", "corrected", "S", when=LATER)
    rows = list(rows_of([replace(BARE, statements=(first, second, said, other))]))
    assert [row.get("machine_label") for row in rows[-2:]] == ["shour", "nava"]


def test_files_are_read_up_to_a_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "x.csv").write_text("label\na\nb\nc\n", encoding="utf-8")
    with pytest.raises(ExchangeError, match="larger"):
        read_bounded(tmp_path / "x.csv", 5)
    monkeypatch.setattr(csv_table, "MOST_MARKS", 2)
    with pytest.raises(ExchangeError, match="more than 2 rows"):
        csv_table.read(tmp_path / "x.csv")
    with pytest.raises(ExchangeError, match="plain file"):
        csv_table.read(tmp_path)
