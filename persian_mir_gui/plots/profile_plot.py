"""A folded profile: share of the time upwards, cents of one octave along, the notes below."""

from __future__ import annotations

from collections.abc import Iterable
from math import log2

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QPen

from persian_mir.modal.profile import BINS, OCTAVE_CENTS, smoothing
from persian_mir.modal.reading import ModalReading
from persian_mir_gui.plots.base import Plot
from persian_mir_gui.plots.note_axis import NoteAxis
from persian_mir_gui.widgets.theme_source import ThemeSource

SPREAD_CENTS = 15.0  # smoothing of what was measured, for the eye
FILL = 0.45
ROOM = 1.16  # of the height of the highest curve
SIDE = 0.06  # of the width, so that the figures and marks at the ends are whole

Floats = NDArray[np.float64]


class ProfilePlot(Plot):
    """One profile filled, others as lines."""

    def __init__(self, name: str, themes: ThemeSource) -> None:
        self.notes = NoteAxis("bottom")
        super().__init__(name, themes, self.notes)
        self.setAntialiasing(True)
        self.box.setXRange(0, OCTAVE_CENTS, padding=SIDE)
        self.box.setYRange(0, ROOM, padding=0)

    def draw(self, filled: Floats, colour: QColor, lines: Iterable[tuple[Floats, QPen]] = ()) -> None:
        """Draw `filled` [240] in `colour`, and over it `lines` [240] with their pens, all at one scale."""
        self.box.clear()
        lines = tuple(lines)
        top = max(1e-9, *(float(values.max()) for values in (filled, *(values for values, _pen in lines))))
        fill = QColor(colour)
        fill.setAlphaF(FILL)
        for values, pen, brush in ((filled, QPen(colour, 1.2), fill), *((values, pen, None) for values, pen in lines)):
            whole = np.append(values, values[0]) / top  # the octave is the tonic again
            level = None if brush is None else 0.0
            cents = np.linspace(0, OCTAVE_CENTS, BINS + 1)
            pen.setCosmetic(True)
            self.box.addItem(pg.PlotCurveItem(cents, whole, pen=pen, brush=brush, fillLevel=level, antialias=True))


def smoothed(profile: Floats) -> Floats:
    """Return a folded profile [240] without the jitter of its bins."""
    return np.asarray(smoothing(BINS, BINS, SPREAD_CENTS) @ profile)


def turned(reading: ModalReading, tonic_hz: float) -> Floats | None:
    """Return the profile [240] of a reading seen from another tonic; None where it has none."""
    if reading.tonic_hz is None:
        return None
    apart = round(log2(reading.tonic_hz / tonic_hz) * BINS)
    return smoothed(np.roll(reading.profile, apart))
