"""What `python -m trainer evaluate` judges, and what it does not."""

from __future__ import annotations

import json

from trainer.__main__ import main


def test_evaluate_on_what_it_never_saw(corpus, tmp_path, capsys):
    probe = tmp_path / "i.probe"
    paths = sorted(corpus.rglob("*.wav"))
    lines = [f"{path},{path.parent.name},{'test' if k % 4 == 0 else 'train'}" for k, path in enumerate(paths)]
    data = tmp_path / "data.csv"
    data.write_text("\n".join(["file,instrument,split", *lines]), encoding="utf-8")
    fit = ["fit", "--data", str(data), "--task", "instrument", "--out", str(probe), "--window", "2", "--hidden", "8"]
    assert main([*fit, "--no-views", "--others=4", "--epochs", "10"]) == 0
    capsys.readouterr()
    assert main(["evaluate", "--probe", str(probe), "--data", str(data), "--json"]) == 0
    done = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert done["part"] == "test"
    assert done["judgement"]["recordings"]["count"] == 2
    assert sum(map(sum, done["judgement"]["segments"]["confusion"])) == done["judgement"]["segments"]["count"]


def test_evaluate_says_what_it_does_not_judge(corpus, tmp_path, capsys):
    probe, data = tmp_path / "i.probe", tmp_path / "data.csv"
    fit = ["fit", "--data", str(corpus), "--task", "instrument", "--out", str(probe), "--window", "2", "--hidden", "8"]
    assert main([*fit, "--no-views", "--others=4", "--epochs", "1"]) == 0
    first, second, third, fourth, *_rest = sorted(corpus.rglob("*.wav"))
    rows = [f"{first},ney", f"{second},ney", f"{third},tar", f"{fourth},oud"]
    data.write_text("\n".join(["file,instrument", *rows]), encoding="utf-8")
    capsys.readouterr()
    assert main(["evaluate", "--probe", str(probe), "--data", str(data), "--json"]) == 1
    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [event["file"] for event in events if event["event"] == "skipped"] == [str(fourth)]
    notes = " ".join(event["note"] for event in events if event["event"] == "remark")
    assert "tar 1" in notes
    assert "flatters" in notes
    assert events[-1]["judgement"]["recordings"]["count"] == 2
    assert sum(events[-1]["refusals"].values()) == 2  # tar and oud: whether they are refused is judged


def test_another_collection_comes_onto_the_card_once(corpus, tmp_path, capsys):
    probe, data = tmp_path / "i.probe", tmp_path / "<other>.csv"
    fit = ["fit", "--data", str(corpus), "--task", "instrument", "--out", str(probe), "--window", "2", "--hidden", "8"]
    assert main([*fit, "--no-views", "--others=4", "--epochs", "1"]) == 0
    files = sorted(corpus.rglob("*.wav"))
    data.write_text("\n".join(["file,instrument", *(f"{one},{one.parent.name}" for one in files)]), encoding="utf-8")
    card = probe.with_suffix(".card.html")
    fitted = card.read_text(encoding="utf-8")
    for _again in range(2):
        capsys.readouterr()
        assert main(["evaluate", "--probe", str(probe), "--data", str(data), "--json"]) == 0
        assert json.loads(capsys.readouterr().out.splitlines()[-1])["card"] == str(card)
        shown = card.read_text(encoding="utf-8")
        assert shown.count("<section id=") == 1
        assert "&lt;other&gt;.csv" in shown
    assert "Violin" in fitted  # what it makes of other sounds stands there from the fit on
    card.unlink()
    assert main(["evaluate", "--probe", str(probe), "--data", str(data), "--json"]) == 0
    assert not card.exists()


def test_evaluate_on_other_labels(corpus, tmp_path, capsys):
    probe, data = tmp_path / "i.probe", tmp_path / "data.csv"
    fit = ["fit", "--data", str(corpus), "--task", "instrument", "--out", str(probe), "--window", "2", "--hidden", "8"]
    assert main([*fit, "--no-views", "--others=4", "--epochs", "1"]) == 0
    data.write_text("file,instrument\na.wav,tar\n", encoding="utf-8")
    assert main(["evaluate", "--probe", str(probe), "--data", str(data)]) == 2
    assert "one of the probe's labels" in capsys.readouterr().err
