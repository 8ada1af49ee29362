"""The sound card, through PortAudio. Its absence is a state, not a fault."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any, Literal

from persian_mir.errors import PersianMirError
from persian_mir.i18n import _
from persian_mir.progress import Progress
from persian_mir_gui.playback.ring import Floats, Ring

LATENCY_S = 0.4  # rides out the import of torch, which holds the interpreter; the playhead takes it into account
RING_S = 2.0
SILENCE_S = 2.0  # after this much of it everything has been heard, whatever the card's clock says


Kind = Literal["input", "output"]


class SoundError(PersianMirError):
    """Nothing can be played or heard, or no longer."""


class Sound:
    """PortAudio, from any thread, one at a time. `lock` is held for every call of it but those of an open stream."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.streams = 0  # open ones; PortAudio can be initialised anew only without any

    def library(self) -> Any:
        """The module `sounddevice`. Raises SoundError where PortAudio is not installed."""
        return _library()

    def refresh(self, library: Any) -> None:
        """Have PortAudio see what was plugged in meanwhile, where nothing is open. The lock is held by the caller."""
        if not self.streams:
            library._terminate()
            library._initialize()

    def release(self, stream: Any) -> None:
        """Close a stream that counted as open."""
        with self.lock:
            stream.close(ignore_errors=True)
            self.streams -= 1

    def look(self, progress: Progress) -> tuple[str, ...]:
        """Names of the outputs, the default first. Raises SoundError when there is none."""
        progress.step(0.0)
        with self.lock:
            return self.names("output")

    def names(self, kind: Kind) -> tuple[str, ...]:
        """Names of the inputs or outputs that PortAudio knows, the default first. The lock is held by the caller.

        Raises SoundError when there is none.
        """
        default, others = self.default(kind), self.library().query_devices()
        return tuple(dict.fromkeys([default["name"], *(d["name"] for d in others if d[f"max_{kind}_channels"])]))

    def default(self, kind: Kind) -> Any:
        """The system's own choice, as PortAudio knew it when it was initialised. The lock is held by the caller.

        Raises SoundError when there is none.
        """
        library = self.library()
        try:
            return library.query_devices(kind=kind)
        except library.PortAudioError as error:
            raise _absent(kind) from error

    def stream(
        self,
        kind: Kind,
        name: str,
        deliver: Callable[..., None],
        gone: threading.Event,
        *,
        rate: int,
        channels: int,
        latency_s: float,
        device: int | None = None,
    ) -> Any:
        """A new stream, which counts as open until it is released; the lock is held by the caller. Raises SoundError.

        `gone` is set when the stream ends, by itself or not. `name` is for the message, `device` None for the default.
        """
        library = self.library()
        make = library.InputStream if kind == "input" else library.OutputStream
        try:
            stream = make(
                samplerate=rate,
                device=device,
                channels=channels,
                dtype="float32",
                latency=latency_s,
                callback=deliver,
                finished_callback=gone.set,
            )
        except library.PortAudioError as error:
            raise refused(kind, name) from error
        self.streams += 1
        return stream

    def open(self, rate: int) -> Output:
        """A stream to the default output, at `rate` where it takes that. Raises SoundError."""
        with self.lock:
            library = self.library()
            device = self._present_output(library)
            channels = min(2, device["max_output_channels"])
            try:
                library.check_output_settings(channels=channels, dtype="float32", samplerate=rate)
            except library.PortAudioError:
                rate = int(device["default_samplerate"])
            return Output(self, device["name"], rate, channels)

    def _present_output(self, library: Any) -> Any:
        """The default output as it is now: PortAudio is initialised anew if there was none."""
        try:
            return self.default("output")
        except SoundError:
            self.refresh(library)
            return self.default("output")


