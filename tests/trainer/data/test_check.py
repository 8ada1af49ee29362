from __future__ import annotations

import shutil
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest
import soundfile

from persian_mir.progress import Cancelled, Progress
from trainer.data import read_dataset
from trainer.data.check import check, cleaned
from trainer.data.check_report import Report
from trainer.data.mini_nava import MiniNava, make_mini_nava


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, MiniNava]:
    out = tmp_path_factory.mktemp("mini-nava")
    return out, make_mini_nava(out, recordings=70, seed=3, seconds=1.0, faults=True)


def stems(report: Report) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for finding in report.findings:
        found[finding.kind] |= {Path(name).stem for name in finding.recordings}
    return dict(found)


def manifest(folder: Path, *rows: str) -> Path:
    path = folder / "manifest.csv"
    path.write_text("\n".join(["file,instrument,artist,split,start_s", *rows]), encoding="utf-8")
    return path


def tone(path: Path, hz: float, seconds: float = 0.5) -> np.ndarray:
    sound = (16_000 * np.sin(2 * np.pi * hz * np.arange(int(8000 * seconds)) / 8000)).astype(np.int16)
    soundfile.write(path, sound, 8000)
    return sound


def test_every_planted_fault_is_found_and_nothing_else(faulty):
    out, made = faulty
    report = check(read_dataset(out))
    planted = made.planted
    assert stems(report) == {
        "missing": set(planted.missing),
        "corrupt": set(planted.corrupt),
        "duplicate": set(planted.duplicate),
        "overlap": set(planted.overlap),
        "train-holds-dev": set(planted.train_holds_dev),
        "unknown": set(planted.unknown),
        "alias": set(planted.aliases),
    }
    assert len(planted.aliases) == 4
    assert len(report.findings) == 10
    assert report.recordings == 70 + 3


def test_what_is_left_is_clean_and_counted(faulty):
    out, made = faulty
    dataset = read_dataset(out)
    report = check(dataset)
    rest = cleaned(dataset, report)
    assert len(rest.entries) == 73 - 3
    assert {finding.kind for finding in check(rest).findings} == {"overlap", "train-holds-dev", "unknown", "alias"}
    seconds = 3600 * sum(sum(cells.values()) for cells in report.hours.values())
    assert seconds == pytest.approx(70 * 1.0, rel=0.1)
    text = report.text()
    assert text.startswith("mini-Nava (synthesised): 73 recordings")
    assert made.planted.corrupt[0] in text


def test_a_sound_corpus_has_no_findings(tmp_path):
    make_mini_nava(tmp_path, recordings=35, seed=1, seconds=0.5)
    report = check(read_dataset(tmp_path))
    assert report.findings == ()
    assert "Nothing is wrong" in report.text()
    assert set(report.hours) == {"tar", "kamancheh", "santoor", "setar", "ney"}


def test_copies_are_known_by_what_sounds(tmp_path):
    sound = tone(tmp_path / "a.wav", 440)
    soundfile.write(tmp_path / "b.flac", np.column_stack([sound, sound]), 8000)
    tone(tmp_path / "c.wav", 441)
    tone(tmp_path / "d.wav", 442)
    rows = ["a.wav,ney,p,train,", "b.flac,ney,p,test,", "c.wav,ney,p,dev,", "d.wav,ney,p,train,"]
    dataset = read_dataset(manifest(tmp_path, *rows))
    (finding,) = check(dataset).findings
    assert (finding.kind, finding.recordings, finding.leave_out) == ("overlap", ("b.flac", "a.wav"), ("a.wav",))


def test_one_stretch_under_two_labels(tmp_path):
    tone(tmp_path / "a.wav", 440, 8.0)
    tone(tmp_path / "b.wav", 550, 8.0)
    rows = ["a.wav,setar,X,,0", "b.wav,سه تار,X,,0", "b.wav,ney,X,,4", "a.wav,Setar,X,,0"]
    report = check(read_dataset(manifest(tmp_path, *rows)))
    assert [(one.kind, one.recordings) for one in report.findings if one.kind != "alias"] == [
        ("duplicate", ("a.wav",)),
        ("contradiction", ("b.wav",)),
    ]
    said = next(one.text for one in report.findings if one.kind == "contradiction")
    assert "instrument: “ney”, “setar”" in said
    assert "artist" not in said
    assert cleaned(read_dataset(tmp_path / "manifest.csv"), report).entries[1].path == tmp_path / "b.wav"
    assert report.hours["setar"]["?"] == pytest.approx(2 * 8 / 3600)  # the repeated row counts once


