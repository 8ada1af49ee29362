"""`python -m trainer experiment` and `report`: results, damaged results, and what is none."""

from __future__ import annotations

import json

import pytest

from trainer.__main__ import main
from trainer.experiments.table import EXPERIMENTS


def test_from_the_command_line_on_signal(corpus, tmp_path, capsys):
    out = tmp_path / "out"
    arguments = ["experiment", "table4", "earlier-studies", "--data", str(corpus), "--out", str(out), "--epochs", "2"]
    arguments += ["--systems", "mousavi"]
    assert main(arguments) == 0
    assert "report.html" in capsys.readouterr().out
    assert "BiLGNet" in (out / "report.html").read_text(encoding="utf-8")
    assert main([*arguments, "--json"]) == 0
    done = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (done["event"], done["computed"]) == ("done", 0)
    assert main(["report", "--out", str(out)]) == 0


@pytest.mark.logs
def test_a_report_of_nothing_or_of_a_damaged_result(tmp_path, capsys):
    assert main(["report", "--out", str(tmp_path / "gone")]) == 2
    assert "no such folder" in capsys.readouterr().err
    (tmp_path / "cells").mkdir()
    (tmp_path / "cells" / "a.json").write_text("{")
    assert main(["report", "--out", str(tmp_path)]) == 2
    assert "a.json" in capsys.readouterr().err


def test_a_report_of_a_folder_of_something_else(corpus, tmp_path, capsys):
    (tmp_path / "mine.csv").write_text("a,b\n", encoding="utf-8")
    assert main(["report", "--out", str(tmp_path)]) == 2
    assert "no results" in capsys.readouterr().err
    assert [one.name for one in tmp_path.iterdir()] == ["mine.csv"]
    plain = ["--data", str(corpus), "--out", str(tmp_path / "new")]
    assert main(["experiment", "earlier-studies", *plain, "--systems", "mousavi"]) == 0
    assert main(["report", "--out", str(tmp_path / "new")]) == 0


@pytest.mark.logs
def test_damaged_results_are_computed_again(corpus, tmp_path, capsys, caplog):
    def run() -> list[dict]:
        plain = ["--data", str(corpus), "--epochs", "1", "--out", str(tmp_path), "--json"]
        assert main(["experiment", "table2", "visualisation", *plain]) == 0
        return [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    run()
    before = {path: path.read_bytes() for path in (tmp_path / "cells").iterdir()}
    figure, point, listed = (
        next(p for p in sorted(before) if p.name.startswith(name)) for name in ("table2", "visual", "suspects")
    )
    text = figure.read_text(encoding="utf-8")
    assert '"accuracy": 1.0' in text
    figure.write_text(text.replace('"accuracy": 1.0', '"accuracy": 0.9', 1), encoding="utf-8")  # sound JSON, false
    point.write_bytes(before[point][:-40])
    listed.write_bytes(b"[]")
    damaged = {p: p.read_bytes() for p in (figure, point, listed)}
    assert main(["report", "--out", str(tmp_path)]) == 1
    assert capsys.readouterr().err.count("left out of the report") == 3
    for path, text in damaged.items():
        path.write_bytes(text)
    caplog.clear()
    told = [event["note"] for event in run() if event["event"] == "remark"]
    assert len(told) == len(caplog.records) == 3
    assert {p: p.read_bytes() for p in (tmp_path / "cells").iterdir() if p.suffix == ".json"} == before
    assert len(list((tmp_path / "cells").glob("*.damaged"))) == 3


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (["a.wav,tar", "b.wav,setar"], "to learn from some"),
        (["a.wav,tar", "b.wav,tar"], "no two labels"),
    ],
)
def test_data_that_are_too_few_are_told_before_anything_is_listened_to(tmp_path, capsys, rows, said):
    data = tmp_path / "data.csv"
    data.write_text("\n".join(["file,instrument", *rows]), encoding="utf-8")
    out = tmp_path / "out"
    assert main(["experiment", "table2", "--data", str(data), "--out", str(out)]) == 2
    assert said in capsys.readouterr().err
    assert not out.exists()


@pytest.mark.parametrize("epochs", ["0", "-3", "many", "10001"])
def test_epochs_that_are_none(tmp_path, capsys, epochs):
    with pytest.raises(SystemExit):
        main(["experiment", "all", "--data", str(tmp_path), "--out", str(tmp_path / "o"), "--epochs", epochs])
    assert "from 1 to 10000" in capsys.readouterr().err


def test_a_file_is_no_folder_for_results(corpus, tmp_path, capsys):
    (tmp_path / "file").touch()
    assert main(["experiment", "table2", "--data", str(corpus), "--out", str(tmp_path / "file")]) == 2
    assert "cannot be made" in capsys.readouterr().err


def test_the_help_names_every_experiment(capsys):
    with pytest.raises(SystemExit):
        main(["experiment", "--help"])
    shown = capsys.readouterr().out
    assert all(f"\n  {one.name} " in shown for one in EXPERIMENTS)
