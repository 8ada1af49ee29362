"""Runs as rows of a table file."""

from __future__ import annotations

from persian_mir_gui.training.state.runs import SPLITS, Run

HEADER = (
    *("run", "date", "task", "state", "epochs"),
    *(
        f"{items}_{split}_{figure}"
        for items in ("recordings", "segments")
        for split in SPLITS
        for figure in ("accuracy", "low", "high", "count")
    ),
    *("chance", "backbone", "window_s", "layers", "hidden", "learning_rate", "seed", "data"),
)


def run_row(run: Run) -> tuple[object, ...]:
    """Return a run as `HEADER` names it: shares 0 to 1, times in UTC."""
    result, plan = run.result, run.plan
    scores = [
        figure
        for by_split in ((result.recordings, result.segments) if result else ({}, {}))
        for split in SPLITS
        for score in (by_split.get(split),)
        for figure in ((score.accuracy, score.low, score.high, score.count) if score else (None,) * 4)
    ]
    last = run.epochs[-1].number if run.epochs else None
    hidden = " ".join(map(str, plan.hidden))
    how = plan.backbone, plan.window_s, plan.layers, hidden, plan.lr, plan.seed
    chance = result.chance if result else None
    return run.folder.name, run.when.isoformat(), plan.task, run.state, last, *scores, chance, *how, run.data_name
