"""The thread that plays: it decodes ahead of the sound card and watches over it. No Qt."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Literal

from persian_mir.audio import AudioSource, open_audio
from persian_mir.i18n import _
from persian_mir_gui.playback.playback_request import Feed, Pace, Plan
from persian_mir_gui.playback.ring import Floats
from persian_mir_gui.playback.sound import Output, Sound, SoundError
from persian_mir_gui.playback.voice import Voice

log = logging.getLogger(__name__)

TICK_S = 0.02
SILENT_CARD_S = 3.0  # a card that asks for nothing for this long is gone
STUCK_S = 10.0  # so long no call of the system's sound library takes, unless its server died in the middle
KEPT_S = 0.3  # of what is decoded already, at a change of speed or voice: more than a card asks for at once
BLEND_S = 0.02

Phase = Literal["starting", "playing", "ended", "failed"]


@dataclass(frozen=True, slots=True)
class Status:
    """How far a plan is: the source sample heard now, why it failed if it did, and how often it was repeated."""

    phase: Phase
    sample: int
    error: Exception | None = None
    laps: int = 0


class Engine:
    """Plays the newest plan it was given, on its own thread, which starts with the first plan."""

    def __init__(self, sound: Sound) -> None:
        self.looping = False
        self._sound = sound
        self._volume = self._speed = 1.0
        self._voice: Voice | None = None
        self._paces: tuple[Pace, ...] = ()
        self._change = threading.Condition()
        self._plan: Plan | None = None
        self._closing = False
        self._thread: threading.Thread | None = None
        self._output: Output | None = None
        self._ended: tuple[Plan, Status] | None = None  # the plan that ended last, unless another one came
        self._asked: float | None = None  # since when the card has owed an answer

    def play(self, plan: Plan) -> None:
        """Play `plan`, instead of whatever is playing."""
        with self._change:
            if self._closing:
                return
            self._plan, self._output = plan, None
            self._ended = None
            if self._thread is None:
                self._thread = threading.Thread(target=self._serve, name="playback", daemon=True)
                self._thread.start()
            self._change.notify()

    def stop(self) -> None:
        """Fall silent, soon."""
        with self._change:
            self._plan, self._output = None, None
            self._change.notify()

    def set_volume(self, volume: float) -> None:
        """Loudness from now on."""
        with self._change:
            self._volume = volume
            if self._output is not None:
                self._output.volume = volume

    def set_speed(self, speed: float) -> None:
        """How many times as fast, soon."""
        with self._change:
            self._speed = speed
            self._change.notify()

    def set_voice(self, voice: Voice | None) -> None:
        """What sounds with the recording, soon."""
        with self._change:
            self._voice = voice
            self._change.notify()

    def status(self, plan: Plan) -> Status:
        """How far `plan` is."""
        with self._change:
            output, ended, paces, asked = self._output, self._ended, self._paces, self._asked
        if ended is not None and ended[0] is plan:
            return ended[1]
        if asked is not None and time.monotonic() - asked > STUCK_S:
            return Status("failed", plan.at, _mute())
        if output is None:
            return Status("starting", plan.at)
        ratio, played = plan.recording.rate / output.rate, output.played()
        at_end = output.ring.ended and (output.ring.written - played) * ratio * paces[-1].speed < 2
        reached = _reached(paces, played, ratio)
        return Status("playing", plan.stop if at_end else plan.heard(reached), laps=plan.laps(reached))

    def close(self, timeout_s: float) -> bool:
        """Stop and end the thread; False if it would not end in time."""
        with self._change:
            self._closing, self._plan = True, None
            self._change.notify()
            thread = self._thread
        if thread is not None:
            thread.join(timeout_s)
        return thread is None or not thread.is_alive()

    # The thread

    def _serve(self) -> None:
        done: Plan | None = None
        while True:
            with self._change:
                while self._plan is done and not self._closing:
                    self._change.wait()
                if self._closing:
                    return
                plan = done = self._plan
            if plan is None:
                continue
            try:
                self._play(plan)
            except Exception as error:
                log.info("playback of %s failed", plan.recording.path, exc_info=True)
                self._end(plan, Status("failed", self.status(plan).sample, error))

    def _play(self, plan: Plan) -> None:
        with open_audio(plan.recording.path) as source:
            with self._answer():
                output = self._sound.open(plan.recording.rate)
            try:
                feed = self._feed(plan, source, output)
                while self._wants(plan) and self._pour(feed, output):
                    pass
                if self._begin(plan, feed, output):
                    self._keep_up(plan, source, feed, output)
            finally:
                with self._answer():
                    output.close()

    def _begin(self, plan: Plan, feed: Feed, output: Output) -> bool:
        """Start the card. Not with the lock held: the window would wait for a card that does not answer."""
        if not self._wants(plan):
            return False
        with self._answer():
            output.start(self._volume)
        with self._change:
            if self._plan is not plan:
                return False
            output.volume = self._volume
            self._output, self._paces = output, (Pace(0, 0.0, feed.speed),)
            return True

    @contextmanager
    def _answer(self) -> Iterator[None]:
        """Whatever calls the card: `status` tells when it does not come back."""
        self._asked = time.monotonic()
        try:
            yield
        finally:
            self._asked = None

    def _keep_up(self, plan: Plan, source: AudioSource, feed: Feed, output: Output) -> None:
        """Decode ahead until all is played; notice when the card is gone."""
        calls, called = 0, time.monotonic()
        while self._wants(plan):
            if output.complete():
                self._end(plan, Status("ended", plan.stop))
                return
            if output.gone.is_set():
                raise _lost()
            if output.calls != calls:
                calls, called = output.calls, time.monotonic()
            elif time.monotonic() - called > SILENT_CARD_S:
                raise _lost()
            with self._answer():
                output.read_clock()
            if feed.speed != self._speed or feed.voice is not self._voice:
                feed = self._anew(plan, source, feed, output)
            if not self._pour(feed, output):
                with self._change:
                    self._change.wait(TICK_S)

    def _feed(self, plan: Plan, source: AudioSource, output: Output, after: Floats | None = None) -> Feed:
        """The samples of a plan at the speed and with the voice of this moment."""
        speed, voice = self._speed, self._voice
        return Feed(source, plan, output.rate, output.channels, self._is_looping, speed, after, voice)

    def _anew(self, plan: Plan, source: AudioSource, feed: Feed, output: Output) -> Feed:
        """Go on at another speed or voice where the ear is in a moment; what is decoded beyond is thrown away."""
        blend = round(BLEND_S * output.rate)
        back = output.ring.take_back(round(KEPT_S * output.rate))
        if feed.ended and len(back) < blend:  # at its end anyway
            output.ring.write(back)
            return feed
        ratio, frame = plan.recording.rate / output.rate, output.ring.written
        progress = _reached(self._paces, frame, ratio)
        there = replace(plan, at=plan.heard(progress))
        anew = self._feed(there, source, output, back[:blend])
        output.ring.ended = False
        played = output.played()
        current = [k for k, pace in enumerate(self._paces) if pace.frame <= played]
        with self._change:
            self._paces = (*self._paces[current[-1] if current else 0 :], Pace(frame, progress, anew.speed))
        return anew

    def _pour(self, feed: Feed, output: Output) -> bool:
        """Move one block into the ring; False when there is no room, or nothing left."""
        if feed.ended or output.ring.room < feed.most:
            return False
        output.ring.write(feed.next())
        output.ring.ended = feed.ended
        return True

    def _end(self, plan: Plan, status: Status) -> None:
        with self._change:
            if self._plan is plan:
                self._ended, self._output = (plan, status), None

    def _wants(self, plan: Plan) -> bool:
        return self._plan is plan

    def _is_looping(self) -> bool:
        return self.looping


def _reached(paces: tuple[Pace, ...], frame: float, ratio: float) -> float:
    """Source samples after the plan's first one, when the card is at `frame`."""
    pace = next((pace for pace in reversed(paces) if pace.frame <= frame), paces[0])
    return pace.reached(frame, ratio)


def _mute() -> SoundError:
    return SoundError(
        _("The system's sound does not answer."),
        cure=_("Start its sound server again, then this program."),
    )


def _lost() -> SoundError:
    return SoundError(
        _("The sound output has gone while playing."),
        cure=_("Connect it again or choose another one, then press Play."),
    )
