"""An instrument probe on recordings in a register that it has not heard: the nearest to another instrument of its kind.

    python benchmarks/instrument_registers.py --data FOLDER [--variants 16] [--seed 7] [--views 2]

FOLDER holds recordings and a `manifest.csv` with the columns file, instrument, artist, shahed_hz. Of each instrument
the half with the higher shaheds is left out, then the other one: a ney sounds unlike itself an octave lower, and more
so than another ney. What judges has no say in the margin. Besides, what these probes say of the synthesised sounds of
`kdc_instrument.py`, of which they know nothing.
"""

from __future__ import annotations

import argparse
import csv
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median

from kdc_instrument import TASK, embedded, manifest, said_of, strangers

from persian_mir.app_paths import cache_dir
from persian_mir.backbones import Backbone, load_backbone
from persian_mir.embeddings import EmbeddingCache
from persian_mir.probes.probe import Probe
from trainer.data import Dataset, Entry, read_dataset
from trainer.data.splits import grouped
from trainer.fitting.fit import fit_probe
from trainer.fitting.fit_options import FitOptions
from trainer.fitting.training_data import TrainingData

DEV_EVERY = 5  # recording of those that teach


def high(data: Path) -> set[Path]:
    """The recordings whose shahed lies above the middle one of their instrument."""
    with (data / "manifest.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    of = defaultdict(list)
    for row in rows:
        of[row["instrument"]].append(float(row["shahed_hz"]))
    return {(data / row["file"]).absolute() for row in rows if float(row["shahed_hz"]) > median(of[row["instrument"]])}


def halves(
    dataset: Dataset, highs: set[Path], backbone: Backbone, cache: EmbeddingCache, args: argparse.Namespace
) -> Iterator[tuple[str, Probe, Sequence[Entry]]]:
    """Which half was left out, the probe of the other one, and what it has not heard."""
    splits = grouped(dataset, TASK, "recording", args.seed, 5)
    for name in ("higher", "lower"):
        judged = [one for one in dataset.entries if (one.path.absolute() in highs) == (name == "higher")]
        rest = [one for one in dataset.entries if one not in judged]
        taught = [replace(one, split="train" if k % DEV_EVERY else "dev") for k, one in enumerate(rest)]
        options = FitOptions(task=TASK, epochs=100, views=args.views)
        material = TrainingData(taught, dataset.name, splits)
        yield name, fit_probe(material, options, backbone, cache=cache).probe, judged


def main() -> None:
    top = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    top.add_argument("--data", type=Path, required=True)
    top.add_argument("--variants", type=int, default=16, help="of each unknown sound")
    top.add_argument("--seed", type=int, default=7)
    top.add_argument("--views", type=int, default=2)
    args = top.parse_args()
    backbone, cache = load_backbone("signal", "cpu"), EmbeddingCache(cache_dir() / "embeddings")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        dataset = read_dataset(manifest(args.data, folder))
        strange = strangers(folder, backbone, args.variants, args.seed)
        for half, probe, judged in halves(dataset, high(args.data), backbone, cache, args):
            print(f"without the {half} half, sure from a lead of {probe.sure_margin}")
            for label in sorted({one.labels[TASK] for one in judged}):
                mine = [one for one in judged if one.labels[TASK] == label]
                said = [said_of(probe, embedded(one.path, backbone, cache))[0] for one in mine]
                right = [one.label == label for one in said]
                surely = sum(one.sure and ok for one, ok in zip(said, right, strict=True))
                wrong = sum(one.sure and not ok for one, ok in zip(said, right, strict=True))
                print(f"  {label}: {len(said)}, right {sum(right)}, surely {surely}, surely and wrongly {wrong}")
            for kind, sounds in strange.items():
                print(
                    f"  {kind}: sure {sum(said_of(probe, one)[0].sure for one in sounds)} of {len(sounds)}", flush=True
                )


if __name__ == "__main__":
    main()
