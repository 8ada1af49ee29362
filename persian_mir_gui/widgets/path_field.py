"""Where the path of a file or folder is written and read."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QRect, Qt
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QStyle, QStyleOptionFrame, QToolButton, QToolTip

from persian_mir_gui.widgets.message_bar import breakable

EDGE_PX = 2  # that Qt leaves at both ends of the text of a field


class PathField(QLineEdit):
    """From left to right in Persian, too, where its first slash would stand at the end.

    A path that is too long is cut in its middle until the field has the keyboard; a tip tells the whole.
    """

    def __init__(self, **properties: Any) -> None:
        super().__init__(**properties)
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)

    def show_path(self, path: str) -> None:
        """Show `path` from its beginning, however narrow the field."""
        self.setText(path)
        self.setCursorPosition(0)

    def shown_text(self) -> str:
        """The path as it stands there, in its middle `…` where it has no room."""
        if self.hasFocus():
            return self.text()
        return self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideMiddle, self._room().width())

    def tip(self) -> str:
        """What the field is for, and the whole path where it is cut."""
        cut = self.shown_text() != self.text()
        return "\n".join(filter(None, (self.toolTip(), breakable(self.text()) if cut else "")))

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.tip(), self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        shown = self.shown_text()
        if shown == self.text():
            super().paintEvent(event)
            return
        option = QStyleOptionFrame()
        self.initStyleOption(option)
        painter = QPainter(self)
        self.style().drawPrimitive(QStyle.PrimitiveElement.PE_PanelLineEdit, option, painter, self)
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        painter.setPen(self.palette().text().color())
        painter.drawText(self._room(), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)

    def _room(self) -> QRect:
        """Where the text stands, beside the button that clears it."""
        option = QStyleOptionFrame()
        self.initStyleOption(option)
        whole = self.style().subElementRect(QStyle.SubElement.SE_LineEditContents, option, self)
        clear = self.findChild(QToolButton)
        if clear is not None and self.text():
            whole.setRight(min(whole.right(), clear.x() - 1))
        return whole.adjusted(EDGE_PX, 0, -EDGE_PX, 0)
