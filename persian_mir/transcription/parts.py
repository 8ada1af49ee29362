"""The parts of a recording that headings of its score stand over: its sections, and within them the nearest gushehs."""

from __future__ import annotations

from collections.abc import Iterator

from persian_mir.modal.gushehs import GushehStretch, gusheh_timeline
from persian_mir.modal.reading import ModalReading
from persian_mir.transcription.write_score import Heard, Part

LEAST_S = 30.0  # a median gusheh of the radif takes half a minute; what is shorter belongs to what is before it


def parts_of(reading: ModalReading) -> tuple[Part, ...]:
    """The parts in order of time. A gusheh that is nearest for less than `LEAST_S` begins none."""
    return tuple(_parts(reading, gusheh_timeline(reading)))


def _parts(reading: ModalReading, stretches: tuple[GushehStretch, ...]) -> Iterator[Part]:
    begun: set[float] = set()
    for one in stretches:
        section = next((each for each in reading.sections if each.start_s <= one.start_s < each.stop_s), None)
        mine = reading if section is None else section.reading
        start_s = reading.track.start_s if section is None else section.start_s
        if start_s in begun and one.stop_s - one.start_s < LEAST_S:
            continue
        begun.add(start_s)
        heard = Heard(mine.modes[0][0], mine.tonic_hz) if mine.heard and mine.tonic_hz is not None else None
        yield Part(one.start_s, heard, one.nearest[0][0] if one.nearest else None)
