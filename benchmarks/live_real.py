"""Live listening in real time, through PortAudio and PulseAudio, to recordings played in a loop; see live_hour.py."""

from __future__ import annotations

import itertools
import json
import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import soundfile
from pulse import Pulse
from PySide6.QtCore import QCoreApplication, QTimer

from persian_mir_gui.core.jobs import JobRunner
from persian_mir_gui.live.input import Input, Inputs
from persian_mir_gui.live.listener import LiveNews
from persian_mir_gui.live.live import Live
from persian_mir_gui.playback.sound import Sound

AWAY_S = 20.0  # how long the card is gone, each time
CHECK_S = 2.0  # length of a piece of the take that is looked up in what was played
KEY = 64  # samples by which it is looked for


class WatchedInputs(Inputs):
    """Remembers the streams, to ask them what was lost."""

    def __init__(self, sound: Sound) -> None:
        super().__init__(sound)
        self.opened: list[Input] = []

    def open(self, name: str, anew: bool = False) -> Input:
        self.opened.append(super().open(name, anew))
        return self.opened[-1]


class Tape:
    """Plays the recordings one after another, over and over, whatever happens to the card."""

    def __init__(self, pulse: Pulse, paths: list[Path]) -> None:
        self._pulse, self._paths = pulse, paths
        self._stop = threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def stop(self) -> None:
        self._stop.set()
        self.thread.join()

    def _run(self) -> None:
        for path in itertools.cycle(self._paths):
            process = self._pulse.play(path)
            while process.poll() is None:
                if self._stop.wait(0.05):
                    process.terminate()
                    process.wait()
                    return
            if process.returncode and self._stop.wait(0.5):
                return


class Log:
    """What was seen, a line a minute."""

    def __init__(self, live: Live, inputs: WatchedInputs, memory_mb: Callable[[], float]) -> None:
        self.inputs, self._memory_mb = inputs, memory_mb
        self.news: LiveNews = LiveNews("stopped")
        self.told: list[str] = []
        self.takes: list[Path] = []
        self.memory: list[float] = []
        self.counts = {"news": 0, "rankings": 0}
        self._read_s, self._begin, self._last = 0.0, time.monotonic(), dict(self.counts)
        live.heard.connect(self._hear)
        live.failed.connect(lambda message: self._tell(f"{message.level}: {message.what} {message.cure}"))
        live.taken.connect(self.takes.append)

    def _hear(self, news: LiveNews) -> None:
        self.counts["news"] += 1
        if news.state is not None and news.state.reading is not None and news.state.read_s != self._read_s:
            self._read_s = news.state.read_s
            self.counts["rankings"] += 1
        self.news = news

    def _tell(self, what: str) -> None:
        self.told.append(what)
        print(f"{self.minutes:6.2f} min  {what}", flush=True)

    @property
    def minutes(self) -> float:
        return (time.monotonic() - self._begin) / 60

    def line(self) -> None:
        """Once a minute."""
        self.memory.append(self._memory_mb())
        rate = {key: (self.counts[key] - self._last[key]) / 60 for key in self.counts}
        self._last = dict(self.counts)
        state = self.news.state
        named = state.reading.dastgahs[0] if state is not None and state.reading is not None else ("-", 0.0)
        parts = (
            f"{self.minutes:6.2f} min  {self.memory[-1]:6.1f} MB  {self.news.phase:9s}",
            f"dropped {self.news.dropped_s:.3f} s  overflows {sum(stream.overflows for stream in self.inputs.opened)}",
            f"news {rate['news']:.1f}/s  rankings {rate['rankings']:.2f}/s  take {self.news.take_s or 0:.0f} s",
            f"load {os.getloadavg()[0]:.1f}  processor {time.process_time() / (60 * self.minutes):.2f}",
            f"{named[0]} {named[1]:.2f}",
        )
        print("  ".join(parts), flush=True)


def listen(folder: Path, minutes: float, memory_mb: Callable[[], float]) -> dict[str, object]:
    """Listen to the recordings of `folder` that long. The server dies after a third, the card after two thirds."""
    paths = sorted(path for path in folder.iterdir() if path.suffix in (".flac", ".wav"))
    with tempfile.TemporaryDirectory() as temporary:
        pulse = Pulse(Path(temporary))
        os.environ |= pulse.environment | {"PERSIAN_MIR_HOME": str(Path(temporary, "home"))}
        pulse.start()
        tape = Tape(pulse, paths)
        try:
            return _listen(pulse, paths, minutes, memory_mb)
        finally:
            tape.stop()
            pulse.kill()


