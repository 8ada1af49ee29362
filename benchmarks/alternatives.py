"""Two things that scripts do in another way: reading sound, and taking the states of a model layer by layer.

    python benchmarks/alternatives.py [--parts load,layers,pyin] [--rounds 3] [--threads 2] [--json FILE]

load: 3 minutes of FLAC, 44.1 kHz and stereo, to mono at 24 kHz. Ours checks the file and finds its sound's identity
meanwhile. librosa.load where librosa is installed (it is no part of the project), else what it does: the whole file
read, mixed and resampled by soxr at once. layers: the pooled states of all 13 layers of a MERT of 95M (random weights)
of one window, by our torch backbone in one pass, beside a pass for each layer, each cut at it. pyin: the pitch of half
a minute, beside librosa's pYIN; left out where librosa is not installed.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import soundfile
import soxr

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.report import Row, timed, write

RATE, SECONDS, PITCHED_S, WINDOW_S = 24_000, 180, 30, 5
LIBROSA = importlib.util.find_spec("librosa") is not None


def in_turn(rounds: int, ours: Callable[[], object], theirs: Callable[[], object]) -> tuple[list[float], list[float]]:
    """Seconds of both in each round; the first warms up and is not counted."""
    taken: tuple[list[float], list[float]] = ([], [])
    for _round in range(rounds + 1):
        for own, way in zip(taken, (ours, theirs), strict=True):
            began = time.perf_counter()
            way()
            own.append(time.perf_counter() - began)
    return taken[0][1:], taken[1][1:]


def load(folder: Path, rounds: int) -> list[Row]:
    from persian_mir.audio import open_audio
    from persian_mir.audio.resample import mono_blocks

    path = folder / "sound.flac"
    soundfile.write(path, np.random.default_rng(0).normal(0, 0.1, (SECONDS * 44_100, 2)), 44_100, "PCM_16")

    def ours() -> np.ndarray:
        with open_audio(path) as source:
            return np.concatenate(list(mono_blocks(source, RATE, 20.0)))

    def by_hand() -> np.ndarray:
        samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
        return soxr.resample(samples.mean(axis=1), rate, RATE, "HQ")

    way = (lambda: importlib.import_module("librosa").load(path, sr=RATE)) if LIBROSA else by_hand
    name = "librosa.load" if LIBROSA else "librosa's steps by hand"
    return [timed("load", f"FLAC of {SECONDS} s to mono, {RATE // 1000} kHz", name, *in_turn(rounds, ours, way))]


def layers(folder: Path, rounds: int) -> list[Row]:
    from benchmarks.embedding import write_model
    from persian_mir.backbones.loading import load_folder

    write_model(folder / "model", "95M")
    backbone = load_folder(folder / "model", "local/random", "local", "cpu", "exact", "torch")
    sound = np.random.default_rng(1).normal(0, 0.1, (1, WINDOW_S * backbone.key.rate)).astype(np.float32)
    states = range(backbone.key.states)
    both = in_turn(
        rounds,
        lambda: backbone.embed(sound, states),
        lambda: [backbone.embed(sound, range(state, state + 1)) for state in states],
    )
    return [timed("layers", "all 13 states of a window of 5 s", "a pass for each layer", *both)]


def pyin(_folder: Path, rounds: int) -> list[Row]:
    if not LIBROSA:
        print("librosa is not installed: pYIN left out")
        return []
    from persian_mir.examples.synthesise import synthesise
    from persian_mir.modal.pitch import RATE as PITCH_RATE
    from persian_mir.modal.pitch import detect_pitch

    sound = synthesise("segah", "tar", 1, float(PITCHED_S), 260.0, PITCH_RATE).samples
    hear = importlib.import_module("librosa").pyin
    bounds = {"fmin": 46.9, "fmax": 2093.75, "sr": PITCH_RATE, "hop_length": 256}
    both = in_turn(rounds, lambda: detect_pitch(sound), lambda: hear(sound, **bounds))
    return [timed("pyin", f"pitch of {PITCHED_S} s", "librosa's pYIN", *both)]


PARTS = {"load": load, "layers": layers, "pyin": pyin}


def main() -> None:
    import torch

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--parts", default=",".join(PARTS))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the rows there, too")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    rows: list[Row] = []
    for part in args.parts.split(","):
        with tempfile.TemporaryDirectory() as name:
            os.environ["PERSIAN_MIR_HOME"] = f"{name}/home"
            rows += PARTS[part](Path(name), args.rounds)
    for row in rows:
        print(f"{row.name}: {row.ours:.3f} s, {row.against} {row.alternative:.3f} s, ratio {row.ratio:.2f}")
    if args.json:
        write(args.json, rows)


if __name__ == "__main__":
    main()
