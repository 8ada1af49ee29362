"""Playback through PortAudio itself, in a process of its own each time: it reads its environment when it is loaded."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from scipy.stats import theilslopes

CHILD = Path(__file__).with_name("play_child.py")
ROOT = Path(__file__).parents[3]
RATE = 44100
SYSTEM_CONF = Path("/usr/share/alsa/alsa.conf")

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="ALSA's null devices are on Linux only")


def portaudio_works() -> bool:
    done = subprocess.run([sys.executable, "-c", "import sounddevice"], capture_output=True, check=False)
    return done.returncode == 0


@pytest.fixture(scope="session")
def portaudio() -> None:
    if not portaudio_works():
        pytest.skip("PortAudio is not installed (Debian: libportaudio2)")


@pytest.fixture
def noise(tmp_path: Path) -> Path:
    path = tmp_path / "noise.wav"
    samples = np.random.default_rng(7).uniform(-0.9, 0.9, (3 * RATE, 2))
    soundfile.write(path, samples, RATE, subtype="PCM_16")
    return path


def child(arguments: list[Any], **environment: object) -> subprocess.Popen[str]:
    env = os.environ | {"PYTHONPATH": str(ROOT)} | {key: str(value) for key, value in environment.items()}
    command = [sys.executable, str(CHILD), *map(str, arguments)]
    return subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def outcome(process: subprocess.Popen[str], *, quiet: bool = True) -> dict[str, Any]:
    """What the child saw. It ends by itself, come what may; unless `quiet`, the system's library may be stuck."""
    try:
        out, err = process.communicate(timeout=60)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        raise
    assert process.returncode == 0, err
    assert not quiet or err == ""
    saw: dict[str, Any] = json.loads(out)
    assert saw["closed"] or not quiet
    assert saw["state"] == "stopped"
    return saw


def wait_for(seen: Callable[[], object]) -> None:
    """Until something is so; a machine may be slow, but not for ever."""
    deadline = time.monotonic() + 30
    while not seen():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def pace(moves: np.ndarray) -> float:
    """Samples a second of the playhead; some moves that were told late do not matter."""
    return float(theilslopes(moves[:, 1], moves[:, 0]).slope)


