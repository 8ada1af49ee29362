"""The labels that a segment may be given: buttons in as many rows as their width asks for, and a list to type in."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPushButton, QWidget

from persian_mir.i18n import _
from persian_mir_gui.review.review_keys import DIGITS
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.icons import dot
from persian_mir_gui.widgets.label_dialog import ask_label
from persian_mir_gui.widgets.theme import Theme, label_colour
from persian_mir_gui.widgets.theme_source import ThemeSource
from persian_mir_gui.widgets.widget_factories import review_button, set_role

SPACING = 6
BUTTONS = 13  # all modes; of more labels, such as artists, those with a digit, the others by name


class ReviewLabels(QWidget):
    """The legend of the digits. A click on a label, or its name typed, gives it."""

    given = Signal(str)

    def __init__(self, themes: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._task = themes.theme, ""
        self.labels: tuple[str, ...] = ()
        self.buttons: list[QPushButton] = []
        self.other = review_button(_("Other…  F2"), self.ask, self)
        self.other.setToolTip(_("Give a label by its name"))
        themes.changed.connect(self.set_theme)

    def set_theme(self, theme: Theme) -> None:
        """Paint in other colours from now on."""
        self._theme = theme
        self._make()

    def show_labels(self, task: str, labels: tuple[str, ...], given: str) -> None:
        """Offer the labels of a task; `given` is the one that was said."""
        if (task, labels) != (self._task, self.labels):
            self._task, self.labels = task, labels
            self._make()
        for label, button in zip(self.labels, self.buttons, strict=False):
            button.setChecked(label == given)

    def ask(self) -> None:
        """Let a label be chosen from all of them by typing."""
        given = next((self.labels[k] for k, one in enumerate(self.buttons) if one.isChecked()), "")
        question = _("The right label of this segment:")
        ask_label(self.window(), question, self._task, self.labels, given, self.given.emit)

    def _make(self) -> None:
        for button in self.buttons:
            button.hide()
            button.deleteLater()
        few = self.labels if len(self.labels) <= BUTTONS else self.labels[:DIGITS]
        self.buttons = [self._button(place, label) for place, label in enumerate(few)]
        self._place()

    def _button(self, place: int, label: str) -> QPushButton:
        digit = f"{formatting.digits(str(place + 1))}  " if place < DIGITS else ""
        name = formatting.label_name(self._task, label).replace("&", "&&")  # else it marks a letter
        button = review_button(f"{digit}{name}", lambda: self.given.emit(label), self)
        button.setCheckable(True)
        button.setIcon(dot(label_colour(self._theme, self._task, label), True))
        set_role(button, "role", "label")
        button.show()
        return button

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        """Row after row from where reading begins; the rows give the height."""
        x = y = 0
        height = self.other.sizeHint().height()
        for button in (*self.buttons, self.other):
            width = button.sizeHint().width()
            if x and x + width > self.width():
                x, y = 0, y + height + SPACING
            left = self.width() - x - width if self.layoutDirection() == Qt.LayoutDirection.RightToLeft else x
            button.setGeometry(QRect(left, y, width, height))
            x += width + SPACING
        self.setFixedHeight(y + height)
