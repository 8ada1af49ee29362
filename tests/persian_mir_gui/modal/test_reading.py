"""Readings of the current recording over real services."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
from pytestqt.qtbot import QtBot

from persian_mir.modal.reading import read_mode
from persian_mir.progress import SILENT
from persian_mir_gui.modal.reading_work import retell
from persian_mir_gui.shell.services import Services

pytestmark = pytest.mark.usefixtures("fake")

RATE = 8000
COURSE = [(0, 2), (150, 0.6), (0, 1), (-150, 0.6), (-350, 1), (-150, 0.4), (0, 2), (150, 0.5), (350, 0.6), (0, 1)]


@pytest.fixture
def melody(tmp_path: Path) -> Path:
    """Forty seconds of a daramad of Segah on 320 Hz."""
    hz = np.concatenate([np.full(round(length * RATE), 320.0 * 2 ** (step / 1200)) for step, length in COURSE])
    phase = 2 * np.pi * np.cumsum(np.tile(hz, 4)) / RATE
    path = tmp_path / "segah.wav"
    soundfile.write(path, 0.2 * sum(np.sin(k * phase) / k for k in (1, 2, 3, 4)), RATE)
    return path


@pytest.fixture
def opened(services: Services, melody: Path, qtbot: QtBot) -> Services:
    services.session.open_paths([melody])
    qtbot.waitUntil(lambda: services.session.current is not None and services.session.current.state == "ready")
    return services


def computed(services: Services, qtbot: QtBot) -> None:
    services.readings.compute()
    qtbot.waitUntil(lambda: services.readings.known.whole is not None)


def test_nothing_is_known_until_the_pitch_is_there(opened: Services, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not opened.io.jobs)
    assert opened.readings.known.whole is None
    computed(opened, qtbot)
    known = opened.readings.known
    assert known.whole is not None
    assert known.track is not None
    assert known.whole.heard
    assert known.whole.tonic_hz == read_mode(known.track).tonic_hz
    assert not opened.readings.computing


def test_a_selection_is_read_and_the_newest_wish_wins(opened: Services, qtbot: QtBot) -> None:
    computed(opened, qtbot)
    for start in range(5):
        opened.timeline.select(start * RATE, (start + 12) * RATE)
    qtbot.waitUntil(lambda: opened.readings.known.span == (4.0, 16.0))
    assert opened.readings.known.selected
    opened.timeline.clear_selection()
    qtbot.waitUntil(lambda: not opened.readings.known.selected)


def test_what_is_around_the_playhead_is_as_long_as_the_chosen_window(opened: Services, qtbot: QtBot) -> None:
    computed(opened, qtbot)
    opened.settings.set("modal_window", 20)
    qtbot.waitUntil(lambda: opened.readings.known.span == (0.0, 20.0))
    opened.settings.set("modal_window", 10)
    qtbot.waitUntil(lambda: opened.readings.known.span == (0.0, 10.0))


def test_a_tonic_set_by_hand_is_followed_and_given_back(opened: Services, qtbot: QtBot) -> None:
    computed(opened, qtbot)
    own = opened.readings.known.whole
    assert own is not None
    opened.readings.set_tonic(349.0)
    qtbot.waitUntil(lambda: opened.readings.known.tonic_hz == 349.0)
    assert opened.readings.known.whole is not None
    assert opened.readings.known.whole.tonic_hz == 349.0
    opened.readings.set_tonic(None)
    qtbot.waitUntil(lambda: opened.readings.known.tonic_hz is None)
    assert opened.readings.known.whole.tonic_hz == own.tonic_hz


def test_lanes_and_verdict_follow_a_tonic_set_by_hand(opened: Services, qtbot: QtBot) -> None:
    computed(opened, qtbot)
    item = opened.session.current
    assert item is not None

    def tonic() -> object:
        said = item.predictions.get(("modal", "mode"))
        return "unsaid" if said is None else said.provenance.parameters.get("tonic_hz")

    opened.readings.set_tonic(300.0)
    opened.readings.set_tonic(None)
    assert tonic() == "unsaid"  # nothing to follow yet
    (own,) = [p for p in retell(item.path, 30.0, None, SILENT) if p.task == "mode"]
    opened.session.put_prediction(item, "modal", "Modal reading", own)
    for hz in (250.0, 349.0):
        opened.readings.set_tonic(hz)
    qtbot.waitUntil(lambda: tonic() == 349.0)
    followed = item.predictions["modal", "mode"]
    assert followed.overall.tolist() != own.overall.tolist()
    assert opened.readings.known.whole is not None
    assert followed.labels[int(followed.overall.argmax())] == opened.readings.known.whole.modes[0][0]
    opened.readings.set_tonic(None)
    qtbot.waitUntil(lambda: tonic() is None)
    assert item.predictions["modal", "mode"].overall.tolist() == own.overall.tolist()


def test_the_pitch_under_the_playhead(opened: Services, qtbot: QtBot) -> None:
    computed(opened, qtbot)
    opened.timeline.set_playhead(RATE)
    hz = opened.readings.pitch_at_playhead()
    assert hz == pytest.approx(320.0, rel=0.005)


def test_a_closed_recording_is_forgotten(opened: Services, qtbot: QtBot) -> None:
    computed(opened, qtbot)
    assert opened.session.current is not None
    opened.session.close(opened.session.current)
    assert opened.readings.known.whole is None
    assert opened.readings.tonic_hz is None


def test_a_verdict_that_was_never_given_is_not_explained(opened: Services, qtbot: QtBot) -> None:
    """Labelling was cancelled before the modal reading said anything, but the pitch had been tracked."""
    computed(opened, qtbot)
    item = opened.session.current
    assert item is not None
    with qtbot.waitSignal(opened.readings.changed):
        opened.session.set_labelling(item, "cancelled")
    assert (opened.readings.known.whole, opened.readings.known.here) == (None, None)
    assert opened.readings.known.track is not None  # the melody is still there to be seen
    opened.session.set_labelling(item, "queued")
    assert opened.readings.known.whole is not None
