"""Pitches and degrees in words and as lines: names, cents, Hz, in the user's digits."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor, log2

from persian_mir.i18n import _
from persian_mir.modal.names import A_STEP, LETTERS, NATURALS, SIGNS, STEP_CENTS, NoteName, note_name
from persian_mir.modal.profile import A4_HZ, OCTAVE_CENTS
from persian_mir.modal.reading import ModalReading
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.note_signs import signed

TONIC_CENTS = 25.0  # a degree this near to the tonic is the tonic
LEAST_LINE = 0.02  # share of the time of a degree that gets a line


@dataclass(frozen=True, slots=True)
class DegreeLine:
    """A degree in one octave. `tonic`: the shahed in any octave; `shahed`: in the one where it sounds most.

    `name` is for `note_signs.draw_signed`.
    """

    cents_a4: float
    name: str
    figure: str
    weight: float
    tonic: bool
    shahed: bool


def cents_above_a4(hz: float) -> float:
    """Cents above 440 Hz."""
    return OCTAVE_CENTS * log2(hz / A4_HZ)


def hz_words(hz: float) -> str:
    """`311.6 Hz`."""
    return _("{number} Hz").format(number=formatting.digits(f"{hz:.1f}"))


def cents_words(cents: float, sign: bool = True) -> str:
    """`+355 ¢`, with a true minus."""
    number = f"{round(cents):+d}" if sign else f"{round(cents):d}"
    return _("{number} ¢").format(number=formatting.digits(number.replace("-", "\u2212")))


def tonic_note(reading: ModalReading) -> NoteName | None:
    """How the tonic is written in its mode; None without a tonic."""
    if reading.tonic_hz is None:
        return None
    near = [degree.name for degree in reading.degrees if _is_tonic(degree.cents)]
    return next((name for name in near if name), note_name(reading.tonic_hz))


def off_cents(hz: float, note: NoteName) -> float:
    """How far a pitch lies from a note as A = 440 Hz has it, octave aside."""
    signs = {sign: step for step, sign in SIGNS.items()}
    steps = NATURALS[LETTERS.index(note.letter)] + signs[note.sign] - A_STEP
    apart = cents_above_a4(hz) - steps * STEP_CENTS
    return (apart + OCTAVE_CENTS / 2) % OCTAVE_CENTS - OCTAVE_CENTS / 2


def place_words(seconds: float, hz: float, reading: ModalReading | None) -> str:
    """What lies under a point of the pitch pane."""
    lines = [f"{hz_words(hz)} · {note_name(hz).text}"]
    if reading is not None and reading.tonic_hz is not None:
        apart = OCTAVE_CENTS * log2(hz / reading.tonic_hz)
        lines.append(_("{cents} from the shahed").format(cents=cents_words(apart)))
    return "\n".join([formatting.timecode(seconds), *lines])


def degree_words(reading: ModalReading) -> str:
    """`Shahed Mi koron, 320.1 Hz. Fa +150 ¢, Sol +350 ¢`: the degrees that sound for some time."""
    note = tonic_note(reading)
    if reading.tonic_hz is None or note is None:
        return ""
    rows = [
        f"{degree.name.text} {cents_words(degree.cents)}"
        for degree in reading.degrees
        if degree.name is not None and degree.weight >= LEAST_LINE and not _is_tonic(degree.cents)
    ]
    shahed = _("Shahed {note}, {hz}").format(note=note.text, hz=hz_words(reading.tonic_hz))
    return f"{shahed}. {_(', ').join(rows)}"


def _is_tonic(cents: float) -> bool:
    return min(cents, OCTAVE_CENTS - cents) < TONIC_CENTS


def degree_lines(reading: ModalReading | None, low: float, high: float) -> list[DegreeLine]:
    """The degrees of a reading in every octave between `low` and `high` cents above A4."""
    if reading is None or reading.tonic_hz is None:
        return []
    tonic = cents_above_a4(reading.tonic_hz)
    lines = []
    for degree in reading.degrees:
        if degree.weight < LEAST_LINE:
            continue
        cents = degree.cents if degree.cents < OCTAVE_CENTS - TONIC_CENTS else degree.cents - OCTAVE_CENTS
        is_tonic = abs(cents) < TONIC_CENTS
        first = floor((low - tonic - cents) / OCTAVE_CENTS)
        last = ceil((high - tonic - cents) / OCTAVE_CENTS)
        for octave in range(first, last + 1):
            apart = (0.0 if is_tonic else cents) + octave * OCTAVE_CENTS
            shahed = is_tonic and octave == 0
            if not low <= tonic + apart <= high:
                continue
            figure = _("shahed · {hz}").format(hz=hz_words(reading.tonic_hz)) if shahed else cents_words(apart)
            name = signed(degree.name) if degree.name else ""
            lines.append(DegreeLine(tonic + apart, name, figure, degree.weight, is_tonic, shahed))
    note = tonic_note(reading)
    if note and not any(line.shahed for line in lines) and low <= tonic <= high:
        figure = _("shahed · {hz}").format(hz=hz_words(reading.tonic_hz))
        lines.append(DegreeLine(tonic, signed(note), figure, 1.0, True, True))
    return lines