def test_stretches_that_follow_each_other_may_have_other_labels(tmp_path):
    tone(tmp_path / "a.wav", 440, 8.0)
    path = tmp_path / "manifest.csv"
    path.write_text("file,instrument,start_s,stop_s\na.wav,ney,4,8\na.wav,setar,0,4\n", encoding="utf-8")
    assert check(read_dataset(path)).findings == ()


def test_copies_under_two_labels_teach_nothing(tmp_path):
    tone(tmp_path / "a.wav", 440)
    shutil.copy(tmp_path / "a.wav", tmp_path / "b.wav")
    tone(tmp_path / "c.wav", 550)
    dataset = read_dataset(manifest(tmp_path, "a.wav,setar,X,train,0", "b.wav,ney,X,test,0", "c.wav,ney,X,train,0"))
    report = check(dataset)
    (found,) = (one for one in report.findings if one.kind == "contradiction")
    assert set(found.leave_out) == {"a.wav", "b.wav"}
    assert [entry.path.name for entry in cleaned(dataset, report).entries] == ["c.wav"]


def test_silence_teaches_nothing(tmp_path):
    soundfile.write(tmp_path / "a.wav", np.zeros(8000, np.int16), 8000)
    tone(tmp_path / "b.wav", 440)
    report = check(read_dataset(manifest(tmp_path, "a.wav,setar,X,,0", "b.wav,ney,X,,0")))
    assert [(one.kind, one.leave_out) for one in report.findings] == [("corrupt", ("a.wav",))]
    assert "silent" in report.findings[0].text


def test_a_recording_in_two_rows_of_two_splits(tmp_path):
    tone(tmp_path / "a.wav", 440)
    findings = check(read_dataset(manifest(tmp_path, "a.wav,ney,p,train,", "a.wav,ney,p,test,0.2"))).findings
    assert [finding.kind for finding in findings] == ["overlap", "absent"]


def test_labels_in_words(tmp_path):
    for number in range(4):
        tone(tmp_path / f"{number}.wav", 200 + number)
    rows = ["0.wav,Setar,علی,,", "1.wav,Setar,علي,,", "2.wav,sehtar,علی,,9", "3.wav,violin,علی,,"]
    report = check(read_dataset(manifest(tmp_path, *rows)))
    found = stems(report)
    (spelt,) = [one.text for one in report.findings if one.recordings == ("1.wav",)]
    assert "one artist; the two differ by ARABIC LETTER YEH, ARABIC LETTER FARSI YEH" in spelt
    assert report.artists == 1
    assert found == {"alias": {"1", "2"}, "unknown": {"3"}, "outside": {"2"}}


def test_writings_are_quoted_with_their_half_space(tmp_path):
    for number in range(3):
        tone(tmp_path / f"{number}.wav", 200 + number)
    rows = ["0.wav,ney,علی\u200cزاده,,", "1.wav,ney,علی\u200cزاده,,", "2.wav,ney,علی زاده,,"]
    (spelt,) = [one.text for one in check(read_dataset(manifest(tmp_path, *rows))).findings if one.kind == "alias"]
    assert "“علی زاده” in place of “علی\u200cزاده”" in spelt
    assert "differ by SPACE, ZERO WIDTH NON-JOINER" in spelt


def test_a_class_that_a_split_lacks(tmp_path):
    for number in range(4):
        tone(tmp_path / f"{number}.wav", 200 + number)
    rows = ["0.wav,ney,,train,", "1.wav,tar,,train,", "2.wav,ney,,dev,", "3.wav,ney,,test,"]
    texts = [finding.text for finding in check(read_dataset(manifest(tmp_path, *rows))).findings]
    assert texts == [f"No recording of the instrument tar is in {part}." for part in ("dev", "test")]


def test_recordings_in_no_list(tmp_path):
    make_mini_nava(tmp_path, recordings=35, seed=1, seconds=0.5)
    data = tmp_path / "NavaDataset" / "Data"
    shutil.copy(sorted(data.iterdir())[0], data / "0_0_1_999.flac")
    assert stems(check(read_dataset(tmp_path))) == {"unlisted": {"0_0_1_999"}}


