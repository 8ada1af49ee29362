"""A whole fit on more features than memory holds: 100,000 segments of 13 layers of 768, within 2 GB.

    python benchmarks/fit_memory.py [--segments 100000] [--limit 2048] [--epochs 2] [--mix average] [--keep FOLDER]

The features, 4 GB of random numbers around one centre a class, lie in the trainer's own file and are mapped. A child
then does all that `trainer fit` does from there: scales, fits, calibrates, learns what is strange, and judges. Its
private memory is limited by the system (RLIMIT_DATA: every page that is its own, also those of which it has not made
use yet), so that it ends with an error where it wants more. What of the file lies in memory is the system's cache,
which it takes back when others need it. The peak of what is the child's own is read from /proc beside that.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

LAYERS, WIDTH, CLASSES, OF_RECORDING = 13, 768, 5, 100
BLOCK = 2000  # segments made at a time
Shape = tuple[int, int, int]


def parts(shape: Shape) -> Iterator[np.ndarray]:
    rng = np.random.default_rng(0)
    centres = 0.3 * rng.standard_normal((CLASSES, *shape[1:]), np.float32)
    for start in range(0, shape[0], BLOCK):
        targets = np.arange(start, min(start + BLOCK, shape[0])) // OF_RECORDING % CLASSES
        yield centres[targets] + rng.standard_normal((len(targets), *shape[1:]), np.float32)


def own_memory() -> float:
    """MiB of this process that no file backs."""
    status = Path("/proc/self/status").read_text()
    return float(status.split("RssAnon:")[1].split()[0]) / 1024


def watch(peak: list[float], ended: threading.Event) -> None:
    while not ended.wait(0.02):
        peak[0] = max(peak[0], own_memory())


def fit(folder: Path, shape: Shape, epochs: int, mix: str) -> None:
    from persian_mir.backbones import load_backbone
    from trainer.features.segments import Features
    from trainer.features.store import FeatureStore
    from trainer.fitting import fit as fitting
    from trainer.fitting.artist_grouped import fit_features
    from trainer.fitting.checkpoint import Checkpoint, CheckpointEntry
    from trainer.fitting.fit_options import FitOptions
    from trainer.fitting.split_masks import decide_parts

    segments, recordings = shape[0], shape[0] // OF_RECORDING
    groups = np.arange(segments) // OF_RECORDING
    spans = np.stack([np.arange(segments) * 5.0, np.arange(segments) * 5.0 + 5], 1)
    names, labels = tuple(map(str, range(recordings))), tuple(f"label {k}" for k in range(CLASSES))
    values = FeatureStore(folder, 1 << 40).get("features", shape)
    assert values is not None
    features = Features(
        values, groups % CLASSES, groups, labels, names, ("",) * recordings, (), names, tuple(map(Path, names)), spans
    )
    options = FitOptions(task="instrument", epochs=epochs, mix=mix)  # type: ignore[arg-type]
    key = replace(load_backbone("signal", "cpu").key, states=LAYERS, width=WIDTH)
    began = time.perf_counter()
    taken = decide_parts(features, None, 0)
    features = features.standardised(taken.train)
    entry = CheckpointEntry(Checkpoint(), "head")
    fitted = fit_features(features, taken.train, taken.dev, options, fitting.SILENT, entry)
    backbone: Any = SimpleNamespace(key=key)
    inputs = fitting.guard_inputs(features, fitted.layer_weights, options.mix == "concat")
    point = fitting.operating_point(features, inputs, options.task, taken.train, taken.dev, options.seed)
    reach = fitting.USUAL_REACH if point is None else point.reach
    guard = fitting.guard_of(features, inputs, taken.train, taken.dev, reach)
    layers: Any = tuple(range(LAYERS))
    probe = fitting._probe(options, layers, backbone, features, taken, fitted, guard)
    scores = fitting._evaluated_by_split(fitting._answers(probe, features), features, taken)
    seconds = time.perf_counter() - began
    print(f"{epochs} epochs and all the rest: {seconds:.0f} s; scores: {scores}"[:160])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--segments", type=int, default=100_000)
    parser.add_argument("--limit", type=int, default=2048, help="MiB; 0: none")
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--mix", default="average")
    parser.add_argument("--keep", type=Path, help="a folder in which the features stay for the next run")
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    shape = (args.segments, LAYERS, WIDTH)
    if args.child:
        peak, ended = [0.0], threading.Event()
        if args.limit:
            resource.setrlimit(resource.RLIMIT_DATA, (args.limit << 20,) * 2)
        watcher = threading.Thread(target=watch, args=(peak, ended))
        watcher.start()
        try:
            fit(args.child, shape, args.epochs, args.mix)
        finally:
            ended.set()
            watcher.join()
        print(f"peak of its own memory: {peak[0]:.0f} MiB")
        return
    from trainer.features.store import FeatureStore

    with tempfile.TemporaryDirectory() as name:
        folder = args.keep or Path(name)
        if not (folder / "features.features").exists():
            FeatureStore(folder, 1 << 40).put("features", shape, parts(shape))
        print(f"features: {(folder / 'features.features').stat().st_size / 2**30:.2f} GiB", flush=True)
        child = subprocess.run([sys.executable, __file__, *sys.argv[1:], "--child", str(folder)])
    print(f"within {args.limit} MiB: {'no' if child.returncode else 'yes'}")
    raise SystemExit(child.returncode)


if __name__ == "__main__":
    main()