def _listen(pulse: Pulse, paths: list[Path], minutes: float, memory_mb: Callable[[], float]) -> dict[str, object]:
    app = QCoreApplication(sys.argv[:1])
    runner, sound = JobRunner(), Sound()
    inputs = WatchedInputs(sound)
    live = Live(runner, inputs)
    log = Log(live, inputs, memory_mb)
    live.start(record=True)
    every_minute = QTimer(interval=60_000)
    every_minute.timeout.connect(log.line)
    every_minute.start()
    for share, act in ((1 / 3, pulse.kill), (2 / 3, pulse.unplug)):
        QTimer.singleShot(round(share * minutes * 60_000), act)
    for share, act in ((1 / 3, pulse.start), (2 / 3, pulse.plug)):
        QTimer.singleShot(round((share * minutes * 60 + AWAY_S) * 1000), act)
    QTimer.singleShot(round(minutes * 60_000), live.stop)
    end = QTimer(interval=100)
    end.timeout.connect(lambda: None if live.busy else app.quit())
    end.start()
    app.exec()
    closed = live.close() and runner.close()
    (take,) = log.takes
    story = json.loads(take.with_suffix(".json").read_text(encoding="utf-8"))
    return {
        "minutes": round(log.minutes, 2),
        "memory_mb": {"first": log.memory[0], "last": log.memory[-1], "most": max(log.memory)} if log.memory else None,
        "dropped_s": log.news.dropped_s,
        "overflows": sum(stream.overflows for stream in inputs.opened),
        "rankings_a_second": round(log.counts["rankings"] / log.minutes / 60, 2),
        "streams": len(inputs.opened),
        "told": log.told,
        "take_s": round(soundfile.info(take).duration, 2),
        "take_as_in_sidecar": abs(soundfile.info(take).duration - story["duration_s"]) < 0.01,
        "interruptions_s": story["interruptions_s"],
        "found": found(take, paths),
        "closed": closed,
    }


def found(take: Path, paths: list[Path]) -> dict[str, float]:
    """How much of the take is in the recordings sample for sample: pieces looked up by their start, in all recordings.

    Pieces that span two recordings, or a gap, are not to be found; nor are those of a sound lost on the way.
    """
    whole, rate = soundfile.read(take, dtype="int32", always_2d=True)
    heard = (whole[:, 0] >> 16).astype(np.int16)
    size = round(CHECK_S * rate)
    sounds = [np.ascontiguousarray(soundfile.read(path, dtype="int16", always_2d=True)[0][:, 0]) for path in paths]
    hits = looked = 0
    place: tuple[np.ndarray, int] | None = None  # where the last piece was found to end
    for at in range(0, len(heard) - size, size):
        piece = heard[at : at + size]
        looked += 1
        if not piece.any():
            continue
        if place is None or not _same(*place, piece):
            place = _search(sounds, piece)
        if place is not None:
            hits += 1
            place = (place[0], place[1] + size)
    return {"pieces": looked, "exact": hits, "share": round(hits / max(looked, 1), 4)}


def _same(sound: np.ndarray, at: int, piece: np.ndarray) -> bool:
    part = sound[max(0, at) : max(0, at + len(piece))]
    return len(part) == len(piece) and int(np.abs(part.astype(np.int32) - piece).max()) <= 1


def _search(sounds: list[np.ndarray], piece: np.ndarray) -> tuple[np.ndarray, int] | None:
    """The place of a piece: where its loudest sample and those after it stand."""
    loudest = int(np.argmax(np.abs(piece[:-KEY].astype(np.int32))))
    word = piece[loudest : loudest + KEY].astype(np.int32)
    for sound in sounds:
        for near in (word[0] - 1, word[0], word[0] + 1):
            for at in np.flatnonzero(sound == near):
                if _same(sound, int(at), word) and _same(sound, int(at) - loudest, piece):
                    return sound, int(at) - loudest
    return None
