"""The thread that listens: takes sound from the card's ring, writes the take, reads the mode. Knows nothing of Qt."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import Literal

import numpy as np

from persian_mir.audio.channels import LiveMixer
from persian_mir.errors import PersianMirError
from persian_mir.i18n import _
from persian_mir.modal.live import KEPT_S, LiveReader, LiveState
from persian_mir.modal.reading import ModalReading
from persian_mir_gui.live.input import Input
from persian_mir_gui.live.take import Take
from persian_mir_gui.playback.ring import Floats
from persian_mir_gui.playback.sound import SoundError

log = logging.getLogger(__name__)

BLOCK_S = 0.25  # at most; what has come is taken at once, and a machine that fell behind catches up in few steps
TICK_S = 0.05  # looks about that often even if the card is silent
SILENT_CARD_S = 2.0  # without a call from the card for that long it is gone, whatever the system says
RETRY_S = 1.0
START_S = 10.0  # the first call may come late: Bluetooth wakes up

Phase = Literal["stopped", "starting", "listening", "lost"]
Open = Callable[[bool], Input]  # the argument: whether to look for devices anew
Event = tuple[Literal["taken", "lost", "back", "failed"], Path | PersianMirError | str]


@dataclass(frozen=True, slots=True, eq=False)
class LiveNews:
    """What is known now. `dropped_s`: sound lost for want of time. `take_s`: length of the take, None without one."""

    phase: Phase
    state: LiveState | None = None
    device: str = ""
    dropped_s: float = 0.0
    take_s: float | None = None


class Listener:
    """Listens until told to stop; survives the loss of the device. `news` and `events` are for the GUI to look at."""

    def __init__(self, open_input: Open, folder: Path) -> None:
        self.news = LiveNews("starting")
        self.events: SimpleQueue[Event] = SimpleQueue()
        self.recording = False  # set by the GUI: whether there is to be a take
        self._open, self._folder = open_input, folder
        self._stop = threading.Event()
        self._reader: LiveReader | None = None
        self._ranking: ThreadPoolExecutor | None = None  # the pitch does not wait for the mode
        self._take: Take | None = None
        self._lost_before = 0.0  # seconds dropped on inputs that are gone
        self._thread = threading.Thread(target=self._serve, name="live", daemon=True)
        self._thread.start()

    @property
    def alive(self) -> bool:
        """Whether it still works."""
        return self._thread.is_alive()

    def stop(self) -> None:
        """Let the device go and finish the take, soon."""
        self._stop.set()

    def join(self, timeout_s: float) -> bool:
        """Wait for the end; False if it would not come in time."""
        self._thread.join(timeout_s)
        return not self.alive

    # The thread

    def _serve(self) -> None:
        try:
            with ThreadPoolExecutor(1, thread_name_prefix="live-ranking") as ranking:
                self._ranking = ranking
                self._listen_and_retry()
        except PersianMirError as error:
            self.events.put(("failed", error))
        except Exception as error:  # a defect must not go unseen, nor take the sound recorded so far with it
            log.exception("live listening failed")
            self.events.put(("failed", PersianMirError(_("This should not have happened."), cure=str(error))))
        finally:
            self._end_take()
            self._reader = None
            self.news = LiveNews("stopped", self.news.state, self.news.device, self.news.dropped_s)

    def _listen_and_retry(self) -> None:
        stream = self._open(False)
        while not self._stop.is_set():
            try:
                self._listen(stream)
            except SoundError as error:
                self._lost_before += stream.dropped / stream.rate
                self.events.put(("lost", error))
                self.news = self._news("lost", self.news.state, stream)
            finally:
                stream.close()
            if not self._stop.is_set():
                again = self._reopen()
                if again is None:
                    return
                stream = again
                self.events.put(("back", stream.name))

    def _reopen(self) -> Input | None:
        """The input, once it is back; None when told to stop meanwhile."""
        while not self._stop.wait(RETRY_S):
            try:
                return self._open(True)
            except SoundError:
                continue
        return None

    def _listen(self, stream: Input) -> None:
        reader = self._prepare(stream)
        block = np.empty((max(1, round(BLOCK_S * stream.rate)), stream.channels), np.float32)
        mixer = LiveMixer(stream.rate)
        calls, deadline = 0, time.monotonic() + START_S
        while not self._stop.is_set():
            count = stream.ring.take(block)
            if count:
                self._keep(block[:count], stream)
                state = reader.feed(mixer.push(block[:count].T))
                self.news = self._news("listening", state, stream)
                continue
            if stream.gone.is_set():
                raise _lost(stream.name)
            if stream.calls != calls:
                calls, deadline = stream.calls, time.monotonic() + SILENT_CARD_S
            elif time.monotonic() > deadline:
                raise _lost(stream.name)
            stream.arrived.wait(TICK_S)
            stream.arrived.clear()

    def _prepare(self, stream: Input) -> LiveReader:
        take = self._take
        if take is not None and (take.rate, take.channels) != (stream.rate, stream.channels):
            self._end_take()
        elif take is not None:
            take.interrupt()
        if self._reader is None or self._reader.rate != stream.rate:
            self._reader = LiveReader(stream.rate, elsewhere=self._ranking)
        return self._reader

    def _keep(self, block: Floats, stream: Input) -> None:
        try:
            if self.recording and self._take is None:
                self._take = Take(self._folder, stream.rate, stream.channels, stream.name)
            if not self.recording:
                self._end_take()
            elif self._take is not None:
                self._take.write(block)
                if self._take.due:
                    self._take.save(self._reading(self._take))
        except PersianMirError as error:  # the disk is full: go on listening
            self.recording = False
            self.events.put(("failed", error))
            self._end_take()

    def _end_take(self) -> None:
        take, self._take = self._take, None
        if take is None:
            return
        try:
            path = take.finish(self._reading(take))
        except PersianMirError as error:
            self.events.put(("failed", error))
        else:
            if path is not None:
                self.events.put(("taken", path))

    def _reading(self, take: Take) -> ModalReading | None:
        return None if self._reader is None else self._reader.read(min(take.seconds, KEPT_S))

    def _news(self, phase: Phase, state: LiveState | None, stream: Input) -> LiveNews:
        dropped = self._lost_before + stream.dropped / stream.rate
        return LiveNews(phase, state, stream.name, dropped, None if self._take is None else self._take.seconds)


def _lost(name: str) -> SoundError:
    return SoundError(
        _("The sound input {name} has gone.").format(name=name),
        cure=_("Connect it again: listening goes on by itself."),
    )
