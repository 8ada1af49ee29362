"""The entries of a long manifest in little memory: what rows say, which is mostly the same, once; and their times."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import overload

import numpy as np
from numpy.typing import NDArray

from trainer.data.dataset import Entry

Integers = NDArray[np.int64]
Row = tuple[Entry, float, float, str | int]  # what it says, from when and up to when, and where it stands

BLOCK = 1 << 12  # rows made at a time


class Rows(Sequence[Entry]):
    """Entries that are made as they are asked for: 28 bytes each, and what several say is held once.

    `said`: the different things that rows say, times and places aside. `which` int32 [rows], a place in `said`;
    `starts` and `stops` float64 [rows], in seconds.
    """

    def __init__(self, rows: Iterable[Row] = ()) -> None:
        """What several rows say is held once where it is the same object."""
        said: list[Entry] = []
        known: dict[int, int] = {}
        which, starts, stops = array("i"), array("d"), array("d")
        places: list[str] = []
        numbers = array("q")
        for one, start_s, stop_s, place in rows:
            at = known.setdefault(id(one), len(said))
            if at == len(said):
                said.append(one)
            which.append(at)
            starts.append(start_s)
            stops.append(stop_s)
            if isinstance(place, int):
                numbers.append(place)
            else:
                places.append(place)
                numbers.append(-len(places))
        self.said = said
        self.which = np.frombuffer(which, np.int32) if which else np.zeros(0, np.int32)
        self.starts, self.stops = (np.frombuffer(some) if some else np.zeros(0) for some in (starts, stops))
        self._numbers = np.frombuffer(numbers, np.int64) if numbers else np.zeros(0, np.int64)
        self._places = places

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> Rows:
        """The same as rows."""
        if isinstance(entries, cls):
            return entries
        return cls((one, one.start_s, one.stop_s, one.place) for one in entries)

    def __len__(self) -> int:
        return len(self.which)

    @overload
    def __getitem__(self, at: int) -> Entry: ...
    @overload
    def __getitem__(self, at: slice) -> Rows: ...
    def __getitem__(self, at: int | slice) -> Entry | Rows:
        """One entry, or some of them."""
        if isinstance(at, slice):
            return self.some(np.arange(len(self))[at])
        return self._entry(self.which[at], self.starts[at], self.stops[at], self._numbers[at])

    def __iter__(self) -> Iterator[Entry]:
        for start in range(0, len(self), BLOCK):
            block = slice(start, start + BLOCK)
            yield from map(
                self._entry,
                self.which[block].tolist(),
                self.starts[block].tolist(),
                self.stops[block].tolist(),
                self._numbers[block].tolist(),
            )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and len(self) == len(other) and all(map(Entry.__eq__, self, other))

    __hash__ = None  # type: ignore[assignment]

    def some(self, chosen: NDArray[np.bool_] | Integers) -> Rows:
        """Those rows, in that order; `said` stays whole."""
        return self._with(self.said, chosen)

    def changed(self, change: Callable[[Entry], Entry]) -> Rows:
        """The same rows, what they say changed."""
        return self._with(list(map(change, self.said)), slice(None))

    def counted(self) -> list[tuple[Entry, int]]:
        """What rows say, in the order of the first that does, and how many do."""
        if len(self) == 1:
            return [(self.said[self.which[0]], 1)]
        numbers, firsts, counts = np.unique(self.which, return_index=True, return_counts=True)
        return [(self.said[numbers[k]], int(counts[k])) for k in np.argsort(firsts)]

    def by_path(self) -> dict[Path, Rows]:
        """The rows of each recording, in the order of its first."""
        paths: dict[Path, int] = {}
        files = np.array([paths.setdefault(one.path, len(paths)) for one in self.said], np.int32)[self.which]
        order = np.argsort(files, kind="stable")
        numbers, begins = np.unique(files[order], return_index=True)
        parts, names = np.split(order, begins[1:]), list(paths)
        found = [(int(part[0]), names[number], part) for number, part in zip(numbers, parts, strict=True)]
        return {path: self.some(part) for _first, path, part in sorted(found, key=lambda one: one[0])}

    def last_of_equal_times(self) -> Integers:
        """Which rows are left where, of those about the same stretch of time, the last one counts."""
        order = np.lexsort((self.stops, self.starts))  # stable: equal ones stay in their order
        same = (np.diff(self.starts[order]) == 0) & (self.stops[order][1:] == self.stops[order][:-1])
        return np.asarray(order[~np.append(same, False)])

    def _with(self, said: list[Entry], chosen: NDArray[np.bool_] | Integers | slice) -> Rows:
        rows = Rows()
        rows.said, rows._places = said, self._places
        rows.which, rows.starts, rows.stops = self.which[chosen], self.starts[chosen], self.stops[chosen]
        rows._numbers = self._numbers[chosen]
        return rows

    def _entry(self, which: int, start_s: float, stop_s: float, number: int) -> Entry:
        said, place = self.said[which], int(number) if number >= 0 else self._places[-number - 1]
        plain = (float(start_s), float(stop_s), said.extra, said.written, said.also, place)
        return Entry(said.path, said.labels, said.artist, said.split, *plain)