class Output:
    """One open stream and its clock. Made, started, timed and closed by one thread; `played` may be asked by any.

    Only that one thread calls the system's library, which may not answer for ever: a sound server died.
    Made with the lock of `sound` held. Raises SoundError.
    """

    def __init__(self, sound: Sound, name: str, rate: int, channels: int) -> None:
        self.rate, self.channels, self._name = rate, channels, name
        self.ring = Ring(max(round(RING_S * rate), 8192), channels)
        self.volume = 1.0
        self.calls = 0  # how often the card asked for samples
        self.gone = threading.Event()  # the card, before it was let go
        self._heard_volume = 1.0
        self._delivered = 0
        self._silence = 0  # frames of it since the last sample
        self._beat: tuple[int, int, float] | None = None  # frames before, frames of, and time of the last delivery
        self._reached = 0.0
        self._ahead: float | None = None  # seconds by which the card's clock is ahead of ours
        self._sound, self._clock = sound, threading.Lock()
        self._stream: Any = sound.stream(
            "output", name, self._deliver, self.gone, rate=rate, channels=channels, latency_s=LATENCY_S
        )

    def start(self, volume: float) -> None:
        """Begin to play what is in the ring. Raises SoundError."""
        self.volume = self._heard_volume = volume
        try:
            self._stream.start()
        except self._sound.library().PortAudioError as error:
            raise refused("output", self._name) from error
        self.read_clock()

    def read_clock(self) -> None:
        """Ask the card for its time; from now on it is reckoned from ours. A card without a time is gone."""
        try:
            self._ahead = self._stream.time - time.monotonic()
        except self._sound.library().PortAudioError:
            self.gone.set()

    def complete(self) -> bool:
        """Whether the ring's writer has ended and all of it was heard.

        Stopping the stream and trusting the system to play the rest loses the last tenth of a second on PulseAudio.
        """
        if not (self.ring.ended and self.ring.empty):
            return False
        return self.played() >= self._delivered or self._silence > SILENCE_S * self.rate

    def played(self) -> float:
        """Frames heard so far, by the card's own clock. Never goes back."""
        with self._clock:
            beat, ahead = self._beat, self._ahead
            if beat is not None and ahead is not None:
                before, count, heard_at = beat
                now = before + (time.monotonic() + ahead - heard_at) * self.rate
                self._reached = max(self._reached, min(now, before + count))
            return self._reached

    def close(self) -> None:
        """Fall silent and let the card go."""
        self._sound.release(self._stream)

    def _deliver(self, out: Floats, frames: int, when: Any, _status: object) -> None:
        """The card's own thread: copies, multiplies, and nothing else."""
        count = self.ring.take(out)
        out[count:] = 0.0
        self._apply_volume(out[:count])
        if count:  # silence after the last sample moves nothing
            self._beat = (self._delivered, count, when.outputBufferDacTime or when.currentTime)
        self._delivered += count
        self._silence = 0 if count else self._silence + frames
        self.calls += 1

    def _apply_volume(self, out: Floats) -> None:
        volume, before = self.volume, self._heard_volume
        if volume == before:
            if volume != 1.0:
                out *= volume
        elif len(out):
            import numpy as np

            out *= np.linspace(before, volume, len(out), dtype=np.float32)[:, None]  # no click
            self._heard_volume = volume


def _library() -> Any:
    try:
        import sounddevice
    except (OSError, ImportError) as error:
        raise SoundError(
            _("Playback is off: the sound library PortAudio is not installed."),
            cure=_("Install it (Debian and Ubuntu: sudo apt install libportaudio2), then start the program again."),
        ) from error
    return sounddevice


def _absent(kind: Kind) -> SoundError:
    if kind == "input":
        cure = _("Connect a microphone, or start the sound server, then press Listen.")
        return SoundError(_("Live listening is off: there is no sound input."), cure=cure)
    cure = _("Connect a loudspeaker or headphones, or start the sound server, then press Play.")
    return SoundError(_("Playback is off: there is no sound output."), cure=cure)


def refused(kind: Kind, name: str) -> SoundError:
    """The device is there, but the system does not give it."""
    if kind == "input":
        cure = _("Close other programs that use it, or choose another input.")
        return SoundError(_("The sound input {name} cannot be opened.").format(name=name), cure=cure)
    cure = _("Close other programs that use it, or choose another output in the system's settings.")
    return SoundError(_("The sound output {name} cannot be opened.").format(name=name), cure=cure)
