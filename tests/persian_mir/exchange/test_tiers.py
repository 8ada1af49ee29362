"""Formats with a time axis: what other programs read of them, and what people do to them there."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from persian_mir.catalogue.model import Described, Statement
from persian_mir.exchange import audacity, elan, jams_file, raven, svl, textgrid, webvtt
from persian_mir.exchange.bounded import ExchangeError
from persian_mir.exchange.marks import in_force, layers, marks_of
from persian_mir.exchange.sheet import Label
from persian_mir.exchange.terms import find
from persian_mir.exchange.texts import plain_text
from tests.persian_mir.exchange.described import FULL, LATER, RATE, machine, recordings

Marks = list[tuple[str, str, float, float]]


def shown(described: Described) -> Marks:
    rate = described.rate
    return sorted(
        (plain_text(one.tier), plain_text(one.text), one.start / rate, one.stop / rate) for one in marks_of(described)
    )


def labels_of(labels: tuple[Label, ...]) -> Marks:
    return sorted((one.tier, one.text, one.start_s or 0.0, one.stop_s or 0.0) for one in labels)


def close(found: Marks, expected: Marks, off_s: float) -> bool:
    same = [one[:2] for one in found] == [one[:2] for one in expected]
    times = zip(found, expected, strict=True)
    return same and all(max(abs(a[2] - b[2]), abs(a[3] - b[3])) <= off_s for a, b in times)


def test_what_holds_is_shown_people_before_machines() -> None:
    told = [(one.tier, one.text) for one in marks_of(FULL)]
    assert told[:4] == [
        ("mode (Sara)", "dashti"),
        ("mode [modal]", "segah"),
        ("mode [modal]", "segah"),
        ("mode [modal]", "shour"),
    ]
    assert ("instrument (Sara)", "rejected") in told
    assert ("gushehs", "zabol; mokhalef") in told


def test_an_undone_word_and_an_earlier_reading_do_not_hold() -> None:
    undone = Statement("mode", 30 * RATE, 60 * RATE, "", "undone", "Sara", when="2026-11-29", supersedes="s5", id="s8")
    newer = replace(machine("mode", 0, 5, "nava", 0.5, "s9"), when="2026-11-30")
    held = {one.id for one in in_force((*FULL.statements, undone, newer))}
    assert held == {"s4", "s6", "s7", "s9"}


def test_no_two_of_a_layer_overlap() -> None:
    found = layers(FULL)
    assert list(found)[:3] == ["mode (Sara)", "mode [modal]", "mode [modal] #2"]
    for marks in found.values():
        assert all(one.stop <= other.start for one, other in pairwise(marks))


@settings(max_examples=30)
@given(recordings())
def test_no_two_of_any_layer_overlap_and_none_is_lost(described: Described) -> None:
    found = layers(described)
    assert sum(map(len, found.values())) == len(list(marks_of(described)))
    for marks in found.values():
        assert all(one.stop <= other.start for one, other in pairwise(marks))


@pytest.mark.parametrize(("format_", "off_s"), [(audacity, 1e-6), (textgrid, 1e-9)])
@settings(max_examples=30)
@given(described=recordings())
def test_what_is_shown_comes_back(
    format_: Any, off_s: float, described: Described, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("x") / "x"
    seen = [one for one in shown(described) if one[1].strip() and one[3] - one[2] > 2e-6]
    format_.write(path, [described])
    (sheet,) = format_.read(path)
    assert close([one for one in labels_of(sheet.labels) if one[3] - one[2] > 1e-6], seen, off_s)


@pytest.mark.parametrize(
    ("format_", "edit"),
    [
        (jams_file, lambda text: text.replace('"value": "shour"', '"value": "abuata"')),
        (elan, lambda text: text.replace("<ANNOTATION_VALUE>shour<", "<ANNOTATION_VALUE>abuata<")),
        (raven, lambda text: text.replace("\tshour\t0.6\tmodal", "\tabuata\t0.6\tmodal")),
    ],
    ids=["jams", "elan", "raven"],
)
def test_what_was_edited_elsewhere_is_a_label_and_the_rest_stays_whole(
    format_: Any, edit: Callable[[str], str], tmp_path: Path
) -> None:
    path = tmp_path / "x"
    format_.write(path, [FULL])
    before = path.read_bytes().decode()
    assert edit(before) != before
    path.write_bytes(edit(before).encode())
    (sheet,) = format_.read(path)
    assert [(one.text, one.start_s, one.stop_s) for one in sheet.labels] == [("abuata", 30.0, 60.0)]
    assert sheet.own is not None
    assert [one.id for one in sheet.own.statements] == ["s1", "s2", "s4", "s5", "s6", "s7"]
    assert (sheet.own.items, sheet.own.carrier, sheet.content_hash) == (FULL.items, FULL.carrier, FULL.content_hash)


def test_an_edited_tier_of_an_item_keeps_its_other_tiers(tmp_path: Path) -> None:
    path = tmp_path / "x.eaf"
    elan.write(path, [FULL])
    path.write_text(path.read_text(encoding="utf-8").replace(">avaz<", ">reng<"), encoding="utf-8")
    (sheet,) = elan.read(path)
    assert {(one.tier, one.text) for one in sheet.labels} >= {("kind", "reng"), ("modes", "segah; dashti")}
    assert sheet.own is not None
    assert [one.id for one in sheet.own.items] == ["i1"]


def test_jams_is_valid_and_read_by_jams(tmp_path: Path) -> None:
    import jams

    path = tmp_path / "x.jams"
    jams_file.write(path, [FULL])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # jams with a newer jsonschema
        file = jams.load(str(path), validate=True, strict=True)
    found = [
        (str(one.sandbox.tier), seen.value, seen.time, seen.time + seen.duration)
        for one in file.annotations
        for seen in one.data
    ]
    assert close(sorted(found), shown(FULL), 1e-9)
    modal = next(one for one in file.annotations if one.sandbox.tier == "mode [modal]")
    assert (modal.annotation_metadata.annotation_tools, modal.annotation_metadata.version) == ("modal", "1.0")
    assert modal.data[0].confidence in (0.8612345, 0.9)


def test_elan_is_read_by_pympi(tmp_path: Path) -> None:
    from pympi import Elan

    path = tmp_path / "x.eaf"
    elan.write(path, [FULL])
    file = Elan.Eaf(str(path))
    found = [
        (re.sub(r" #\d+$", "", tier), text, start / 1000, stop / 1000)
        for tier in file.get_tier_names()
        for start, stop, text in file.get_annotation_data_for_tier(tier)
    ]
    assert close(sorted(found), shown(FULL), 0.0011)
    assert file.media_descriptors[0]["RELATIVE_MEDIA_URL"] == "./491ب.flac"


def test_textgrid_is_read_by_praat_itself(tmp_path: Path) -> None:
    import parselmouth

    path = tmp_path / "x.TextGrid"
    textgrid.write(path, [FULL])
    grid = parselmouth.read(str(path))
    call = parselmouth.praat.call
    found = [
        (re.sub(r" #\d+$", "", call(grid, "Get tier name", tier)), text, *times)
        for tier in range(1, call(grid, "Get number of tiers") + 1)
        for place in range(1, call(grid, "Get number of intervals", tier) + 1)
        if (text := call(grid, "Get label of interval", tier, place))
        for times in [[call(grid, f"Get {end} time of interval", tier, place) for end in ("start", "end")]]
    ]
    assert close(sorted(found), shown(FULL), 1e-9)
    assert call(grid, "Get total duration") == 60.0


@pytest.mark.parametrize("form", ["text", "short text"])
def test_what_praat_writes_is_read(tmp_path: Path, form: str) -> None:
    import parselmouth

    textgrid.write(tmp_path / "x", [FULL])
    grid = parselmouth.read(str(tmp_path / "x"))
    parselmouth.praat.call(grid, f"Save as {form} file", str(tmp_path / "praat.TextGrid"))
    (sheet,) = textgrid.read(tmp_path / "praat.TextGrid")
    assert close(labels_of(sheet.labels), shown(FULL), 1e-9)


SHORT = (
    'File type = "ooTextFile"\nObject class = "TextGrid"\n\n0\n2.5\n<exists>\n2\n"IntervalTier"\n"Mode"\n0\n2.5\n2\n'
)
SHORT += '0\n1\n"say ""item [1]"" 5"\n1\n2.5\n""\n"TextTier"\n"p"\n0\n2.5\n1\n1.0\n"x"\n'


def test_a_short_textgrid_is_read(tmp_path: Path) -> None:
    path = tmp_path / "x.TextGrid"
    path.write_bytes(SHORT.encode("utf-16"))
    (sheet,) = textgrid.read(path)
    assert sheet.labels == (Label(0.0, 1.0, 'say "item [1]" 5', "Mode"),)
    assert len(sheet.remarks) == 1


@pytest.mark.parametrize("text", [SHORT[:-20], SHORT.replace('2\n"Int', '99999999999\n"Int'), "no", ""])
def test_a_damaged_textgrid_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.TextGrid"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ExchangeError):
        textgrid.read(path)


def test_audacitys_own_labels_are_read(tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    path.write_text("0,500000\t1,250000\tسه‌گاه\n\\\t100.0\t200.0\n2.0\t2.0\tpoint\n3\t4\tmode: Shour\n", "utf-8")
    (sheet,) = audacity.read(path)
    assert sheet.labels == (Label(0.5, 1.25, "سه‌گاه"), Label(3, 4, "Shour", "mode"))
    assert len(sheet.remarks) == 1


def test_audacitys_rules(tmp_path: Path) -> None:
    """Three fields between two tabs, numbers with a point, in order, no line break in a label."""
    path = tmp_path / "x.txt"
    odd = replace(FULL.items[0], kind="a\tb\nc\\", note="\\x")
    audacity.write(path, [replace(FULL, items=(odd,))])
    lines = [line.split("\t") for line in path.read_text(encoding="utf-8").split("\n")[:-1]]
    assert {len(line) for line in lines} == {3}
    assert [float(line[0]) for line in lines] == sorted(float(line[0]) for line in lines)
    assert not [line for line in lines if line[0].startswith("\\")]


def test_ravens_own_table_is_read_once_a_selection(tmp_path: Path) -> None:
    head = "\t".join(raven.RAVEN) + "\n"
    row = "\t1\t0.5\t1.5\t0.0\t8000.0\ta.wav\tSegah\n"
    path = tmp_path / "x.txt"
    path.write_text(f"{head}1\tWaveform 1{row}1\tSpectrogram 1{row}", encoding="utf-8")
    (sheet,) = raven.read(path)
    assert (sheet.name, sheet.labels) == ("a.wav", (Label(0.5, 1.5, "Segah"),))


BOMB = """<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "x"><!ENTITY b "&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>
<ANNOTATION_DOCUMENT><HEADER/><TIER TIER_ID="&f;"/></ANNOTATION_DOCUMENT>"""


@pytest.mark.parametrize("text", [BOMB, "<a/>", "<ANNOTATION_DOCUMENT>", "", "<a>" * 300 + "</a>" * 300, "&x;"])
def test_entities_and_depth_are_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.eaf"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ExchangeError):
        elan.read(path)


def test_frames_of_a_film_are_no_milliseconds(tmp_path: Path) -> None:
    path = tmp_path / "x.eaf"
    path.write_text('<ANNOTATION_DOCUMENT><HEADER TIME_UNITS="PAL-frames"/></ANNOTATION_DOCUMENT>', encoding="utf-8")
    with pytest.raises(ExchangeError, match="frames"):
        elan.read(path)


def test_no_path_of_another_is_followed(tmp_path: Path) -> None:
    path = tmp_path / "x.eaf"
    elan.write(path, [FULL])
    text = re.sub("<PROPERTY.*?</PROPERTY>", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    path.write_text(text.replace("file:///491ب.flac", "file:///etc/../etc/passwd"), encoding="utf-8")
    (sheet,) = elan.read(path)
    assert sheet.name == "passwd"
    assert close(labels_of(sheet.labels), shown(FULL), 0.0011)


def test_sonic_visualiser_has_every_mark_in_samples(tmp_path: Path) -> None:
    from lxml import etree

    path = tmp_path / "x.svl"
    svl.write(path, [FULL])
    root = etree.fromstring(path.read_bytes())
    points = [(one.get("label"), int(one.get("frame")), int(one.get("duration"))) for one in root.iter("point")]
    assert sorted(points) == sorted((f"{m.tier}: {m.text}", m.start, m.stop - m.start) for m in marks_of(FULL))
    assert root.find("data/model").get("dataset") == root.find("data/dataset").get("id")
    assert root.find("display/layer").get("model") == root.find("data/model").get("id")


CUE = re.compile(r"(\d+)\n(\d\d+:[0-5]\d:[0-5]\d\.\d{3}) --> (\d\d+:[0-5]\d:[0-5]\d\.\d{3})\n([^\n]+)\n")


@settings(max_examples=30)
@given(described=recordings())
def test_webvtt_keeps_to_its_grammar(described: Described, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("x") / "x.vtt"
    webvtt.write(path, [described])
    head, *cues = path.read_text(encoding="utf-8").split("\n\n")
    found = [CUE.fullmatch(cue.rstrip("\n") + "\n") for cue in cues]
    assert head.strip() == "WEBVTT"
    assert len(found) == len(list(marks_of(described)))
    assert all(one and one[2] < one[3] and not set("<>") & set(one[4]) for one in found)
    assert [one[2] for one in found if one] == sorted(one[2] for one in found if one)


def test_webvtt_names_who_said_what(tmp_path: Path) -> None:
    webvtt.write(tmp_path / "x.vtt", [FULL])
    text = (tmp_path / "x.vtt").read_text(encoding="utf-8")
    assert "mode: Dashti (دشتی) – Sara, corrected" in text
    assert "mode: Shour (شور) – modal 1.0, 0.60, not verified" in text
    assert LATER not in text


def told_of(*said: tuple[int, int, str]) -> list[str]:
    statements = tuple(Statement("instrument", *one, "machine", "probe:a", when=LATER) for one in said)
    return [one.text for one in marks_of(Described("a.wav", "aa", RATE, 20 * RATE, statements=statements))]


def test_a_machine_that_names_none_of_its_labels_says_so() -> None:
    unlike = [(0, 20 * RATE, ""), (0, 10 * RATE, ""), (10 * RATE, 20 * RATE, "")]
    assert told_of(*unlike) == ["none of these"] * 3
    partly = [(0, 20 * RATE, ""), (0, 10 * RATE, "tar"), (10 * RATE, 20 * RATE, "")]
    assert told_of(*partly) == ["tar", "none of these"]  # of the whole its parts tell


def test_none_of_these_comes_back_as_what_the_machine_said() -> None:
    assert find("instrument", "none of these") == find("instrument", "rejected")
    assert find("instrument", "none of these").label == ""
