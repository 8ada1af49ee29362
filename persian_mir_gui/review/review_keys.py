"""The keys of a review. While it goes on they come before those of the timeline and of the menus."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from persian_mir.i18n import _
from persian_mir_gui.review.review import Review

DIGITS = 9
Act = Callable[[], None]


def review_help() -> list[tuple[str, str]]:
    """Rows of (key, what it does), in the user's language."""
    return [
        ("F4, Esc", _("Begin, end reviewing")),
        ("↑", _("The label is right: accept it, and go on")),
        ("↓", _("The label is wrong: reject it, and go on")),
        ("1 – 9", _("Give it another label, by its number")),
        ("F2", _("Give it, or what is selected, a label by its name")),
        ("←", _("Undo what was said last")),
        ("→", _("To the next segment that nobody has reviewed; after the last, to the next recording")),
        ("Shift+← →", _("To the segment before, after")),
        ("Page Up, Page Down", _("To the lane above, below")),
        ("Enter", _("Hear the segment")),
        (_("Right click on a segment"), _("Play, accept, correct, label or save it")),
        (_("Right click in the list"), _("Accept or label whole recordings; Shift and Ctrl choose several")),
    ]


class ReviewKeys(QObject):
    """Listens at `widgets`, whichever of them has the keyboard, while a review goes on."""

    def __init__(self, review: Review, parent: QObject) -> None:
        super().__init__(parent)
        self._review = review
        none, shift = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
        self._acts: dict[tuple[Qt.Key, Qt.KeyboardModifier], Act] = {
            (Qt.Key.Key_Up, none): review.accept,
            (Qt.Key.Key_Down, none): review.reject,
            (Qt.Key.Key_Left, none): review.undo,
            (Qt.Key.Key_Right, none): review.next,
            (Qt.Key.Key_Left, shift): lambda: review.step(-1),
            (Qt.Key.Key_Right, shift): lambda: review.step(1),
            (Qt.Key.Key_PageUp, none): lambda: review.change_lane(-1),
            (Qt.Key.Key_PageDown, none): lambda: review.change_lane(1),
            (Qt.Key.Key_Return, none): review.play,
            (Qt.Key.Key_Enter, none): review.play,
            (Qt.Key.Key_Escape, none): review.leave,
        }
        for place in range(DIGITS):
            self._acts[Qt.Key(Qt.Key.Key_1.value + place), none] = self._digit(place)

    def listen_at(self, *widgets: QWidget) -> None:
        """At these, and at everything in them."""
        for widget in widgets:
            for one in (widget, *widget.findChildren(QWidget)):
                one.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        override = event.type() == QEvent.Type.ShortcutOverride
        if not self._review.active or not (override or event.type() == QEvent.Type.KeyPress):
            return False
        act = self._act(event) if isinstance(event, QKeyEvent) else None
        pressed = isinstance(event, QKeyEvent) and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if act is None or (pressed and isinstance(watched, QAbstractButton)):
            return False
        event.accept()  # an override says: this is no shortcut now, send the key to the widget
        if not override and not (isinstance(event, QKeyEvent) and event.isAutoRepeat() and self._says(event)):
            act()
        return True

    def _act(self, event: QKeyEvent) -> Act | None:
        """Digits also as a Persian keyboard writes them; those of the keypad count as any."""
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        written = event.text()
        if written.isdecimal() and len(written) == 1 and int(written) and modifiers == Qt.KeyboardModifier.NoModifier:
            return self._digit(int(written) - 1)
        return self._acts.get((Qt.Key(event.key()), modifiers))

    def _says(self, event: QKeyEvent) -> bool:
        """Whether the key gives an answer: held down, it gives one only."""
        up_or_down = event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down)
        return up_or_down or event.text().isdecimal()

    def _digit(self, place: int) -> Act:
        return lambda: self._review.assign_place(place)
