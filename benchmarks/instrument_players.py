"""An instrument probe on players and on instruments that it has never heard, with and without further views.

    python benchmarks/instrument_players.py [--players 6] [--others 3] [--views 0 2] [--real FOLDER]

Everything is synthesised: each player has an instrument, a register, a pace, a room and a microphone of his own, widely
spread (`examples.instruments.player_of`, `features.views.drawn`). Five folds by player: of the five instruments by new
players, how many are named rightly and surely; of seven other instruments, how many are refused. With `--real` (a
folder with recordings and a `manifest.csv` with the columns file, instrument, artist) a probe of all synthesised
players is judged by real recordings, too.
"""

from __future__ import annotations

import argparse
import csv
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import soundfile
from kdc_instrument import TASK, embedded, manifest, said_of

from persian_mir.app_paths import cache_dir
from persian_mir.backbones import load_backbone
from persian_mir.embeddings import EmbeddingCache
from persian_mir.examples.instruments import KNOWN, OTHERS, player_of
from persian_mir.examples.synthesise import synthesise
from persian_mir.labels import label_ids
from persian_mir.probes.probe import Probe
from trainer.data import Dataset, read_dataset
from trainer.data.splits import apply, grouped
from trainer.features.views import drawn
from trainer.fitting.fit import fit_probe
from trainer.fitting.fit_options import FitOptions
from trainer.fitting.training_data import TrainingData

RATE, SECONDS, TAKES = 22_050, 15.0, 2

Heard = tuple[Path, str]


def made(folder: Path, names: Sequence[str], players: int) -> list[tuple[str, str, str]]:
    """Rows of a manifest: file, instrument, artist; the recordings are written if they are not there yet."""
    rows = []
    for name in names:
        for number in range(players):
            player, view = player_of(name, number), drawn(f"{name} {number}", 0, 0)
            for take in range(TAKES):
                path = folder / f"{name} {number} {take}.flac"
                rng = np.random.default_rng([number, take, *name.encode()])
                mode, tonic = str(rng.choice(label_ids("mode"))), float(rng.uniform(150, 420))
                if not path.exists():
                    own = int(rng.integers(2**31))
                    sound = synthesise(mode, name, own, SECONDS, tonic, RATE, player=player).samples
                    soundfile.write(path, view.of(sound, RATE, 0), RATE)
                rows.append((str(path), name, f"{name} player {number}"))
    return rows


def dataset_of(rows: Sequence[tuple[str, str, str]], folder: Path) -> Dataset:
    with (folder / "players.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["file", TASK, "artist"])
        writer.writerows(rows)
    return read_dataset(folder / "players.csv")


def probes(dataset: Dataset, views: int, cache: EmbeddingCache) -> Iterator[tuple[Probe, list[Heard]]]:
    """For each fold its probe and the recordings of players that it has not heard."""
    splits, backbone = grouped(dataset, TASK, "artist", 7, 5), load_backbone("signal", "cpu")
    for fold in splits.folds:
        entries = apply(dataset, fold).entries
        taught = [one for one in entries if one.split != "test"]  # what judges has no say in what is sure, either
        data, options = TrainingData(taught, dataset.name, splits), FitOptions(task=TASK, views=views)
        probe = fit_probe(data, options, backbone, cache=cache, strangers=True).probe
        yield probe, [(one.path, one.labels[TASK]) for one in entries if one.split == "test"]


def judged(probe: Probe, heard: Sequence[Heard], cache: EmbeddingCache, count: Counter[str]) -> None:
    """Count how recordings are named; `unknown` are those whose instrument is none of the probe's."""
    backbone = load_backbone("signal", "cpu")
    for path, label in heard:
        verdict = said_of(probe, embedded(path, backbone, cache))[0]
        kind = "known" if label in probe.labels else "unknown"
        right = verdict.label == label
        named = "right" if right else "sure and wrong"
        how = "refused" if verdict.reason else named if verdict.sure else "not sure"
        for of in {kind, label}:
            count[f"{of}, all"] += 1
            count[f"{of}, {how}"] += 1
            count[f"{of}, first label right"] += right


def told(count: Counter[str], title: str) -> None:
    print(title)
    for name in dict.fromkeys(one.split(", ")[0] for one in count):
        of = count[f"{name}, all"]
        ways = ("right", "not sure", "refused", "sure and wrong", "first label right")
        print(f"  {name} ({of}):", ", ".join(f"{way} {count[f'{name}, {way}'] / of:.1%}" for way in ways))


def main() -> None:
    top = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    top.add_argument("--players", type=int, default=6, help="of each instrument that is learnt")
    top.add_argument("--others", type=int, default=3, help="of each other instrument")
    top.add_argument("--views", type=int, nargs="+", default=[0, 2])
    top.add_argument("--folder", type=Path, help="where the synthesised recordings are kept")
    top.add_argument("--real", type=Path)
    args = top.parse_args()
    cache = EmbeddingCache(cache_dir() / "embeddings")
    with tempfile.TemporaryDirectory() as name:
        folder = args.folder or Path(name)
        folder.mkdir(parents=True, exist_ok=True)
        dataset = dataset_of(made(folder, tuple(KNOWN), args.players), folder)
        others = [(Path(path), label) for path, label, _player in made(folder, tuple(OTHERS), args.others)]
        for views in args.views:
            count: Counter[str] = Counter()
            for probe, heard in probes(dataset, views, cache):
                judged(probe, [*heard, *others], cache, count)
            told(count, f"{views} further views, new players and other instruments")
            if args.real:
                real = read_dataset(manifest(args.real, Path(name)))
                data = TrainingData(dataset.entries, dataset.name)
                options = FitOptions(task=TASK, views=views, split="grouped")
                backbone = load_backbone("signal", "cpu")
                probe = fit_probe(data, options, backbone, cache=cache, strangers=True).probe
                count = Counter()
                judged(probe, [(one.path, one.labels[TASK]) for one in real.entries], cache, count)
                told(count, f"{views} further views, learnt from synthesised players, real recordings")


if __name__ == "__main__":
    main()
