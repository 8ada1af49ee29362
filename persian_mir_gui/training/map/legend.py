"""Legend of the map: the labels with their marks and numbers, each to be left out."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from persian_mir.i18n import _
from persian_mir_gui.training.map.marks import mark_of, stamp
from persian_mir_gui.training.state.embedding_points import PointMap
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.theme import Theme
from persian_mir_gui.widgets.theme_source import ThemeSource

LEGEND_PX = 170


class Legend(QListWidget):
    """Labels of one task, those without a label last."""

    hidden_changed = Signal(object)  # frozenset of the labels that are unticked

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
        """Paint in other colours from now on; the marks follow with `show_map`."""
        self._theme = theme
        self.setStyleSheet(f"QListWidget {{ background: {theme.raised.name()} }}")  # else the ticks' boxes are black

    def show_map(self, found: PointMap | None, task: str) -> None:
        """Show the labels of a task, all ticked."""
        self.blockSignals(True)
        self.clear()
        if found is not None and task:
            counts = np.bincount(found.owners, minlength=len(found.files))
            known = [*found.known(task), *([""] if "" in found.labels[task] else [])]
            for place, label in enumerate(known):
                number = sum(int(c) for c, name in zip(counts, found.labels[task], strict=True) if name == label)
                name = formatting.label_name(task, label) if label else _("not known")
                picture = stamp(mark_of(self._theme, task, label, place), self._theme, 10, self.devicePixelRatioF())
                item = QListWidgetItem(QIcon(picture), f"{name} · {formatting.digits(str(number))}")
                item.setData(Qt.ItemDataRole.UserRole, label)
                item.setCheckState(Qt.CheckState.Checked)
                self.addItem(item)
        self.blockSignals(False)

    def _tell(self) -> None:
        items = [self.item(row) for row in range(self.count())]
        off = (item for item in items if item.checkState() == Qt.CheckState.Unchecked)
        self.hidden_changed.emit(frozenset(str(item.data(Qt.ItemDataRole.UserRole)) for item in off))
