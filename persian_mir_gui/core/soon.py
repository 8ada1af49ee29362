"""What is asked for many times in a moment, done once."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer


class Soon(QObject):
    """Calls `act` in the next turn of the event loop, however often it was asked for. Connect signals to `ask`."""

    def __init__(self, act: Callable[[], object], parent: QObject) -> None:
        super().__init__(parent)
        self._timer = QTimer(self, singleShot=True, interval=0)
        self._timer.timeout.connect(act)

    def ask(self, *_news: object) -> None:
        """Have it done soon."""
        if not self._timer.isActive():
            self._timer.start()
