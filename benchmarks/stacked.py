"""The grid of Table 3, 13 layers x 3 tasks, fitted stacked and one by one in one run, at the real size of a feature.

    python benchmarks/stacked.py [--segments 10000] [--hidden 0 512] [--epochs 10 3] [--batch 64] [--rounds 3]
                                 [--threads N] [--precision float32 bfloat16] [--test 20000] [--json FILE]

Once as linear probes (the experiment `table3-linear`) and once with the hidden layer of the experiment `table3`.

One by one is measured twice: with our own loop, and with the loop that a script would have (a DataLoader over a
TensorDataset, nn.Sequential, Adam). The features are random numbers around one centre a class, 768 wide, which later
layers tell better than early ones. All see batches of one size with one recipe; the rounds alternate, so what else the
machine does falls on all. Times are the processor's, of all threads, since a busy machine would add its own; the
clock's stand beside them. Accuracy is that of the epoch with the lowest dev loss on a large part apart, after the clock
has stopped, since on 2,000 dev segments half a point is within chance. The paper fits 50 epochs; with few of them,
what a stack does once (bringing the features to bfloat16) weighs more.

The floor is what the clock would show if nothing were done but the larger of two parts, both printed. Arithmetic: the
products, at the best rate at which torch multiplies float32 or bfloat16 here, be it by MKL or oneDNN. Memory: the
features read once an epoch at the best rate of reading, and each step every weight read by a product, its gradient
written and read, it and Adam's two memories read and written, at the best rate of copying in the cache that a block of
probes is sized for. The two cannot overlap, since Adam waits for the gradients, so the sum stands beside the larger.
"""

from __future__ import annotations

import argparse
import math
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, RandomSampler, TensorDataset

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.report import Row, timed, write
from persian_mir.half_precision import multiplies_bfloat16
from persian_mir.probes.probe import Head
from trainer.experiments.table import SIZE
from trainer.fitting.loop import Fitted, HeadConfig, Labelled, fit_head
from trainer.fitting.precision import quickest_precision
from trainer.fitting.probe_spec import Data, ProbeSpec
from trainer.fitting.stacked import fit_stack
from trainer.fitting.stacked_fit import CACHE

