"""What is to be known of a recording's sound: a remark a row, each under the sign that the list shows."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from persian_mir_gui.widgets.theme import Theme
from persian_mir_gui.widgets.warning_sign import WarningSign
from persian_mir_gui.widgets.widget_factories import quiet, space_out


class RemarksRows(QWidget):
    """Hidden where there is nothing to be known."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: tuple[Sequence[str], Theme] | None = None
        self._rows: list[QWidget] = []
        self._labels: list[QLabel] = []
        self._column = space_out(QVBoxLayout(self), spacing=6)

    def texts(self) -> list[str]:
        """The remarks that are shown."""
        return [label.text() for label in self._labels]

    def show_remarks(self, remarks: Sequence[str], theme: Theme) -> None:
        """Show these and no others; rows that are there stay, and with them what is selected in them."""
        if self._shown != (remarks, theme):
            self._shown = remarks, theme
            for row in self._rows:
                self._column.removeWidget(row)
                row.deleteLater()
            self._rows = [QWidget() for _remark in remarks]
            self._labels = [self._fill(row, remark, theme) for row, remark in zip(self._rows, remarks, strict=True)]
        self.setVisible(bool(remarks))

    def _fill(self, row: QWidget, remark: str, theme: Theme) -> QLabel:
        label = quiet(remark, wrap=True)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        line = space_out(QHBoxLayout(row), spacing=7)
        line.addWidget(WarningSign(QFontMetrics(label.font()).height(), theme.warning), 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(label, 1)
        self._column.addWidget(row)
        return label
