"""Repainting a waveform of 1400 x 300 pixels: the timeline's own, beside pyqtgraph's PlotDataItem, in one run.

    python benchmarks/waveform.py [--file FILE] [--steps 60] [--without-pyqtgraph] [--json FILE]

The same samples (30 minutes of synthesised sound, or FILE) are shown by both; then 3 hours of 96 kHz stereo by the
timeline alone, its peaks synthesised straight into a pyramid: PlotDataItem holds every sample and a position for
each, which for 3 hours would be 12 GB. Each figure is the median time of one repaint in milliseconds.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QWidget

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.report import Row, timed, write
from persian_mir.audio import open_audio
from persian_mir.audio.pyramid import Pyramid, build_pyramid
from persian_mir.audio.pyramid_levels import total_bins
from persian_mir.recording import Recording
from persian_mir_gui.core.jobs import JobRunner
from persian_mir_gui.core.timeline import Timeline
from persian_mir_gui.plots.time_axis import HEIGHT_PX
from persian_mir_gui.plots.time_scale import GUTTER, MARGIN
from persian_mir_gui.timeline.waveform_pane import WaveformPane
from persian_mir_gui.widgets.theme import DARK
from persian_mir_gui.widgets.theme_source import ThemeSource

WIDTH, HEIGHT, ROUNDS = 1400, 300, 3
RATE = 44_100
View = tuple[float, float]


class Session(QObject):
    shown_changed, pyramid_grew = Signal(), Signal(object)

    current: Any = None


class Ours:
    """The timeline's waveform pane with its ruler, without the rest of the window."""

    def __init__(self, recording: Recording, pyramid: Pyramid) -> None:
        self.timeline, self.io = Timeline(), JobRunner()
        session = Session()
        session.current = SimpleNamespace(state="ready", recording=recording, pyramid=pyramid, error=None)
        services: Any = SimpleNamespace(timeline=self.timeline, session=session, io=self.io, player=None)
        self.widget = WaveformPane(services.io, services.timeline, services.session, services.player, ThemeSource(DARK))
        self.widget.resize(WIDTH + GUTTER + MARGIN, HEIGHT + HEIGHT_PX)
        self.timeline.set_recording(recording.rate, recording.frames)

    def look(self, view: View) -> None:
        self.timeline.set_view(*view)


class Theirs:
    """PlotDataItem as it is meant for long signals: peak downsampling, clipped to the view."""

    def __init__(self, samples: np.ndarray) -> None:
        import pyqtgraph as pg

        self.widget = pg.PlotWidget()
        self.widget.resize(WIDTH, HEIGHT)
        self.widget.hideAxis("left")
        self.widget.hideAxis("bottom")
        item = pg.PlotDataItem(samples)
        self.widget.addItem(item)
        item.setDownsampling(auto=True, method="peak")
        item.setClipToView(True)
        self.widget.setYRange(-1, 1, padding=0)

    def look(self, view: View) -> None:
        self.widget.setXRange(*view, padding=0)


def repaints(shown: Ours | Theirs, views: Iterator[View], settle: Callable[[], None] | None = None) -> float:
    """Median milliseconds from a new view to its finished picture."""
    widget: QWidget = shown.widget
    times = []
    for view in views:
        if settle:
            shown.look(view)
            widget.grab()
            settle()
        start = time.perf_counter()
        shown.look(view)
        widget.grab()
        times.append(time.perf_counter() - start)
    return statistics.median(times) * 1000


def pan(frames: int, span: float, steps: int) -> Iterator[View]:
    """Half the view onwards each time, within the middle of the recording."""
    first = (frames - span) / 4
    step = min(span / 2, (frames - span) / 2 / steps)
    return ((first + k * step, first + k * step + span) for k in range(steps))


def zoom(frames: int, narrowest: float, steps: int) -> Iterator[View]:
    """From everything to `narrowest` samples around the middle, by the same factor each time."""
    spans = frames * (narrowest / frames) ** (np.arange(steps) / (steps - 1))
    return ((frames / 2 - span / 2, frames / 2 + span / 2) for span in spans.tolist())


def wait_for(io: JobRunner) -> None:
    """Let the reading of samples, if any goes on, arrive."""
    while io.jobs:
        QApplication.processEvents()
        time.sleep(0.005)


