"""A file is whole or not there, whatever happens to its writer."""

from __future__ import annotations

import errno
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from persian_mir.atomic_write import ABANDONED_S, atomic_write

HALF = """
import sys, time
from pathlib import Path
from persian_mir.atomic_write import atomic_write
with atomic_write(Path(sys.argv[1])) as file:
    file.write(b"half" * 50_000)
    file.flush()
    print("written", flush=True)
    time.sleep(60)
"""


def write(path: Path, data: bytes) -> None:
    with atomic_write(path) as file:
        file.write(data)


def break_off(path: Path, error: type[BaseException]) -> None:
    with atomic_write(path) as file:
        file.write(b"new")
        raise error


def write_much(path: Path, flush: bool) -> None:
    with atomic_write(path) as file:
        file.write(b"x" * 5000)
        if flush:
            file.flush()


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_folder_is_made_and_the_file_stands_alone(tmp_path: Path) -> None:
    write(tmp_path / "new" / "a.csv", b"one")
    write(tmp_path / "new" / "a.csv", b"two")
    assert (tmp_path / "new" / "a.csv").read_bytes() == b"two"
    assert names(tmp_path / "new") == ["a.csv"]


def test_nothing_is_there_before_the_block_ends(tmp_path: Path) -> None:
    path = tmp_path / "a"
    with atomic_write(path) as file:
        file.write(b"half")
        file.flush()
        assert not path.exists()
        file.seek(0)
        assert file.read() == b"half"
    assert path.read_bytes() == b"half"


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_a_failure_leaves_the_old_file_and_nothing_beside_it(tmp_path: Path, error: type[BaseException]) -> None:
    path = tmp_path / "a"
    write(path, b"old")
    with pytest.raises(error):
        break_off(path, error)
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["a"]


@pytest.mark.usefixtures("no_bytecode")
@pytest.mark.parametrize("flushed", [True, False], ids=["in the block", "as it ends"])
def test_a_full_disk_leaves_the_old_file_and_nothing_beside_it(tmp_path: Path, flushed: bool) -> None:
    path = tmp_path / "a"
    write(path, b"old")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
    try:
        with pytest.raises(OSError, match="too large"):
            write_much(path, flushed)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["a"]


def test_a_kill_leaves_the_old_file_and_the_next_writer_tidies_up(tmp_path: Path) -> None:
    path = tmp_path / "a"
    write(path, b"old")
    with subprocess.Popen([sys.executable, "-c", HALF, str(path)], stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"written\n"
        child.send_signal(signal.SIGKILL)
    assert path.read_bytes() == b"old"
    (left,) = set(names(tmp_path)) - {"a"}
    other = tmp_path / f".b.{left[3:]}"  # of another file: not ours to judge
    other.write_bytes(b"")
    write(path, b"new")
    assert left in names(tmp_path), "it may be another writer's, at work just now"
    for one in (tmp_path / left, other):
        os.utime(one, (time.time() - ABANDONED_S - 5,) * 2)
    write(path, b"newer")
    assert names(tmp_path) == [other.name, "a"]
    assert path.read_bytes() == b"newer"


def test_writers_at_once_leave_one_whole_file(tmp_path: Path) -> None:
    contents = [bytes([k]) * 300_000 for k in range(8)]
    threads = [threading.Thread(target=write, args=(tmp_path / "a", data)) for data in contents]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (tmp_path / "a").read_bytes() in contents
    assert names(tmp_path) == ["a"]


def test_permissions_are_kept_and_new_ones_are_the_users(tmp_path: Path) -> None:
    path = tmp_path / "a"
    mask = os.umask(0o027)
    try:
        write(path, b"new")
        assert path.stat().st_mode & 0o777 == 0o640
        path.chmod(0o604)
        write(path, b"newer")
    finally:
        os.umask(mask)
    assert path.stat().st_mode & 0o777 == 0o604


def test_a_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    write(tmp_path / "there" / "a", b"old")
    (tmp_path / "link").symlink_to(tmp_path / "there" / "a")
    write(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "there" / "a").read_bytes() == b"new"
    assert names(tmp_path / "there") == ["a"]


def test_a_pipe_a_device_and_a_folder_are_not_replaced(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "null").symlink_to("/dev/null")
    (tmp_path / "folder").mkdir()
    before = names(tmp_path)
    for name, reason in (("pipe", "no plain file"), ("null", "no plain file"), ("folder", "directory")):
        with pytest.raises(OSError, match=reason), atomic_write(tmp_path / name):
            pytest.fail("the block was entered")
    assert names(tmp_path) == before
    assert Path("/dev/null").is_char_device()


@pytest.mark.parametrize("name", ["n" * 255, "ش" * 127, "..."])
def test_a_name_may_be_as_long_as_the_file_system_allows(tmp_path: Path, name: str) -> None:
    write(tmp_path / "x" / name, b"1")
    assert len(names(tmp_path / "x")) == 1


def test_the_bytes_reach_the_disk_before_the_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[tuple[bytes, bool]] = []

    def fsync(file: int) -> None:
        synced.append((os.pread(file, 10, 0), (tmp_path / "a").exists()))

    monkeypatch.setattr(os, "fsync", fsync)
    write(tmp_path / "a", b"data")
    assert synced == [(b"data", False)]
    with atomic_write(tmp_path / "b", durable=False) as file:
        file.write(b"can be computed again")
    assert len(synced) == 1


def test_what_a_disk_refuses_is_of_that_file(tmp_path: Path) -> None:
    """Python names none where a write fails, and a failure without a name is taken for one of standard output."""
    with pytest.raises(OSError, match="No space") as failed, atomic_write(tmp_path / "a"):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    assert failed.value.filename == str(tmp_path / "a")
    assert names(tmp_path) == []
