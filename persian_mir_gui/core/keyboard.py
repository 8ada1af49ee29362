"""Shortcuts that act by the key's place, so that they work with a Persian keyboard layout alone.

With such a layout the F key gives «ب», so a shortcut on F is never met. Each shortcut has a twin on the letter that its
key gives in the Persian layouts (ISIRI 9147, and the older one of Windows). Digits are told by Qt itself.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QKeyCombination, QObject, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QWidget

PLACES = "qwertyuiop[]asdfghjkl;'zxcvbnm,"
PERSIAN = "ضصثقفغعهخحجچشسیبلاتنمکگظطزرذدپو"  # of the same keys
OLDER = (("d", "ي"), (";", "ك"), ("m", "ئ"))
LATIN = {persian: latin for latin, persian in (*zip(PLACES, PERSIAN, strict=True), *OLDER)}
TWINS = {latin: "".join(one for one, its in LATIN.items() if its == latin) for latin in PLACES}
ROWS = ((16, "qwertyuiop"), (30, "asdfghjkl"), (44, "zxcvbnm"))  # scan codes of a PC's keyboard; X11 counts from 8
X11_FIRST = 8
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def sequences(*keys: str) -> list[QKeySequence]:
    """The shortcuts `keys` (as `Ctrl+O`), each followed by what the same keys give in a Persian layout."""
    found = []
    for key in keys:
        before, letter = key[:-1], key[-1].lower()
        single = not before or before.endswith("+")  # no name of a key, as F4 or End
        found += [key, *(before + twin for twin in (TWINS.get(letter, "") if single else ""))]
    return [QKeySequence(key) for key in found]


def latin_key(event: QKeyEvent) -> Qt.Key | None:
    """The Latin key in the place of the Persian one that was pressed; None for every other."""
    key = event.key()
    letter = LATIN.get(chr(key)) if key < 0x110000 else None
    return None if letter is None else Qt.Key(ord(letter.upper()))


class PersianKeys(QObject):
    """Watches the keys of whatever has the focus, for two things that twins cannot do.

    In a text field Ctrl+C, V, X, Z, A act by their places. And Shift with Ctrl and a letter is looked for by its place
    first: in a Persian layout Shift+O gives `]`, and Qt would take Ctrl+Shift+O for Ctrl+].
    """

    def __init__(self, app: QApplication, parent: QObject) -> None:
        super().__init__(parent)
        self._action: QAction | None = None
        app.focusChanged.connect(self._follow)

    def _follow(self, before: QWidget | None, now: QWidget | None) -> None:
        if before is not None:
            before.removeEventFilter(self)
        if now is not None:
            now.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            self._action = self._meant(event)
            if self._action is not None:
                event.accept()  # no shortcut now: the key press that follows triggers it
                return True
        elif event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if self._action is not None:
                action, self._action = self._action, None
                action.trigger()
                return True
            latin = latin_key(event) if event.modifiers() & CONTROL else None
            if latin is not None:
                twin = QKeyEvent(QEvent.Type.KeyPress, latin, event.modifiers(), "", event.isAutoRepeat())
                QApplication.sendEvent(watched, twin)
                return True
        return False

    def _meant(self, event: QKeyEvent) -> QAction | None:
        """The action whose shortcut is Ctrl, Shift and the letter in this place, where the layout gives no letter."""
        letter = _letter_at(event.nativeScanCode())
        window = QApplication.activeWindow()
        if event.modifiers() != (CONTROL | SHIFT) or not letter or window is None or event.key() == ord(letter.upper()):
            return None
        wanted = QKeySequence(QKeyCombination(CONTROL | SHIFT, Qt.Key(ord(letter.upper()))))
        rows = (action for action in window.findChildren(QAction) if action.isEnabled())
        return next((action for action in rows if wanted in action.shortcuts()), None)


def _letter_at(scan_code: int) -> str:
    """The Latin letter in a place of the keyboard, by X11's code or Windows'; macOS tells none, and needs none."""
    first = X11_FIRST if QApplication.platformName() in ("xcb", "wayland", "offscreen") else 0
    for begin, letters in ROWS:
        if begin <= scan_code - first < begin + len(letters):
            return letters[scan_code - first - begin]
    return ""
