"""How long the window answers nothing while very many files are opened, searched, labelled and closed.

    python benchmarks/many_files.py [--files 20000] [--label]

Makes small recordings in a folder of its own, opens the folder in the real window on an offscreen screen, and prints
for each step its time and the longest stall: the longest time between two turns of the event loop, and the most that
the GUI's thread itself computed between two (on a loaded machine the first is more). `--label` leaves on that each
recording is labelled as it opens; labelling is then cancelled before the list is closed.
"""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import soundfile

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
BEAT_MS = 1
STEP_TIMEOUT_S = 1800.0


def make_files(folder: Path, count: int) -> None:
    """As many files as asked for, all with one sound of a twentieth of a second, a hundred a folder."""
    first = folder / "first.wav"
    soundfile.write(first, np.zeros(400, np.float32), 8000)
    for number in range(count - 1):
        inner = folder / f"{number // 100:04}"
        inner.mkdir(exist_ok=True)
        shutil.copyfile(first, inner / f"{number:05}.wav")


class Pulse:
    """Beats with the event loop, and remembers the longest time without a beat, on the wall and computed."""

    def __init__(self) -> None:
        from PySide6.QtCore import QTimer

        self.begin()
        self._timer = QTimer(interval=BEAT_MS)
        self._timer.timeout.connect(self._beat)
        self._timer.start()

    def _beat(self) -> None:
        now, used = time.perf_counter(), time.thread_time()
        self.longest_s = max(self.longest_s, now - self._last)
        self.busiest_s = max(self.busiest_s, used - self._used)
        self._last, self._used = now, used

    def begin(self) -> None:
        """Forget what was."""
        self._last, self.longest_s = time.perf_counter(), 0.0
        self._used, self.busiest_s = time.thread_time(), 0.0


def measure(name: str, pulse: Pulse, act: Callable[[], object], ended: Callable[[], bool]) -> None:
    """Do one step until it has ended, and print what it took."""
    from PySide6.QtCore import QEventLoop, QTimer

    loop, began = QEventLoop(), time.perf_counter()
    timer = QTimer(interval=10)
    timer.timeout.connect(lambda: loop.quit() if ended() or time.perf_counter() - began > STEP_TIMEOUT_S else None)
    timer.start()
    pulse.begin()
    QTimer.singleShot(0, act)
    loop.exec()
    seconds, stall, busy = time.perf_counter() - began, 1000 * pulse.longest_s, 1000 * pulse.busiest_s
    print(f"{name:<28}{seconds:8.2f} s, longest stall {stall:7.1f} ms, of it computed {busy:6.1f} ms", flush=True)


def run(folder: Path, label: bool) -> None:
    """All steps in one window."""
    from PySide6.QtWidgets import QApplication

    from persian_mir_gui.app import build_program, parse

    app = QApplication([])
    program = build_program(app, parse([]))
    services, window = program.services, program.window
    services.settings.set("label_on_open", label)
    window.resize(1280, 800)
    window.show()
    session, sidebar = services.session, window.sidebar
    rows = sidebar.list.model().rowCount
    pulse = Pulse()
    measure("the window alone", pulse, lambda: None, lambda: not services.io.jobs)  # what draws is loaded meanwhile

    first = folder / "first.wav"  # with it the timeline is made
    measure("the first recording", pulse, lambda: session.open_paths([first]), lambda: bool(session.items))

    def opened() -> bool:
        return len(session.items) > 1 and all(item.state != "opening" for item in session.items[::-1])

    measure("open", pulse, lambda: session.open_paths([folder]), opened)
    count = len(session.items)
    measure("search, nothing found", pulse, lambda: sidebar.search.setText("nothing"), lambda: rows() == 0)
    measure("search, some found", pulse, lambda: sidebar.search.setText("77"), lambda: rows() > 0)
    measure("search no more", pulse, lambda: sidebar.search.setText(""), lambda: rows() == count)
    measure(
        "show another", pulse, lambda: session.select(session.items[-1]), lambda: session.items[-1].pyramid is not None
    )
    if label:
        measure("cancel", pulse, services.labelling.cancel, lambda: not services.labelling.running)
    measure("choose all", pulse, sidebar.list.selectAll, lambda: True)
    measure("close all", pulse, session.close_all, lambda: rows() == 0)
    print(f"{count} recordings")
    window.close()


def main() -> None:
    """Make the files, measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=20_000, help="how many (default: 20000)")
    parser.add_argument("--label", action="store_true", help="label each recording as it opens")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        os.environ["PERSIAN_MIR_HOME"] = f"{name}/home"
        folder = Path(name) / "files"
        folder.mkdir()
        make_files(folder, args.files)
        run(folder, args.label)


if __name__ == "__main__":
    main()
