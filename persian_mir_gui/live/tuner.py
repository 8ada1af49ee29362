"""The tuning that is being set: which instrument, for which mode, at which pitch; and what each string sounds at."""

from __future__ import annotations

from math import log2
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from persian_mir.labels import ordered
from persian_mir.modal.live import LiveState
from persian_mir.modal.names import NoteName
from persian_mir.modal.profile import OCTAVE_CENTS
from persian_mir.modal.string_tunings import (
    INSTRUMENTS,
    StringTuning,
    nearest_string,
    reference_for,
    sounding_hz,
    tunings_of,
)
from persian_mir_gui.core.settings import Settings
from persian_mir_gui.library import item_text
from persian_mir_gui.library.session import Item, Session
from persian_mir_gui.live.listener import LiveNews
from persian_mir_gui.live.live import Live
from persian_mir_gui.modal.reading import Readings
from persian_mir_gui.playback.tones import Tones
from persian_mir_gui.widgets.pitch_words import tonic_note

LEAST_A, MOST_A = 400.0, 480.0
MOST_TRANSPOSED = 7  # semitones either way
TENTHS = 10  # of a Hz, in which A is kept
ANY = ""  # mode, where a tuning is for none in particular
IN_TUNE_CENTS = 5.0
MODAL = ("mode", "dastgah")  # the tasks that name what is tuned for
LOST_CENTS = 600.0  # from every string: something else sounds


class Tuner(QObject):
    """Follows the live listening; holds what the last sound of each string was off by, until the tuning changes."""

    changed = Signal()  # the tuning or its pitch
    measured = Signal()  # something sounds, or no more

    def __init__(
        self,
        settings: Settings,
        session: Session,
        live: Live,
        readings: Readings,
        tones: Tones,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._taken: tuple[Path, str] | None = None  # the recording whose mode was taken last, and that mode
        self._settings, self.live, self._readings, self._tones = settings, live, readings, tones
        self.pinned: int | None = None  # the string that is measured, whatever sounds
        self.sounding: tuple[int, float] | None = None  # place of the string and cents off
        self.state: LiveState | None = None  # what is heard, while something listens
        self.last: dict[int, float] = {}  # cents off, by the place of the string
        live.heard.connect(self._hear)
        readings.changed.connect(self.changed)

    # What is chosen

    @property
    def instrument(self) -> str:
        """What is being tuned."""
        chosen = str(self._settings.get("tuner_instrument"))
        return chosen if chosen in INSTRUMENTS else INSTRUMENTS[0]

    def modes(self) -> tuple[str, ...]:
        """The modes that have a tuning on this instrument; `ANY` where one is for no mode in particular."""
        known = [mode for one in tunings_of(self.instrument) for mode in one.modes or (ANY,)]
        return (*((ANY,) if ANY in known else ()), *ordered("mode", [mode for mode in known if mode != ANY]))

    @property
    def mode(self) -> str:
        """For which mode."""
        chosen, known = str(self._settings.get("tuner_mode")), self.modes()
        return chosen if chosen in known else known[0]

    def tunings(self) -> tuple[StringTuning, ...]:
        """The tunings to choose from."""
        mode = self.mode
        return tuple(one for one in tunings_of(self.instrument) if (mode in one.modes if mode else not one.modes))

    @property
    def tuning(self) -> StringTuning:
        """The one that is chosen."""
        return self.tunings()[min(int(self._settings.get("tuner_choice")), len(self.tunings()) - 1)]

    @property
    def a4_hz(self) -> float:
        """What A sounds at."""
        return min(max(int(self._settings.get("tuner_a")) / TENTHS, LEAST_A), MOST_A)

    @property
    def transposed(self) -> int:
        """How many semitones higher than it is called everything sounds."""
        return min(max(int(self._settings.get("tuner_transposed")), -MOST_TRANSPOSED), MOST_TRANSPOSED)

    def choose(self, key: str, value: object) -> None:
        """Set one of `instrument`, `mode`, `choice`, `a` (tenths of Hz) or `transposed`."""
        self._settings.set(f"tuner_{key}", value)
        self.pinned, self.sounding = None, None
        self.last.clear()
        self.changed.emit()

    def take_mode(self) -> None:
        """Choose the mode of the recording that is shown, where that is known and has a tuning.

        Once for each answer: another mode that the player chooses for it stays.
        """
        item, known = self._session.current, self.modes()
        mode = next((one for one in modes_of(item) if one in known), "") if item is not None else ""
        if item is None or not mode or self._taken == (item.path, mode):
            return
        self._taken = item.path, mode
        if mode != self.mode:
            self.choose("mode", mode)

    # The recording's own pitch

    @property
    def tonic(self) -> tuple[float, NoteName] | None:
        """The tonic of the recording that is open, in Hz, and what it is called nearest to; None without one."""
        reading = self._readings.known.whole
        called = None if reading is None else tonic_note(reading)
        if reading is None or reading.tonic_hz is None or called is None:
            return None
        return reading.tonic_hz, called

    def follow_recording(self, called: NoteName) -> None:
        """Tune so that the recording's tonic is the note that the player calls it."""
        if self.tonic is not None:
            a4_hz, semitones = reference_for(self.tonic[0], called)
            self.choose("transposed", semitones)
            self.choose("a", round(a4_hz * TENTHS))

    # The strings

    def hz(self, place: int) -> float:
        """What a string is to sound at."""
        return sounding_hz(self.tuning.strings[place].note, self.a4_hz, self.transposed)

    def play(self, place: int) -> None:
        """Let a string be heard; its own sound is not measured."""
        self._tones.play("degree", [self.hz(place)])

    def play_all(self) -> None:
        """Let all be heard, one after the other; while they are: silence."""
        self._tones.play("tuning", [self.hz(place) for place in range(len(self.tuning.strings))])

    def pin(self, place: int | None) -> None:
        """Measure against one string alone, or against the nearest."""
        self.pinned, self.sounding = place, None
        self.measured.emit()

    def _hear(self, news: LiveNews) -> None:
        state = news.state if news.phase == "listening" else None
        self.state = state
        pitch = None if state is None or self._tones.playing else state.pitch
        self.sounding = None if pitch is None else self._off(pitch.fine_hz or pitch.hz)
        if self.sounding is not None:
            self.last[self.sounding[0]] = self.sounding[1]
        self.measured.emit()

    def _off(self, hz: float) -> tuple[int, float] | None:
        if self.pinned is not None:
            cents = OCTAVE_CENTS * log2(hz / self.hz(self.pinned))
            found = self.pinned, cents
        else:
            found = nearest_string(self.tuning, hz, self.a4_hz, self.transposed)
        return found if abs(found[1]) < LOST_CENTS else None


def modes_of(item: Item) -> list[str]:
    """What a recording is in, the nearest first: what people said before what is read, a mode before its Dastgah."""
    said = [item.said[task].label for task in MODAL if task in item.said]
    answers = item_text.by_task(item)
    verdicts = [answers[task][0][1].verdict() for task in MODAL if task in answers]
    return [label for label in (*said, *(one.label for one in verdicts if one.sure)) if label]
