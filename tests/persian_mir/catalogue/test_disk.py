"""Kills, other programs, spoilt rows, other files."""

from __future__ import annotations

import csv
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from persian_mir.catalogue.catalogue import Catalogue
from persian_mir.catalogue.correction_rows import COLUMNS
from persian_mir.catalogue.corrections import Corrections
from persian_mir.errors import PersianMirError

TORN = """
import os, signal, sys
from pathlib import Path
from io import FileIO
from persian_mir.catalogue.corrections import Corrections
sys.path.insert(0, sys.argv[2])
from conftest import said
import persian_mir.catalogue.corrections as module
store = Corrections(Path(sys.argv[1]))
store.add(said("accepted", "setar", 0, 1))

class Dies(FileIO):
    def write(self, data):
        if len(data) > 1:
            super().write(data[: len(data) // 2])
            os.kill(os.getpid(), signal.SIGKILL)
        return super().write(data)

class DiesPath(type(Path())):
    def open(self, mode="r", **rest):
        return Dies(self, "a+b") if mode == "a+b" else super().open(mode, **rest)

store.path = DiesPath(sys.argv[1])
store.add(said("accepted", "setar", 1, 2))
"""


@pytest.mark.logs
def test_a_row_torn_by_a_kill_is_cut_off(tmp_path: Path, caplog: pytest.LogCaptureFixture, said, states) -> None:
    path = tmp_path / "corrections.csv"
    here = str(Path(__file__).parent)
    died = subprocess.run([sys.executable, "-c", TORN, str(path), here], capture_output=True, timeout=60, check=False)
    assert died.returncode == -signal.SIGKILL, died.stderr.decode()
    torn = path.read_bytes()
    assert not torn.endswith(b"\n")
    store = Corrections(path)
    store.refresh()
    assert states(store) == {(0, "instrument"): ("accepted", "setar")}  # a reader does not trip over it
    store.add(said("corrected", "ney", 2, 3))  # nor does the dead one's lock hold anybody up
    assert "torn" in caplog.text
    assert len(list(csv.reader(path.read_text().splitlines(), strict=True))) == 3
    assert states(store) == {(0, "instrument"): ("accepted", "setar"), (441_000, "instrument"): ("corrected", "ney")}


@pytest.mark.logs
@pytest.mark.parametrize("length", [100, 70_000, 300_000])
def test_a_long_rest_without_an_end_does_not_swallow_what_comes_next(tmp_path: Path, said, states, length: int) -> None:
    path = tmp_path / "corrections.csv"
    store = Corrections(path)
    store.add(said("accepted", "setar", 0, 1))
    rest = ("نوا\0" * length)[:length].encode()
    with path.open("ab") as file:
        file.write(rest)
    store.add(said("corrected", "ney", 2, 3))
    wanted = {(0, "instrument"): ("accepted", "setar"), (441_000, "instrument"): ("corrected", "ney")}
    assert states(store) == wanted
    again = Corrections(path)
    again.refresh()
    assert states(again) == wanted
    assert path.with_suffix(".torn").read_bytes() == rest + b"\n"


def test_a_file_that_is_something_else_is_not_cut(tmp_path: Path, said) -> None:
    path = tmp_path / "corrections.csv"
    path.write_text("my notes, in one line")
    with pytest.raises(PersianMirError, match="not a file of corrections"):
        Corrections(path).add(said("accepted", "setar", 0, 1))
    assert path.read_text() == "my notes, in one line"


WRITES = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from conftest import said
from persian_mir.catalogue.corrections import Corrections
store = Corrections(Path(sys.argv[1]))
first, count = int(sys.argv[3]), int(sys.argv[4])
for number in range(first, first + count):
    store.add(said("accepted", "setar", number, number))
    print(number, flush=True)
