"""The maps of embeddings in a report, as results beside the cells."""

from __future__ import annotations

from pathlib import Path

from persian_mir.i18n import _
from trainer.experiments.context import Bench, cell_file, heard, task_labels
from trainer.experiments.projection import embedding_map
from trainer.experiments.result_store import write_result
from trainer.experiments.table import TASKS, Cell, Experiment
from trainer.experiments.weighted_progress import Work, begin
from trainer.fitting.head_config import HeadConfig

MAP_WINDOW_S = 5.0
MAP = Work("map", 5.0)


def draw_maps(experiment: Experiment, bench: Bench, out: Path) -> int:
    """A map for each task that the data hold; returns how many were computed. Raises Cancelled."""
    lacking = maps_lacking(experiment, bench, out)
    layer = bench.backbone.key.states - 1
    for task, path in lacking.items():
        begin(bench.progress, MAP, _("map of embeddings, {task}").format(task=task))
        features, _keys = heard(bench, task, task_labels(bench.dataset, task), MAP_WINDOW_S)
        plain = {"experiment": experiment.name, "task": task, "layer": layer, "backbone": bench.backbone.key.id}
        plain |= {"dataset": bench.dataset.name, "synthetic": bench.dataset.synthetic}
        write_result(path, plain | embedding_map(features, layer, bench.progress))
    return len(lacking)


def maps_lacking(experiment: Experiment, bench: Bench, out: Path) -> dict[str, Path]:
    """By task, where the map is to be written."""
    layer = bench.backbone.key.states - 1
    tasks = [task for task in TASKS if len(task_labels(bench.dataset, task)) > 1]
    paths = [cell_file(out, experiment, Cell(task, "map", MAP_WINDOW_S, layer, HeadConfig()), bench) for task in tasks]
    return {task: path for task, path in zip(tasks, paths, strict=True) if not path.exists()}
