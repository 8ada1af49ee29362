"""An artist's name, in any script, is the same in every file that carries it."""

from __future__ import annotations

import codecs
import csv
import io
import json
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from persian_mir.backbones import BackboneKey
from persian_mir.catalogue.corrections import Correction, Corrections, training_manifest
from persian_mir.commands.csv_writer import CsvWriter
from persian_mir.commands.json_writer import as_json
from persian_mir.commands.labelled import LabelledFile
from persian_mir.commands.main import main as persian_mir
from persian_mir.csv_text import from_text
from persian_mir.examples.synthesise import synthesise
from persian_mir.grid import Grid
from persian_mir.names import clean_name, name_key
from persian_mir.prediction import Prediction
from persian_mir.probes import Head, Probe, load_probe, save_probe
from persian_mir.provenance import Provenance
from persian_mir.recording import Recording
from trainer.__main__ import main
from trainer.data import read_dataset
from trainer.data.spelling import find_label
from trainer.evaluation.evaluate import evaluate
from trainer.evaluation.evaluation_file import EvaluatedSegments, Segment, read_evaluation, write_evaluation
from trainer.reports.card import html

ALIZADEH, KALHOR = "حسین علی\u200cزاده", "کیهان کلهر"
letters = st.characters(blacklist_categories=("Cs", "Cc"))
names = st.text(st.sampled_from("حسینعلیزاده يكپ۲7 \u200c'’&\",;%{}/\\aB.-") | letters, min_size=1, max_size=20)
names = names.map(clean_name).filter(bool)
pairs = st.tuples(names, names).filter(lambda two: name_key(two[0]) != name_key(two[1]))


def probe(labels: tuple[str, ...]) -> Probe:
    one = np.ones(1, np.float32)
    head = Head((np.array([[1], [-1]], np.float32),), (np.zeros(2, np.float32),))
    key = BackboneKey("tiny", "r1", "ab12", 16_000, 1, 1, True)
    return Probe("artist", labels, key, Grid(), (0,), one, head, one[None], one[None])


def prediction(labels: tuple[str, ...]) -> Prediction:
    rows = np.array([[0.8, 0.2]], np.float32)
    return Prediction("artist", labels, np.array([0]), np.array([8000]), rows, rows[0], Provenance("probe:test"))


class Speaker:
    id, name = "probe:test", "Test"


@settings(max_examples=60)
@given(pairs)
def test_a_name_survives_every_file(two: tuple[str, str]) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        save_probe(probe(two), folder / "a.probe")
        assert load_probe(folder / "a.probe").labels == two
        assert load_probe(folder / "a.probe").hash == probe(two).hash

        level = evaluate(np.array([[0.8, 0.2]], np.float32), np.array([1]), np.array([0]), two)
        segments = (Segment(0, 0.0, 1.0, 1, (0.8, 0.2)),)
        judged = EvaluatedSegments("artist", two, "test", (folder / "a.wav",), segments, {"official": level}, 1.0, 0.5)
        write_evaluation(folder / "judged.json", judged)
        assert read_evaluation(folder / "judged.json") == judged

        store = Corrections(folder / "corrections.csv")
        path = Path("/sounds/a.wav")
        store.add(*(Correction(path, "0" * 32, 8000, 8000 * at, 8000 * (at + 1), "artist", "accepted", one, one)
                    for at, one in enumerate(two)))  # fmt: skip
        again = Corrections(store.path)
        again.refresh()
        assert tuple(one.label for one in again.in_force()) == two
        read = read_dataset(training_manifest(again, "artist")).entries
        assert tuple(entry.labels["artist"] for entry in read) == two

        with (folder / "manifest.csv").open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows([["file", "artist"], *([f"{k}.wav", one] for k, one in enumerate(two))])
        read = read_dataset(folder / "manifest.csv", "artist").entries
        assert tuple(entry.artist for entry in read) == two


