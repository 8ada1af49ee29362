"""Label by label: how many there are, and how well they are told."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from persian_mir.i18n import _
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.widget_factories import scaled
from trainer.evaluation.evaluate import ClassScore

ROW_PX, ROWS_WHOLE = 22, 5  # so many rows are never cut: those of instruments; more are scrolled in a small window
NUMBER = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute  # digits run to the right in Persian, too


class ClassTable(QTableWidget):
    """One row a label: how many, precision, recall, F1."""

    def __init__(self, parent: QWidget | None = None) -> None:
        titles = (_("Label"), _("Count"), _("Precision"), _("Recall"), "F1")
        super().__init__(0, len(titles), parent)
        hints = (
            "",
            _("How many carry the label"),
            _("Of those that were named so, the share that is"),
            _("Of those that are, the share that was named so"),
            _("Harmonic mean of precision and recall"),
        )
        self.setFont(scaled(self.font(), 0.82))
        for column, (title, hint) in enumerate(zip(titles, hints, strict=True)):
            item = QTableWidgetItem(title)
            item.setToolTip(hint)
            item.setFont(scaled(self.font(), 0.9))
            item.setTextAlignment(_side(column))
            self.setHorizontalHeaderItem(column, item)
        header = self.horizontalHeader()
        header.setMinimumSectionSize(24)
        header.setHighlightSections(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW_PX)
        self.setShowGrid(False)
        self.setFrameShape(QTableWidget.Shape.NoFrame)
        self.setTabKeyNavigation(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setAccessibleName(_("Scores of each label"))
        self._fit_columns()

    def _fit_columns(self) -> None:
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)

    def show_scores(self, task: str, scores: tuple[ClassScore, ...]) -> None:
        """Show the scores of a task's labels."""
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)  # not anew with every cell
        self.setRowCount(len(scores))
        for row, one in enumerate(scores):
            texts = (
                formatting.label_name(task, one.label),
                formatting.digits(str(one.count)),
                formatting.percent(one.precision),
                formatting.percent(one.recall),
                formatting.percent(one.f1),
            )
            for column, text in enumerate(texts):
                cell = QTableWidgetItem(text)
                cell.setTextAlignment(_side(column))
                self.setItem(row, column, cell)
        self._fit_columns()
        head = self.horizontalHeader().sizeHint().height()
        self.setMinimumHeight(head + ROW_PX * min(len(scores), ROWS_WHOLE))


def _side(column: int) -> Qt.AlignmentFlag:
    return (NUMBER if column else Qt.AlignmentFlag.AlignLeading) | Qt.AlignmentFlag.AlignVCenter
