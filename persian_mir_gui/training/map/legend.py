"""Legend of the map: the labels with their marks and numbers, each to be left out."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from persian_mir.i18n import _
from persian_mir_gui.plots.point_marks import mark_of
from persian_mir_gui.training.state.embedding_points import PointMap
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.theme import Theme
from persian_mir_gui.widgets.theme_source import ThemeSource

LEGEND_PX = 170


class Legend(QListWidget):
    """Labels of one task, those without a label last."""

    hidden_changed = Signal(object)  # frozenset of the rows that are unticked

    def __init__(self, themes: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("Legend"))
        self.setToolTip(_("Untick a label to leave it out."))
        self.setMaximumWidth(LEGEND_PX)
        self.setMinimumWidth(110)
        self.setIconSize(QSize(14, 14))
        self.setFrameShape(QListWidget.Shape.NoFrame)
        themes.follow(self.set_theme)
        self.itemChanged.connect(self._tell)

    def set_theme(self, theme: Theme) -> None:
        """Paint in other colours from now on; the marks follow with `show_labels`."""
        self._theme = theme
        self.setStyleSheet(f"QListWidget {{ background: {theme.panel.name()} }}")  # else the ticks' boxes are black

    def show_labels(self, found: PointMap | None, task: str, labels: tuple[str, ...]) -> None:
        """Show the labels of a task, all ticked, and how many points have each."""
        self.blockSignals(True)
        self.clear()
        counts = np.bincount(found.groups(task, labels), minlength=len(labels)) if found is not None else ()
        for place, (label, count) in enumerate(zip(labels, counts, strict=True)):
            name = formatting.label_name(task, label) if label else _("not known")
            mark = mark_of(self._theme, task, label, place)
            picture = QPixmap.fromImage(mark.picture(self._theme, 10, self.devicePixelRatioF()))
            item = QListWidgetItem(QIcon(picture), f"{name} · {formatting.digits(str(count))}")
            item.setCheckState(Qt.CheckState.Checked)
            self.addItem(item)
        self.blockSignals(False)

    def _tell(self) -> None:
        rows = range(self.count())
        self.hidden_changed.emit(frozenset(k for k in rows if self.item(k).checkState() == Qt.CheckState.Unchecked))


def labels_of(found: PointMap, task: str) -> tuple[str, ...]:
    """Return the labels of a task that the map knows, those of points without one, the empty name, last."""
    return (*found.known(task), *([""] if "" in found.labels[task] else []))
