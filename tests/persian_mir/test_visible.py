"""What comes from outside is shown with its control characters spelt out, wherever it is shown."""

from __future__ import annotations

import io
import json
import logging
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from persian_mir.commands.main import main
from persian_mir.logs import log_path, logging_to_file
from persian_mir.stdio import VisibleStream
from persian_mir.visible import visible, visible_lines
from trainer.__main__ import main as trainer_main

EVIL = "a\x1b]0;title\x07\x9b31m\u202eb\x00\r"
SPELT = r"a\x1b]0;title\x07\x9b31m\u202eb\x00\r"


def test_what_would_steer_a_terminal_is_spelt_out() -> None:
    assert visible(EVIL) == SPELT
    assert visible("a\nb\tc") == r"a\nb\tc"
    assert visible_lines("a\nb\tc\r\n" + EVIL) == "a\nb\tc\r\n" + SPELT
    persian = "سه\u200cگاه \u2068Tar\u2069 \u200eA\u200f\u00a0۱"  # half-space, isolates, marks: how Persian is written
    assert visible(persian) == persian


def test_a_stream_spells_it_out_and_keeps_its_lines() -> None:
    out = io.StringIO()
    print(EVIL, file=VisibleStream(out))
    VisibleStream(out).clear_line()
    assert out.getvalue() == SPELT + "\n\r\x1b[K"


@pytest.mark.parametrize("kind", ["table", "csv", "json"])
def test_a_files_name_cannot_steer_the_terminal(tmp_path: Path, kind: str, capfd: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a\x1b[31m\x9b\u202eb.wav"
    path.write_bytes(b"no sound")
    assert main(["label", "--format", kind, str(path)]) == 1
    out, err = capfd.readouterr()
    for text in (out, err):
        assert not set("\x1b\x9b\u202e") & set(text)
    assert r"\x1b[31m" in (err if kind == "json" else out)
    if kind == "json":
        assert json.loads(out)[0]["file"] == str(path)  # spelt out in JSON's own way


def test_a_line_break_in_a_name_begins_no_line(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    good, bad = tmp_path / "a\nNothing is wrong.wav", tmp_path / "b\n1 of 1 right.wav"
    soundfile.write(good, np.sin(np.arange(32_000) / 20), 16_000)
    bad.write_bytes(b"no sound")
    (tmp_path / "m.csv").write_text(f'file,instrument\n"{bad.name}",tar\n"{good.name}",ney\n', encoding="utf-8")
    main(["label", str(good), str(bad)])
    main(["read", str(good)])
    trainer_main(["check", "--data", str(tmp_path / "m.csv")])
    out, err = capfd.readouterr()
    lines = [*out.splitlines(), *err.splitlines()]
    assert sum(r"a\nNothing is wrong" in line for line in lines) >= 2
    assert sum(r"b\n1 of 1 right" in line for line in lines) >= 2
    assert not [line for line in lines if line.startswith(("Nothing is", "1 of 1 right"))]


def test_nor_can_an_argument(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["label", "--format", "\x1b[31m", "x"])
    assert "\x1b" not in capfd.readouterr().err


@pytest.mark.logs
def test_nor_what_is_logged() -> None:
    with logging_to_file():
        logging.getLogger("test").warning("name: %s %s", EVIL, "\udc80")
    text = log_path().read_text(encoding="utf-8")
    assert SPELT in text
    assert r"\udc80" in text


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device here")
@pytest.mark.parametrize(
    "command",
    [
        ["trainer", "check", "gone", "--json"],
        ["trainer", "check", "gone.csv"],
        ["persian_mir", "models", "list"],
        ["persian_mir", "label", "gone.wav"],
        ["persian_mir", "doctor"],
    ],
    ids=" ".join,
)
def test_a_full_device_is_told_in_a_sentence(command: list[str], tmp_path: Path) -> None:
    with Path("/dev/full").open("w") as full:
        line = [sys.executable, "-m", *command]
        done = subprocess.run(line, stdout=full, stderr=subprocess.PIPE, text=True, timeout=100, cwd=tmp_path)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert command[1:] == ["check", "gone.csv"] or "No space left" in done.stderr
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(line, stdout=full, stderr=full, timeout=100, cwd=tmp_path)
    assert done.returncode == 2
