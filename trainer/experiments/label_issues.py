"""Suspect labels beside the experiments: what the report says of the data that its figures were computed on."""

from __future__ import annotations

from pathlib import Path

from persian_mir.i18n import _
from trainer.evaluation.label_issues import DOUBTFUL, find_suspects
from trainer.experiments.context import ExperimentContext, cell_file
from trainer.experiments.result_store import write_result
from trainer.experiments.table import NO_FIT, Cell, Experiment, nothing
from trainer.experiments.weighted_progress import Work, begin

WHAT = Experiment("suspects", nothing)
TASKS = ("instrument", "dastgah")
KEPT = 200  # rows of a task


def write_suspects_of(context: ExperimentContext, out: Path, work: Work) -> int:
    """Compute the lists that `out` lacks; returns how many. `work`: each of them. Raises Cancelled, and DataError."""
    lacking = lacking_suspects(context, out)
    for task, path in lacking.items():
        begin(context.progress, work, _("suspect labels, {task}").format(task=task))
        found = find_suspects(context.dataset, task, context.backbone, cache=context.cache, progress=context.progress)
        rows = [
            [context.dataset.key(one.path), one.start_s, one.stop_s, one.given, one.suggested, one.score]
            for one in found.ranked[: min(found.contradicted, KEPT)]
        ]
        plain: dict[str, object] = {"experiment": WHAT.name, "task": task, "backbone": context.backbone.key.id}
        plain |= {"dataset": context.dataset.name, "synthetic": context.dataset.synthetic}
        counts = {"contradicted": found.contradicted, "of": len(found.ranked), "agreement": found.agreement}
        write_result(path, {**plain, **counts, "doubtful": DOUBTFUL, "suspects": rows})
    return len(lacking)


def lacking_suspects(context: ExperimentContext, out: Path) -> dict[str, Path]:
    """By task that the data hold, where its list is to be written."""
    cells = [Cell(task, "list", 5.0, context.backbone.key.states - 1, NO_FIT) for task in TASKS]
    paths = {cell.task: cell_file(out, WHAT, cell, context) for cell in cells}
    labels = {task: {one.labels[task] for one in context.dataset.entries if one.labels.get(task)} for task in TASKS}
    return {task: path for task, path in paths.items() if len(labels[task]) > 1 and not path.exists()}
