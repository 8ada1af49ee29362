"""What the child says, cut into events, whatever it says."""

from __future__ import annotations

import json
import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from persian_mir_gui.training.state import events
from persian_mir_gui.training.state.events import EventReader

WORDS = st.integers(-(2**63), 2**64 - 1)
EVENTS = st.lists(
    st.dictionaries(st.text(max_size=5), WORDS | st.text(max_size=20), max_size=3),
    max_size=8,
)


@given(EVENTS, st.integers(1, 30), st.booleans())
def test_however_it_is_cut_the_same_events_come(rows: list[dict[str, object]], size: int, ended: bool) -> None:
    events = [{**row, "event": "another"} for row in rows]
    data = "\n".join(json.dumps(event) for event in events).encode() + (b"\n" if ended and events else b"")
    reader = EventReader()
    seen = [event for k in range(0, len(data), size) for event in reader.feed(data[k : k + size])]
    assert [*seen, *reader.end()] == events


@pytest.mark.logs
def test_what_is_no_event_is_logged_and_left_out(caplog: pytest.LogCaptureFixture) -> None:
    reader = EventReader()
    data = b'warning!\n[1]\n{"event": 3}\n\n{"a": 1}\n\xff\xfe\n{"event": "done"}\n' + b"[" * 100_000 + b"\n"
    with caplog.at_level(logging.WARNING):
        assert list(reader.feed(data)) == [{"event": "done"}]
    assert len(caplog.records) == 6
    assert max(len(record.getMessage()) for record in caplog.records) < 700


@pytest.mark.logs
def test_a_line_without_end_takes_no_memory(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr(events, "MAX_LINE", 1000)
    reader = EventReader()
    for _block in range(50):
        assert list(reader.feed(b"x" * 700)) == []
        assert len(reader._rest) <= 1000
    assert list(reader.feed(b'x\n{"event": "done"}\n')) == [{"event": "done"}]
    assert len(caplog.records) == 1
