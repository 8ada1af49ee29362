"""Shortcuts that act by the key's place, so that they work with a Persian keyboard layout alone.

With such a layout the F key gives «ب», so a shortcut on F is never met. Each shortcut has a twin on the letter that its
key gives in the Persian layouts (ISIRI 9147, and the older one of Windows). Digits are told by Qt itself.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, QKeyCombination, QObject, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractButton, QApplication, QMenu, QMenuBar, QWidget

PLACES = "qwertyuiop[]asdfghjkl;'zxcvbnm,"
PERSIAN = "ضصثقفغعهخحجچشسیبلاتنمکگظطزرذدپو"  # of the same keys
OLDER = (("d", "ي"), (";", "ك"), ("m", "ئ"))
LATIN = {persian: latin for latin, persian in (*zip(PLACES, PERSIAN, strict=True), *OLDER)}
TWINS = {latin: "".join(one for one, its in LATIN.items() if its == latin) for latin in PLACES}
ROWS = ((16, "qwertyuiop"), (30, "asdfghjkl"), (44, "zxcvbnm"))  # scan codes of a PC's keyboard; X11 counts from 8
X11_FIRST = 8
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier


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
    """Watches the keys of whatever has the focus, for three things that twins cannot do.

    In a text field Ctrl+C, V, X, Z, A act by their places. And Shift with Ctrl and a letter is looked for by its place
    first: in a Persian layout Shift+O gives `]`, and Qt would take Ctrl+Shift+O for Ctrl+]. Alt and a letter opens the
    menu, or presses the button, whose underlined letter is in this place.
    """

    def __init__(self, app: QApplication, parent: QObject) -> None:
        super().__init__(parent)
        self._act: Callable[[], object] | None = None
        app.focusChanged.connect(self._follow)

    def _follow(self, before: QWidget | None, now: QWidget | None) -> None:
        if before is not None:
            before.removeEventFilter(self)
        if now is not None:
            now.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            self._act = self._meant(event)
            if self._act is not None:
                event.accept()  # no shortcut now: the key press that follows triggers it
                return True
        elif event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if self._act is not None:
                act, self._act = self._act, None
                act()
                return True
            latin = latin_key(event) if event.modifiers() & CONTROL else None
            if latin is not None:
                twin = QKeyEvent(QEvent.Type.KeyPress, latin, event.modifiers(), "", event.isAutoRepeat())
                QApplication.sendEvent(watched, twin)
                return True
        return False

    def _meant(self, event: QKeyEvent) -> Callable[[], object] | None:
        """What Alt, or Ctrl and Shift, with the letter in this place are for, where the layout gives another letter."""
        letter = _letter_at(event.nativeScanCode())
        window = QApplication.activeWindow()
        if event.modifiers() == ALT and window is not None:
            return _underlined(window, event)
        if event.modifiers() != (CONTROL | SHIFT) or not letter or window is None or event.key() == ord(letter.upper()):
            return None
        wanted = QKeySequence(QKeyCombination(CONTROL | SHIFT, Qt.Key(ord(letter.upper()))))
        rows = (action for action in window.findChildren(QAction) if action.isEnabled())
        return next((action.trigger for action in rows if wanted in action.shortcuts()), None)


class MenuKeys(QObject):
    """Lets the letters of an open menu be chosen by their keys' places."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and isinstance(watched, QMenu):
            latin = latin_key(event)
            texts = [action.text() for action in watched.actions()]
            if latin is not None and not any(_has_letter(text, event.key()) for text in texts):
                twin = QKeyEvent(QEvent.Type.KeyPress, latin, event.modifiers(), chr(latin))
                QApplication.sendEvent(watched, twin)
                return True
        return False


def _underlined(window: QWidget, event: QKeyEvent) -> Callable[[], object] | None:
    """Open the menu or press the button whose underlined letter is in the place of a Persian one that names nothing."""
    bar, latin = window.findChild(QMenuBar), latin_key(event)
    named: list[tuple[str, Callable[[], object]]] = []
    if bar is not None:
        named += [(one.text(), partial(bar.setActiveAction, one)) for one in bar.actions() if one.isEnabled()]
    buttons = window.findChildren(QAbstractButton)
    named += [(one.text(), one.click) for one in buttons if one.isVisible() and one.isEnabled()]
    if latin is None or any(_has_letter(text, event.key()) for text, _act in named):
        return None
    return next((act for text, act in named if _has_letter(text, latin)), None)


def _has_letter(text: str, key: int) -> bool:
    """Whether the underlined letter of `text` (`&File`) is that of a key."""
    return key < 0x110000 and QKeySequence.mnemonic(text).toString() == f"Alt+{chr(key)}"


def _letter_at(scan_code: int) -> str:
    """The Latin letter in a place of the keyboard, by X11's code or Windows'; macOS tells none, and needs none."""
    first = X11_FIRST if QApplication.platformName() in ("xcb", "wayland", "offscreen") else 0
    for begin, letters in ROWS:
        if begin <= scan_code - first < begin + len(letters):
            return letters[scan_code - first - begin]
    return ""
