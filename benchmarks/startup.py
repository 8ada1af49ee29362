"""Time from process start to the first paint of the window, beside `python -c "import torch"`. Medians, in one run.

    python benchmarks/startup.py [RUNS]

Needs a display, or QT_QPA_PLATFORM=offscreen. A run of each kind comes first and is not counted, so that all are warm.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from statistics import median

WINDOW = """
import os, sys
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication
from persian_mir_gui.app import build_program, parse

class FirstPaint(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint and watched is window.centralWidget():
            watched.removeEventFilter(self)
            QTimer.singleShot(0, end)
        return False

def end():
    sys.stdout.write("painted\\n")
    sys.stdout.flush()
    window.close()

app = QApplication([])
program = build_program(app, parse([]))
window = program.window
watch = FirstPaint()
window.centralWidget().installEventFilter(watch)
window.show()
app.exec()
"""


def seconds_to_paint() -> float:
    """One start of the window, until it says that it has been painted."""
    begin = time.perf_counter()
    with subprocess.Popen([sys.executable, "-c", WINDOW], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        taken = time.perf_counter() - begin
        process.wait()
    if line != "painted\n":
        raise SystemExit("the window did not come up")
    return taken


def seconds_to_run(code: str) -> float:
    """One run of a line of Python in a process of its own."""
    begin = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True)
    return time.perf_counter() - begin


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("runs", nargs="?", type=int, default=5)
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as home:
        os.environ["PERSIAN_MIR_HOME"] = home
        rows = {
            "window painted": seconds_to_paint,
            'python -c "import torch"': lambda: seconds_to_run("import torch"),
            'python -c "pass"': lambda: seconds_to_run("pass"),
        }
        for take in rows.values():
            take()
        taken: dict[str, list[float]] = {name: [] for name in rows}
        for _run in range(runs):
            for name, take in rows.items():
                taken[name].append(take())
    for name, times in taken.items():
        print(f"{name:26} median {median(times):.2f} s   ({', '.join(f'{t:.2f}' for t in times)})")


if __name__ == "__main__":
    main()