@given(pairs)
def test_a_name_survives_the_exports(two: tuple[str, str]) -> None:
    recording = Recording(Path("/a.wav"), "0" * 32, 8000, 8000, 1, "WAV", "none")
    labelled = LabelledFile(recording.path, recording, (), [(Speaker(), (prediction(two),))])
    out = io.StringIO()
    CsvWriter(out).write(labelled)
    whole, segment = csv.DictReader(io.StringIO(out.getvalue(), newline=""))
    assert (whole["label"], whole["runner_up"]) == (segment["label"], segment["runner_up"])
    assert (from_text(whole["label"]), from_text(whole["runner_up"])) == two
    assert not whole["label"].startswith(("=", "+", "-", "@", "\t", "\r"))
    told = json.loads(json.dumps(as_json(labelled), ensure_ascii=False))
    assert [told["segments"][0]["label"], told["verdicts"]["artist"]["runner_up"]] == list(two)


def test_a_probe_of_ids_is_written_for_older_programs_and_one_of_names_is_not(tmp_path: Path) -> None:
    for labels, version in ((("ahmad-ebadi", "25"), 1), ((ALIZADEH, "25"), 3)):
        save_probe(probe(labels), tmp_path / "a.probe")
        assert f'\\"format\\": {version},'.encode() in (tmp_path / "a.probe").read_bytes()


@pytest.mark.parametrize("text", ["سه‌تار", "سه تار", "سهتار", "Setar", "sehtar"])
def test_instruments_keep_their_ids(text: str) -> None:
    assert find_label("instrument", text) == "setar"


def test_an_instrument_written_on_an_arabic_keyboard() -> None:
    assert (find_label("instrument", "ني"), find_label("instrument", "كمانچه")) == ("ney", "kamancheh")


