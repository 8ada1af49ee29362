"""What a GPU makes of the 95M backbone: agreement with the CPU, speed, and running out of real memory.

    python benchmarks/gpu_check.py [--device cuda]

The weights are random: speed and agreement only. Says so and ends with 0 where there is no GPU; ends with 1 when a
check fails.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import torch
from transformers import HubertConfig, HubertModel

from persian_mir.backbones.loading import load_folder
from persian_mir.backbones.transformer import TransformerBackbone

RATE, WINDOW_S = 24_000, 5
LIMITS = (("fp32", 2e-3), ("bf16", 0.1))  # relative to the norm of the CPU's states


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--device", choices=("cuda", "mps"), default="cuda")
    device = parser.parse_args().device
    if not (torch.cuda.is_available() if device == "cuda" else torch.backends.mps.is_available()):
        print(f"no GPU here ({device} cannot be used); nothing was checked")
        return 0
    with tempfile.TemporaryDirectory() as name:
        write_model(Path(name))
        return 0 if check(Path(name), device) else 1


def write_model(folder: Path) -> None:
    torch.manual_seed(0)
    HubertModel(HubertConfig()).save_pretrained(folder)
    (folder / "preprocessor_config.json").write_text(json.dumps({"sampling_rate": RATE, "do_normalize": True}))


def load(folder: Path, device: str, precision: str) -> TransformerBackbone:
    return load_folder(folder, "local/random", "local", device, precision)


def check(folder: Path, device: str) -> bool:
    windows = np.random.default_rng(0).normal(0, 0.1, (256, WINDOW_S * RATE)).astype(np.float32)
    states = range(13)
    exact = load(folder, "cpu", "fp32").embed(windows[:4], states)
    fine = True
    for precision, limit in LIMITS:
        backbone = load(folder, device, precision)
        off = float(np.linalg.norm(backbone.embed(windows[:4], states) - exact) / np.linalg.norm(exact))
        start = time.perf_counter()
        backbone.embed(windows, states)
        speed = len(windows) / (time.perf_counter() - start)
        print(f"{device} {precision}: {speed:.1f} windows/s in batches of {backbone.batch}; off the CPU by {off:.1e}")
        fine &= off <= limit
    return fine and (device != "cuda" or check_memory(folder, windows))


def check_memory(folder: Path, windows: np.ndarray) -> bool:
    """Fill the device until the usual batch no longer fits: the batch must shrink and the result stay."""
    backbone = load(folder, "cuda", "fp32")
    before = backbone.embed(windows[:64], [12])
    usual = backbone.batch
    torch.cuda.empty_cache()
    free, _total = torch.cuda.mem_get_info()
    ballast = torch.empty(max(0, free - (1 << 30)), dtype=torch.uint8, device="cuda")  # all but 1 GiB
    after = backbone.embed(windows[:64], [12])
    print(f"with 1 GiB left ({ballast.numel() / 2**30:.1f} GiB taken): batches of {backbone.batch} instead of {usual}")
    return backbone.batch < usual and bool(np.allclose(before, after, atol=1e-4))


if __name__ == "__main__":
    sys.exit(main())
