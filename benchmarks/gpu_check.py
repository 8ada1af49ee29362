"""What a GPU makes of the 95M backbone, from FLAC files to pooled states.

    python benchmarks/gpu_check.py [--device cuda] [--files 32] [--seconds 300] [--json FILE]

Prints, for float32 (exact) and bfloat16 (fast), a line each:
  how far the states are from the CPU's, by their norm, and whether that is within the limit;
  hours of sound a second, read from files by as many threads as there are processors, and real time's multiple;
  the share of the floor: the arithmetic at the rate of this GPU's own matrix products in that precision;
  the ratio to the naive loop (`HubertModel`, float32, one window a call) on the same GPU;
  the share of the time in which the GPU was at work; and the most memory it took.
Then what pre-training takes there at that size, 24 clips of 5 s at once: seconds a clip and memory.
Then what happens when all but 1 GiB of its memory is taken: the batch must shrink and the states stay.

The weights are random: speed and agreement only. Says so and ends with 0 where there is no GPU; ends with 1 when a
check fails. `--device cpu --files 2 --seconds 10` runs the same lines without a GPU, to try them out.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import torch
from embedding import WINDOW_S, arithmetic, write_model, write_recording

from persian_mir.audio import open_audio
from persian_mir.backbones.loading import load_folder
from persian_mir.embeddings import embed_recording
from persian_mir.embeddings.shared_backbone import SharedBackbone
from persian_mir.grid import Grid
from persian_mir.models.config import read_architecture
from trainer.pretrain.cost import measure as measure_pretraining
from trainer.pretrain.recipe import PretrainOptions

RATE, LAYERS = 24_000, range(13)
LIMITS = {"exact": 2e-3, "fast": 0.1}  # relative to the norm of the CPU's states
SIZES = {"cuda": 8192, "mps": 4096, "cpu": 1024}  # of the floor's matrices


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--device", choices=("cuda", "mps", "cpu"), default="cuda")
    parser.add_argument("--files", type=int, default=32)
    parser.add_argument("--seconds", type=int, default=300, help="length of each file")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there, too")
    args = parser.parse_args()
    here = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    if not here[args.device]:
        print(f"no GPU here ({args.device} cannot be used); nothing was checked")
        return 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        model = write_model(folder / "model", "95M").to(args.device)
        files = [write_recording(folder / f"{k}.flac", args.seconds) for k in range(args.files)]
        rows = [measure(folder / "model", model, files, args.device, kind, args.seconds) for kind in LIMITS]
        sound = all(row["apart"] <= LIMITS[row["precision"]] for row in rows)
        pretraining(folder, args.device)
        sound &= args.device != "cuda" or check_memory(folder / "model")
    if args.json:
        args.json.write_text(json.dumps({"device": device_name(args.device), "rows": rows}, indent=1))
    return 0 if sound else 1


def measure(folder: Path, model: Any, files: list[Path], device: str, precision: str, seconds: int) -> dict[str, Any]:
    """The figures of one precision."""
    windows = np.random.default_rng(0).normal(0, 0.1, (4, WINDOW_S * RATE)).astype(np.float32)
    exact = load_folder(folder, "local/random", "local", "cpu", "exact", "torch").embed(windows, LAYERS)
    backbone = load_folder(folder, "local/random", "local", device, precision, "torch")
    apart = float(np.linalg.norm(backbone.embed(windows, LAYERS) - exact) / np.linalg.norm(exact))
    peak = Peak(device)
    shared = SharedBackbone(backbone)
    embed_all(shared, files[:2])  # warm
    busy, begin = shared.busy_s, time.perf_counter()
    embed_all(shared, files)
    took, busy = time.perf_counter() - begin, shared.busy_s - busy
    heard = len(files) * seconds
    floor = arithmetic(read_architecture(folder), LAYERS[-1]) * heard / WINDOW_S / products(device, precision)
    row = {
        "precision": precision, "apart": apart, "hours_a_second": heard / 3600 / took, "real_time": heard / took,
        "share_of_floor": floor / took, "naive": naive_s(model, device) * heard / WINDOW_S / took,
        "busy": busy / took, "batch": backbone.batch, "memory_gb": peak.gigabytes(),
    }  # fmt: skip
    print(
        "{precision:<6} apart by {apart:.1e}; {hours_a_second:.3f} hours a second ({real_time:.0f} x real time), "
        "{share_of_floor:.0%} of the floor, {naive:.1f} x naive, busy {busy:.0%}, batches of {batch}, "
        "{memory_gb:.1f} GB".format(**row)
    )
    return row


def pretraining(folder: Path, device: str) -> None:
    """One line: what learning from a clip takes; 20,000 steps of 384 clips by it."""
    options, peak = PretrainOptions(), Peak(device)
    cost = measure_pretraining(folder, str(folder / "model"), options, device)
    print(
        f"pre-training: {cost.clip_s:.4f} s a clip, {cost.seconds(options.steps * options.batch) / 3600:.0f} h for "
        f"{options.steps} steps of {options.batch} clips; {peak.gigabytes():.1f} GB of {options.together} at once"
    )


def embed_all(backbone: SharedBackbone, files: list[Path]) -> None:
    """Embed all files, as many at once as there are processors."""

    def embed(path: Path) -> None:
        with open_audio(path) as source:
            embed_recording(source, backbone, Grid(WINDOW_S, WINDOW_S), LAYERS)

    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        list(pool.map(embed, files))


def products(device: str, precision: str) -> float:
    """Operations a second of a large matrix product there."""
    size, dtype = SIZES[device], torch.float32 if precision == "exact" else torch.bfloat16
    one = torch.randn(size, size, dtype=dtype, device=device)
    return 2 * size**3 / per_call(lambda: one @ one, device)


def naive_s(model: Any, device: str) -> float:
    """Seconds of a window in the naive loop."""
    window = torch.randn(1, WINDOW_S * RATE, device=device)
    with torch.no_grad():
        return per_call(lambda: [state.mean(1).cpu() for state in model(window, output_hidden_states=True)[1]], device)


def per_call(work: Any, device: str, times: int = 5) -> float:
    wait = {"cuda": torch.cuda.synchronize, "mps": torch.mps.synchronize, "cpu": lambda: None}[device]
    work()
    wait()
    begin = time.perf_counter()
    for _time in range(times):
        work()
    wait()
    return (time.perf_counter() - begin) / times


class Peak:
    """The most memory that torch took on a GPU since this was made."""

    def __init__(self, device: str) -> None:
        self._cuda = device == "cuda"
        if self._cuda:
            torch.cuda.reset_peak_memory_stats()

    def gigabytes(self) -> float:
        return torch.cuda.max_memory_allocated() / 1e9 if self._cuda else 0.0


def device_name(device: str) -> str:
    return torch.cuda.get_device_name(0) if device == "cuda" else device


def check_memory(folder: Path) -> bool:
    """Fill the device until the usual batch no longer fits: the batch must shrink and the result stay."""
    windows = np.random.default_rng(0).normal(0, 0.1, (64, WINDOW_S * RATE)).astype(np.float32)
    backbone = load_folder(folder, "local/random", "local", "cuda", "exact", "torch")
    before = backbone.embed(windows, [12])
    usual = backbone.batch
    torch.cuda.empty_cache()
    free, _total = torch.cuda.mem_get_info()
    ballast = torch.empty(max(0, free - (1 << 30)), dtype=torch.uint8, device="cuda")  # all but 1 GiB
    after = backbone.embed(windows, [12])
    print(f"with 1 GiB left ({ballast.numel() / 2**30:.1f} GiB taken): batches of {backbone.batch} instead of {usual}")
    return backbone.batch < usual and bool(np.allclose(before, after, atol=1e-4))


if __name__ == "__main__":
    sys.exit(main())
