"""The map of embeddings: which segments sound alike to a backbone."""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QPushButton,
    QSpinBox,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from persian_mir import plurals
from persian_mir.i18n import _
from persian_mir.labels import TASKS
from persian_mir_gui.core.jobs import JobRunner
from persian_mir_gui.core.messages import Message
from persian_mir_gui.playback.excerpts import Excerpts
from persian_mir_gui.plots.chart import framed, side_by_side
from persian_mir_gui.plots.point_marks import mark_of
from persian_mir_gui.plots.point_scatter import PointScatter
from persian_mir_gui.training.backbone_combo import BackboneCombo
from persian_mir_gui.training.excerpt_list import ExcerptList, ExcerptRow
from persian_mir_gui.training.export_button import ExportButton, Sheet
from persian_mir_gui.training.map.legend import LEGEND_PX, Legend, labels_of
from persian_mir_gui.training.map.sheet import label_words, map_rows, map_words, point_words
from persian_mir_gui.training.state.embedding_points import PointMap
from persian_mir_gui.training.state.result_services import ResultServices
from persian_mir_gui.training.state.training import Training
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.fraction_bar import FractionBar
from persian_mir_gui.widgets.theme import Theme
from persian_mir_gui.widgets.theme_source import ThemeSource
from persian_mir_gui.widgets.widget_factories import quiet, set_role, space_out, stand_in

LAST = -1
UNKNOWN_STATES = 25  # the largest known models have so many


