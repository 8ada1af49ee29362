from __future__ import annotations

import json
import subprocess
import sys

import pytest

from persian_mir.probes import load_predictor, load_probe
from trainer.__main__ import main
from trainer.commands.reporter import Reporter
from trainer.fitting.fit_options import layer_numbers
from trainer.fitting.loop import Epoch

QUICK = ["--no-views", "--others=4", "--hidden", "8", "--epochs", "5", "--window", "2"]


def run(*arguments: object, text: str = "") -> tuple[int, list[dict], str]:
    """`python -m trainer ... --json` as the window runs it: exit code, events, standard error."""
    command = [sys.executable, "-m", "trainer", *map(str, arguments), "--json"]
    done = subprocess.run(command, input=text, capture_output=True, text=True, timeout=100)
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()], done.stderr


def test_fit_from_a_folder_with_events(corpus, tmp_path):
    out = tmp_path / "new" / "i.probe"
    code, events, complaints = run("fit", "--data", corpus, "--task", "instrument", "--out", out, *QUICK)
    assert (code, complaints) == (0, "")
    epochs = [event for event in events if event["event"] == "epoch"]
    assert [event["number"] for event in epochs] == [1, 2, 3, 4, 5]
    assert events[-1]["event"] == "done"
    assert events[-1]["hash"] == load_probe(out).hash
    assert load_predictor(out).tasks == ("instrument",)


def test_the_line_stop_ends_it_with_the_best_so_far(corpus, tmp_path):
    out = tmp_path / "i.probe"
    command = [sys.executable, "-m", "trainer", "fit", "--data", corpus, "--task", "instrument", "--out", out, "--json"]
    command += ["--no-views", "--others=4", "--window", "2", "--epochs", "100000", "--hidden", "8", "--lr", "1e-6"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        events = []
        for line in child.stdout:
            events.append(json.loads(line))
            if events[-1]["event"] == "epoch" and events[-1]["number"] == 3:
                child.stdin.write("stop\n")
                child.stdin.flush()
        assert child.wait(30) == 0
    assert events[-1]["event"] == "done"
    assert load_probe(out).training["stopped"] is True


def test_a_fit_that_was_interrupted_says_that_it_goes_on(corpus, tmp_path, capsys, monkeypatch):
    publish = Reporter.publish

    def interrupted(self, value):
        publish(self, value)
        if isinstance(value, Epoch) and value.number == 3:
            self.stop.set()

    plain = ["fit", "--data", str(corpus), "--task", "instrument", "--out", str(tmp_path / "x.probe"), *QUICK]
    with monkeypatch.context() as patched:
        patched.setattr(Reporter, "publish", interrupted)
        assert main(plain) == 0
    assert "goes on from here" in capsys.readouterr().out
    assert main(plain) == 0
    said = capsys.readouterr()
    assert "goes on from here" not in said.out
    assert "epoch 5 of" in said.err


def test_stopped_at_once_there_is_no_probe(corpus, tmp_path):
    out = tmp_path / "i.probe"
    code, events, _ = run("fit", "--data", corpus, "--task", "instrument", "--out", out, *QUICK, text="stop\n")
    if code == 130:  # the line may also come after the first epoch, and then the best so far is kept
        assert events[-1]["event"] == "error"
        assert not out.exists()
    else:
        assert load_probe(out).training["stopped"] is True


def test_fit_from_a_manifest_on_a_folder_of_the_users_own(corpus, tiny_hubert, tmp_path, capsys):
    rows = [f"{path},{path.parent.name}" for path in sorted(corpus.rglob("*.wav"))]
    manifest = tmp_path / "manifest.csv"
    manifest.write_text("\n".join(["file,instrument", *rows]), encoding="utf-8")
    out = tmp_path / "i.probe"
    arguments = ["--data", manifest, "--task", "instrument", "--backbone", tiny_hubert, "--layers", "1,2"]
    assert main(["fit", *map(str, arguments), "--out", str(out), "--device", "cpu", *QUICK]) == 0
    assert str(out) in capsys.readouterr().out
    assert load_probe(out).layers == (1, 2)
    assert load_predictor(out).probe.hash == load_probe(out).hash


def test_a_recording_left_out_is_told_in_the_exit_code(corpus, tmp_path, capsys):
    rows = [f"{path},{path.parent.name}" for path in sorted(corpus.rglob("*.wav"))]
    manifest = tmp_path / "manifest.csv"
    manifest.write_text("\n".join(["file,instrument", *rows, "gone.wav,ney"]), encoding="utf-8")
    out = tmp_path / "i.probe"
    assert main(["fit", "--data", str(manifest), "--task", "instrument", "--out", str(out), *QUICK]) == 1
    assert "gone.wav" in capsys.readouterr().err
    assert load_probe(out).training["skipped"] == 1


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("absent.csv", None, "no such file"),
        ("binary.csv", b"\xff\xfe\x00\x01", "lacks the column"),
        ("columns.csv", b"name,what\na,b\n", "lacks the column"),
        ("one.csv", b"file,instrument\na.wav,ney\nb.wav,ney\n", "None of the recordings"),
        ("gone.csv", b"file,instrument\na.wav,ney\nb.wav,tar\n", "None of the recordings"),
    ],
)
def test_bad_data_says_what_and_where(tmp_path, capsys, name, text, words):
    data = tmp_path / name
    if text is not None:
        data.write_bytes(text)
    out = tmp_path / "i.probe"
    assert main(["fit", "--data", str(data), "--task", "instrument", "--out", str(out)]) == 2
    complaint = capsys.readouterr().err
    assert words in complaint
    assert "Traceback" not in complaint
    assert not out.exists()


