"""What waits until a window has opened its recordings."""

from __future__ import annotations

from collections.abc import Callable

from pytestqt.qtbot import QtBot

from persian_mir_gui.shell.main_window import MainWindow

RATE = 8000
Make = Callable[..., MainWindow]


def opened(window: MainWindow, qtbot: QtBot, count: int = 1) -> None:
    def ready() -> None:
        assert len(window.services.session.items) == count
        assert all(item.state != "opening" for item in window.services.session.items)
        assert not window.services.session._opening  # which tells at its end what could not be opened

    qtbot.waitUntil(lambda: not _raises(ready))


def _raises(check: Callable[[], None]) -> bool:
    try:
        check()
    except AssertionError:
        return True
    return False
