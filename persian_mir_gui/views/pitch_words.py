"""Pitches and degrees in words and as lines: names, cents, Hz, in the user's digits."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor, log2

from persian_mir.i18n import _
from persian_mir.modal.names import note_name
from persian_mir.modal.profile import A4_HZ, OCTAVE_CENTS
from persian_mir.modal.reading import ModalReading
from persian_mir_gui.views import words

LEAST_LINE = 0.02  # share of the time of a degree that gets a line


@dataclass(frozen=True, slots=True)
class DegreeLine:
    """A degree in one octave. `tonic`: the shahed in any octave; `shahed`: in the one where it sounds most."""

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
    return _("{number} Hz").format(number=words.digits(f"{hz:.1f}"))


def cents_words(cents: float, sign: bool = True) -> str:
    """`+355 ¢`, with a true minus."""
    number = f"{round(cents):+d}" if sign else f"{round(cents):d}"
    return _("{number} ¢").format(number=words.digits(number.replace("-", "\u2212")))


def hz_of(cents_a4: float) -> float:
    """The frequency of cents above 440 Hz."""
    return float(A4_HZ * 2 ** (cents_a4 / OCTAVE_CENTS))


def tonic_name(reading: ModalReading) -> str:
    """How the tonic is written in its mode; empty without a tonic."""
    if reading.tonic_hz is None:
        return ""
    near = [degree for degree in reading.degrees if min(degree.cents, OCTAVE_CENTS - degree.cents) < 25 and degree.name]
    return near[0].name.text if near and near[0].name else note_name(reading.tonic_hz).text


def place_words(seconds: float, hz: float, reading: ModalReading | None) -> str:
    """What lies under a point of the pitch pane."""
    lines = [f"{hz_words(hz)} · {note_name(hz).text}"]
    if reading is not None and reading.tonic_hz is not None:
        apart = OCTAVE_CENTS * log2(hz / reading.tonic_hz)
        lines.append(_("{cents} from the shahed").format(cents=cents_words(apart)))
    return "\n".join([words.timecode(seconds), *lines])


def degree_lines(reading: ModalReading | None, low: float, high: float) -> list[DegreeLine]:
    """The degrees of a reading in every octave between `low` and `high` cents above A4."""
    if reading is None or reading.tonic_hz is None:
        return []
    tonic = cents_above_a4(reading.tonic_hz)
    lines = []
    for degree in reading.degrees:
        if degree.weight < LEAST_LINE:
            continue
        cents = degree.cents if degree.cents < OCTAVE_CENTS - 25 else degree.cents - OCTAVE_CENTS
        is_tonic = abs(cents) < 25
        first = floor((low - tonic - cents) / OCTAVE_CENTS)
        last = ceil((high - tonic - cents) / OCTAVE_CENTS)
        for octave in range(first, last + 1):
            apart = (0.0 if is_tonic else cents) + octave * OCTAVE_CENTS
            shahed = is_tonic and octave == 0
            if not low <= tonic + apart <= high:
                continue
            figure = _("shahed · {hz}").format(hz=hz_words(reading.tonic_hz)) if shahed else cents_words(apart)
            name = degree.name.text if degree.name else ""
            lines.append(DegreeLine(tonic + apart, name, figure, degree.weight, is_tonic, shahed))
    if not any(line.shahed for line in lines) and low <= tonic <= high:
        figure = _("shahed · {hz}").format(hz=hz_words(reading.tonic_hz))
        lines.append(DegreeLine(tonic, tonic_name(reading), figure, 1.0, True, True))
    return lines
