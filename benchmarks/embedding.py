"""Windows a second at the real size of MERT-v1-95M, ours beside the naive loop, in one run.

    python benchmarks/embedding.py [--seconds 60] [--rounds 5] [--threads 2]

The weights are random: this measures speed and agreement, and says nothing about what a model hears. The naive loop is
what a script does: the whole file read and resampled at once, then `HubertModel` with eager attention, one 5 s window a
call. Both compute all 13 states from the same file; the rounds alternate, so what else the machine does falls on both.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
import soxr
import torch
from transformers import HubertConfig, HubertModel

from persian_mir.audio import open_audio
from persian_mir.backbones import Backbone, load_backbone
from persian_mir.embeddings import embed_recording
from persian_mir.grid import Grid

RATE, WINDOW_S, SOURCE_RATE = 24_000, 5, 44_100


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=60, help="length of the recording")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        recording = write_recording(folder / "noise.wav", args.seconds)
        model = write_model(folder / "model")
        backbone = load_backbone(str(folder / "model"), "cpu")
        compare(model, backbone, recording, args.seconds // WINDOW_S, args.rounds)


def write_recording(path: Path, seconds: int) -> Path:
    noise = np.random.default_rng(0).normal(0, 0.1, (seconds * SOURCE_RATE, 2))
    soundfile.write(path, noise, SOURCE_RATE, subtype="PCM_16")
    return path


def write_model(folder: Path) -> Any:
    """A checkpoint of MERT-v1-95M's sizes with random weights; returned as the naive loop has it."""
    torch.manual_seed(0)
    model = HubertModel(HubertConfig(attn_implementation="eager")).eval()
    model.save_pretrained(folder)
    (folder / "preprocessor_config.json").write_text(json.dumps({"sampling_rate": RATE, "do_normalize": True}))
    return model


def naive(model: Any, path: Path) -> np.ndarray:
    samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    mono = soxr.resample(samples.mean(axis=1), rate, RATE)
    pooled = []
    for start in range(0, len(mono) - WINDOW_S * RATE + 1, WINDOW_S * RATE):
        window = mono[start : start + WINDOW_S * RATE]
        window = (window - window.mean()) / np.sqrt(window.var() + 1e-7)
        with torch.no_grad():
            states = model(torch.from_numpy(window)[None], output_hidden_states=True).hidden_states
        pooled.append(torch.stack([state[0].mean(dim=0) for state in states]).numpy())
    return np.stack(pooled)


def ours(backbone: Backbone, path: Path, deepest: int = 12) -> np.ndarray:
    with open_audio(path) as source:
        grid = Grid(WINDOW_S, WINDOW_S)
        return embed_recording(source, backbone, grid, range(deepest + 1)).values


def compare(model: Any, backbone: Backbone, path: Path, windows: int, rounds: int) -> None:
    ways: dict[str, Callable[[], np.ndarray]] = {
        "naive, 13 states": lambda: naive(model, path),
        "ours, 13 states": lambda: ours(backbone, path),
        "ours, up to state 6": lambda: ours(backbone, path, 6),
    }
    results = {name: way() for name, way in ways.items()}  # and warm
    wall: dict[str, list[float]] = {name: [] for name in ways}
    cpu: dict[str, list[float]] = {name: [] for name in ways}  # hardly disturbed by what else the machine does
    for _round in range(rounds):
        for name, way in ways.items():
            start, start_cpu = time.perf_counter(), time.process_time()
            way()
            wall[name].append(time.perf_counter() - start)
            cpu[name].append(time.process_time() - start_cpu)
    threads = torch.get_num_threads()
    print(f"random weights of MERT-v1-95M's size, exact fp32, {threads} threads, {windows} windows of 5 s, medians")
    for name in ways:
        speed = windows / statistics.median(wall[name])
        print(
            f"{name:<22}{speed:6.2f} windows/s  {speed * WINDOW_S:6.1f} x real time"
            f"  x naive in the same round: {ratio(wall, name)} by the clock, {ratio(cpu, name)} in processor time"
        )
    expected = results["naive, 13 states"]
    difference = np.abs(results["ours, 13 states"] - expected).max()
    # Windows are resampled by themselves here, the whole file there: a few samples at their edges differ.
    print(f"largest difference of a pooled state: {difference:.1e} of values up to {np.abs(expected).max():.1f}")


def ratio(times: dict[str, list[float]], name: str) -> str:
    ratios = [slow / fast for slow, fast in zip(times["naive, 13 states"], times[name], strict=True)]
    return f"{statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"


if __name__ == "__main__":
    main()
