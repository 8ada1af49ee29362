"""A heading that folds what is below it away."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from persian_mir_gui.widgets.widget_factories import heading_font, space_out


class Fold(QWidget):
    """A part of a pane with its heading; a click on the heading folds it away or back."""

    toggled = Signal(bool)  # whether it is open now, by the user's hand

    def __init__(self, title: str, body: QWidget, opened: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.body = body
        self._button = QPushButton()
        self._button.setProperty("role", "fold")
        self._title = title
        self._button.setFont(heading_font(self._button.font()))
        self._button.setCheckable(True)
        self._button.setChecked(opened)
        self._button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._button.toggled.connect(self._turn)
        layout = space_out(QVBoxLayout(self), spacing=6)
        layout.addWidget(self._button)
        layout.addWidget(body)
        self.set_title(title)
        self._turn(opened)

    @property
    def opened(self) -> bool:
        """Whether the part is shown."""
        return self._button.isChecked()

    def set_title(self, title: str) -> None:
        """Change the heading."""
        self._title = title
        self._write()
        self._button.setAccessibleName(title)

    def _turn(self, opened: bool) -> None:
        self.body.setVisible(opened)
        self._write()
        self.toggled.emit(opened)

    def _write(self) -> None:
        folded = "◂" if self.layoutDirection() == Qt.LayoutDirection.RightToLeft else "▸"
        self._button.setText(f"{self._title}  {'▾' if self.opened else folded}")
