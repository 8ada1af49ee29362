from __future__ import annotations

import csv
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from persian_mir.batch.queue import Queue
from persian_mir.batch.report import _page, report_files, write_report
from persian_mir.batch.run import Batch, BatchStatus, run_batch
from persian_mir.batch.sources import Sources
from persian_mir.catalogue.catalogue import Catalogue
from persian_mir.commands.main import main
from persian_mir.csv_text import from_text
from persian_mir.modal.predictor import ModalPredictor


def test_every_file_stands_in_the_csv_and_the_failures_on_the_page(folder: Path, tmp_path: Path) -> None:
    (folder / "=<b>evil.wav").write_bytes(b"")
    batch = Batch(tmp_path / "c.sqlite", (ModalPredictor(),), Sources((folder,)))
    status = replace(run_batch(batch), utilisation=0.827)
    with Catalogue.open(batch.catalogue) as catalogue:
        write_report(tmp_path / "out", catalogue, Queue(catalogue, batch.work), batch.made_by, status)
        held = {row.path.name: row.labels for row in catalogue.page().rows}
    table, page = report_files(tmp_path / "out")
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 10
    by_name = {Path(from_text(row["file"])).name: row for row in rows}
    assert by_name["empty.wav"]["state"] == "failed"
    assert "empty" in by_name["empty.wav"]["reason"]
    for name, labels in held.items():
        assert by_name[name]["state"] == "done"
        assert float(by_name[name]["duration_s"]) == pytest.approx(2.0)
        assert by_name[name]["mode"] == "; ".join(one[1] for one in labels if one[0] == "mode")
    text = page.read_text(encoding="utf-8")
    assert text.count("<b>evil") == 0
    assert "&lt;b&gt;evil" in text
    assert "window_s 30" in text
    assert "crowding 0.333333," in text  # not sixteen digits of it
    assert re.search(r"models computed\W+.*\W83%", text)
    assert "<script" not in text


def test_what_is_to_be_known_of_the_sound_is_kept_and_reported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sounds = tmp_path / "sounds"
    sounds.mkdir()
    sound = np.random.default_rng(6).normal(0, 0.1, 20 * 16_000).clip(-0.9, 0.9)
    soundfile.write(sounds / "opposed.wav", np.stack([sound, -sound], axis=1), 16_000)
    soundfile.write(sounds / "plain.wav", sound, 16_000)
    asked = ["batch", sounds, "--catalogue", tmp_path / "c.sqlite", "--report", tmp_path / "out"]
    seen = []
    for _again in range(3):
        assert main([str(one) for one in asked]) == 0
        seen.append("sound of 1 recording" in capsys.readouterr().err)
        table, page = report_files(tmp_path / "out")
        with table.open(encoding="utf-8", newline="") as file:
            told = {Path(row["file"]).name: row["reason"] for row in csv.DictReader(file)}
        assert told["opposed.wav"].count("opposed phase") == 1
        assert "phase" not in told["plain.wav"]
        assert told["opposed.wav"].count("done before") == (len(seen) > 1)
        assert ("opposed phase" in page.read_text(encoding="utf-8")) is seen[-1]
    assert seen == [True, False, False]  # told of what was done


def test_a_page_is_in_the_language_of_the_reader(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "fa")
    batch = Batch(tmp_path / "c.sqlite", (ModalPredictor(),), Sources((folder / "1343",)))
    status = run_batch(batch)
    with Catalogue.open(batch.catalogue) as catalogue:
        write_report(tmp_path, catalogue, Queue(catalogue, batch.work), batch.made_by, status)
    page = (tmp_path / "batch.html").read_text(encoding="utf-8")
    assert 'lang="fa" dir="rtl"' in page
    summary = page[: page.index("<h2>")]
    assert not re.search(r"<bdi>[^<]*[0-9]", summary)
    assert "<bdi>۰</bdi>" in summary


def test_none_of_these_is_an_answer(tmp_path: Path) -> None:
    sounds = tmp_path / "sounds"
    sounds.mkdir()
    soundfile.write(sounds / "silence.wav", np.zeros(32_000), 16_000)
    batch = Batch(tmp_path / "c.sqlite", (ModalPredictor(),), Sources((sounds,)))
    status = run_batch(batch)
    with Catalogue.open(batch.catalogue) as catalogue:
        write_report(tmp_path / "out", catalogue, Queue(catalogue, batch.work), batch.made_by, status)
    table, page = report_files(tmp_path / "out")
    with table.open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["state"], row["mode"], row["mode_status"]) == ("done", "", "none of these")
    assert (row["instrument"], row["instrument_status"]) == ("", "")  # which nobody asked for
    assert ["Mode", "none", "of", "these", "1"] in found_rows(page.read_text(encoding="utf-8"))


def test_what_was_found_is_named_with_its_task(tmp_path: Path) -> None:
    """Shour is a Dastgah and a mode: it stood there twice, with two numbers."""
    found = Counter({("dastgah", "shour"): 3, ("mode", "shour"): 2})
    with Catalogue.open(tmp_path / "c.sqlite") as catalogue:
        page = _page(Queue(catalogue, ""), (), BatchStatus({}, 1.0, None, False, 60.0), found)
    assert found_rows(page)[-2:] == [["Dastgah", "Shour", "3"], ["Mode", "Shour", "2"]]


def found_rows(page: str) -> list[list[str]]:
    """The words of the rows of the page's tables."""
    return [
        re.sub(r"<[^>]+>|\s+", " ", line).split() for line in page.splitlines() if line.startswith("<tr><th scope=row")
    ]
