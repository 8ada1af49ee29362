"""How long each pitch class sounded since listening began; once a mode leads, from its tonic and with its degrees."""

from __future__ import annotations

import numpy as np

from persian_mir.i18n import _
from persian_mir.modal.degrees import scale_degrees
from persian_mir.modal.live import LiveState
from persian_mir.modal.names import note_name, spell
from persian_mir.modal.profile import BINS, OCTAVE_CENTS
from persian_mir.modal.reading import ModalReading
from persian_mir_gui.plots.melody import CONCERT_HZ
from persian_mir_gui.plots.note_axis import NoteMark
from persian_mir_gui.plots.profile_plot import ProfilePlot, smoothed
from persian_mir_gui.widgets.note_signs import signed
from persian_mir_gui.widgets.theme import label_colour
from persian_mir_gui.widgets.theme_source import ThemeSource


class GrowingProfile(ProfilePlot):
    """Without a mode it begins at A = 440 Hz."""

    def __init__(self, themes: ThemeSource) -> None:
        super().__init__(_("Profile: how long each degree sounds"), themes)
        self._state: LiveState | None = None
        self.dressed.connect(lambda: self.show_state(self._state))

    def show_state(self, state: LiveState | None) -> None:
        """Show the newest profile."""
        self._state = state
        reading = leading(state)
        self.notes.show_marks(scale_marks(reading))
        if state is None or not state.profile.any():
            self.box.clear()
            return
        start = 0.0 if reading is None else np.log2((reading.tonic_hz or CONCERT_HZ) / CONCERT_HZ) % 1.0
        colour = self.theme.accent if reading is None else label_colour(self.theme, "mode", reading.modes[0][0])
        self.draw(np.roll(smoothed(state.profile), -round(start * BINS)), colour)


def leading(state: LiveState | None) -> ModalReading | None:
    """Return the reading where it has a tonic."""
    reading = None if state is None else state.reading
    return reading if reading is not None and reading.tonic_hz is not None else None


def scale_marks(reading: ModalReading | None) -> list[NoteMark]:
    """Return one octave of notes: the degrees of the mode above its tonic, without one the semitones above A."""
    if reading is None or reading.tonic_hz is None:
        names = [(100.0 * k, note_name(CONCERT_HZ * 2 ** (k / 12))) for k in range(13)]
        return [NoteMark(cents, signed(name)) for cents, name in names]
    scale = scale_degrees(reading.modes[0][0])
    spelling = spell(reading.tonic_hz, [(degree.step, degree.letters) for degree in scale])
    marks = {degree.farhat_cents % OCTAVE_CENTS: signed(spelling.note(degree.step, degree.letters)) for degree in scale}
    octave = [NoteMark(cents, name, strong=cents == 0.0) for cents, name in sorted(marks.items())]
    return [*octave, NoteMark(OCTAVE_CENTS, marks.get(0.0, ""), strong=True)]
