"""The melody that is followed: of a recording that is open, read on a worker."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
from pytestqt.qtbot import QtBot

from persian_mir_gui.live.live_window import LiveWindow
from persian_mir_gui.shell.services import Services
from persian_mir_gui.widgets.theme_source import ThemeSource

pytestmark = pytest.mark.qt_log_ignore("does not support", extend=True)


def opened(services: Services, folder: Path, qtbot: QtBot) -> None:
    times = np.arange(4 * 16_000) / 16_000
    soundfile.write(folder / "lesson.wav", 0.3 * np.sin(2 * np.pi * 220 * times), 16_000)
    services.session.open_paths([folder / "lesson.wav"])
    qtbot.waitUntil(lambda: bool(services.reference.items()))


def test_a_recording_that_is_open_is_followed(
    services: Services, themes: ThemeSource, tmp_path: Path, qtbot: QtBot
) -> None:
    window = LiveWindow(services.live, services.reference, themes)
    qtbot.addWidget(window)
    window.show()
    plots = window.plots
    assert plots is not None
    assert plots.recordings.count() == 1
    opened(services, tmp_path, qtbot)
    plots.recordings.showPopup()
    plots.recordings.hidePopup()
    assert [plots.recordings.itemText(row) for row in range(2)] == ["No reference", "lesson"]
    assert not plots.again.isVisible()
    plots.recordings.setCurrentIndex(1)
    plots.recordings.activated.emit(1)
    assert "Reading" in plots.pitch.legend.text()
    qtbot.waitUntil(lambda: services.reference.melody is not None)
    assert plots.again.isVisible()
    melody = services.reference.melody
    assert melody is not None
    assert plots.trace.reference is melody
    assert len(melody.cents) * melody.hop_s > 3.5
    found = melody.cents[np.isfinite(melody.cents)]
    assert len(found) > 0.8 * len(melody.cents)
    assert np.ptp(found) < 30  # one note
    services.session.close(services.session.items[0])
    qtbot.waitUntil(lambda: services.reference.melody is None)
    assert plots.recordings.count() == 1


def test_what_cannot_be_read_is_said_and_another_can_be_chosen(
    services: Services, tmp_path: Path, qtbot: QtBot
) -> None:
    opened(services, tmp_path, qtbot)
    (tmp_path / "lesson.wav").unlink()
    with qtbot.waitSignal(services.reference.failed) as said:
        services.reference.choose(services.reference.items()[0])
    assert said.args[0].level == "error"
    assert services.reference.item is None
    assert not services.reference.reading