"""


def write_in_a_process(path: Path, first: int, count: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", WRITES, str(path), str(Path(__file__).parent), str(first), str(count)]
    return subprocess.Popen(command, stdout=subprocess.PIPE)


@pytest.mark.logs
def test_what_was_said_to_be_kept_survives_kill_9(tmp_path: Path, said) -> None:
    path, kept = tmp_path / "corrections.csv", set[int]()
    for start in (0, 100_000, 200_000):
        child = write_in_a_process(path, start, 100_000)
        assert child.stdout is not None
        kept.add(int(child.stdout.readline()))
        time.sleep(random.Random(start).uniform(0.0, 0.2))
        os.kill(child.pid, signal.SIGKILL)
        kept |= {int(line) for line in child.stdout.read().split()}
        child.wait()
        child.stdout.close()
    store = Corrections(path)
    store.add(said("accepted", "setar", 999_999, 999_999))
    found = {one.start // 220_500 for one in store.in_force()}
    assert kept | {999_999} <= found
    assert len(found - kept) <= 4  # a row each that was written, but not yet told


def test_two_programs_at_once_do_not_garble(tmp_path: Path, said) -> None:
    path = tmp_path / "corrections.csv"
    children = [write_in_a_process(path, 1000 * place, 60) for place in range(2)]
    store = Corrections(path)
    for number in range(5000, 5020):
        store.add(said("accepted", "setar", number, number))
    assert [len(child.communicate(timeout=60)[0].split()) for child in children] == [60, 60]
    store.refresh()
    wanted = {*range(60), *range(1000, 1060), *range(5000, 5020)}
    assert {one.start // 220_500 for one in store.in_force()} == wanted
    with path.open(newline="") as file:
        assert {len(row) for row in csv.reader(file, strict=True)} == {len(COLUMNS)}


def test_a_row_without_an_end_is_ended(tmp_path: Path, said, three) -> None:
    store = Corrections(tmp_path / "corrections.csv")
    store.add(*three())
    store.path.write_bytes(store.path.read_bytes()[:-1])  # as some editors leave it
    again = Corrections(store.path)
    again.add(said("accepted", "setar", 7, 13))
    assert len(again.in_force()) == 3


@pytest.mark.logs
def test_a_spoilt_row_is_left_out_and_the_others_count(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, three, states
) -> None:
    store = Corrections(tmp_path / "corrections.csv")
    store.add(*three())
    lines = store.path.read_text().splitlines(keepends=True)
    lines[2] = lines[2].replace("441000", "soon")
    store.path.write_text("".join(lines))
    again = Corrections(store.path)
    again.refresh()
    assert states(again) == {(0, "instrument"): ("rejected", "")}
    assert "left out: 1" in caplog.text


@pytest.mark.logs
def test_spoilt_rows_are_told_once(tmp_path: Path, caplog: pytest.LogCaptureFixture, three) -> None:
    """One line however many they are, none when nothing is new, none from the catalogue that takes them over."""
    path = tmp_path / "corrections.csv"
    Corrections(path).add(*three())
    path.write_text(path.read_text() + "spoilt,row\n" * 50)
    store = Corrections(path)
    store.refresh()
    store.refresh()
    with Catalogue.open(tmp_path / "catalogue.sqlite") as catalogue:
        catalogue.take_over_corrections(path)
    (told,) = caplog.messages
    assert "left out: 50" in told


def test_another_file_is_not_written_to(tmp_path: Path, three) -> None:
    store = Corrections(tmp_path / "corrections.csv")
    store.path.write_text("my,own\ntable,1\n")
    for act in (store.refresh, lambda: store.add(three()[0])):
        with pytest.raises(PersianMirError, match="not a file of corrections"):
            act()
    assert store.path.read_text() == "my,own\ntable,1\n"


def test_a_file_put_in_its_place_is_read_anew(tmp_path: Path, said, three, states) -> None:
    store, other = Corrections(tmp_path / "corrections.csv"), Corrections(tmp_path / "other.csv")
    store.add(*three())
    other.add(said("accepted", "tar", 5, 20))
    other.path.replace(store.path)
    assert store.refresh()
    assert states(store) == {(5 * 220_500, "instrument"): ("accepted", "tar")}


def test_a_disk_that_cannot_be_written_is_said(tmp_path: Path, three) -> None:
    (tmp_path / "a file").write_text("")
    store = Corrections(tmp_path / "a file" / "corrections.csv")
    with pytest.raises(PersianMirError, match="cannot be written"):
        store.add(three()[0])
    assert store.in_force() == ()
