"""How fluent the catalogue's window stays while a large catalogue is opened, scrolled, sorted and searched.

    python benchmarks/catalogue.py --folder F      (makes F/catalogue.sqlite: 100,000 recordings, 5 million segments)
    python benchmarks/archive_window.py F/catalogue.sqlite [--pages 500]

Measures with a timer of 5 ms how long the GUI was still at the longest: while the window opens, while it is scrolled
down a screen at a time until it has shown `--pages` pages of 200 recordings, up again at once, while another column
sorts and while words are typed. On the display that QT_QPA_PLATFORM names (offscreen by default).
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).parents[1]))

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from trainer_window import Pulse

from persian_mir_gui.archive.archive_window import ArchiveWindow
from persian_mir_gui.core.settings import Settings
from persian_mir_gui.library.ledger import Ledger
from persian_mir_gui.library.ledger_work import PAGE
from persian_mir_gui.widgets.theme_source import SystemThemes

WORDS = "برنامه گلها"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("catalogue", type=Path)
    parser.add_argument("--pages", type=int, default=500)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        os.environ["PERSIAN_MIR_HOME"] = home
        app = QApplication(sys.argv[:1])
        settings, ledger = Settings(), Ledger(path=args.catalogue)
        window = ArchiveWindow(ledger, lambda: "benchmark", settings, SystemThemes(app, settings))
        run(window, ledger, args.pages)
        ledger.close(10.0)


def run(window: ArchiveWindow, ledger: Ledger, pages: int) -> None:
    """Measure one thing after the other, and print."""
    rows, header = window.rows.model.rows, window.rows.table.horizontalHeader()
    titles = [column.id for column in window.rows.model.columns]
    measure("opened", window.appear)
    wait(ledger)
    measure("scrolled down", lambda: scroll_down(window, pages))
    print(f"{'':>16}{len(window.rows.model.rows)} recordings shown")
    measure("scrolled up", window.rows.table.scrollToTop)
    measure("one chosen", lambda: window.rows.table.selectRow(len(rows) // 2))
    measure("sorted", lambda: header.setSortIndicator(titles.index("title"), Qt.SortOrder.DescendingOrder))
    measure("searched", lambda: type_words(window))


def scroll_down(window: ArchiveWindow, pages: int) -> None:
    """A screen at a time, as fast as pages come."""
    bar, model = window.rows.table.verticalScrollBar(), window.rows.model
    while len(model.rows) < pages * PAGE and model.canFetchMore(QModelIndex()):
        bar.setValue(bar.value() + bar.pageStep())
        QTest.qWait(1)


def type_words(window: ArchiveWindow) -> None:
    """A letter after the other."""
    for letter in WORDS:
        window.search.insert(letter)
        QTest.qWait(60)


def measure(name: str, act: Callable[[], object]) -> None:
    """Print the longest stall, and how long it took until the worker had answered."""
    pulse, began = Pulse(), time.perf_counter()
    pulse.begin()
    act()
    QTest.qWait(1500)
    gaps = pulse.end()
    took = time.perf_counter() - began
    print(f"{name:<16}longest stall {gaps[-1]:6.1f} ms, median {statistics.median(gaps):4.1f} ms, in {took:.1f} s")


def wait(ledger: Ledger) -> None:
    """Until the worker has nothing to do."""
    while ledger.runner.jobs:
        QTest.qWait(10)


if __name__ == "__main__":
    main()
