"""A map in words, and as rows of a table file."""

from __future__ import annotations

from collections.abc import Iterator

from persian_mir.i18n import _
from persian_mir.models.table import short_name
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


def map_rows(found: PointMap) -> Iterator[tuple[object, ...]]:
    """Yield the points: file, seconds, place in the unit square, label ids."""
    for point, (x, y) in enumerate(found.places.tolist()):
        excerpt = found.excerpt(point)
        labels = (found.label(task, point) for task in found.labels)
        yield str(excerpt.path), excerpt.start_s, excerpt.stop_s, x, y, *labels
