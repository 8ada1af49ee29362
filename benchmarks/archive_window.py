"""The catalogue's window over a large catalogue: its longest halt while it is scrolled, searched and sorted.

    python benchmarks/catalogue.py --folder FOLDER      (makes one of 100,000 recordings and 5 million segments)
    python benchmarks/archive_window.py FOLDER/catalogue.sqlite

A halt is the longest turn of the event loop, by the clock and by what this thread computed: others may hold the
machine.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from persian_mir_gui.archive.archive_window import ArchiveWindow
from persian_mir_gui.core.settings import Settings
from persian_mir_gui.library.ledger import Ledger
from persian_mir_gui.widgets.theme import DARK, apply_theme
from persian_mir_gui.widgets.theme_source import ThemeSource

AT_MOST_S = 120.0


def watched(app: QApplication, name: str, until: Callable[[], bool], act: Callable[[], object] = lambda: None) -> None:
    """Run the event loop until something is so, and say how long that and its longest turn took."""
    wall = computed = 0.0
    started = time.perf_counter()
    while not until() and time.perf_counter() - started < AT_MOST_S:
        begun, used = time.perf_counter(), time.thread_time()
        act()
        app.processEvents()
        wall, computed = max(wall, time.perf_counter() - begun), max(computed, time.thread_time() - used)
        time.sleep(0.002)
    took = time.perf_counter() - started
    print(f"{name:<28}{took:8.2f} s   longest turn {1000 * wall:5.0f} ms, computed {1000 * computed:5.0f} ms")


def main(path: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / path.name
        shutil.copy(path, copy)
        app = QApplication([])
        app.setStyle("Fusion")
        apply_theme(app, DARK)
        ledger = Ledger(path=copy)
        window = ArchiveWindow(ledger, lambda: "", Settings(), ThemeSource(DARK))
        window.resize(1280, 800)
        ledger.wake()
        window.show()
        bar = window.rows.table.verticalScrollBar()
        watched(app, "first page", lambda: bool(window.rows.model.rows))
        watched(app, "scrolled to the end", lambda: ledger.all_here, lambda: bar.setValue(bar.maximum()))
        print(f"{len(window.rows.model.rows)} recordings")
        places = iter(range(0, 7400, 37))
        watched(app, "200 jumps", lambda: next(places, None) is None, lambda: bar.setValue(bar.maximum() // 3))
        for text in ("segah", "سه گاه", ""):
            answers: list[object] = []
            ledger.answered.connect(answers.append)
            window.search.setText(text)
            watched(app, f"search {text!r}", lambda answers=answers: bool(answers))
        assert ledger.close(10.0)
    sys.stdout.flush()
    os._exit(0)  # what Qt made is destroyed in no order


if __name__ == "__main__":
    main(Path(sys.argv[1]))
