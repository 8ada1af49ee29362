"""Live listening through PortAudio itself: what one PulseAudio sink plays, its monitor hears."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import soundfile

BENCHMARK = Path(__file__).parents[3] / "benchmarks" / "live_latency.py"
SYSTEM_CONF = Path("/usr/share/alsa/alsa.conf")
SECONDS = 18.0

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="PulseAudio is on Linux only")


@pytest.fixture
def environment(tmp_path: Path) -> Iterator[dict[str, str]]:
    """A PulseAudio of its own whose default source is what its loudspeaker plays, and where to find it."""
    if not (shutil.which("pulseaudio") and SYSTEM_CONF.is_file()):
        pytest.skip("pulseaudio and libasound2-plugins are not installed")
    if subprocess.run([sys.executable, "-c", "import sounddevice"], capture_output=True, check=False).returncode:
        pytest.skip("PortAudio is not installed (Debian: libportaudio2)")
    folder = tmp_path / "run"
    folder.mkdir(mode=0o700)
    conf = tmp_path / "asoundrc"
    conf.write_text(f"<{SYSTEM_CONF}>\npcm.!default {{ type pulse }}\nctl.!default {{ type pulse }}\n")
    own = {"XDG_RUNTIME_DIR": str(folder), "HOME": str(tmp_path), "ALSA_CONFIG_PATH": str(conf)}
    modules = ["module-null-sink sink_name=speaker rate=44100", "module-native-protocol-unix"]
    command = ["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--log-level=error"]
    process = subprocess.Popen([*command, *(part for name in modules for part in ("-L", name))], env=os.environ | own)
    try:
        deadline = time.monotonic() + 20
        while not (folder / "pulse" / "native").exists():
            if process.poll() is not None or time.monotonic() > deadline:
                pytest.skip("pulseaudio does not start here")
            time.sleep(0.05)
        yield os.environ | own | {"PYTHONPATH": str(BENCHMARK.parents[1])}
    finally:
        process.terminate()
        process.wait(10)


def test_what_is_played_is_heard_named_and_kept(environment: dict[str, str]) -> None:
    command = [sys.executable, str(BENCHMARK), str(SECONDS)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=90)
    assert done.returncode == 0, done.stderr
    saw = json.loads(done.stdout.splitlines()[-1])
    assert saw["failures"] == []
    assert saw["closed"]
    assert saw["dropped_s"] == 0.0
    assert saw["notes"] > 10
    assert saw["dastgah"] == "chahargah"
    assert saw["tonic_hz"] == pytest.approx(262.0, rel=0.01)
    (take,) = saw["takes"]
    assert soundfile.info(take).duration > SECONDS
    story = json.loads(Path(take).with_suffix(".json").read_text(encoding="utf-8"))
    assert max(story["reading"]["dastgahs"], key=story["reading"]["dastgahs"].get) == "chahargah"
