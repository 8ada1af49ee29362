"""Formats of archives: what their own rules and libraries say of what is written."""

from __future__ import annotations

import csv
import io
import json
import logging
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import bagit
import pytest
from hypothesis import given, settings
from lxml import etree

from persian_mir.catalogue.model import Described
from persian_mir.errors import PersianMirError
from persian_mir.exchange import bag, dublin_core, iiif, json_record, marc, pbcore
from persian_mir.exchange.file_names import LONGEST, Names, safe_name
from persian_mir.exchange.marks import marks_of
from tests.persian_mir.exchange.described import BARE, FULL, recordings

RULES = Path(__file__).parent / "pbcore_rules.rng"


def read_with_prezi(described: list[Described]) -> Any:
    import iiif_prezi3

    return iiif_prezi3.Manifest(**iiif.manifest(described, iiif.BASE))


def test_the_manifest_is_one_to_iiifs_own_model() -> None:
    manifest = read_with_prezi([FULL, BARE])
    assert [canvas.duration for canvas in manifest.items] == [60.0, 1.0]
    labels = manifest.items[0].annotations[0].items
    assert len(labels) == len(list(marks_of(FULL)))
    assert {one.motivation for one in labels} == {"tagging"}
    assert len(manifest.structures[0].items) == len(FULL.items)


@settings(max_examples=25)
@given(recordings(), recordings())
def test_any_manifest_is_one(one: Described, other: Described) -> None:
    read_with_prezi([one, other])
    told = iiif.manifest([one, other], iiif.BASE)
    ids = [canvas["items"][0]["items"][0]["body"]["id"] for canvas in told["items"]]
    assert len(set(ids)) == 2


def test_a_manifest_says_what_a_machine_said() -> None:
    labels = iiif.manifest([FULL], "https://a.example")["items"][0]["annotations"][0]["items"]
    makers = {(one["creator"]["type"], one["creator"]["name"]) for one in labels if "creator" in one}
    assert makers == {("Software", "modal 1.0"), ("Person", "Sara"), ("Person", "سارا")}
    assert labels[0]["target"] == "https://a.example/canvas/1#t=30.000000,60.000000"


def rules() -> etree.RelaxNG:
    return etree.RelaxNG(etree.parse(RULES))


def test_pbcore_keeps_to_its_schema(tmp_path: Path) -> None:
    pbcore.write(tmp_path / "x.xml", [FULL, BARE])
    rules().assertValid(etree.parse(tmp_path / "x.xml"))


