"""A disk that is full, and a home that cannot be written: every command answers, and says in words what was refused."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

RATE = 16_000
FULL = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (20, 20)); "  # bytes a file may have
KEPT = "Not everything could be kept in {cache}: {reason}."

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="limits on files are of Unix"),
    pytest.mark.usefixtures("no_bytecode"),
]


@pytest.fixture(params=["full", "no home"])
def trouble(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, Path, str]:
    """What a child is to do first, its home, and the reason that the user is to read."""
    (tmp_path / "file").touch()
    if request.param == "full":
        return FULL, tmp_path / "home", os.strerror(errno.EFBIG)
    return "", tmp_path / "file" / "home", os.strerror(errno.ENOTDIR)


@pytest.fixture
def sound_begun() -> None:
    """JACK's library, which PortAudio asks for its devices, keeps a database for all processes of a user in the
    machine's memory. Begun by a child whose disk is full it stays cut short, and then every later process waits a
    minute for its sound; so it is begun here.
    """
    subprocess.run([sys.executable, "-c", "import sounddevice"], capture_output=True, check=False)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder of tones by two instruments, of two recordings each."""
    t = np.arange(3 * RATE) / RATE
    for number, name in enumerate(("tar/1.flac", "tar/2.flac", "ney/3.flac", "ney/4.flac")):
        (tmp_path / "data" / name).parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(tmp_path / "data" / name, 0.3 * np.sin(2 * np.pi * (220 + 40 * number) * t), RATE)
    soundfile.write(tmp_path / "tone.mp3", 0.3 * np.sin(2 * np.pi * 220 * t), RATE)
    return tmp_path / "data"


def run(trouble: tuple[str, Path, str], module: str, *command: str) -> subprocess.CompletedProcess[str]:
    before, home, _reason = trouble
    line = f"import sys; {before}from {module} import main; sys.exit(main(sys.argv[1:]))"
    environment = os.environ | {"PERSIAN_MIR_HOME": str(home), "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", line, *command], capture_output=True, text=True, timeout=200, env=environment
    )
    assert "Traceback" not in done.stdout + done.stderr
    assert "Logging error" not in done.stderr
    return done


@pytest.mark.parametrize("command", ["label", "read"])
def test_a_recording_is_read_and_what_was_not_kept_is_told_once(trouble, data, command):
    done = run(trouble, "persian_mir.commands.main", command, str(data / "tar" / "1.flac"))
    assert done.returncode == 0
    assert "1.flac" in done.stdout
    assert done.stderr.count(KEPT.format(cache=trouble[1] / "cache", reason=trouble[2])) == 1
    assert len(done.stderr.splitlines()) == 1


def test_an_mp3_that_needs_the_cache_fails_for_the_right_reason(trouble, data):
    done = run(trouble, "persian_mir.commands.main", "label", str(data.parent / "tone.mp3"))
    assert done.returncode == 1
    where = trouble[1] / "cache" / "decoded"
    assert f"The sound cannot be decoded into the cache {where}: {trouble[2]}." in done.stdout
    assert "known kind" not in done.stdout


@pytest.mark.usefixtures("sound_begun")
def test_doctor_runs(trouble):
    done = run(trouble, "persian_mir.commands.main", "doctor")
    assert done.returncode == (1 if "file" in trouble[1].parts else 0)
    assert "folders" in done.stdout


@pytest.mark.parametrize("command", ["check", "fit"])
def test_a_dataset_is_checked_and_learnt_from(trouble, data, command, tmp_path):
    fit = "--task instrument --window 1 --no-views --others 4 --epochs 1 --hidden 2 --out"
    more = [*fit.split(), str(tmp_path / "a.probe")]
    done = run(trouble, "trainer.__main__", command, "--data", str(data), *(more if command == "fit" else []))
    text = done.stdout + done.stderr
    if command == "check":
        assert KEPT.format(cache=trouble[1] / "cache", reason=trouble[2]) in text
    elif trouble[0]:  # nor can the probe be written
        assert (done.returncode, trouble[2] in text) == (2, True)
    else:
        assert f"The features cannot be kept in {trouble[1] / 'cache' / 'embeddings'}: {trouble[2]}" in text
        assert (tmp_path / "a.probe").stat().st_size > 300
