"""Where data are dropped, and what they are."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout

from persian_mir.i18n import _
from persian_mir_gui.training.state.dataset_selection import DataChoice
from persian_mir_gui.training.wording import data_words
from persian_mir_gui.widgets.widget_factories import dropped_paths, lead, quiet, scaled, set_role, space_out, take_copy


class DropZone(QFrame):
    """Fills the page as long as there are no data; a strip with their name once there are."""

    dropped = Signal(object)  # Path

    def __init__(self, *buttons: QPushButton) -> None:
        super().__init__()
        self.setObjectName("dropZone")
        self.setAcceptDrops(True)
        self.name, self.path = QLabel(textFormat=Qt.TextFormat.PlainText), quiet(role="dim", wrap=True)
        self.name.setFont(scaled(self.font(), 1.3, bold=True))
        self.hint = quiet(_("or drop other data here"), role="faint")
        row = space_out(QHBoxLayout(), spacing=8)
        row.addStretch(0)
        for button in (*buttons, self.hint):
            row.addWidget(button)
        row.addStretch(1)
        self._column = space_out(QVBoxLayout(self), margins=(18, 12, 18, 12), spacing=8)
        self._column.addStretch(0)
        self._column.addWidget(self.name)
        self._column.addWidget(self.path)
        self._column.addLayout(row)
        self._column.addStretch(0)
        self._row = row

    def show_data(self, data: DataChoice | None) -> None:
        """Show what was chosen, or invite to choose."""
        self.name.setText(data_words(data.name) if data else _("Drop a folder or a manifest here"))
        self.path.setText(f"\u2066{data.path}\u2069" if data else introduction())
        self.hint.setVisible(data is not None)
        for label in (self.name, self.path):
            lead(label)
            if data is None:
                label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        for place in (0, self._column.count() - 1):
            self._column.setStretch(place, data is None)
        self._row.setStretch(0, data is None)
        vertical = QSizePolicy.Policy.Expanding if data is None else QSizePolicy.Policy.Maximum
        self.setSizePolicy(QSizePolicy.Policy.Preferred, vertical)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_paths(event):
            set_role(self, "over", "true")
            take_copy(event)

    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:
        set_role(self, "over", "false")

    def dropEvent(self, event: QDropEvent) -> None:
        set_role(self, "over", "false")
        paths: list[Path] = dropped_paths(event)
        take_copy(event)
        if paths:
            self.dropped.emit(paths[0])


def introduction() -> str:
    """Return what may be dropped, and what to try with."""
    return _(
        "A folder laid out as Nava, a folder with a folder for each class, or a manifest CSV. Without data of your "
        "own, try with a mini-Nava: recordings that this program synthesises."
    )
