"""How late the live view is: from the loudspeaker to what the window is told. One run, one line of JSON at the end.

    python benchmarks/live_latency.py [SECONDS]

Plays a melody through the default output and listens to the default input, which has to hear it: a cable, or a
PulseAudio null sink whose monitor is the default source (tests/persian_mir_gui/live/test_real_live.py sets one up).
Every note of the melody is a new pitch; its time is when PortAudio says that the card gave it out. Figures: from there
to the first news that shows the new pitch, and to the first ranking read from sound that includes it. Medians and the
worst of all notes.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from statistics import median

import numpy as np
from PySide6.QtCore import QCoreApplication, QTimer

from persian_mir_gui.core.jobs import JobRunner
from persian_mir_gui.live.input import Inputs
from persian_mir_gui.live.listener import LiveNews
from persian_mir_gui.live.live import Live
from persian_mir_gui.playback.sound import Sound

RATE, NOTE_S = 44_100, 1.37  # out of step with everything that repeats
DEGREES = (0, 135, 390, 500, 700, 835, 1090, 835, 700, 500, 390, 135)  # Chahargah, cents above the tonic
TONIC_HZ = 262.0
NEAR_CENTS = 30.0


def note(k: int) -> float:
    """Hz of the note with number `k`."""
    return TONIC_HZ * 2 ** (DEGREES[k % len(DEGREES)] / 1200)


def melody(seconds: float) -> np.ndarray:
    """float32 [samples]: tones with three partials, each with an onset of 5 ms."""
    times = np.arange(int(seconds * RATE)) / RATE
    which = (times / NOTE_S).astype(int)
    hz = np.array([note(k) for k in range(which[-1] + 1)])[which]
    phase = 2 * np.pi * np.cumsum(hz) / RATE
    edge = np.minimum((times % NOTE_S) / 0.005, 1.0)
    return (0.2 * edge * sum(np.sin(k * phase) / k for k in (1, 2, 3))).astype(np.float32)


class Loudspeaker:
    """Plays the melody and knows, for each sample, when the card gave it out."""

    def __init__(self, sound: np.ndarray) -> None:
        import sounddevice

        self._sound, self._at = sound, 0
        self.beats: list[tuple[int, float]] = []  # first sample of a block, monotonic time when it is heard
        self.stream = sounddevice.OutputStream(
            samplerate=RATE, channels=1, dtype="float32", latency=0.05, callback=self._deliver
        )

    def _deliver(self, out: np.ndarray, frames: int, when: object, _status: object) -> None:
        ahead = max(0.0, when.outputBufferDacTime - when.currentTime)  # type: ignore[attr-defined]
        self.beats.append((self._at, time.monotonic() + ahead))
        part = self._sound[self._at : self._at + frames]
        out[: len(part), 0], out[len(part) :] = part, 0.0
        self._at += frames

    def heard_at(self, sample: int) -> float:
        """When a sample was given out."""
        first, when = max((beat for beat in self.beats if beat[0] <= sample), key=lambda beat: beat[0])
        return when + (sample - first) / RATE


def main(seconds: float) -> dict[str, object]:
    app = QCoreApplication([])
    runner, sound = JobRunner(), Sound()
    live = Live(runner, Inputs(sound))
    news: list[tuple[float, LiveNews]] = []
    takes: list[Path] = []
    failures: list[str] = []
    live.heard.connect(lambda what: news.append((time.monotonic(), what)))
    live.taken.connect(takes.append)
    live.failed.connect(lambda message: failures.append(message.what))
    live.start(record=True)
    speaker = Loudspeaker(melody(seconds))
    QTimer.singleShot(1500, speaker.stream.start)
    QTimer.singleShot(round((seconds + 2.5) * 1000), live.stop)
    end = QTimer(interval=100)
    end.timeout.connect(lambda: None if live.busy else app.quit())
    end.start()
    app.exec()
    speaker.stream.close()
    closed = live.close() and runner.close()
    states = [(when, what.state) for when, what in news if what.state is not None]
    pitches, rankings = [], []
    start = _start_of_sound(states)
    for k in range(1, int(seconds / NOTE_S)):
        at = speaker.heard_at(int(np.ceil(k * NOTE_S * RATE)))
        after = [(when, state) for when, state in states if when > at]
        shown = (when for when, state in after if state.pitch and _near(state.pitch.hz, note(k)))
        pitches.append(next(shown) - at)
        # The take's clock: this note begins so many seconds into what was listened to.
        note_s = start + k * NOTE_S
        read = [when for when, state in after if state.reading is not None and state.read_s >= note_s]
        if states and any(state.reading is not None and state.read_s < note_s for _when, state in states) and read:
            rankings.append(read[0] - at)
    last = states[-1][1]
    return {
        "notes": len(pitches),
        "pitch_median_s": round(median(pitches), 3),
        "pitch_worst_s": round(max(pitches), 3),
        "rankings": len(rankings),
        "ranking_median_s": round(median(rankings), 3) if rankings else None,
        "ranking_worst_s": round(max(rankings), 3) if rankings else None,
        "news_a_second": round(len(news) / (news[-1][0] - news[0][0]), 1),
        "dropped_s": news[-1][1].dropped_s,
        "dastgah": last.reading.dastgahs[0][0] if last.reading else None,
        "tonic_hz": round(last.reading.tonic_hz, 1) if last.reading and last.reading.tonic_hz else None,
        "takes": [str(path) for path in takes],
        "failures": failures,
        "closed": closed,
    }


def _near(hz: float, wanted: float) -> bool:
    return bool(abs(1200 * np.log2(hz / wanted)) < NEAR_CENTS)


def _start_of_sound(states: list) -> float:
    """Seconds of listening before the melody began: those of the first news with a sound, less that block."""
    return next(state.seconds for _when, state in states if state.level_db > -60) - 0.04


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("seconds", nargs="?", type=float, default=40.0)
    print(json.dumps(main(parser.parse_args().seconds)))
