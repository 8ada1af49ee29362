"""A map and its points in words, and as rows of a table file."""

from __future__ import annotations

from collections.abc import Iterator

from persian_mir.i18n import _
from persian_mir.models.table import short_name
from persian_mir_gui.training.excerpt_list import span_words
from persian_mir_gui.training.state.embedding_points import PointMap
from persian_mir_gui.widgets import formatting


def map_words(found: PointMap) -> str:
    """What the map shows, and of what."""
    method = {"pca": "PCA", "tsne": "t-SNE", "umap": "UMAP"}.get(found.method, found.method)
    numbers = {"layer": found.layer, "shown": len(found.owners), "of": found.of}
    said = {name: formatting.digits(str(number)) for name, number in numbers.items()}
    text = _("{method} of {backbone}, layer {layer}: {shown} of {of} segments.")
    line = text.format(method=method, backbone=short_name(found.backbone), **said)
    if found.synthetic:
        line += " " + _("The recordings are synthetic.")
    return line


def point_words(found: PointMap, point: int) -> str:
    """Say file, time and labels of a point, each in a line."""
    excerpt = found.excerpt(point)
    lines = [f"\u2066{excerpt.path.name}\u2069", span_words(excerpt)]
    for task in found.labels:
        label = found.label(task, point)
        lines.append(f"{formatting.task_name(task)}: {formatting.label_name(task, label) if label else '–'}")
    return "\n".join(lines)


def label_words(found: PointMap, point: int) -> str:
    """Say the labels of a point in one line."""
    labels = ((task, found.label(task, point)) for task in found.labels)
    return " · ".join(formatting.in_line(task, label) for task, label in labels if label)


def map_rows(found: PointMap) -> Iterator[tuple[object, ...]]:
    """Yield the points: file, seconds, place in the unit square, label ids."""
    for point, (x, y) in enumerate(found.places.tolist()):
        excerpt = found.excerpt(point)
        labels = (found.label(task, point) for task in found.labels)
        yield str(excerpt.path), excerpt.start_s, excerpt.stop_s, x, y, *labels
