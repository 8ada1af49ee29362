"""Avaz: free-metre phrases that move as the radif does, dwell on the shahed, and come down to rest, then breathe."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from persian_mir.examples.performance import Note
from persian_mir.examples.scale import Scale

_FIRST_S = 0.25  # silence before the first note
_LAST_S = 0.8  # the last note rings into this
_CLOSING_S = 9.0  # before the end, no new phrase begins
_FORUD_S = 5.0  # before the end, the closing forud begins
_LEAST_FORUD_S = 1.0
_WIDEST_NEIGHBOUR = 300.0  # cents; a tahrir breaks to the next degree, not over a leap


class _Player:
    """One improvisation being made: where it is in time and in the scale."""

    def __init__(self, scale: Scale, shahed_hz: float, pace_s: float, ornament: str, rng: np.random.Generator) -> None:
        self.scale, self.shahed_hz, self.pace_s, self.ornament, self.rng = scale, shahed_hz, pace_s, ornament, rng
        self.time = 0.0
        self.place = scale.index(0.0)
        self.notes: list[Note] = []

    def sound(self, place: int, seconds: float, stroke: str = "plain") -> None:
        cents = float(self.scale.cents[place])
        hz = self.shahed_hz * 2 ** (cents / 1200)
        stop = self.time + seconds
        self.notes.append(Note(self.time, stop, hz, cents, int(self.scale.degrees[place]), stroke))
        self.time, self.place = stop, place

    def step(self) -> None:
        """One note on, by the radif's own transitions, longer on the notes that it dwells on."""
        place = int(self.rng.choice(len(self.scale.cents), p=self.scale.moves[self.place]))
        self.adorn(place, self.length(place))

    def walk(self, steps: int, until: float) -> None:
        """Wander on by `steps` notes, none of which begins at the time `until` or later."""
        for _ in range(steps):
            if self.time < until:
                self.step()

    def length(self, place: int) -> float:
        # Free metre: lengths are spread around the radif's mean for this pitch, the shahed's a little longer.
        stress = 1.15 if self.scale.cents[place] == 0 else 1.0
        spread = float(np.exp(self.rng.normal(0.0, 0.4)))
        return self.pace_s * stress * float(np.clip(self.scale.lengths[place] * spread, 0.45, 5.0))

    def adorn(self, place: int, seconds: float) -> None:
        """Sound a note in the manner of the instrument: a tremolo, a yodel-like tahrir, or plainly."""
        if seconds > 0.55 and self.rng.random() < 0.4:
            if self.ornament == "tahrir":
                self.tahrir(place, seconds)
                return
            self.sound(place, seconds, "riz")
            return
        self.sound(place, seconds)

    def tahrir(self, place: int, seconds: float) -> None:
        above = min(place + 1, len(self.scale.cents) - 1)
        if above == place or self.scale.cents[above] - self.scale.cents[place] > _WIDEST_NEIGHBOUR:
            self.sound(place, seconds)
            return
        self.sound(place, seconds * 0.45)
        for _ in range(int(self.rng.integers(2, 4))):
            self.sound(above, 0.07, "tahrir")
            self.sound(place, 0.13, "tahrir")
        self.sound(place, seconds * 0.35)

    def cadence(self, goal: int, held_s: float) -> None:
        """Forud: from at least two steps above, down by step to `goal`, which is held."""
        top = min(max(self.place, goal + 2), len(self.scale.cents) - 1)
        for place in range(top, goal, -1):
            self.sound(place, self.length(place))
        self.adorn(goal, held_s)

    def breathe(self) -> None:
        self.time += float(self.rng.uniform(0.4, 0.8))

    def goal(self) -> int:
        """Where this phrase rests: the shahed, the ist, or another of the radif's resting notes."""
        where = self.rng.random()
        if where < 0.3:
            return self.scale.index(0.0)
        if where < 0.45:
            return self.scale.index(self.scale.ist)
        return int(self.rng.choice(len(self.scale.cents), p=self.scale.rests))


def compose(
    scale: Scale, shahed_hz: float, seconds: float, pace_s: float, ornament: str, rng: np.random.Generator
) -> tuple[Note, ...]:
    """Notes of an improvisation that ends, with a forud to the ist, just before `seconds`.

    Under 4 s there is no time for the forud, and it breaks off. `pace_s` is the length of a median note, `ornament`
    "riz" (plucked) or "tahrir" (blown, bowed).
    """
    player = _Player(scale, shahed_hz, pace_s, ornament, rng)
    player.time = min(_FIRST_S, seconds / 8)
    player.sound(player.place, min(1.2, seconds / 3))  # the shahed is announced
    while player.time < seconds - _CLOSING_S:
        player.walk(int(rng.integers(9, 22)), seconds - _CLOSING_S)
        player.cadence(player.goal(), float(rng.uniform(0.6, 1.3)))
        player.breathe()
    while player.time < seconds - _FORUD_S:
        player.step()
    before = len(player.notes)
    player.cadence(scale.index(scale.ist), 2.0)
    stop = max(seconds - _LAST_S, seconds / 2)
    return tuple(_within([*player.notes[:before], *_hurried(player.notes[before:], stop)], stop))


def _hurried(forud: Sequence[Note], stop: float) -> Iterator[Note]:
    """The closing forud, faster where it would not come to rest by `stop`; as it is where no pace would do."""
    start, end = forud[0].start_s, forud[-1].stop_s
    pace = (stop - start) / (end - start)
    if pace >= 1.0 or stop - start < _LEAST_FORUD_S:
        pace = 1.0
    for note in forud:
        yield replace(note, start_s=start + pace * (note.start_s - start), stop_s=start + pace * (note.stop_s - start))


def _within(notes: list[Note], stop: float) -> Iterator[Note]:
    for note in notes:
        if note.start_s + 0.04 < stop:
            end = min(note.stop_s, stop)
            yield replace(note, stop_s=end)
