"""The window on a synthesised recording of three hours, 96 kHz, stereo: memory, first paint, rest, panning, zooming.

    python benchmarks/big_window.py [--minutes 180] [--file FILE] [--folder FOLDER] [--steps 60]

Writes a WAV of about 4.1 GB to a temporary folder and removes it again, or takes FILE. The window is the program's
own, in a process and with folders of its own, on the display that QT_QPA_PLATFORM names (offscreen by default).
Each repaint is the median time from a new view to its finished picture, of as many pixels as the window shows. Beside
it, in the same run, pyqtgraph's PlotDataItem on 30 minutes of 44.1 kHz mono, and not on the same file: it holds every
sample (4 bytes) and the position of each (8 bytes), which for two channels of three hours would be 25 GB.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import soundfile
import waveform  # makes offscreen the default display
from big_file import SETTLED_S, row, write
from PySide6.QtCore import QEvent, QEventLoop, QObject, QTimer
from PySide6.QtWidgets import QApplication, QWidget
from waveform import RATE, View, pan, repaints, wait_for, zoom

from persian_mir_gui.app import Program, build_program, parse
from persian_mir_gui.core.settings import Settings
from persian_mir_gui.core.timeline import Timeline

SIZE = (1600, 1000)  # of the window, pixels
BESIDE_S = 1800.0  # what PlotDataItem is given
IDLE_S = 3.0
PATIENCE_S = 600.0
Case = tuple[Callable[[], Iterator[View]], bool]  # views; whether samples are let arrive before each is painted


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=180.0)
    parser.add_argument("--file", type=Path)
    parser.add_argument("--folder", type=Path, help="where there is room (default: the system's)")
    parser.add_argument("--steps", type=int, default=60)
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.measure:
        measure(args.measure, args.steps)
        return
    with tempfile.TemporaryDirectory(dir=args.folder) as folder:
        path = args.file or Path(folder, "three hours.wav")
        if not args.file:
            write(path, args.minutes * 60)
            time.sleep(SETTLED_S)
        environment = os.environ | {"PERSIAN_MIR_HOME": str(Path(folder, "home"))}
        command = [sys.executable, __file__, "--measure", str(path), "--steps", str(args.steps)]
        subprocess.run(command, env=environment, check=True)


def measure(path: Path, steps: int) -> None:
    app = QApplication([])
    Settings().set("label_on_open", False)
    program = build_program(app, parse([]))
    window = program.window
    window.resize(*SIZE)
    window.show()
    shown_at = time.monotonic()
    until(lambda: time.monotonic() - shown_at > IDLE_S and not program.services.io.jobs)
    idle = memory_mb("VmRSS")
    Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew here
    first, whole = opened(program, path)
    peak = memory_mb("VmHWM")
    frames, rate = program.services.timeline.frames, program.services.timeline.rate
    about = f"{frames / rate / 3600:.2f} h, {rate} Hz, {path.stat().st_size / 1e9:.2f} GB"
    print(f"{about}; display {app.platformName()}, load {os.getloadavg()[0]:.1f}")
    row("idle window", idle, "MB")
    row("peak over it, until all was painted", peak - idle, "MB")
    row("open to first waveform painted", first, "s")
    row("open to the whole waveform painted", whole, "s")
    program.services.session.close_all()
    row("opened again, to whole waveform painted", opened(program, path)[1] * 1e3, "ms")
    row("CPU while nothing plays", idle_cpu() * 1e3, "ms a second")
    ours = repainted(program, cases(frames, rate, steps))
    row("peak over idle, all of that included", memory_mb("VmHWM") - idle, "MB")
    theirs = beside(window.timeline.panes.waveform, steps)
    print(f"\n{'median repaint, ms':32}{'waveform':>10}{'timeline':>10}{'PlotDataItem':>14}")
    for name, (pane, whole_timeline) in ours.items():
        print(f"{name:32}{pane:10.2f}{whole_timeline:10.2f}{theirs[name]:14.2f}")
    window.close()


class Paints(QObject):
    """When the waveform pane had painted any of the current recording, and all of it; 0 until then."""

    def __init__(self, program: Program) -> None:
        super().__init__(program.window)
        self._session = program.services.session
        self.first = self.whole = 0.0
        program.window.timeline.panes.waveform.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802, Qt's name
        item = self._session.current
        if event.type() == QEvent.Type.Paint and item is not None and item.pyramid is not None:
            frames, complete = item.pyramid.ready_frames, item.pyramid.complete
            QTimer.singleShot(0, self, lambda: self._painted(frames, complete))
        return super().eventFilter(watched, event)

    def _painted(self, frames: int, complete: bool) -> None:
        now = time.perf_counter()
        self.first = self.first or (now if frames else 0.0)
        self.whole = self.whole or (now if complete else 0.0)


class Shown:
    """A widget of the window, and the timeline that says what it shows."""

    def __init__(self, widget: QWidget, timeline: Timeline) -> None:
        self.widget, self._timeline = widget, timeline

    def look(self, view: View) -> None:
        self._timeline.set_view(*view)


def opened(program: Program, path: Path) -> tuple[float, float]:
    """Open the recording; seconds until some of its waveform was painted, and all of it."""
    paints, began = Paints(program), time.perf_counter()
    program.services.session.open_paths([path])
    until(lambda: paints.whole > 0 and not program.services.io.jobs)
    paints.deleteLater()
    return paints.first - began, paints.whole - began


def idle_cpu() -> float:
    """Seconds of CPU a second, while a recording is shown and nothing moves."""
    used, began, loop = time.process_time(), time.monotonic(), QEventLoop()
    QTimer.singleShot(round(IDLE_S * 1000), loop.quit)
    loop.exec()
    return (time.process_time() - used) / (time.monotonic() - began)


def until(ready: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not ready():
        if time.monotonic() > deadline:
            sys.exit("the window did not get ready")
        QApplication.processEvents()
        time.sleep(0.002)


def cases(frames: int, rate: int, steps: int) -> dict[str, Case]:
    return {
        "whole, zooming in by a fifth": (lambda: zoom(frames, frames * 0.8, steps), False),
        "10 min, panning": (lambda: pan(frames, 600 * rate, steps), False),
        "60 s, panning": (lambda: pan(frames, 60 * rate, steps), False),
        "2 s, panning, samples read": (lambda: pan(frames, 2 * rate, steps), True),
        "zooming from whole to 2 s": (lambda: zoom(frames, 2 * rate, steps), False),
    }


def repainted(program: Program, views: dict[str, Case]) -> dict[str, tuple[float, float]]:
    """Milliseconds of the waveform pane, and of it with overview, ruler and lanes."""

    def settle() -> None:
        wait_for(program.services.io)

    shown, timeline = program.window.timeline, program.services.timeline
    pane, whole = (Shown(part, timeline) for part in (shown.panes.waveform, shown))
    return {
        name: (repaints(pane, made(), settle if wait else None), repaints(whole, made(), settle if wait else None))
        for name, (made, wait) in views.items()
    }


def beside(pane: waveform.WaveformPane, steps: int) -> dict[str, float]:
    """PlotDataItem's milliseconds for the same views of the shorter recording, in as many pixels."""
    with tempfile.TemporaryDirectory() as folder:
        samples, _rate = soundfile.read(waveform.made(Path(folder, "made.wav"), BESIDE_S), dtype="float32")
    before, began = memory_mb("VmRSS"), time.perf_counter()
    theirs = waveform.Theirs(np.asarray(samples))
    theirs.widget.resize(round(pane.plot.width()), pane.height())
    theirs.widget.grab()
    row("PlotDataItem, 30 min mono 44.1 kHz: filled", time.perf_counter() - began, "s")
    figures = {name: repaints(theirs, made()) for name, (made, _wait) in cases(len(samples), RATE, steps).items()}
    row("  its memory, over its samples", memory_mb("VmRSS") - before, "MB")
    return figures


def memory_mb(kind: str) -> float:
    """`VmRSS`, what this process holds now, or `VmHWM`, the most it held (Linux)."""
    return int(Path("/proc/self/status").read_text().split(f"{kind}:")[1].split()[0]) / 1024


if __name__ == "__main__":
    main()