def test_artists_who_give_a_label_away_are_counted(tmp_path):
    for number in range(4):
        tone(tmp_path / f"{number}.wav", 200 + number)
    rows = ["0.wav,ney,Ali,,", "1.wav,tar,Ali,,", "2.wav,ney,Reza,,", "3.wav,ney,,,"]
    report = check(read_dataset(manifest(tmp_path, *rows)))
    assert (report.artists, report.alone, report.findings) == (2, {"instrument": 1}, ())
    assert report.labels == {"instrument": 2, "dastgah": 0, "mode": 0, "artist": 2}
    assert "Of 2 artists" in report.text()


def test_a_corpus_without_a_dev_list(tmp_path):
    make_mini_nava(tmp_path, recordings=35, seed=1, seconds=0.5)
    (tmp_path / "NavaDataset" / "dev.txt").unlink()
    kinds = {finding.kind: finding.text for finding in check(read_dataset(tmp_path)).findings}
    assert kinds["absent"] == "There are no recordings in dev."
    assert set(kinds) == {"absent", "unlisted"}


def test_what_was_heard_is_not_decoded_again(faulty, monkeypatch):
    out, _made = faulty
    dataset = read_dataset(out)
    before = check(dataset)

    def decoded(*_args):
        raise AssertionError("decoded again")

    monkeypatch.setattr("persian_mir.audio.source.AudioSource.blocks", decoded)
    assert check(dataset) == before


def test_what_was_complained_of_is_said_in_the_language_of_today(faulty, monkeypatch):
    dataset = read_dataset(faulty[0])
    before = {one.kind: one.text for one in check(dataset).findings}
    monkeypatch.setenv("LANGUAGE", "fa")
    after = {one.kind: one.text for one in check(dataset).findings}
    assert before["corrupt"].isascii()
    assert not after["corrupt"].isascii()


def test_a_file_that_changed_is_heard_anew(tmp_path):
    tone(tmp_path / "a.wav", 440)
    tone(tmp_path / "b.wav", 550)
    dataset = read_dataset(manifest(tmp_path, "a.wav,ney,x,,", "b.wav,ney,x,,"))
    assert not check(dataset).findings
    tone(tmp_path / "b.wav", 440)
    (found,) = check(dataset).findings
    assert found.kind == "duplicate"


def test_it_can_be_stopped(faulty):
    class Impatient(Progress):
        def step(self, fraction: float, note: str = "") -> None:
            raise Cancelled

    with pytest.raises(Cancelled):
        check(read_dataset(faulty[0]), Impatient())


@pytest.mark.parametrize(
    ("samples", "said"),
    [
        (np.zeros((8000, 2)), "silent from beginning to end"),
        (0.001 * np.sin(np.arange(8000)), "nearly silent: its loudest sample is at -60 dB"),
        (0.5 * np.sin(np.arange(100)), "too short to hear anything: 12 ms"),
    ],
    ids=["silent", "quiet", "short"],
)
def test_what_nobody_can_hear_is_found_and_not_learnt_from(tmp_path, samples, said):
    soundfile.write(tmp_path / "a.wav", samples, 8000, subtype="FLOAT")
    tone(tmp_path / "b.wav", 440)
    tone(tmp_path / "c.wav", 550)
    dataset = read_dataset(manifest(tmp_path, "a.wav,setar,X,,0", "b.wav,ney,X,,0", "c.wav,setar,X,,0"))
    for _again in range(2):  # the second time from what is kept of the first
        report = check(dataset)
        (finding,) = report.findings
        assert (finding.kind, finding.leave_out) == ("corrupt", ("a.wav",))
        assert said in finding.text
        assert [entry.path.name for entry in cleaned(dataset, report).entries] == ["b.wav", "c.wav"]


def test_channels_of_opposed_phase_are_heard_and_told_from_each_other(tmp_path):
    for name, hz in (("a.wav", 440), ("b.wav", 550)):
        sound = 0.5 * np.sin(2 * np.pi * hz * np.arange(16000) / 8000)
        soundfile.write(tmp_path / name, np.stack([sound, -sound], axis=1), 8000)
    assert not check(read_dataset(manifest(tmp_path, "a.wav,setar,X,,0", "b.wav,ney,X,,0"))).findings


def test_a_name_that_is_too_long_is_one_finding(tmp_path):
    tone(tmp_path / "b.wav", 440)
    dataset = read_dataset(manifest(tmp_path, f"{'x' * 300}.wav,setar,X,,0", "b.wav,ney,X,,0", "a\\b.wav,ney,X,,"))
    findings = check(dataset).findings
    assert [one.kind for one in findings] == ["missing", "missing"]
    assert "name is too long" in findings[0].text