@settings(max_examples=30)
@given(described=recordings())
def test_any_pbcore_keeps_to_its_schema(described: Described, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("x") / "x.xml"
    pbcore.write(path, [described])
    rules().assertValid(etree.parse(path))


def test_the_rules_of_pbcore_refuse_another_order(tmp_path: Path) -> None:
    pbcore.write(tmp_path / "x.xml", [FULL])
    tree = etree.parse(tmp_path / "x.xml")
    document = tree.getroot()[0]
    document.append(document[0])
    assert not rules().validate(tree)


def test_marc_is_read_by_pymarc(tmp_path: Path) -> None:
    import pymarc

    marc.write(tmp_path / "x.json", [FULL, BARE])
    with (tmp_path / "x.json").open(encoding="utf-8") as file:
        full, bare = pymarc.JSONReader(file)
    assert full["245"]["a"] == "برنامهٔ نمونه"
    assert bare["001"].data == "f" * 32
    machine = [field for field in full.get_fields("883") if field.indicator1 == "0"]
    assert [field["c"] for field in machine] == ["0.861235", "0.900000", "0.600000", "0.550000"]
    assert {field["a"] for field in machine} == {"modal 1.0"}
    assert {field["d"] for field in machine} == {"20261128"}
    (corrected,) = [field for field in full.get_fields("883") if field["q"] == "Sara"]
    (linked,) = [field for field in full.get_fields("650") if field.get("8") == corrected["8"]]
    assert (corrected.indicator1, linked["a"]) == ("2", "Dashti (دشتی)")
    assert pymarc.Record(data=full.as_marc())["700"]["a"] == "Banu Nemune"


def test_dublin_core_marks_what_a_machine_said(tmp_path: Path) -> None:
    dublin_core.write(tmp_path / "x.csv", [FULL, BARE])
    full, bare = csv.DictReader(io.StringIO((tmp_path / "x.csv").read_text(encoding="utf-8")))
    subjects = full["dcterms:subject"].split("|")
    assert "Shour (شور) [machine, not verified]" in subjects
    assert "violin" in subjects
    assert (full["dcterms:type"], bare["dcterms:title"]) == ("Sound", "other.wav")
    assert full["dcterms:description"].startswith("'-")


def files(tmp_path: Path, *names: str) -> list[Described]:
    found = []
    for name in names:
        path = tmp_path / name / "take.wav"
        path.parent.mkdir()
        path.write_bytes(name.encode() * 1000)
        found.append(replace(FULL, path=str(path), content_hash=name))
    return found


@pytest.mark.logs
def test_a_bag_is_valid_and_holds_everything(tmp_path: Path) -> None:
    described = files(tmp_path, "a", "b")
    bag.write(tmp_path / "bag", described)
    opened = bagit.Bag(str(tmp_path / "bag"))
    assert opened.validate()
    assert opened.info["Source-Organization"] == "An archive"
    held = {path.name for path in (tmp_path / "bag" / "data").iterdir()}
    assert held == {
        *("take.wav", "take.wav.labels.json", "take (2).wav", "take (2).wav.labels.json"),
        *("recordings.csv", "recordings.json"),
    }
    (sheet,) = json_record.read(tmp_path / "bag" / "data" / "take (2).wav.labels.json")
    assert sheet.own == replace(described[1], path="take (2).wav")
    (tmp_path / "bag" / "data" / "take.wav").write_bytes(b"x")
    logging.disable()
    assert not opened.is_valid()
    logging.disable(logging.NOTSET)


def test_a_bag_never_replaces_anything(tmp_path: Path) -> None:
    described = files(tmp_path, "a")
    (tmp_path / "there").mkdir()
    with pytest.raises(PersianMirError, match="already"):
        bag.write(tmp_path / "there", described)
    with pytest.raises(PersianMirError, match="not there"):
        bag.write(tmp_path / "bag", [*described, BARE])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "there"]


def test_a_full_disk_leaves_no_half_of_a_bag(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_paths: object) -> None:
        raise OSError(28, "No space left on device")

    described = files(tmp_path, "a")
    monkeypatch.setattr(shutil, "copyfile", full)
    with pytest.raises(PersianMirError, match="No space"):
        bag.write(tmp_path / "bag", described)
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("a/b\\c:d*e?.wav", "a_b_c_d_e_.wav"),
        *[("../../x", "_._x"), ("..", "_"), ("", "_"), (" a. ", "a"), (".hidden", "hidden")],
        *[("CON", "_CON"), ("nul.wav", "_nul.wav"), ("Com1.tar.gz", "_Com1.tar.gz"), ("console", "console")],
        *[("a\x00b\u202e", "a_x00b_u202e"), ("سه‌گاه.wav", "سه‌گاه.wav"), ("e\u0301", "\u00e9")],
    ],
)
def test_names_are_safe_on_every_system(text: str, name: str) -> None:
    assert safe_name(text) == name


def test_long_names_keep_their_suffix_and_none_is_given_twice() -> None:
    long = safe_name("گ" * 300 + ".wav")
    assert long.endswith(".wav")
    assert len(long.encode()) <= LONGEST
    names = Names()
    taken = [names.take(name) for name in ("A.wav", "a.wav", "é", "e\u0301", "a.wav")]
    assert taken == ["A.wav", "a (2).wav", "é", "é (2)", "a (3).wav"]


def test_json_is_what_it_says(tmp_path: Path) -> None:
    json_record.write(tmp_path / "x.json", [FULL])
    told = json.loads((tmp_path / "x.json").read_text(encoding="utf-8"))["recordings"][0]
    assert told["duration_s"] == 60.0
    assert told["items"][1]["stop_s"] == 50.0
