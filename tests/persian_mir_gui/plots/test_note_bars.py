"""Notes of a score over the pitch: found by time, painted where they are exposed."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from persian_mir.modal.names import NoteName
from persian_mir_gui.plots.written_note import NotesInTime, WrittenNote

MI = NoteName("Mi", "koron", 4)
times = st.floats(0, 100, allow_nan=False)
spans = st.lists(st.tuples(times, st.floats(0, 30), st.booleans()), max_size=40)


@given(spans, times, st.floats(0, 20))
def test_those_within_a_stretch_are_found(rows: list[Any], start: float, length: float) -> None:
    notes = [WrittenNote(k, at, at + lasts, 0.0, MI, played) for k, (at, lasts, played) in enumerate(rows)]
    found = NotesInTime(notes).within(start, start + length)
    meets = {one.place for one in notes if one.start_s <= start + length and one.stop_s >= start}
    assert {one.place for one in found} == meets
    assert [one.start_s for one in found] == sorted(one.start_s for one in found)


@given(spans, times)
def test_the_one_that_sounds_is_played_and_began_last(rows: list[Any], now: float) -> None:
    notes = [WrittenNote(k, at, at + lasts, 0.0, MI, played) for k, (at, lasts, played) in enumerate(rows)]
    found = NotesInTime(notes).sounding(now)
    begun = [one.start_s for one in notes if one.played and one.start_s <= now < one.stop_s]
    assert (found is None) == (not begun)
    assert found is None or (found.played and found.start_s == max(begun))
