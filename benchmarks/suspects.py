"""How many swapped labels the list of suspects finds in its first 6 %, on mini-Nava (synthesised) with several seeds.

    python benchmarks/suspects.py FOLDER [--seeds 4] [--recordings 400]

FOLDER keeps the corpora, so that a second run is quick. Swapped are the Tar and Setar that mini-Nava plants (3 %), then
3 % of all training recordings besides, Tar/Setar or any label at random, three draws each.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import numpy as np

from persian_mir.backbones import load_backbone
from persian_mir.embeddings import EmbeddingCache
from trainer.data import Dataset, read_dataset
from trainer.data.mini_nava import make_mini_nava
from trainer.evaluation.label_issues import find_suspects

TASK, SHARE, FIRST, DRAWS = "instrument", 0.03, 0.06, 3
OTHER = {"tar": "setar", "setar": "tar"}


def swap(dataset: Dataset, kind: str, spared: set[str], rng: np.random.Generator) -> tuple[Dataset, set[str]]:
    """Another 3 % of the recordings get a wrong label; returns whose."""
    entries = list(dataset.entries)
    known = sorted({one.labels[TASK] for one in entries if TASK in one.labels})
    usable = [
        k
        for k, one in enumerate(entries)
        if one.split == "train" and one.path.stem not in spared and one.labels.get(TASK) in (OTHER if kind else known)
    ]
    chosen = rng.choice(usable, round(SHARE * len(entries)), replace=False)
    for k in chosen:
        old = entries[k].labels[TASK]
        new = OTHER[old] if kind else str(rng.choice([label for label in known if label != old]))
        entries[k] = replace(entries[k], labels={**entries[k].labels, TASK: new})
    return replace(dataset, entries=tuple(entries)), {entries[k].path.stem for k in chosen}


def main() -> None:
    top = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    top.add_argument("folder", type=Path)
    top.add_argument("--seeds", type=int, default=4)
    top.add_argument("--recordings", type=int, default=400)
    args = top.parse_args()
    backbone, cache = load_backbone("signal", "cpu"), EmbeddingCache(args.folder / "cache")
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])

    def look(name: str, dataset: Dataset, wrong: set[str]) -> None:
        found = find_suspects(dataset, TASK, backbone, cache=cache)
        first = {one.path.stem for one in found.ranked[: round(FIRST * len(found.ranked))]}
        sums[name][0] += len(first & wrong)
        sums[name][1] += len(wrong)
        print(f"  {name}: {len(first & wrong)} of {len(wrong)}, {found.contradicted} contradicted", flush=True)

    for seed in range(args.seeds):
        home = args.folder / f"mini{seed}"
        if not (home / "truth.json").exists():
            make_mini_nava(home, args.recordings, seed, faults=True)
        print(f"mini-Nava (synthesised), seed {seed}")
        planted = set(json.loads((home / "truth.json").read_text(encoding="utf-8"))["planted"]["swapped"])
        dataset = read_dataset(home)
        look("planted Tar/Setar", dataset, planted)
        for draw in range(DRAWS):
            for kind, name in (("pair", "Tar/Setar, 3 % more"), ("", "any label, 3 % more")):
                spoilt, more = swap(dataset, kind, planted, np.random.default_rng([seed, draw]))
                look(name, spoilt, planted | more)
    for name, (found, of) in sums.items():
        print(f"{name}: {found} of {of} in the first {FIRST:.0%} of the list")


if __name__ == "__main__":
    main()
