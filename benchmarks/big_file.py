"""A synthesised three-hour recording, 96 kHz, stereo: opening it, drawing it, and the memory that takes.

    python benchmarks/big_file.py [--minutes 180] [--folder FOLDER]

Writes a WAV of about 4.1 GB (under the format's 4 GiB) to a temporary folder and removes it again. Measured in a
process of its own, with a cache of its own, so that its peak memory is that of the work alone.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.report import peak_mb

RATE = 96_000
COLUMNS = 1600  # of a wide window
REPEATS = 200
SETTLED_S = 2.5  # a younger file is hashed again, since it may still be changing


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=180.0)
    parser.add_argument("--folder", type=Path, default=None, help="where there is room (default: the system's)")
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.measure:
        measure(args.measure)
        return
    with tempfile.TemporaryDirectory(dir=args.folder) as folder:
        path = Path(folder, "three hours.wav")
        began = time.perf_counter()
        write(path, args.minutes * 60)
        print(f"{'written':34}{path.stat().st_size / 1e9:10.2f} GB{time.perf_counter() - began:10.1f} s")
        environment = os.environ | {"PERSIAN_MIR_HOME": str(Path(folder, "home"))}
        time.sleep(SETTLED_S)
        command = [sys.executable, __file__, "--measure", str(path)]
        subprocess.run(command, env=environment, check=True)


def write(path: Path, seconds: float) -> None:
    """Plucked tones with a little noise: one minute, again and again at another loudness."""
    import soundfile

    rng = np.random.default_rng(7)
    t = np.arange(60 * RATE) / RATE
    pluck = np.exp(-4 * (t % 0.75)) * np.sin(2 * np.pi * 220 * (1 + np.floor(t / 0.75) % 7 / 12) * t)
    minute = np.stack([pluck, np.roll(pluck, 500)], 1) * 0.5 + 0.01 * rng.standard_normal((len(t), 2))
    with soundfile.SoundFile(path, "w", RATE, 2, "PCM_16") as file:
        left = round(seconds * RATE)
        while left > 0:
            part = minute[:left] * rng.uniform(0.2, 1.0)
            file.write(part.astype(np.float32))
            left -= len(part)


def measure(path: Path) -> None:
    from persian_mir.audio import open_audio
    from persian_mir.audio.pyramid import Pyramid, build_pyramid, load_pyramid, waveform_columns
    from persian_mir.progress import Progress

    class FirstPaint(Progress):
        """When the waveform could be painted for the first time."""

        at: float | None = None

        def publish(self, value: Pyramid) -> None:
            if self.at is None and value.ready_frames:
                value.peaks(0, value.recording.frames, COLUMNS)
                self.at = time.perf_counter()

    idle = peak_mb()
    began = time.perf_counter()
    source = open_audio(path)
    row("opened and hashed, first time", time.perf_counter() - began, "s")
    first = FirstPaint()
    building = time.perf_counter()
    pyramid = build_pyramid(source, first)
    took = time.perf_counter() - building
    if first.at is not None:
        row("first paint after the start", first.at - began, "s")
    row("pyramid built", took, "s")
    row("  as a multiple of real time", source.recording.duration_s / took, "x")
    row("peak memory over the idle process", peak_mb() - idle, "MB")
    began = time.perf_counter()
    source.close()
    source = open_audio(path)
    again = load_pyramid(source.recording)
    row("opened again, with pyramid", (time.perf_counter() - began) * 1e3, "ms")
    assert again is not None
    assert all(np.array_equal(a, b) for a, b in zip(again.peaks(0, 1e9, 99), pyramid.peaks(0, 1e9, 99), strict=True))
    rng = np.random.default_rng(1)
    for seconds in (source.recording.duration_s, 3600, 600, 60, 10, 2, 0.2):
        span = min(seconds, source.recording.duration_s) * RATE
        starts = rng.uniform(0, source.recording.frames - span, REPEATS) if span < source.recording.frames else [0] * 20
        times = []
        for start in starts:
            began = time.perf_counter()
            waveform_columns(source, again, start, start + span, COLUMNS)
            times.append(time.perf_counter() - began)
        row(f"{COLUMNS} columns of {span / RATE:.4g} s, median", statistics.median(times) * 1e3, "ms")
    source.close()


def row(what: str, value: float, unit: str) -> None:
    print(f"{what:40}{value:10.2f} {unit}")


if __name__ == "__main__":
    main()
