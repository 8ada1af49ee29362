"""Suspect labels beside the experiments: what the report says of the data that its figures were computed on."""

from __future__ import annotations

from pathlib import Path

from trainer.experiments.runner import Bench, cell_file, write_json
from trainer.experiments.table import Cell, Experiment, nothing
from trainer.loop import Recipe
from trainer.suspects import DOUBTFUL, find_suspects

WHAT = Experiment("suspects", nothing)
TASKS = ("instrument", "dastgah")
KEPT = 200  # rows of a task


def write_suspects_of(bench: Bench, out: Path) -> int:
    """Compute the lists that `out` lacks, of the tasks that the data hold; returns how many. Raises Cancelled."""
    done = 0
    for task in TASKS:
        path = cell_file(out, WHAT, Cell(task, "list", 5.0, bench.backbone.key.states - 1, Recipe()), bench)
        labels = [one.labels[task] for one in bench.dataset.entries if one.labels.get(task)]
        if path.exists() or len(set(labels)) < 2:
            continue
        found = find_suspects(bench.dataset, task, bench.backbone, cache=bench.cache, progress=bench.progress)
        rows = [
            [bench.dataset.key(one.path), one.start_s, one.stop_s, one.given, one.suggested, one.score]
            for one in found.ranked[: min(found.contradicted, KEPT)]
        ]
        plain: dict[str, object] = {"experiment": WHAT.name, "task": task, "backbone": bench.backbone.key.id}
        plain |= {"dataset": bench.dataset.name, "synthetic": bench.dataset.synthetic}
        counts = {"contradicted": found.contradicted, "of": len(found.ranked), "agreement": found.agreement}
        write_json(path, {**plain, **counts, "doubtful": DOUBTFUL, "suspects": rows})
        done += 1
    return done
