"""Progress on a terminal: one line that rewrites itself; silent when nobody watches."""

from __future__ import annotations

import sys
import time

from persian_mir.i18n import figures
from persian_mir.progress import Progress
from persian_mir.stdio import clear_line
from persian_mir.visible import visible

WIDTH = 28
INTERVAL_S = 0.1


class ProgressLine(Progress):
    """Shows `title`, a bar and a note on standard error, if that is a terminal."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._shown = sys.stderr.isatty()
        self._last = 0.0

    def step(self, fraction: float, note: str = "") -> None:
        """Redraw, at most ten times a second."""
        now = time.monotonic()
        if not self._shown or now - self._last < INTERVAL_S:
            return
        self._last = now
        done = round(WIDTH * min(1.0, max(0.0, fraction)))
        bar = "█" * done + "·" * (WIDTH - done)
        clear_line()
        sys.stderr.write(f"{bar} {figures(f'{fraction:4.0%}')}  {visible(self._title)}  {visible(note)}"[:160])
        sys.stderr.flush()

    def close(self) -> None:
        """Take the line away."""
        if self._shown:
            clear_line()
            sys.stderr.flush()
