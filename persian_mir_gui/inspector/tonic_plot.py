"""The plot of a profile: what was measured, what the two best modes would sound like, the tonic to be dragged."""

from __future__ import annotations

from functools import partial

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainterPath

from persian_mir.i18n import _
from persian_mir.modal.explanation import Why, expected_profile
from persian_mir.modal.profile import OCTAVE_CENTS
from persian_mir.modal.reading import ModalReading
from persian_mir_gui.plots.note_axis import NoteMark
from persian_mir_gui.plots.profile_plot import ProfilePlot, smoothed, turned
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.note_signs import signed
from persian_mir_gui.widgets.pitch_words import LEAST_LINE, cents_words, degree_words, hz_words, tonic_note
from persian_mir_gui.widgets.theme import Theme, label_colour, mixed
from persian_mir_gui.widgets.theme_source import ThemeSource

SNAP_CENTS = 15.0  # a degree this near is what was meant
STEP_CENTS = 5.0  # of an arrow key
MARK_ROOM_CENTS = 20.0  # so near to an end, a mark stands at both
MARK_AT, MARK_PX = 1.09, 8  # of the height of the highest curve
HOLD_PX = 10
ENDS = (0.0, OCTAVE_CENTS)


class TonicPlot(ProfilePlot):
    """Drag a line at an end to another tonic, press twice on a peak to take it, or move it by the arrow keys."""

    tonic_wanted = Signal(float)  # Hz

    def __init__(self, themes: ThemeSource) -> None:
        super().__init__(_("Profile: how long each degree sounds"), themes)
        self.whole: ModalReading | None = None
        self._here: ModalReading | None = None
        self._why: Why | None = None
        self._tonics = [pg.InfiniteLine(end, movable=True, label="", labelOpts={"position": 0.92}) for end in ENDS]
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setProperty("role", "chart")
        for end, line in zip(ENDS, self._tonics, strict=True):
            line.addMarker("^", 0.0, HOLD_PX)
            line.setCursor(Qt.CursorShape.SizeHorCursor)
            line.sigDragged.connect(partial(self._drag, end))
            line.sigPositionChangeFinished.connect(partial(self._drop, end))

    def show_reading(self, whole: ModalReading | None, here: ModalReading | None, why: Why | None) -> None:
        """Show the whole filled, a part of it, if any, as a line, and above them what speaks for and against."""
        self.whole, self._here, self._why = whole, here, why
        self.setAccessibleDescription("" if whole is None else degree_words(whole))
        self._show()

    def set_theme(self, theme: Theme) -> None:
        """Paint in other colours from now on."""
        super().set_theme(theme)
        self._show()

    def place(self, cents: float, height: float = 0.5) -> QPoint:
        """Return where a distance from the tonic lies on the widget; `height` in heights of the highest curve."""
        place: QPoint = self.mapFromScene(self.box.mapViewToScene(QPointF(cents, height)))
        return place

    def _show(self) -> None:
        whole, theme = self.whole, self.theme
        self.box.clear()
        self.notes.show_marks(() if whole is None else note_marks(whole))
        if whole is None or whole.tonic_hz is None:
            return
        (first, _p), (second, _q) = whole.modes[:2]
        local = None if self._here is None else turned(self._here, whole.tonic_hz)
        lines = [] if local is None else [(local, pg.mkPen(theme.text_dim, width=1))]
        other = mixed(label_colour(theme, "mode", second), theme.text, 0.75)
        for mode, colour, dash in ((second, other, [1.5, 2.5]), (first, theme.text, [4, 3])):
            expected = expected_profile(whole, mode).astype(np.float64)
            lines.append((expected, pg.mkPen(colour, width=1.3, dash=dash)))
        self.draw(smoothed(whole.profile), label_colour(theme, "mode", first), lines)
        self._add_marks()
        for end, line in zip(ENDS, self._tonics, strict=True):
            line.setPen(theme.accent, width=1.2)
            line.setHoverPen(theme.accent, width=2.5)
            line.label.fill = pg.mkBrush(theme.panel)
            line.label.setColor(theme.accent)
            self._rest(line, end)
            self.box.addItem(line)

    def _add_marks(self) -> None:
        """A plus over what speaks for the mode, a minus over what speaks against it."""
        if self._why is None:
            return
        minus = QPainterPath(QPointF(-0.5, 0.0))
        minus.lineTo(0.5, 0.0)
        minus.closeSubpath()
        for rows, symbol, colour in (
            (self._why.supporting, "+", self.theme.text_dim),
            (self._why.opposing, minus, self.theme.warning),
        ):
            at = [cents for row in rows for cents in _both_ends(row.cents)]
            pen, brush = pg.mkPen(colour, width=1.6 if symbol is minus else 0.2), colour
            heights = [MARK_AT] * len(at)
            self.box.addItem(pg.ScatterPlotItem(at, heights, symbol=symbol, size=MARK_PX, pen=pen, brush=brush))

    # Setting the tonic

    def snapped(self, cents: float) -> float:
        """Return the distance meant: a degree's, if one is near; within half an octave of the present tonic."""
        degrees = self.whole.degrees if self.whole is not None else ()
        for degree in degrees:
            if degree.weight >= LEAST_LINE and abs(_around(cents - degree.cents)) <= SNAP_CENTS:
                return _around(degree.cents)
        return _around(cents)

    def _drag(self, end: float, line: pg.InfiniteLine) -> None:
        if self.whole is None or self.whole.tonic_hz is None:
            return
        moved = self.snapped(line.value() - end)
        line.setValue((end + moved) if 0 <= end + moved <= OCTAVE_CENTS else (end + moved) % OCTAVE_CENTS)
        line.label.setVisible(True)
        line.label.setFormat(f"{cents_words(moved)} · {hz_words(self.whole.tonic_hz * 2 ** (moved / OCTAVE_CENTS))}")

    def _drop(self, end: float, line: pg.InfiniteLine) -> None:
        moved = self.snapped(line.value() - end)
        self._rest(line, end)
        self._ask(moved)

    def _rest(self, line: pg.InfiniteLine, end: float) -> None:
        line.setValue(end)
        line.label.setVisible(False)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._ask(self.snapped(self.box.mapSceneToView(self.mapToScene(event.position().toPoint())).x()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -STEP_CENTS, Qt.Key.Key_Right: STEP_CENTS}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            self._ask(step)

    def _ask(self, cents: float) -> None:
        if self.whole is not None and self.whole.tonic_hz is not None and abs(cents) >= 1:
            self.tonic_wanted.emit(self.whole.tonic_hz * 2 ** (cents / OCTAVE_CENTS))


def note_marks(whole: ModalReading) -> list[NoteMark]:
    """Return the tonic at both ends and the degrees that sound enough, with their cents."""
    tonic = tonic_note(whole)
    home = signed(tonic) if tonic else ""
    ends = [NoteMark(end, home, 2.0, formatting.digits(str(round(end)))) for end in ENDS]
    rows = [
        NoteMark(one.cents, signed(one.name) if one.name else "", one.weight, formatting.digits(str(round(one.cents))))
        for one in whole.degrees
        if one.weight >= LEAST_LINE
    ]
    return [*ends, *rows]


def _both_ends(cents: float) -> tuple[float, ...]:
    return ENDS if min(cents, OCTAVE_CENTS - cents) < MARK_ROOM_CENTS else (cents,)


def _around(cents: float) -> float:
    return (cents + OCTAVE_CENTS / 2) % OCTAVE_CENTS - OCTAVE_CENTS / 2
