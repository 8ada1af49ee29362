"""Commands whose reader leaves, as `head` does: by real pipes."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from persian_mir.stdio import READER_GONE

COMMANDS = [
    ["persian_mir", "models", "list"],
    ["persian_mir", "doctor"],
    ["trainer", "check", "nothing-here", "--json"],
]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows tells of a broken pipe in other ways")
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_nobody_reads_any_more(command, tmp_path):
    reading, writing = os.pipe()
    os.close(reading)
    try:
        whole = [sys.executable, "-m", *command]
        done = subprocess.run(whole, stdout=writing, stderr=subprocess.PIPE, text=True, timeout=100, cwd=tmp_path)
    finally:
        os.close(writing)
    assert (done.returncode, done.stderr) == (READER_GONE, "")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows tells of a broken pipe in other ways")
def test_nobody_reads_what_is_told_of_an_error(tmp_path):
    reading, writing = os.pipe()
    os.close(reading)
    try:
        whole = [sys.executable, "-m", "trainer", "check", "nothing-here"]
        done = subprocess.run(whole, stdout=subprocess.PIPE, stderr=writing, text=True, timeout=100, cwd=tmp_path)
    finally:
        os.close(writing)
    assert (done.returncode, done.stdout) == (READER_GONE, "")
