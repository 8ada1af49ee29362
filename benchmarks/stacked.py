"""The grid of Table 3, 13 layers x 3 tasks, fitted stacked and one by one in one run, at the real size of a feature.

    python benchmarks/stacked.py [--segments 10000] [--epochs 5] [--hidden 0] [--batch 64] [--rounds 3] [--threads 1]
                                 [--bfloat16]

One by one is measured twice: with our own loop, and with the loop that a script would have (a DataLoader over a
TensorDataset, nn.Sequential, Adam). The features are random numbers around one centre a class, 768 wide, which later
layers tell better than early ones. All see batches of one size with one recipe; the rounds alternate, so what else the
machine does falls on all. Times are the processor's, of all threads, since a busy machine would add its own; the
clock's stand beside them.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from trainer.loop import Fitted, Recipe, fit_head
from trainer.plan import Data, Plan
from trainer.stacked import fit_stack
from trainer.stacked_linear import Precision

LAYERS, WIDTH = 13, 768
CLASSES = (7, 5, 39)  # Dastgah, instrument, artist
DEV_SHARE = 0.2


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--segments", type=int, default=10_000)
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--hidden", default="0", help="sizes of the hidden layers, as 512,256; 0: none")
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--bfloat16", action="store_true", help="multiply with eight significant bits where stacked")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    data = features(0, args.segments)
    dev = features(1, round(args.segments * DEV_SHARE))
    hidden = tuple(int(size) for size in args.hidden.split(",") if size != "0")
    recipe = Recipe(hidden, args.epochs, batch=args.batch)
    plans = [Plan(layer, task, recipe) for layer in range(LAYERS) for task in range(len(CLASSES))]
    precision: Precision = "bfloat16" if args.bfloat16 else "float32"
    ways: dict[str, Callable[[], list[float]]] = {
        "plain script": lambda: [plain(data, dev, plan) for plan in plans],
        "one by one": lambda: [best(alone(data, dev, plan)) for plan in plans],
        "stacked": lambda: [best(one) for one in fit_stack(data, CLASSES, plans, dev, precision=precision)],
    }
    times: dict[str, list[float]] = {name: [] for name in ways}
    clock: dict[str, list[float]] = {name: [] for name in ways}
    scores: dict[str, list[float]] = {}
    for _round in range(args.rounds):
        for name, way in ways.items():
            began, at = time.process_time(), time.perf_counter()
            scores[name] = way()
            times[name].append(time.process_time() - began)
            clock[name].append(time.perf_counter() - at)
    print(
        f"{len(plans)} probes, hidden {hidden}, {args.segments} segments of {WIDTH}, batches of {args.batch},", end=" "
    )
    print(f"{args.epochs} epochs, {args.threads} threads, stacked in {precision}")
    middle = {name: statistics.median(seconds) for name, seconds in times.items()}
    for name, seconds in times.items():
        runs = ", ".join(f"{s:.2f}" for s in seconds)
        wall, mean = statistics.median(clock[name]), statistics.mean(scores[name])
        print(f"{name:13}{middle[name]:8.2f} s ({runs}), clock {wall:.2f} s, mean dev accuracy {mean:.4f}")
    for name in ("plain script", "one by one"):
        apart = 100 * np.abs(np.subtract(scores[name], scores["stacked"])).max()
        print(f"stacked is {middle[name] / middle['stacked']:.1f} times as fast as {name};", end=" ")
        print(f"accuracies differ by at most {apart:.2f} points")


def best(one: Fitted) -> float:
    return one.epochs[one.best - 1].dev_accuracy


def plain(data: Data, dev: Data, plan: Plan) -> float:
    """The loop of a script, and the dev accuracy of its best epoch by dev loss."""
    train, held_out = (
        TensorDataset(torch.from_numpy(part.values[:, plan.layer]), torch.from_numpy(part.targets[:, plan.task]))
        for part in (data, dev)
    )
    torch.manual_seed(0)
    blocks: list[nn.Module] = []
    width = WIDTH
    for size in plan.recipe.hidden:
        blocks += [nn.Linear(width, size), nn.ReLU(), nn.Dropout(plan.recipe.dropout)]
        width = size
    net = nn.Sequential(*blocks, nn.Linear(width, CLASSES[plan.task]))
    optimizer = torch.optim.Adam(net.parameters(), lr=plan.recipe.lr)
    judged = []
    for _epoch in range(plan.recipe.epochs):
        net.train()
        for x, y in DataLoader(train, plan.recipe.batch, shuffle=True):
            optimizer.zero_grad()
            nn.functional.cross_entropy(net(x), y).backward()
            optimizer.step()
        net.eval()
        loss, right = 0.0, 0
        with torch.no_grad():
            for x, y in DataLoader(held_out, plan.recipe.batch):
                logits = net(x)
                loss += float(nn.functional.cross_entropy(logits, y, reduction="sum"))
                right += int((logits.argmax(1) == y).sum())
        judged.append((loss, right / len(held_out)))
    return min(judged)[1]


def alone(data: Data, dev: Data, plan: Plan) -> Fitted:
    """As a script does it: its layer taken out, one head fitted."""
    train, held_out = ((part.values[:, [plan.layer]], part.targets[:, plan.task]) for part in (data, dev))
    return fit_head(*train, CLASSES[plan.task], plan.recipe, held_out)


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
