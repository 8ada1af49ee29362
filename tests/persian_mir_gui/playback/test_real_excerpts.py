"""An excerpt through PortAudio itself, into ALSA's file device: what is heard is the stretch, sample by sample."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

CHILD = Path(__file__).with_name("excerpt_child.py")
ROOT = Path(__file__).parents[3]
RATE = 44100

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="ALSA's null devices are on Linux only")


def test_what_is_heard_is_the_stretch(tmp_path: Path) -> None:
    if subprocess.run([sys.executable, "-c", "import sounddevice"], capture_output=True, check=False).returncode:
        pytest.skip("PortAudio is not installed (Debian: libportaudio2)")
    path, played, conf = tmp_path / "noise.wav", tmp_path / "played.raw", tmp_path / "asoundrc"
    soundfile.write(path, np.random.default_rng(7).uniform(-0.9, 0.9, (3 * RATE, 2)), RATE, subtype="PCM_16")
    conf.write_text(
        f'pcm.!default {{ type file slave.pcm "silent" file "{played}" format "raw" }}\npcm.silent {{ type null }}\n'
    )
    env = os.environ | {"PYTHONPATH": str(ROOT), "ALSA_CONFIG_PATH": str(conf)}
    command = [sys.executable, str(CHILD), str(path), "0.5", "1.25"]
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"errors": [], "silent": True, "closed": True}
    wanted = soundfile.read(path, dtype="float32", start=RATE // 2, stop=5 * RATE // 4)[0]
    frames = np.frombuffer(played.read_bytes(), np.float32)
    frames = frames[: len(frames) // 2 * 2].reshape(-1, 2)
    got = frames[np.flatnonzero(frames.any(axis=1))[0] :]
    assert np.array_equal(got[: len(wanted)], wanted)
    assert not got[len(wanted) :].any()