def test_one_artist_in_several_writings_is_written_in_the_commonest(tmp_path: Path) -> None:
    rows = [ALIZADEH, "حسين عليزاده", ALIZADEH, "كيهان كلهر", KALHOR, KALHOR, "=cmd()"]
    text = "file,artist,instrument\n" + "".join(f"{k}.wav,{one},tar\n" for k, one in enumerate(rows))
    (tmp_path / "m.csv").write_text(text, encoding="utf-8")
    entries = read_dataset(tmp_path / "m.csv").entries
    assert [entry.labels.get("artist") for entry in entries] == [ALIZADEH] * 3 + [KALHOR] * 3 + [None]
    assert [entry.artist for entry in entries] == [ALIZADEH] * 3 + [KALHOR] * 3 + ["=cmd()"]
    assert entries[1].written["artist"] == "حسين عليزاده"


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder an artist, as an archivist has them, and manifests of the same in several encodings."""
    folder = tmp_path_factory.mktemp("بایگانی")
    rows = []
    for number in range(8):
        artist, instrument = ((ALIZADEH, "setar"), (KALHOR, "kamancheh"))[number % 2]
        made = synthesise(("shour", "mahour")[number // 4], instrument, number, 6.0, 200.0 + 9 * number, 16_000)
        path = folder / "آواها" / artist / f"قطعهٔ {number}.wav"
        path.parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(path, made.samples, made.rate)
        rows.append([str(path.relative_to(folder)), artist if number != 2 else "حسين عليزاده"])
    for file, encoding, delimiter in (
        ("plain.csv", "utf-8", ","),
        ("marked.csv", "utf-8-sig", ";"),
        ("unicode.csv", "utf-16", "\t"),
    ):
        with (folder / file).open("w", encoding=encoding, newline="") as out:
            csv.writer(out, delimiter=delimiter).writerows([["file", "artist"], *rows])
    return folder


@pytest.mark.usefixtures("no_listener")
@pytest.mark.parametrize("data", ["آواها", "plain.csv", "marked.csv", "unicode.csv"])
def test_the_whole_way_with_persian_names(collection: Path, tmp_path: Path, data: str, capsys) -> None:
    source, out, judged = collection / data, tmp_path / "نوازنده.probe", tmp_path / "judged.json"
    spelt = main(["check", "--data", str(source), "--task", "artist"])
    told = capsys.readouterr().out
    assert (spelt, "ARABIC LETTER YEH" in told) == ((0, False) if data == "آواها" else (1, True))
    how = ["--no-views", "--hidden", "8", "--epochs", "5", "--window", "2", "--split", "recording"]
    how += ["--judged", str(judged)]
    assert main(["fit", "--data", str(source), "--task", "artist", "--out", str(out), *how]) == 0
    assert load_probe(out).labels == read_evaluation(judged).labels == tuple(sorted((ALIZADEH, KALHOR)))
    card = out.with_suffix(".card.html").read_text(encoding="utf-8")
    assert ALIZADEH in card
    assert KALHOR in card
    capsys.readouterr()
    assert main(["evaluate", "--probe", str(out), "--data", str(source), "--json"]) == 0
    (done,) = [json.loads(line) for line in capsys.readouterr().out.splitlines() if '"done"' in line]
    assert done["judgement"]["recordings"]["count"] == 8
    recording = next((collection / "آواها" / KALHOR).iterdir())
    assert persian_mir(["label", "--probe", str(out), "--format", "csv", str(recording)]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert rows[0]["label"] == KALHOR  # of the whole
    assert {row["label"] for row in rows} <= {"", ALIZADEH, KALHOR}  # a fading end may be none of these
    assert {row["status"] for row in rows} == {"attributed"}


@pytest.mark.usefixtures("no_listener")
def test_suspects_among_persian_names(collection: Path, tmp_path: Path, capsys) -> None:
    out = tmp_path / "suspects.csv"
    source = collection / "plain.csv"
    assert main(["suspects", "--data", str(source), "--task", "artist", "--all", "--out", str(out)]) == 0
    with out.open(encoding="utf-8", newline="") as file:
        assert {row["given"] for row in csv.DictReader(file)} == {ALIZADEH, KALHOR}
    plain = out.read_bytes()
    assert main(["suspects", "--data", str(source), "--task", "artist", "--all", "--excel", "--out", str(out)]) == 0
    assert out.read_bytes() == codecs.BOM_UTF8 + plain


@pytest.mark.usefixtures("no_listener")
def test_corrections_in_another_writing_join_the_same_artist(collection: Path, tmp_path: Path, capsys) -> None:
    more = tmp_path / "more.csv"
    sound = tmp_path / "more.wav"
    made = synthesise("nava", "setar", 99, 6.0, 210.0, 16_000)
    soundfile.write(sound, made.samples, made.rate)
    more.write_text("file,artist\nmore.wav,حسين عليزاده\n", encoding="utf-8")
    out = tmp_path / "a.probe"
    how = ["--no-views", "--hidden", "8", "--epochs", "3", "--window", "2", "--split", "recording", "--add", str(more)]
    assert main(["fit", "--data", str(collection / "plain.csv"), "--task", "artist", "--out", str(out), *how]) == 0
    assert set(load_probe(out).labels) == {ALIZADEH, KALHOR}
    capsys.readouterr()


def test_a_card_takes_no_name_for_markup() -> None:
    page = html(replace(probe(("Ali & Co", "b")), training={}), "a.probe", {})
    assert "Ali &amp; Co" in page


@pytest.mark.usefixtures("no_listener")
def test_a_probe_is_judged_by_data_that_write_its_artists_otherwise(collection: Path, tmp_path: Path, capsys) -> None:
    out, other = tmp_path / "a.probe", collection / "otherwise.csv"
    how = ["--no-views", "--hidden", "8", "--epochs", "3", "--window", "2", "--split", "recording"]
    assert main(["fit", "--data", str(collection / "plain.csv"), "--task", "artist", "--out", str(out), *how]) == 0
    text = (collection / "plain.csv").read_text(encoding="utf-8")
    paths = [line.rpartition(",")[0] for line in text.splitlines()[1:]]
    writings = [
        "حسين عليزاده" if name == ALIZADEH else "كيهان  كلهر" for name in (Path(one).parent.name for one in paths)
    ]
    rows = zip(paths, writings, strict=True)
    other.write_text("file,artist\n" + "".join(f"{path},{name}\n" for path, name in rows), encoding="utf-8")
    capsys.readouterr()
    assert main(["evaluate", "--probe", str(out), "--data", str(other), "--json"]) == 0
    (done,) = [json.loads(line) for line in capsys.readouterr().out.splitlines() if '"done"' in line]
    assert [one["count"] for one in done["judgement"]["recordings"]["classes"]] == [4, 4]