LAYERS, WIDTH = 13, 768
CLASSES = (7, 5, 39)  # Dastgah, instrument, artist
DEV_SHARE = 0.2


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--segments", type=int, default=10_000)
    parser.add_argument(
        "--hidden", nargs="+", default=["0", str(SIZE)], help="sizes of the hidden layers, as 512,256; 0: none"
    )
    parser.add_argument("--epochs", nargs="+", type=int, default=[10, 3], help="for each of the sizes")
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument(
        "--precision", nargs="+", choices=("float32", "bfloat16"), default=[quickest_precision()], help="if stacked"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the rows there, too")
    parser.add_argument("--test", type=int, default=20_000, help="segments on which the probes are compared")
    args = parser.parse_args()
    if "bfloat16" in args.precision and not multiplies_bfloat16("cpu"):
        print("bfloat16 is left out: this processor computes it only in emulation, which nothing here would choose")
        args.precision = ["float32"]
    torch.set_num_threads(args.threads)
    data = features(0, args.segments)
    dev = features(1, round(args.segments * DEV_SHARE))
    rows = []
    for sizes, epochs in zip(args.hidden, args.epochs, strict=True):
        hidden = tuple(int(size) for size in sizes.split(",") if size != "0")
        rows += compare(HeadConfig(hidden, epochs, batch=args.batch), data, dev, args)
    if args.json:
        write(args.json, rows)


def compare(config: HeadConfig, data: Data, dev: Data, args: argparse.Namespace) -> list[Row]:
    """All ways in turn, and what they come to; a row is the stack in one precision beside the plain script."""
    specs = [ProbeSpec(layer, task, config) for layer in range(LAYERS) for task in range(len(CLASSES))]
    ways: dict[str, Callable[[], list[Head]]] = {
        "plain script": lambda: [plain(data, dev, spec) for spec in specs],
        "one by one": lambda: [alone(data, dev, spec).head for spec in specs],
    }
    for one in args.precision:
        ways[one] = partial(
            lambda kind: [done.head for done in fit_stack(data, CLASSES, specs, dev, precision=kind)], one
        )
    times: dict[str, list[float]] = {name: [] for name in ways}
    clock: dict[str, list[float]] = {name: [] for name in ways}
    heads: dict[str, list[Head]] = {}
    floors: dict[str, list[tuple[float, float]]] = {one: [] for one in args.precision}
    for _round in range(args.rounds):
        for name, way in ways.items():
            began, at = time.process_time(), time.perf_counter()
            heads[name] = way()
            times[name].append(time.process_time() - began)
            clock[name].append(time.perf_counter() - at)
        for name, told in floors.items():
            told.append(floor(config, len(data.targets), len(dev.targets), getattr(torch, name)))
    scores = accuracies(heads, specs, args.test)
    print(f"{len(specs)} probes, hidden {config.hidden}, {args.segments} segments of {WIDTH},", end=" ")
    print(f"batches of {config.batch}, {config.epochs} epochs, {args.threads} threads")
    for name, seconds in times.items():
        runs = ", ".join(f"{s:.2f}" for s in seconds)
        wall, mean = statistics.median(clock[name]), statistics.mean(scores[name])
        print(f"{name:13}{statistics.median(seconds):8.2f} s ({runs}), clock {wall:.2f} s, mean accuracy {mean:.4f}")
    kind = "hidden " + ", ".join(map(str, config.hidden)) if config.hidden else "linear"
    rows = []
    for one in args.precision:
        for name in ("plain script", "one by one"):
            ratio = statistics.median(times[name]) / statistics.median(times[one])
            apart = 100 * np.abs(np.subtract(scores[name], scores[one])).max()
            print(
                f"stacked in {one}: {ratio:.1f} times as fast as {name}; accuracies differ by at most {apart:.2f}",
                end="",
            )
            print(
                f" points, their means by {100 * abs(statistics.mean(scores[name]) - statistics.mean(scores[one])):.2f}"
            )
        arithmetic, memory = (min(told) for told in zip(*floors[one], strict=True))
        took = min(clock[one])
        share = max(arithmetic, memory) / took
        print(f"floor: arithmetic {arithmetic:.3f} s, memory {memory:.3f} s; best {took:.3f} s:", end=" ")
        print(f"{share:.0%} of the larger, {(arithmetic + memory) / took:.0%} of both")
        name = f"Table 3: {len(specs)} probes, {kind}, {one}"
        rows.append(timed("training", name, "a script's loop", clock[one], clock["plain script"], share))
    return rows


def floor(config: HeadConfig, train: int, dev: int, dtype: torch.dtype) -> tuple[float, float]:
    """Seconds of the arithmetic alone, and of the memory's traffic alone, at the best rates of this moment."""
    operations = weights = 0.0
    for classes in CLASSES:
        sizes = [before * after for before, after in pairwise((WIDTH, *config.hidden, classes))]
        # Forward and for the weights; for what came in, too, but of the first layer; of dev forward only.
        operations += LAYERS * (train * (4 * sum(sizes) + 2 * sum(sizes[1:])) + dev * 2 * sum(sizes))
        weights += LAYERS * sum(sizes)
    wide = 3 * (config.hidden[0] if config.hidden else max(CLASSES))
    rate = max(_rate(wide, WIDTH, count, dtype) for count in (config.batch, 2048))
    many = torch.ones(1 << 26)  # 256 MB: more than a cache
    read_s = min(_took(many.sum) for _time in range(5)) / (many.numel() * 4)
    block = torch.ones(CACHE // 8), torch.ones(CACHE // 8)  # read, written: as large as a block
    copy_s = min(_took(partial(block[0].copy_, block[1])) for _time in range(20)) / CACHE
    item = torch.empty((), dtype=dtype).element_size()
    read = (train + dev) * LAYERS * WIDTH * item * read_s
    learnt = math.ceil(train / config.batch) * weights * (3 * item + 24) * copy_s
    return config.epochs * operations / rate, config.epochs * (read + learnt)


def _rate(rows: int, inner: int, columns: int, dtype: torch.dtype) -> float:
    """Operations a second of a product [rows, inner] by [inner, columns], the best of some, by MKL or oneDNN."""
    one, other = torch.randn(rows, inner, dtype=dtype), torch.randn(inner, columns, dtype=dtype)
    times = max(1, int(2e9 / (2 * rows * inner * columns)))
    took = [_took(lambda: [one @ other for _time in range(times)]) for _round in range(5)]
    if dtype == torch.float32 and torch.backends.mkldnn.is_available():  # type: ignore[no-untyped-call]
        left, right = one.to_mkldnn(), other.T.contiguous()
        took += [_took(lambda: [nn.functional.linear(left, right) for _time in range(times)]) for _round in range(5)]
    return 2 * rows * inner * columns * times / min(took)


def _took(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def accuracies(heads: dict[str, list[Head]], specs: list[ProbeSpec], count: int) -> dict[str, list[float]]:
    """Of every head, on `count` segments that none has seen, a thousand at a time."""
    right = {name: [0] * len(specs) for name in heads}
    for start in range(0, count, 1000):
        part = features(2 + start, min(1000, count - start))
        for name, own in heads.items():
            for k, (spec, head) in enumerate(zip(specs, own, strict=True)):
                said = head.logits(part.values[:, spec.layer]).argmax(1)
                right[name][k] += int((said == part.targets[:, spec.task]).sum())
    return {name: [number / count for number in own] for name, own in right.items()}


def plain(data: Data, dev: Data, spec: ProbeSpec) -> Head:
    """The loop of a script, and its head of the best epoch by dev loss."""
    train, held_out = (
        TensorDataset(torch.from_numpy(part.values[:, spec.layer]), torch.from_numpy(part.targets[:, spec.task]))
        for part in (data, dev)
    )
    torch.manual_seed(0)
    blocks: list[nn.Module] = []
    width = WIDTH
    for size in spec.config.hidden:
        blocks += [nn.Linear(width, size), nn.ReLU(), nn.Dropout(spec.config.dropout)]
        width = size
    net = nn.Sequential(*blocks, nn.Linear(width, CLASSES[spec.task]))
    optimizer = torch.optim.Adam(net.parameters(), lr=spec.config.lr)
    # The order that a loader draws by itself, but from a chance of its own, as ours: accuracies differ by the rest.
    order = RandomSampler(train, generator=torch.Generator().manual_seed(spec.config.seed))
    best, kept = math.inf, net.state_dict()
    for _epoch in range(spec.config.epochs):
        net.train()
        for x, y in DataLoader(train, spec.config.batch, sampler=order):
            optimizer.zero_grad()
            nn.functional.cross_entropy(net(x), y).backward()
            optimizer.step()
        net.eval()
        loss = 0.0
        with torch.no_grad():
            for x, y in DataLoader(held_out, spec.config.batch):
                loss += float(nn.functional.cross_entropy(net(x), y, reduction="sum"))
        if loss < best:
            best, kept = loss, {name: tensor.clone() for name, tensor in net.state_dict().items()}
    arrays = [tensor.numpy() for tensor in kept.values()]
    return Head(tuple(arrays[::2]), tuple(arrays[1::2]))


def alone(data: Data, dev: Data, spec: ProbeSpec) -> Fitted:
    """As a script does it: its layer taken out, one head fitted."""
    train, held_out = (Labelled(part.values[:, [spec.layer]], part.targets[:, spec.task]) for part in (data, dev))
    return fit_head(train, CLASSES[spec.task], spec.config, held_out)


def features(seed: int, count: int) -> Data:
    """Segments of all classes of all tasks; the centres are the same for every seed."""
    rng = np.random.default_rng(seed)
    centres = [np.random.default_rng(99 + k).standard_normal((size, WIDTH)) for k, size in enumerate(CLASSES)]
    targets = np.stack([rng.integers(0, size, count) for size in CLASSES], axis=1)
    middle = sum(centre[targets[:, task]] for task, centre in enumerate(centres))
    values = rng.standard_normal((count, LAYERS, WIDTH), np.float32)
    for layer in range(LAYERS):
        values[:, layer] += np.float32(0.02 * (1 + layer)) * np.asarray(middle, np.float32)
    return Data(values, targets.astype(np.int64))


if __name__ == "__main__":
    main()