def cases(frames: int, rate: int, steps: int) -> dict[str, Callable[[], Iterator[View]]]:
    return {
        "pan, a tenth in view": lambda: pan(frames, frames / 10, steps),
        "pan, 60 s in view": lambda: pan(frames, 60 * rate, steps),
        "pan, 10 s in view": lambda: pan(frames, 10 * rate, steps),
        "zoom, all to 10 s": lambda: zoom(frames, 10 * rate, steps),
    }


def made(path: Path, seconds: float) -> Path:
    """Plucked tones with noise, mono, as a WAV."""
    import soundfile

    rng = np.random.default_rng(7)
    with soundfile.SoundFile(path, "w", RATE, 1, "PCM_16") as file:
        t = np.arange(RATE * 10) / RATE
        for _ in range(round(seconds / 10)):
            tone = np.sin(2 * np.pi * rng.uniform(150, 600) * t) * np.exp(-((t * rng.uniform(1, 4)) % 1.0) * 3)
            file.write((0.6 * rng.uniform(0.3, 1) * tone + 0.01 * rng.standard_normal(len(t))).astype(np.float32))
    return path


def three_hours() -> tuple[Recording, Pyramid]:
    rate = 96_000
    frames = 3 * 3600 * rate
    recording = Recording(Path("three-hours.wav"), "0" * 32, rate, frames, 2, "WAV", "none")
    high = np.random.default_rng(7).uniform(0.1, 0.9, total_bins(frames)).astype(np.float32)
    pyramid = Pyramid(recording, np.stack([-high, high, np.square(high * 0.4)]))
    pyramid.mark_complete()
    return recording, pyramid


def report(name: str, ours: float, theirs: float | None) -> None:
    other = "" if theirs is None else f"{theirs:12.2f}{theirs / ours:10.1f}x"
    print(f"{name:40}{ours:10.2f}{other}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--file", type=Path)
    parser.add_argument("--steps", type=int, default=60)
    parser.add_argument("--without-pyqtgraph", action="store_true")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the rows there, too")
    args = parser.parse_args()
    app = QApplication([])
    with tempfile.TemporaryDirectory() as folder:
        os.environ["PERSIAN_MIR_HOME"] = folder
        path = args.file or made(Path(folder, "made.wav"), 1800)
        rows = compare(path, args.steps, not args.without_pyqtgraph)
    if args.json:
        write(args.json, rows)
    recording, pyramid = three_hours()
    ours = Ours(recording, pyramid)
    print(f"\n{recording.duration_s / 3600:.0f} h, {recording.rate / 1000:g} kHz, stereo {'ms':>14}")
    for name, views in cases(recording.frames, recording.rate, args.steps).items():
        report(name, repaints(ours, views()), None)
    ours.io.close()
    app.quit()


def compare(path: Path, steps: int, with_pyqtgraph: bool) -> list[Row]:
    with open_audio(path) as source:
        recording, start = source.recording, time.perf_counter()
        pyramid = build_pyramid(source)
        built = time.perf_counter() - start
        samples = source.read(0, recording.frames).mean(axis=0) if with_pyqtgraph else None
    ours, start = Ours(recording, pyramid), time.perf_counter()
    theirs = None if samples is None else Theirs(samples)
    held = time.perf_counter() - start
    print(f"{recording.duration_s / 60:.0f} min, {recording.rate / 1000:g} kHz: pyramid built in {built:.2f} s", end="")
    print("" if theirs is None else f", PlotDataItem filled in {held:.2f} s (samples already decoded)")
    rows: list[Row] = []
    print(f"{'median repaint':40}{'ours, ms':>10}{'pyqtgraph, ms':>14}{'ratio':>9}")
    for name, views in cases(recording.frames, recording.rate, steps).items():
        mine = [repaints(ours, views()) for _round in range(ROUNDS)]
        other = [repaints(theirs, views()) for _round in range(ROUNDS)] if theirs else []
        report(name, statistics.median(mine), statistics.median(other) if other else None)
        rows += [timed("waveform", name, "PlotDataItem", mine, other, unit="ms")] if other else []
    for name, span in (("pan, 2 s in view (samples read)", 2 * recording.rate), ("pan, 500 samples in view", 500)):
        mine = repaints(ours, pan(recording.frames, span, steps), lambda: wait_for(ours.io))
        report(name, mine, theirs and repaints(theirs, pan(recording.frames, span, steps)))
    ours.io.close()
    return rows


if __name__ == "__main__":
    main()
