"""Garbage is collected on the GUI thread and nowhere else.

Python collects on whatever thread happens to allocate; PySide then destroys the widgets, timers and items of a scene
that it finds there, while the GUI thread paints them or hands them events: a segmentation fault.

All of it is gone through seldom: that takes 20 ms in an empty window (65,000 objects) and 50 ms with a recording
shown; with torch imported it would take 170 ms, with 20,000 files open besides 205 ms. So code is set aside.
"""

from __future__ import annotations

import gc
import sys

from PySide6.QtCore import QObject, QTimer

INTERVAL_MS = 200
GROWTH = 1.25  # of what lives long, before all of it is gone through again: Python's own rule
IMPORTED = 100  # modules that came meanwhile: what has grown is code, most of it, and lives to the end


class Collector(QObject):
    """While it lives, and afterwards, Python collects nothing by itself. Make one on the GUI thread."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        self._long_lived = 0  # objects, after the last full collection
        self._modules = len(sys.modules)
        timer = QTimer(self, interval=INTERVAL_MS)
        timer.timeout.connect(self.collect)
        timer.start()

    def collect(self) -> None:
        """Collect what Python would by now; nothing where little was made since."""
        young, middle, old = (count > most for count, most in zip(gc.get_count(), gc.get_threshold(), strict=True))
        if old and len(gc.get_objects(2)) > GROWTH * self._long_lived:
            if len(sys.modules) >= self._modules + IMPORTED:
                self._set_aside()
            else:
                gc.collect()
            self._long_lived = len(gc.get_objects(2))
        elif middle:
            gc.collect(1)
        elif young:
            gc.collect(0)

    def _set_aside(self) -> None:
        """Never go again through what lives now; little but code is lost to it, and it is done a few times at most."""
        self._modules = len(sys.modules)
        gc.collect(1)
        gc.freeze()