def test_a_folder_is_no_place_for_a_probe(corpus, tmp_path, capsys):
    assert main(["fit", "--data", str(corpus), "--task", "instrument", "--out", str(tmp_path)]) == 2
    assert "This is a folder" in capsys.readouterr().err


@pytest.mark.logs
def test_a_defect_is_told_as_such(corpus, tmp_path, capsys, monkeypatch, caplog):
    def broken(*_arguments: object) -> None:
        raise RuntimeError("a defect")

    monkeypatch.setattr("trainer.data.read_dataset", broken)
    assert main(["fit", "--data", str(corpus), "--task", "instrument", "--out", str(tmp_path / "a.probe")]) == 2
    assert "does not know" in capsys.readouterr().err
    assert "a defect" in caplog.text


def test_a_model_that_is_not_here(corpus, tmp_path):
    arguments = ["--data", corpus, "--task", "instrument", "--backbone", "m-a-p/MERT-v1-95M", "--out", tmp_path / "a"]
    code, events, _ = run("fit", *arguments)
    assert code == 2
    assert "models fetch" in events[-1]["cure"]


@pytest.mark.parametrize(
    "wrong",
    [
        ["--task", "genre"],
        ["--hidden", "8,8,8,8,8,8"],
        ["--hidden", "many"],
        ["--epochs", "0"],
        ["--lr", "-1"],
        ["--window", "nan"],
    ],
)
def test_wrong_usage(corpus, tmp_path, capsys, wrong):
    with pytest.raises(SystemExit) as caught:
        main(["fit", "--data", str(corpus), "--task", "instrument", "--out", str(tmp_path / "a"), *wrong])
    assert caught.value.code == 2
    assert wrong[0] in capsys.readouterr().err


def test_layers():
    assert layer_numbers("all", 3) == (0, 1, 2)
    assert layer_numbers("last", 3) == (2,)
    assert layer_numbers("2,0", 3) == (2, 0)


@pytest.mark.parametrize("layers", ["x", "", "-1", "6,,7"])
def test_layers_that_are_no_numbers(corpus, tmp_path, capsys, layers):
    with pytest.raises(SystemExit):
        main(["fit", "--data", str(corpus), "--task", "instrument", "--out", str(tmp_path / "a"), f"--layers={layers}"])
    assert "all, last, numbers" in capsys.readouterr().err


@pytest.mark.parametrize("layers", ["3", "1,1"])
def test_layers_that_a_model_lacks(corpus, tmp_path, capsys, layers):
    arguments = ["--data", str(corpus), "--task", "instrument", "--out", str(tmp_path / "a"), f"--layers={layers}"]
    assert main(["fit", *arguments]) == 2
    assert "not hidden states" in capsys.readouterr().err
