"""What pre-training brings, and what it takes.

    python benchmarks/pretraining.py [--minutes 15] [--hours 2] [--json FILE]     learn, then judge
    python benchmarks/pretraining.py --kills                                      killed three times; two processes
    python benchmarks/pretraining.py --size 95M [--device cuda]                   pace and memory, and a 24 GB card's

The first makes `--hours` of recordings by the project's synthesiser, lets a small HuBERT of random weights learn from
them by MERT's recipe for about `--minutes` on one core, and prints how the losses fell on recordings kept apart. Then
it fits probes on the start and on the result (`trainer compare-backbones`): of other synthesised recordings by other
synthesised artists, three seeds, with intervals. All of it is synthetic: it proves the machinery, not the music.

The second kills a run (SIGKILL) three times on its way, lets it go on, and compares its weights with those of one that
was left alone; then with those of two processes (torchrun, gloo). It ends with 1 where they differ.

The third measures a clip of 5 s at the size of MERT-v1-95M with random weights, in float32 and in bfloat16, and
reckons from it and from the arithmetic (`trainer/pretrain/clip_cost.py`) what 960 hours take.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
import torch
from safetensors.torch import load_file
from transformers import HubertConfig, HubertModel

from trainer.data.mini_nava import make_mini_nava
from trainer.pretrain.clip_cost import CARD_FLOPS, MEMORY_BOUND, Cost
from trainer.pretrain.cost import measure
from trainer.pretrain.course import read_curve
from trainer.pretrain.recipe import PretrainOptions
from trainer.pretrain.run import KEPT, SCRATCH

RECORDING_S = 10.0
LABELLED = 210  # recordings that probes are fitted on and judged by
SMALL = {
    "hidden_size": 128, "num_hidden_layers": 4, "num_attention_heads": 4, "intermediate_size": 512,
    "conv_dim": [64] * 7, "num_conv_pos_embeddings": 64, "num_conv_pos_embedding_groups": 4,
}  # fmt: skip
LEARNT = PretrainOptions("mert", "mel", 1, 16, 16, 2.0, 1e-3, 50, 128, 4)
TINY = PretrainOptions("mert", "mel", 40, 4, 2, 1.0, 1e-3, 5, 8, 2)
HOURS = 960


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=15.0)
    parser.add_argument("--hours", type=float, default=2.0)
    parser.add_argument("--kills", action="store_true")
    parser.add_argument("--size", choices=("95M",))
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there, too")
    parser.add_argument("--folder", type=Path, help="where recordings and models are made, and kept")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = args.folder or Path(name)
        os.environ["PERSIAN_MIR_HOME"] = str(folder / "home")
        if args.kills:
            return kills(folder)
        told = pace(folder, args.device) if args.size else learn_and_judge(folder, args.hours, args.minutes)
    if args.json:
        args.json.write_text(json.dumps(told, indent=1))
    return 0


# What it brings


def learn_and_judge(folder: Path, hours: float, minutes: float) -> dict[str, Any]:
    """Recordings, a start, a result, and probes on both."""
    torch.set_num_threads(1)
    sounds, labelled = folder / "unlabelled", folder / "labelled"
    for place, count, seed in ((sounds, round(3600 * hours / RECORDING_S), 1), (labelled, LABELLED, 2)):
        if not place.exists():
            make_mini_nava(place, count, seed, RECORDING_S)
    start, out = write_start(folder / "start", SMALL), folder / "result"
    cost = measure(sounds, str(start), LEARNT, "cpu")
    steps = max(LEARNT.every, int(60 * minutes / cost.seconds(LEARNT.batch)) // LEARNT.every * LEARNT.every)
    print(
        f"{hours:g} h of synthesised sound; {cost.clip_s * 1000:.0f} ms a clip: {steps} steps of {LEARNT.batch} clips"
    )
    began = time.perf_counter()
    trainer(*line(sounds, start, out, replace(LEARNT, steps=steps)))
    took = time.perf_counter() - began
    curve = read_curve(out)
    for one in (curve[0], curve[len(curve) // 2], curve[-1]):
        books = " + ".join(f"{book:.2f}" for book in one.judged_codes)
        print(
            f"  step {one.step:5}: kept apart, cross entropy {books}, right {one.judged_right:.1%} (chance "
            f"{1 / LEARNT.codes:.1%}), constant-Q {one.judged_constant_q:.4f}"
        )
    print(f"  {took / 60:.1f} minutes, {steps / took:.2f} steps a second")
    tables = [compare(labelled, task, start, out) for task in ("instrument", "dastgah")]
    return {"steps": steps, "seconds": took, "curve": [one.judged_codes for one in curve], "judged": tables}


def compare(labelled: Path, task: str, *models: Path) -> Any:
    """Probes on each model, three seeds."""
    told = trainer(
        "compare-backbones", *map(str, models), "--data", str(labelled), "--task", task, "--views", "0", "--json"
    )
    rows = json.loads(told.splitlines()[-1])
    print(rows["table"])
    return rows


def write_start(folder: Path, sizes: dict[str, Any]) -> Path:
    """A HuBERT of random weights, as the hub keeps models."""
    torch.manual_seed(0)
    HubertModel(HubertConfig(**sizes)).save_pretrained(folder)
    told = {"feature_extractor_type": "Wav2Vec2FeatureExtractor", "sampling_rate": 16_000, "do_normalize": True}
    (folder / "preprocessor_config.json").write_text(json.dumps(told))
    return folder


def line(sounds: Path, start: Path | str, out: Path, options: PretrainOptions) -> list[str]:
    """The command of a run."""
    sizes = {"steps": options.steps, "batch": options.batch, "together": options.together, "clip-s": options.clip_s}
    sizes |= {"learning-rate": options.rate, "every": options.every, "codes": options.codes, "books": options.books}
    told = [text for name, value in sizes.items() for text in (f"--{name}", str(value))]
    return ["pretrain", "--data", str(sounds), "--from", str(start), "--out", str(out), "--device", "cpu", *told]


def trainer(*words: str, before: Sequence[str] = ()) -> str:
    """What a command of the trainer says; it must succeed."""
    told = subprocess.run(
        [sys.executable, *before, "-m", "trainer", *words], capture_output=True, text=True, check=False
    )
    if told.returncode not in (0, 1):
        raise SystemExit(told.stderr)
    return told.stdout


# Killed, and by two


def kills(folder: Path) -> int:
    """Compare weights: left alone, killed three times, by two processes."""
    sounds = folder / "sounds"
    sounds.mkdir()
    for number in range(12):
        soundfile.write(sounds / f"{number}.flac", np.random.default_rng(number).normal(0, 0.1, 160_000), 16_000)
    start = write_start(folder / "start", SMALL)
    whole, killed, two = (folder / name for name in ("whole", "killed", "two"))
    trainer(*line(sounds, start, whole, TINY))
    reached = [kill_once(line(sounds, start, killed, TINY), killed, count) for count in (1, 2, 3)]
    trainer(*line(sounds, start, killed, TINY))
    trainer(
        *line(sounds, start, two, TINY), before=("-m", "torch.distributed.run", "--nproc-per-node=2", "--standalone")
    )
    weights = [load_file(one / "model.safetensors") for one in (whole, killed, two)]
    off = [max(float((one[name] - weights[0][name]).abs().max()) for name in one) for one in weights]
    print(f"killed after steps {', '.join(map(str, reached))} of {TINY.steps}: weights differ by {off[1]:g} at most")
    print(f"two processes: weights differ by {off[2]:.1e} at most")
    return 0 if off[1] == 0 and off[2] < 1e-5 else 1


def kill_once(words: list[str], out: Path, times: int) -> int:
    """Begin or go on, kill it once it has come further, and return the step that it had judged last."""
    running = subprocess.Popen(
        [sys.executable, "-m", "trainer", *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    while running.poll() is None and len(read_curve(out)) < 2 * times:
        time.sleep(0.01)
    running.kill()
    running.wait()
    if not (out / KEPT).exists():
        raise SystemExit("it was over before it could be killed")
    return read_curve(out)[-1].step


# What it takes


def pace(folder: Path, device: str) -> dict[str, Any]:
    """A clip at the size of MERT-v1-95M, random weights."""
    noise = np.random.default_rng(0).normal(0, 0.1, 30 * 44_100)
    (folder / "noise").mkdir()
    soundfile.write(folder / "noise" / "noise.wav", noise, 44_100)
    told = {}
    for precision in ("exact", "fast"):
        options = PretrainOptions(precision=precision)
        cost = measure(folder / "noise", SCRATCH, options, device)
        told[precision] = {"clip_s": cost.clip_s, "bytes": cost.bytes(1), "peak": peak_bytes(device)}
        print(
            f"{device}, {precision}: {cost.clip_s:.2f} s a clip of 5 s, {1 / cost.clip_s / options.batch:.5f} steps of "
            f"{options.batch} clips a second; {cost.bytes(1) / 1e9:.1f} GB reckoned for one clip at once, "
            f"{cost.bytes(options.together) / 1e9:.0f} GB for {options.together}; peak of the process so far "
            f"{peak_bytes(device) / 1e9:.1f} GB"
        )
    print(reckoned(cost))
    return told


def reckoned(cost: Cost) -> str:
    """What 960 hours take, in words, with what is assumed."""
    clips = HOURS * 3600 // 5
    epochs = [
        f"{tera} TFLOP/s {MEMORY_BOUND * 3 * cost.flop * clips / tera / 1e12 / 3600:.1f} h" for tera in (15, 60, 120)
    ]
    return (
        f"{HOURS} hours are {clips} clips; hearing one takes {cost.flop / 1e9:.0f} GFLOP, learning from it three times "
        f"that: {3 * cost.flop * clips / 1e15:.0f} PFLOP an epoch.\n"
        f"Here an epoch takes {cost.seconds(clips) / 3600:.0f} h. One card of 24 GB, if it reaches these rates in the "
        f"products and needs as long again for what is bound by memory: {', '.join(epochs)} an epoch; the window "
        f"reckons with {CARD_FLOPS / 1e12:.0f}, {cost.card_s(clips) / 3600:.1f} h, and 20,000 steps of 384 clips take "
        f"{cost.card_s(20_000 * 384) / 3600:.0f} h."
    )


def peak_bytes(device: str) -> float:
    """The most memory torch took on a GPU, or this process on Linux."""
    if device == "cuda":
        return torch.cuda.max_memory_allocated()
    return 1024 * int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0])


if __name__ == "__main__":
    sys.exit(main())
