"""Speed of the modal reading over an hour, beside librosa's pYIN on an excerpt in the same run.

    python benchmarks/modal_speed.py [--seconds 3600] [--pyin 60]

The hour is a synthesised performance repeated. librosa is no part of the project: without it only our part is timed.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import time

import numpy as np

from persian_mir.examples.synthesise import synthesise
from persian_mir.modal.pitch import RATE, detect_pitch
from persian_mir.modal.predictor import ModalPredictor
from persian_mir.modal.reading import read_mode


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=3600.0)
    parser.add_argument("--pyin", type=float, default=60.0, help="seconds for pYIN")
    chosen = parser.parse_args()
    once = synthesise("segah", "tar", 1, 60.0, 260.0, RATE).samples
    sound = np.resize(once, round(chosen.seconds * RATE))
    detect_pitch(once[: 5 * RATE])  # the model is loaded
    started = time.perf_counter()
    track = detect_pitch(sound)
    pitch_s = time.perf_counter() - started
    predictor = ModalPredictor()
    windows = predictor._windows(predictor.cells(len(sound), RATE), RATE)
    started = time.perf_counter()
    for window in windows:
        read_mode(track, *window)
    read_mode(track)
    read_s = time.perf_counter() - started
    length = chosen.seconds
    print(f"pitch of {length:.0f} s: {pitch_s:.1f} s, {length / pitch_s:.0f} times real time")
    print(f"{len(windows)} windows and the whole: {read_s:.1f} s, {1000 * read_s / len(windows):.1f} ms a window")
    print(f"together {length / (pitch_s + read_s):.0f} times real time")
    if importlib.util.find_spec("librosa") is None:
        print("librosa is not installed: pYIN left out")
        return
    pyin = importlib.import_module("librosa").pyin
    excerpt = once[: round(chosen.pyin * RATE)]
    pyin(excerpt[: 5 * RATE], fmin=46.9, fmax=2093.75, sr=RATE)
    started = time.perf_counter()
    pyin(excerpt, fmin=46.9, fmax=2093.75, sr=RATE, hop_length=256)
    pyin_s = time.perf_counter() - started
    speed = len(excerpt) / RATE / pyin_s
    print(f"librosa pYIN of {len(excerpt) / RATE:.0f} s: {pyin_s:.1f} s, {speed:.1f} times real time;", end=" ")
    print(f"swift-f0 is {length / pitch_s / speed:.0f} times as fast")


if __name__ == "__main__":
    main()
