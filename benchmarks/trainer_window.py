"""How fluent the window stays while the trainer's child process fits on all cores.

    python benchmarks/trainer_window.py [--seconds 20] [--recordings 140]

Makes a mini-Nava in a temporary folder, shows the main window and the trainer's, and measures with a timer of 5 ms
how long the GUI was still at the longest: idle, while the recordings are read, and while a head of five layers of
2048 is fitted, with the curves on show. The child's use of the processor is measured beside it. On the display that
QT_QPA_PLATFORM names (offscreen by default).
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication

from persian_mir_gui.app import build_program, parse
from persian_mir_gui.core.settings import Settings
from trainer.data.mini_nava import make_mini_nava
from trainer.fitting.fit_options import FitOptions

TICK_MS = 5
PLAN = FitOptions(task="instrument", window_s=3.0, hidden=(2048,) * 5, epochs=100_000, patience=0)


class Pulse(QObject):
    """A timer that notes the gaps between its beats."""

    def __init__(self) -> None:
        super().__init__()
        self.gaps: list[float] = []
        self._last = 0.0
        self._timer = QTimer(self, interval=TICK_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)

    def begin(self) -> None:
        self.gaps, self._last = [], time.perf_counter()
        self._timer.start()

    def end(self) -> list[float]:
        self._timer.stop()
        return sorted(1000 * (gap - TICK_MS / 1000) for gap in self.gaps)

    def _beat(self) -> None:
        now = time.perf_counter()
        self.gaps.append(now - self._last)
        self._last = now


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--recordings", type=int, default=140)
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.measure:
        measure(args.measure, args.seconds)
        return
    with tempfile.TemporaryDirectory() as folder:
        make_mini_nava(Path(folder, "mini-nava"), args.recordings, seconds=9.0)
        environment = os.environ | {"PERSIAN_MIR_HOME": str(Path(folder, "home"))}
        command = [
            sys.executable,
            __file__,
            "--measure",
            str(Path(folder, "mini-nava")),
            "--seconds",
            str(args.seconds),
        ]
        subprocess.run(command, env=environment, check=True)


def measure(data: Path, seconds: float) -> None:
    app = QApplication([])
    Settings().set("label_on_open", False)
    program = build_program(app, parse([]))
    window = program.window
    window.show()
    trainer, training, pulse = window.trainer, program.services.training, Pulse()
    trainer.appear()
    wait(lambda: False, 2.0)
    print(f"display {app.platformName()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    pulse.begin()
    wait(lambda: False, 5.0)
    row("idle", pulse.end())
    training.desk.choose(data)
    wait(lambda: not training.desk.doing)
    trainer.show_page(trainer.run)
    pulse.begin()
    training.start(PLAN)
    wait(lambda: training.active is not None and bool(training.active.epochs))
    row("reading the recordings", pulse.end())
    assert training._child is not None
    before, began = cpu_s(training._child.pid), time.monotonic()
    pulse.begin()
    wait(lambda: False, seconds)
    share = (cpu_s(training._child.pid) - before) / (time.monotonic() - began)
    assert training.active is not None
    row(f"fitting ({len(training.active.epochs)} epochs, child on {share:.2f} cores)", pulse.end())
    pulse.begin()
    training.stop()
    wait(lambda: not training.running)
    row("stopping and judging", pulse.end())
    window.close()


def wait(done: Callable[[], bool], seconds: float = 300.0) -> None:
    """Let the window live until something is done, or time is over."""
    loop = QEventLoop()
    look = QTimer(interval=20)
    look.timeout.connect(lambda: loop.quit() if done() else None)
    look.start()
    QTimer.singleShot(round(1000 * seconds), loop.quit)
    loop.exec()


def cpu_s(pid: int) -> float:
    """Processor time of a process so far, all threads. Linux."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def row(name: str, gaps: list[float]) -> None:
    at = [gaps[min(len(gaps) - 1, int(part * len(gaps)))] for part in (0.5, 0.99)]
    print(f"{name}: still for {at[0]:.0f} ms (median), {at[1]:.0f} ms (99 %), {gaps[-1]:.0f} ms (longest)", flush=True)


if __name__ == "__main__":
    main()
