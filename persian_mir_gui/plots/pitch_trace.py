"""Pitch of the last seconds as it is played, on the degrees of the mode, over a melody that is to be followed."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg

from persian_mir.i18n import _
from persian_mir.modal.live import TRACE_S
from persian_mir.modal.pitch import HOP_S, PitchTrack
from persian_mir.modal.profile import OCTAVE_CENTS
from persian_mir.modal.reading import ModalReading
from persian_mir_gui.plots.base import NumberAxis, Plot
from persian_mir_gui.plots.growing_profile import scale_marks
from persian_mir_gui.plots.melody import CONCERT_HZ, Floats, Melody, cents_above
from persian_mir_gui.plots.note_axis import NoteAxis, NoteMark
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.theme import Theme, mixed
from persian_mir_gui.widgets.theme_source import ThemeSource

AHEAD_S = 5.0  # of the reference that is seen before it is to be played
STEP_CENTS, MARGIN_CENTS, LEAST_CENTS = 100.0, 80.0, 900.0  # of the height: its grain, its rim, its least
SLACK_CENTS = 900.0  # the height is drawn in when it is so much more than is needed
ODD = 2.0  # per cent of the frames that may lie outside: stray octaves


class PitchTrace(Plot):
    """Now stands at 0; time runs to the right in both languages. With a reference one sees it coming."""

    def __init__(self, themes: ThemeSource) -> None:
        self.notes, seconds = NoteAxis("left"), NumberAxis("bottom")
        name = _("Pitch of the last {number} s").format(number=formatting.digits(str(round(TRACE_S))))
        super().__init__(name, themes, self.notes, seconds)
        seconds.setStyle(maxTickLevel=0)
        self._reading: ModalReading | None = None
        self._span = (-LEAST_CENTS / 2, LEAST_CENTS / 2)
        self._lines: list[pg.InfiniteLine] = []
        self.reference: Melody | None = None
        self._begun_s: float | None = None  # when on the clock of listening the reference begins
        self._played, self._reference, self._now = pg.PlotCurveItem(), pg.PlotCurveItem(), pg.InfiniteLine(0.0)
        for item in (self._reference, self._played, self._now):
            self.box.addItem(item)
        for curve in (self._reference, self._played):  # thick lines: 2 ms a repaint instead of 12
            curve.setSegmentedLineMode("on")
        self.show_reference(None)
        self.set_theme(themes.theme)

    def set_theme(self, theme: Theme) -> None:
        """Paint in other colours from now on."""
        super().set_theme(theme)
        self._played.setPen(pg.mkPen(theme.text, width=2))
        self._reference.setPen(pg.mkPen(mixed(theme.warning, theme.panel, 0.55), width=5))
        self._now.setPen(theme.playhead)
        self._draw_degrees()

    def show_reference(self, reference: Melody | None) -> None:
        """Lay a melody behind what is played, from its start; None takes it away."""
        self.reference, self._begun_s = reference, None
        ahead = 0.0 if reference is None else AHEAD_S
        self.box.setXRange(ahead - TRACE_S, ahead, padding=0)
        self._now.setVisible(reference is not None)
        self.show_track(None, None)

    def show_track(self, track: PitchTrack | None, reading: ModalReading | None) -> None:
        """Show the last seconds and, where the mode is known, its degrees. The reference begins at the first track."""
        reference = self.reference
        known = reading or (None if reference is None else reference.reading)
        played = np.zeros(0) if track is None else cents_above(track, _tonic_hz(known))
        hop_s = 1.0 if track is None else track.hop_s
        first = 0 if track is None else round(track.start_s / hop_s)
        times = np.arange(-len(played), 0, dtype=np.float64) * hop_s
        self._draw(self._played, times, played, first)
        if track is not None and self._begun_s is None:
            self._begun_s = track.stop_s
        elapsed_s = 0.0 if track is None or self._begun_s is None else track.stop_s - self._begun_s
        followed = self._show_part(elapsed_s)
        span = height(np.concatenate([played, followed]), self._span)
        if span != self._span or known is not self._reading:
            self._span, self._reading = span, known
            self._draw_degrees()

    def _show_part(self, elapsed_s: float) -> Floats:
        """Show the part of the reference that is in view, `elapsed_s` after its start, and return it."""
        if self.reference is None:
            self._reference.clear()
            return np.zeros(0)
        hop_s = self.reference.hop_s
        first = max(0, round((elapsed_s + AHEAD_S - TRACE_S) / hop_s))
        part = self.reference.cents[first : max(0, round((elapsed_s + AHEAD_S) / hop_s))]
        times = np.arange(first, first + len(part), dtype=np.float64) * hop_s - elapsed_s
        self._draw(self._reference, times, part, first)
        return part

    def _draw(self, curve: pg.PlotCurveItem, times: Floats, cents: Floats, first: int) -> None:
        """Draw frames, `first` being the number of the first one; no more of them than there are pixels, as those cost.

        Always the same ones, wherever the view begins: else the line would tremble while it moves.
        """
        step = max(1, round(TRACE_S / HOP_S / max(self.box.width(), 1.0)))
        chosen = slice(-first % step, None, step)
        curve.setData(times[chosen], cents[chosen], connect="finite", antialias=True)

    def _draw_degrees(self) -> None:
        for line in self._lines:
            self.box.removeItem(line)
        low, high = self._span
        octaves = range(int(low // OCTAVE_CENTS), int(high // OCTAVE_CENTS) + 1)
        scale = scale_marks(self._reading)[:-1]
        marks = [
            NoteMark(one.cents + OCTAVE_CENTS * octave, one.name, 1.0 + one.strong, strong=one.strong)
            for octave in octaves
            for one in scale
            if low <= one.cents + OCTAVE_CENTS * octave <= high
        ]
        faint = mixed(self.theme.text_faint, self.theme.panel, 0.4)
        self._lines = [
            pg.InfiniteLine(one.cents, angle=0, pen=self.theme.accent if one.strong else pg.mkPen(faint, dash=[3, 4]))
            for one in marks
        ]
        for line in self._lines:
            line.setZValue(-1)
            self.box.addItem(line)
        self.notes.show_marks(marks)
        self.box.setYRange(low, high, padding=0)


def height(cents: Floats, now: tuple[float, float]) -> tuple[float, float]:
    """Return what height `cents` need, without stray octaves; `now`, while that holds them and is not far too much."""
    found = cents[np.isfinite(cents)]
    if not len(found):
        return now
    low, high = np.percentile(found, [ODD, 100 - ODD])
    low = np.floor((low - MARGIN_CENTS) / STEP_CENTS) * STEP_CENTS
    high = np.ceil((high + MARGIN_CENTS) / STEP_CENTS) * STEP_CENTS
    more = max(0.0, LEAST_CENTS - (high - low)) / 2
    low, high = float(low - more), float(high + more)
    kept = now[0] <= low and high <= now[1] and (now[1] - now[0]) - (high - low) < SLACK_CENTS
    return now if kept else (low, high)


def _tonic_hz(reading: ModalReading | None) -> float:
    return CONCERT_HZ if reading is None or reading.tonic_hz is None else reading.tonic_hz
