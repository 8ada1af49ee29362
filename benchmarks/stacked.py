"""The grid of Table 3, 13 layers x 3 tasks, fitted stacked and one by one in one run, at the real size of a feature.

    python benchmarks/stacked.py [--segments 10000] [--epochs 5] [--hidden 0] [--rounds 3] [--threads 2]

The features are random numbers around one centre a class, 768 wide, which later layers tell better than early ones.
Both ways see the same batches with the same recipe; the rounds alternate, so what else the machine does falls on both.
Times are the processor's, of all threads, since a busy machine would add its own.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable

import numpy as np
import torch

from trainer.loop import Fitted, Recipe, fit_head
from trainer.stacked import Data, Plan, fit_stack

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
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    data = features(0, args.segments)
    dev = features(1, round(args.segments * DEV_SHARE))
    hidden = tuple(int(size) for size in args.hidden.split(",") if size != "0")
    recipe = Recipe(hidden, args.epochs, batch=args.batch)
    plans = [Plan(layer, task, recipe) for layer in range(LAYERS) for task in range(len(CLASSES))]
    ways: dict[str, Callable[[], list[Fitted]]] = {
        "one by one": lambda: [alone(data, dev, plan) for plan in plans],
        "stacked": lambda: list(fit_stack(data, CLASSES, plans, dev)),
    }
    times: dict[str, list[float]] = {name: [] for name in ways}
    scores = {}
    for _round in range(args.rounds):
        for name, way in ways.items():
            began = time.process_time()
            fitted = way()
            times[name].append(time.process_time() - began)
            scores[name] = [one.epochs[one.best - 1].dev_accuracy for one in fitted]
    print(f"{len(plans)} probes, hidden {hidden}, {args.segments} segments of {WIDTH}, {args.epochs} epochs")
    for name, seconds in times.items():
        middle, mean = statistics.median(seconds), statistics.mean(scores[name])
        print(f"{name:12}{middle:8.2f} s ({', '.join(f'{s:.2f}' for s in seconds)}), mean dev accuracy {mean:.4f}")
    one, other = (statistics.median(seconds) for seconds in times.values())
    differences = np.abs(np.subtract(*scores.values()))
    print(f"{one / other:.1f} times as fast; accuracies differ by at most {100 * differences.max():.2f} points")


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