class EmbeddingMap(QWidget):
    """Choices above, the map with its legend in the middle, below what was framed or played, to listen to."""

    def __init__(
        self,
        io: JobRunner,
        excerpts: Excerpts,
        training: Training,
        study: ResultServices,
        themes: ThemeSource,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._points, self._training, self._excerpts = study.points, training, excerpts
        self._theme = themes.theme
        self.task, self.method, self.backbone = QComboBox(), QComboBox(), BackboneCombo(io, training)
        self.layer, self.compute = QSpinBox(), QPushButton(_("Compute"))
        self.canvas, self.legend = PointScatter(_("Map of embeddings"), themes), Legend(themes)
        self._shown: PointMap | None = None
        self.export = ExportButton(io, training, self._sheet)
        self.progress, self.status = FractionBar(), quiet(wrap=True, factor=1.0)
        self.list = ExcerptList(excerpts, study, themes, (_("Labels"),))
        self._listed: NDArray[np.int64] = np.zeros(0, np.int64)
        self._trouble = ""
        self._data = self._training.data.path if self._training.data is not None else None
        self._lay_out()
        self._connect()
        self._fill_tasks(self._points.map)
        self._show()
        self._limit_layers()
        themes.changed.connect(self.set_theme)

    def _lay_out(self) -> None:
        layout = space_out(QVBoxLayout(self), margins=(16, 14, 16, 12), spacing=8)
        layout.addLayout(self._choices())
        layout.addWidget(self.status)
        layout.addWidget(self.progress)
        layout.addWidget(self._found(), 1)

    def _choices(self) -> QHBoxLayout:
        """What is to be mapped, and how."""
        self.method.addItem("PCA", "pca")
        self.method.addItem("t-SNE", "tsne")
        self.layer.setRange(LAST, UNKNOWN_STATES - 1)
        self.layer.setValue(LAST)
        stand_in(self.layer)
        self.layer.setSpecialValueText(_("Last layer"))
        self.layer.setPrefix(_("Layer") + " ")
        names = (
            (self.task, _("Colour by")),
            (self.method, _("Method")),
            (self.backbone, _("Backbone")),
            (self.layer, _("Layer")),
        )
        for part, name in names:
            part.setAccessibleName(name)
            part.setToolTip(name)
        self.task.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)  # filled later
        set_role(self.compute, "role", "primary")
        line = space_out(QHBoxLayout(), spacing=8)
        for widget in (self.backbone, self.backbone.models_button(), self.layer, self.method, self.compute):
            line.addWidget(widget)
        line.addStretch(1)
        line.addWidget(self.export)
        return line

    def _found(self) -> QSplitter:
        """The map beside its legend, over what was framed or played."""
        middle = self.middle = side_by_side(Qt.Orientation.Horizontal)
        middle.addWidget(framed(self.canvas))
        self.labels = framed(quiet(_("Colour by")), self.task, self.legend)
        middle.addWidget(self.labels)
        middle.setStretchFactor(0, 1)
        middle.setSizes([1000, LEGEND_PX])
        whole = side_by_side(Qt.Orientation.Vertical)
        whole.addWidget(middle)
        whole.addWidget(self.list)
        whole.setStretchFactor(0, 3)
        whole.setStretchFactor(1, 1)
        whole.setSizes([420, 160])
        return whole

    def _connect(self) -> None:
        self._points.changed.connect(self._show)
        self._points.failed.connect(self._say)
        self._points.work.progressed.connect(self._advance)
        self._training.data_changed.connect(self._data_changed)
        self._excerpts.changed.connect(self._mark)
        self.compute.clicked.connect(self._compute_or_stop)
        self.backbone.currentIndexChanged.connect(self._limit_layers)
        self.backbone.filled.connect(self._limit_layers)
        self.task.activated.connect(self._colour)
        self.legend.hidden_changed.connect(self.canvas.hide_groups)
        self.canvas.play_wanted.connect(self._play)
        self.canvas.framed.connect(self._list)

    def set_theme(self, theme: Theme) -> None:
        """Paint in other colours from now on."""
        self._theme = theme
        self._colour()

    def _data_changed(self) -> None:
        path = self._training.data.path if self._training.data is not None else None
        if path != self._data:
            self._data, self._trouble = path, ""
            self._points.clear()
        self._show()

    def _limit_layers(self, *_news: object) -> None:
        self.layer.setMaximum((self.backbone.chosen.states or UNKNOWN_STATES) - 1)

    def _compute_or_stop(self) -> None:
        if self._points.busy:
            self._points.work.stop()
            return
        data = self._training.data
        if data is None:
            return
        self._trouble = ""
        layer = None if self.layer.value() == LAST else self.layer.value()
        backbone, method = str(self.backbone.currentData()), str(self.method.currentData())
        self._points.compute(data.path, backbone, layer, method, str(self.task.currentData()))

    def _advance(self, fraction: float, note: str) -> None:
        self.progress.show_fraction(fraction)
        if not self._points.work.stopping:
            self.status.setText(note or _("Computing the map…"))

    def _say(self, message: Message) -> None:
        self._trouble = " ".join(filter(None, (message.what, message.cure)))
        self._show()

    # What there is to see

    def _show(self) -> None:
        busy, found = self._points.busy, self._points.map
        stopping = self._points.work.stopping
        self.compute.setText((_("End now") if stopping else _("Stop")) if busy else _("Compute"))
        self.compute.setEnabled(busy or self._training.data is not None)
        for part in (self.method, self.backbone, self.layer):
            part.setEnabled(not busy)
        self.progress.setVisible(busy)
        if found is not self._shown:
            self.progress.setValue(0)
            self._fill_tasks(found)
            self._list(np.zeros(0, np.int64))
        self.labels.setVisible(found is not None)
        self.export.setEnabled(found is not None)
        self.list.setVisible(found is not None)
        self.status.setText(self._status(found, busy))
        self.status.setVisible(bool(self.status.text()))
        self.canvas.show_hint(self._hint(busy))

    def _status(self, found: PointMap | None, busy: bool) -> str:
        if self._trouble:
            return self._trouble
        if busy:
            return _("Stopping…") if self._points.work.stopping else _("Computing the map…")
        return "" if found is None else map_words(found)

    def _hint(self, busy: bool) -> str:
        """What an empty canvas says: what will be there, and what to press."""
        what = _(
            "Here each segment will be a point, coloured by its label: near points sound alike to the backbone, "
            "without any training. Press a point to hear it."
        )
        if self._training.data is None:
            return what + "\n\n" + _("Choose data on the first page; then their map can be computed.")
        if busy:
            return what
        return what + "\n\n" + _("Choose backbone, layer and method above, then press Compute.")

    def _fill_tasks(self, found: PointMap | None) -> None:
        before = self.task.currentData() or "dastgah"
        self.task.clear()
        for task in found.labels if found is not None else TASKS:
            self.task.addItem(formatting.task_name(task), task)
        self.task.setCurrentIndex(max(0, self.task.findData(before)))
        self._colour()

    def _colour(self) -> None:
        """Show the map as it is coloured, every label of it."""
        found, task = self._points.map, str(self.task.currentData() or "")
        known = found is not None and task in found.labels
        labels = labels_of(found, task) if found is not None and known else ()
        self.legend.show_labels(found if known else None, task, labels)
        marks = [mark_of(self._theme, task, label, place) for place, label in enumerate(labels)]
        places = found.places if found is not None and known else np.zeros((0, 2))
        groups = found.groups(task, labels) if found is not None and known else np.zeros(0, np.int64)
        self.canvas.show_points(places, groups, marks, self._words, found is not self._shown)
        self._shown = found

    def _words(self, point: int) -> str:
        found = self._points.map
        return "" if found is None else point_words(found, point)

    def _sheet(self) -> Sheet | None:
        """What the button exports: every point, and the map as it is shown."""
        found = self._points.map
        if found is None:
            return None
        header = "file", "start_s", "stop_s", "x", "y", *found.labels
        return Sheet(map_words(found), f"map-{found.method}", header, partial(map_rows, found), self.middle)

    # Listening

    def _play(self, point: int) -> None:
        row = np.flatnonzero(self._listed == point)
        if not len(row):
            self._list(np.array([point]))
            row = np.zeros(1, np.int64)
        self.list.play_row(int(row[0]))

    def _list(self, points: NDArray[np.int64]) -> None:
        found = self._points.map
        self._listed = points
        if found is None or not len(points):
            self.list.show_rows((), _("Press a point to hear it; drag a frame around several to list them."))
            return
        rows = [ExcerptRow(found.excerpt(point), (label_words(found, point),)) for point in points.tolist()]
        self.list.show_rows(rows, formatting.digits(plurals.segments(len(rows))))

    def _mark(self) -> None:
        row = self.list.heard
        self.canvas.set_playing(int(self._listed[row]) if row is not None else None)