def without_leading_silence(raw: bytes) -> np.ndarray:
    """The system begins with silence of its own until the first samples are there."""
    frames = np.frombuffer(raw[: len(raw) // 8 * 8], np.float32).reshape(-1, 2)
    sounding = np.flatnonzero(frames.any(axis=1))
    return frames[sounding[0] :] if len(sounding) else frames[:0]


@pytest.mark.parametrize(("start", "stop"), [(0, RATE), (12_345, 67_890), (50_000, 50_003)])
@pytest.mark.usefixtures("portaudio")
def test_what_is_played_is_what_was_selected(noise: Path, tmp_path: Path, start: int, stop: int) -> None:
    """A device without a clock takes everything at once, so the range is shorter than what is decoded ahead."""
    played = tmp_path / "played.raw"
    conf = tmp_path / "asoundrc"
    conf.write_text(
        f'pcm.!default {{ type file slave.pcm "silent" file "{played}" format "raw" }}\npcm.silent {{ type null }}\n'
    )
    saw = outcome(child([noise, start, stop, 0], ALSA_CONFIG_PATH=conf))
    assert saw["errors"] == []
    assert saw["moves"][-1][1] == stop
    with soundfile.SoundFile(noise) as file:
        file.seek(start)
        wanted = file.read(stop - start, dtype="float32")
    got = without_leading_silence(played.read_bytes())
    assert np.array_equal(got[: len(wanted)], wanted)
    assert not got[len(wanted) :].any()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A PulseAudio of its own, with a loudspeaker that keeps time."""
    if not (shutil.which("pulseaudio") and shutil.which("parec") and SYSTEM_CONF.is_file()):
        pytest.skip("pulseaudio, parec (pulseaudio-utils) and libasound2-plugins are not installed")
    folder = Path(os.environ["XDG_RUNTIME_DIR"])
    command = ["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--log-level=error"]
    modules = ["module-null-sink sink_name=speaker rate=44100", "module-native-protocol-unix"]
    process = subprocess.Popen([*command, *(part for name in modules for part in ("-L", name))])
    deadline = time.monotonic() + 20
    while not (folder / "pulse" / "native").exists():
        if process.poll() is not None or time.monotonic() > deadline:
            process.kill()
            process.wait()
            pytest.skip("pulseaudio does not start here")
        time.sleep(0.05)
    yield process
    process.terminate()
    process.wait(10)


@pytest.fixture
def own_runtime_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "run"
    folder.mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))
    monkeypatch.setenv("HOME", str(tmp_path))
    return folder


def pulse_conf(tmp_path: Path) -> Path:
    conf = tmp_path / "asoundrc"
    conf.write_text(f"<{SYSTEM_CONF}>\npcm.!default {{ type pulse }}\nctl.!default {{ type pulse }}\n")
    return conf


@pytest.mark.usefixtures("portaudio", "own_runtime_folder", "server")
def test_the_playhead_keeps_step_with_the_card(noise: Path, tmp_path: Path) -> None:
    recorded = tmp_path / "recorded.raw"
    listen = ["parec", "-d", "speaker.monitor", "--format=float32le", "--rate=44100", "--channels=2"]
    start, stop = 10_000, 110_000
    with recorded.open("wb") as file, subprocess.Popen([*listen, "--latency-msec=20"], stdout=file) as recorder:
        wait_for(lambda: recorded.stat().st_size)
        saw = outcome(child([noise, start, stop, 0], ALSA_CONFIG_PATH=pulse_conf(tmp_path)))
        wait_for(lambda: not any(recorded.read_bytes()[-RATE:]))  # the end has been heard
        recorder.terminate()
    moves = np.array([move for move in saw["moves"] if start < move[1] < stop])
    assert saw["errors"] == []
    assert saw["moves"][-1][1] == stop
    assert len(moves) > 20
    assert np.all(np.diff(moves[:, 1]) >= 0)
    assert pace(moves) == pytest.approx(RATE, rel=0.05)
    with soundfile.SoundFile(noise) as whole:
        wanted = whole.read(stop, dtype="float32")
    got = without_leading_silence(recorded.read_bytes())
    got = got[: np.flatnonzero(got.any(axis=1))[-1] + 1]
    # The monitor misses what the server writes over silence it had already shown; from then on not a sample is lost.
    assert len(got) > stop - start - 0.3 * RATE
    assert np.abs(got - wanted[-len(got) :]).max() < 2 / 32768


@pytest.mark.usefixtures("portaudio", "own_runtime_folder", "server")
def test_the_playhead_keeps_step_at_half_speed(noise: Path, tmp_path: Path) -> None:
    start, stop = 10_000, 110_000
    saw = outcome(child([noise, start, stop, 0, 0.5], ALSA_CONFIG_PATH=pulse_conf(tmp_path)))
    moves = np.array([move for move in saw["moves"] if start < move[1] < stop])
    assert saw["errors"] == []
    assert saw["moves"][-1][1] == stop
    assert np.all(np.diff(moves[:, 1]) >= 0)
    assert pace(moves) == pytest.approx(RATE / 2, rel=0.05)


@pytest.mark.usefixtures("portaudio", "own_runtime_folder")
def test_a_server_that_dies_is_a_message(noise: Path, tmp_path: Path, server: subprocess.Popen[bytes]) -> None:
    process = child([noise, 0, 3 * RATE, 0], ALSA_CONFIG_PATH=pulse_conf(tmp_path))
    listed = ["pactl", "list", "short", "sink-inputs"]
    wait_for(lambda: subprocess.run(listed, capture_output=True, check=True).stdout)  # it plays, or is about to
    server.kill()  # in one of four or five tries PortAudio's call to start does not come back from this
    saw = outcome(process, quiet=False)  # the system's sound libraries complain on their own
    assert len(saw["errors"]) == 1
    assert saw["reason"]


def test_no_portaudio_is_said_with_its_cure(noise: Path, tmp_path: Path) -> None:
    (tmp_path / "sounddevice.py").write_text("raise OSError('PortAudio library not found')\n")
    saw = outcome(child([noise, 0, 1000, 0], PYTHONPATH=f"{tmp_path}{os.pathsep}{ROOT}"))
    assert not saw["available"]
    assert "libportaudio2" in saw["errors"][0]
    assert "libportaudio2" in saw["reason"]
