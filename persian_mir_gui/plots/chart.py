"""A plot in a frame: its title where reading begins, at the other end what its lines are."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from persian_mir_gui.widgets.widget_factories import heading, scaled, space_out


class Chart(QFrame):
    """`legend` is rich text: whoever fills it escapes what is not his own. `tools` stand at the end of the title."""

    def __init__(self, title: str, plot: QWidget, *tools: QWidget) -> None:
        super().__init__()
        self.setObjectName("chart")
        self.legend = QLabel(textFormat=Qt.TextFormat.RichText, wordWrap=True)
        self.legend.setFont(scaled(self.font(), 0.85))
        self.legend.setProperty("role", "dim")
        self.legend.setAlignment(Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter)
        self.legend.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        head = space_out(QHBoxLayout(), spacing=14)
        head.addWidget(heading(title))
        head.addWidget(self.legend, 1)
        for tool in tools:
            head.addWidget(tool)
        column = space_out(QVBoxLayout(self), margins=(12, 8, 8, 6), spacing=4)
        column.addLayout(head)
        column.addWidget(plot, 1)


def framed(plot: QWidget) -> QFrame:
    """Return a frame with a plot, or a list beside one, in it."""
    frame = QFrame()
    frame.setObjectName("chart")
    space_out(QVBoxLayout(frame), margins=(6, 6, 6, 6)).addWidget(plot)
    return frame
