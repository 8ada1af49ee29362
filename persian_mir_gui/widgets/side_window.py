"""A window beside the main one: what all of them have in common."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QWidget

from persian_mir_gui.widgets.widget_factories import FRAME_PX, bring_forward


class SideWindow(QWidget):
    """Esc closes it, F11 has it fill the screen and gives that back. It opens where it leaves `foot` in sight."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setObjectName("sideWindow")
        self.foot: QWidget | None = None  # of the main window: what one goes on using beside this one
        QShortcut("Esc", self).activated.connect(self.leave)
        for key in ("F11", "Shift+F11"):  # in the main window the first is the teacher's screen
            QShortcut(key, self).activated.connect(self._fill_screen)

    def leave(self) -> None:
        """Do what Esc does: give the screen back, else close."""
        (self.showNormal if self.isFullScreen() else self.close)()

    def come_forward(self) -> None:
        """Show it before all others; the first time, beside the foot of the main window."""
        foot = self.foot
        if foot is not None and foot.isVisible() and not self.testAttribute(Qt.WidgetAttribute.WA_Moved):
            whole = foot.window().frameGeometry()
            rest = QRect(foot.mapToGlobal(QPoint(0, 0)), foot.size())
            room = foot.screen().availableGeometry()
            self.move(place_beside(rest, whole, room, self.width(), self.height() + FRAME_PX))
        bring_forward(self)

    def _fill_screen(self) -> None:
        (self.showNormal if self.isFullScreen() else self.showFullScreen)()


def place_beside(foot: QRect, whole: QRect, room: QRect, width: int, height: int) -> QPoint:
    """Return where a window of this size, in the middle of `whole`, hides nothing of `foot`.

    Above it, else below; where the screen has no room for that, as high as can be.
    """
    left = min(max(whole.center().x() - width // 2, room.left()), max(room.right() + 1 - width, room.left()))
    top = min(whole.center().y() - height // 2, foot.top() - height)
    if top < room.top():
        top = max(foot.top() - height, room.top())
        if top + height > foot.top() and foot.bottom() + height < room.bottom():
            top = foot.bottom() + 1
    return QPoint(left, top)
