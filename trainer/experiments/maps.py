"""The maps of embeddings in a report, as results beside the cells."""

from __future__ import annotations

from pathlib import Path

from persian_mir.i18n import _
from trainer.experiments.context import ExperimentContext, cell_file, heard, task_labels
from trainer.experiments.projection import embedding_map
from trainer.experiments.result_store import write_result
from trainer.experiments.table import NO_FIT, TASKS, Cell, Experiment
from trainer.experiments.weighted_progress import Work, begin

MAP_WINDOW_S = 5.0
MAP = Work("map", 5.0)


def draw_maps(experiment: Experiment, context: ExperimentContext, out: Path) -> int:
    """A map for each task that the data hold; returns how many were computed. Raises Cancelled."""
    lacking = maps_lacking(experiment, context, out)
    layer = context.backbone.key.states - 1
    for task, path in lacking.items():
        begin(context.progress, MAP, _("map of embeddings, {task}").format(task=task))
        features, _keys = heard(context, task, task_labels(context.dataset, task), MAP_WINDOW_S)
        plain = {"experiment": experiment.name, "task": task, "layer": layer, "backbone": context.backbone.key.id}
        plain |= {"dataset": context.dataset.name, "synthetic": context.dataset.synthetic}
        write_result(path, plain | embedding_map(features, layer, context.progress))
    return len(lacking)


def maps_lacking(experiment: Experiment, context: ExperimentContext, out: Path) -> dict[str, Path]:
    """By task, where the map is to be written."""
    layer = context.backbone.key.states - 1
    tasks = [task for task in TASKS if len(task_labels(context.dataset, task)) > 1]
    cells = [Cell(task, "map", MAP_WINDOW_S, layer, NO_FIT) for task in tasks]
    paths = [cell_file(out, experiment, cell, context) for cell in cells]
    return {task: path for task, path in zip(tasks, paths, strict=True) if not path.exists()}
