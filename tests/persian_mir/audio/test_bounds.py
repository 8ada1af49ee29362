"""What a header or a frame claims costs no more memory and time than the file's bytes can hold."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from persian_mir.audio import open_audio
from persian_mir.errors import AudioError

MEMORY_BYTES = 2 << 30  # of addresses: the libraries alone take about half of it
TIMEOUT_S = 120
WORDS = (b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\0\0\0\1", b"\1\0\0\0")
CHILD = """
import resource, sys
from pathlib import Path
resource.setrlimit(resource.RLIMIT_AS, ({memory}, {memory}))
resource.setrlimit(resource.RLIMIT_FSIZE, (256 << 20, 256 << 20))
from persian_mir.audio import open_audio
from persian_mir.errors import AudioError
for path in sorted(Path(sys.argv[1]).iterdir()):
    try:
        with open_audio(path) as source:
            frames = sum(block.shape[1] for block in source.blocks())
        print(path.name, frames)
    except AudioError as error:
        print(path.name, "refused")
"""


def read_in_a_child(folder: Path) -> dict[str, str]:
    """What became of every file in `folder`, in a process that may not use much memory, disk or time."""
    done = subprocess.run(
        [sys.executable, "-c", CHILD.format(memory=MEMORY_BYTES), str(folder)],
        capture_output=True, text=True, timeout=TIMEOUT_S, env=os.environ | {"OMP_NUM_THREADS": "1"}, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return dict(line.rsplit(" ", 1) for line in done.stdout.splitlines())


def crc(data: bytes, bits: int, poly: int) -> bytes:
    value = 0
    for byte in data:
        value ^= byte << (bits - 8)
        for _ in range(8):
            value = (value << 1 ^ poly if value >> (bits - 1) else value << 1) & (1 << bits) - 1
    return value.to_bytes(bits // 8, "big")


def flac_claiming(folder: Path, number: int, total: int) -> Path:
    """Two frames of silence of 4096 samples, the second of which says that it is frame `number`."""
    path = folder / f"claims-{number}-{total}.flac"
    soundfile.write(path, np.zeros(2 * 4096), 44100, subtype="PCM_16")
    raw = path.read_bytes()
    first = raw.index(b"\xff\xf8", 42)
    second = raw.index(b"\xff\xf8", first + 2)
    frame = raw[second:]
    coded = b"\xfe" + bytes(0x80 | number >> shift & 0x3F for shift in range(30, -1, -6))
    head = frame[:4] + coded
    body = head + crc(head, 8, 7) + frame[6:-2]
    info = bytearray(raw[:first])
    info[21], info[22:26] = info[21] & 0xF0 | total >> 32, struct.pack(">I", total & 0xFFFFFFFF)
    path.write_bytes(bytes(info) + raw[first:second] + body + crc(body, 16, 0x8005))
    return path


def test_frames_of_flac_that_claim_to_lie_far_away(tmp_path):
    for number in (1_500_000, 25_000, 1000):
        for total in (0, 6_000_000_000, 100_000_000):
            flac_claiming(tmp_path, number, total)
    became = read_in_a_child(tmp_path)
    assert len(became) == 9
    assert all(8192 >= int(frames) >= 4096 for frames in became.values())


def test_a_number_of_flac_that_may_be_true_is_believed(tmp_path):
    """Nearly all of it is damaged: the end stays in its place."""
    path = tmp_path / "a.flac"
    soundfile.write(path, np.random.default_rng(0).normal(0, 0.1, 16_000 * 60).clip(-0.9, 0.9), 16_000)
    raw = path.read_bytes()
    left = len(raw) // 20
    path.write_bytes(raw[:left] + bytes(len(raw) - 2 * left) + raw[-left:])
    with open_audio(path) as source:
        sound = source.read(0, source.recording.frames)
        assert sound.shape[1] == 16_000 * 60
        assert any("silence stands" in problem for problem in source.problems)
    assert np.flatnonzero(sound[0])[-1] > 16_000 * 60 - 10


@pytest.mark.parametrize("rate", [0, 1, 999, 768_001, 0x7FFFFFFF])
def test_rates_that_no_recording_has_are_refused_in_words(tmp_path, wav, rate):
    good = wav.read_bytes()
    path = tmp_path / "a.wav"
    path.write_bytes(good[:24] + struct.pack("<I", rate) + good[28:])
    with pytest.raises(AudioError) as caught:
        open_audio(path)
    if rate:
        assert caught.value.what == f"Its sampling rate would be {rate} Hz; those from 1 kHz to 768 kHz can be read."


@pytest.mark.parametrize("suffix", [".flac", ".wav", ".mp3", ".m4a", ".ogg", ".tta", ""])
def test_text_is_no_sound_whatever_its_name(tmp_path, suffix):
    (tmp_path / f"text{suffix}").write_bytes(b"no sound at all " * 40)
    with pytest.raises(AudioError, match="not sound"):
        open_audio(tmp_path / f"text{suffix}")


@pytest.mark.parametrize("rate", [1000, 768_000])
def test_the_outermost_rates_are_read(tmp_path, rate):
    soundfile.write(tmp_path / "a.wav", np.zeros(5000), rate)
    with open_audio(tmp_path / "a.wav") as source:
        assert source.recording.rate == rate
        assert source.recording.frames == 5000


def test_no_header_of_any_kind_costs_more_than_its_file(tmp_path, kinds):
    """Words of the first 300 bytes, where the headers are, set to the largest and smallest numbers."""
    rng = np.random.default_rng(7)
    for name, (path, _sound) in kinds.items():
        good = path.read_bytes()[:150_000]
        for case in range(8):
            bad = bytearray(good)
            for at in rng.integers(4, 300, int(rng.integers(1, 4))):
                bad[at : at + 4] = WORDS[rng.integers(len(WORDS))]
            (tmp_path / f"{name}-{case}{path.suffix}").write_bytes(bad)
    became = read_in_a_child(tmp_path)
    assert len(became) == 8 * len(kinds)
    assert sum(told != "refused" for told in became.values()) > len(kinds)
