"""A plot in a frame: its title where reading begins, at the other end what its lines are."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QSplitter, QVBoxLayout, QWidget

from persian_mir_gui.widgets.widget_factories import heading, scaled, space_out, splitter

GAP_PX = 10


class Chart(QFrame):
    """`legend` is rich text: whoever fills it escapes what is not his own. `tools` stand at the end of the title."""

    def __init__(self, title: str, plot: QWidget, *tools: QWidget) -> None:
        super().__init__()
        self.setObjectName("chart")
        self.title = heading(title)
        self.legend = QLabel(textFormat=Qt.TextFormat.RichText, wordWrap=True)
        self.legend.setFont(scaled(self.font(), 0.85))
        self.legend.setProperty("role", "dim")
        self.legend.setAlignment(Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter)
        self.legend.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        head = space_out(QHBoxLayout(), spacing=14)
        head.addWidget(self.title)
        head.addWidget(self.legend, 1)
        for tool in tools:
            head.addWidget(tool)
        column = space_out(QVBoxLayout(self), margins=(12, 8, 8, 6), spacing=4)
        column.addLayout(head)
        column.addWidget(plot, 1)

    def show_legend(self, text: str) -> None:
        """Say this at the end of the title; what is nothing but numbers has the direction of the window, too."""
        persian = self.legend.layoutDirection() == Qt.LayoutDirection.RightToLeft
        self.legend.setText(f"\u200f{text}" if persian and text else text)


def framed(*parts: QWidget) -> QFrame:
    """Return a frame with a plot in it, or what stands beside one: the last part has what room there is."""
    frame = QFrame()
    frame.setObjectName("chart")
    column = space_out(QVBoxLayout(frame), margins=(6, 6, 6, 6), spacing=6)
    for part in parts:
        column.addWidget(part, int(part is parts[-1]))
    return frame


def side_by_side(orientation: Qt.Orientation) -> QSplitter:
    """Return a splitter for frames, with a gap between them that can be dragged."""
    made = splitter(orientation, GAP_PX)
    made.setObjectName("gaps")
    return made
