"""Killed, or out of space, at any moment: every file is the old one or the new one, and undo gives the old one."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from persian_mir.tags.journal import Journal
from persian_mir.tags.plan import plan_file
from persian_mir.tags.profiles import templates
from persian_mir.tags.write import undo_tags, write_tags
from tests.kill_after import KILL_AFTER

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals and limits of POSIX")
TEXT = "title=" + "شور " * 40
KINDS = ("wav16", "flac16", "mp3", "m4a", "vorbis")

WRITER = (
    KILL_AFTER
    + """
import os, signal, sys
from pathlib import Path
from persian_mir.tags import write, journal
from persian_mir.tags.plan import plan_file
from persian_mir.tags.profiles import templates

exec(sys.argv[1])
paths = sorted(Path(sys.argv[2]).iterdir())
paths = [path for path in paths if not path.name.startswith(".")]
plans = [plan_file(path, {}, templates("", [sys.argv[3]])) for path in paths]
for one in write.write_tags(plans, "killed").outcomes:
    print(one.changed, one.reason)
"""
)
MOMENTS = {
    "while the tags are set": "kill_after(write, '_change', 3, True)",
    "before the proof": "kill_after(write, '_prove', 3, True)",
    "before the journal": "kill_after(journal.Journal, 'add', 3, True)",
    "after the journal": "kill_after(journal.Journal, 'add', 3, False)",
    "before the file is replaced": "kill_after(Path, 'replace', 3, True)",
    "after the file is replaced": "kill_after(Path, 'replace', 3, False)",
}


def run(code: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", WRITER, code, folder, TEXT], capture_output=True, text=True)


@pytest.fixture
def folder(tagged_kinds: dict[str, Path], tmp_path: Path) -> Path:
    place = tmp_path / "files"
    place.mkdir()
    for kind in KINDS:
        shutil.copy(tagged_kinds[kind], place)
    return place


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if not path.name.startswith(".")}


@pytest.fixture
def whole(folder: Path, tmp_path: Path) -> dict[str, bytes]:
    """What a batch that nobody disturbs makes of the files."""
    copy = Path(shutil.copytree(folder, tmp_path / "copy"))
    plans = [plan_file(path, {}, templates("", [TEXT])) for path in sorted(copy.iterdir())]
    assert all(one.changed for one in write_tags(plans, "whole").outcomes)
    return content(copy)


@pytest.mark.parametrize("moment", MOMENTS)
def test_killed_at_any_moment(moment: str, folder: Path, whole: dict[str, bytes]) -> None:
    before = content(folder)
    assert run(MOMENTS[moment], folder).returncode == -9
    found = content(folder)
    assert all(found[name] in (before[name], whole[name]) for name in before)
    assert sum(found[name] == whole[name] for name in before) == (3 if moment.startswith("after the file") else 2)
    batch = Journal().batches()[0].id
    assert not any(one.reason for one in undo_tags(batch))
    assert content(folder) == before
    assert list(folder.glob(".*")) == []
    assert run("", folder).stdout.count("True") == len(KINDS)
    assert content(folder) == whole


def test_undo_that_is_killed_goes_on(folder: Path, whole: dict[str, bytes]) -> None:
    before = content(folder)
    run("", folder)
    assert content(folder) == whole
    batch = Journal().batches()[0].id
    undo = f"kill_after(Path, 'replace', 2, False); write.undo_tags({batch})"
    assert run(undo, folder).returncode == -9
    assert sum(found == before[name] for name, found in content(folder).items()) == 2
    assert not any(one.reason for one in undo_tags(batch))
    assert content(folder) == before


def test_only_copies_of_recordings_that_are_there_are_cleared_away(folder: Path) -> None:
    kept = [".other.0123456789abcdef.part", ".gone.mp3.0123456789abcdef.part", ".mp3.mp3.labels.json.part", "mp3.part"]
    for name in (*kept, ".mp3.mp3.0123456789abcdef.part"):
        (folder / name).write_bytes(b"x")
    write_tags([plan_file(folder / "mp3.mp3", {}, templates("", [TEXT]))], "x")
    assert sorted(path.name for path in folder.iterdir() if path.suffix == ".part") == sorted(kept)


@pytest.mark.usefixtures("no_bytecode")
def test_no_space_for_the_copy(folder: Path) -> None:
    """The kernel refuses bytes beyond a limit, as a full disk does, in the middle of a copy."""
    before = content(folder)
    limit = max(path.stat().st_size for path in folder.glob("*.m*")) + 8000  # the WAV and FLAC are longer
    done = run(f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))", folder)
    assert "Free some space" in done.stdout
    found = content(folder)
    assert found["wav16.wav"] == before["wav16.wav"]
    assert found["mp3.mp3"] != before["mp3.mp3"]
    assert list(folder.glob(".*")) == []
    undo_tags(Journal().batches()[0].id)
    assert content(folder) == before


@pytest.mark.usefixtures("no_bytecode")
def test_no_space_for_the_journal(folder: Path) -> None:
    """A file whose way back cannot be kept is not written."""
    for path in folder.iterdir():
        path.unlink()
    (folder / "small.wav").write_bytes(_short_wav())
    before = content(folder)
    Journal()
    done = run("import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))", folder)
    assert "True" not in done.stdout
    assert "journal of tags cannot be used" in done.stdout + done.stderr
    assert content(folder) == before
    assert list(folder.glob(".*")) == []
    assert write_tags([plan_file(folder / "small.wav", {}, templates("", [TEXT]))], "x").outcomes[0].changed


def _short_wav() -> bytes:
    import io

    import numpy as np
    import soundfile

    out = io.BytesIO()
    soundfile.write(out, np.zeros(1000), 8000, "PCM_16", format="WAV")
    return out.getvalue()
