"""The sound card, through PortAudio. Its absence is a state, not a fault."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from persian_mir.errors import PersianMirError
from persian_mir.i18n import _
from persian_mir.progress import Progress
from persian_mir_gui.services.ring import Floats, Ring

LATENCY_S = 0.4  # rides out the import of torch, which holds the interpreter; the playhead takes it into account
RING_S = 2.0
SILENCE_S = 2.0  # after this much of it everything has been heard, whatever the card's clock says


class SoundError(PersianMirError):
    """Nothing can be played, or no longer."""


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
            library = self.library()
            default = _default_output(library)
            others = [device["name"] for device in library.query_devices() if device["max_output_channels"]]
            return tuple(dict.fromkeys([default["name"], *others]))

    def open(self, rate: int) -> Output:
        """A stream to the default output, at `rate` where it takes that. Raises SoundError."""
        with self.lock:
            library = self.library()
            device = self._present_output(library)
            channels = min(2, device["max_output_channels"])
            try:
                try:
                    library.check_output_settings(channels=channels, dtype="float32", samplerate=rate)
                except library.PortAudioError:
                    rate = int(device["default_samplerate"])
                output = Output(library, rate, channels, self.release)
                self.streams += 1
                return output
            except library.PortAudioError as error:
                what = _("The sound output {name} cannot be opened.").format(name=device["name"])
                cure = _("Close other programs that use it, or choose another output in the system's settings.")
                raise SoundError(what, cure=cure) from error

    def _present_output(self, library: Any) -> Any:
        """The default output as it is now: PortAudio is initialised anew if there was none."""
        try:
            return _default_output(library)
        except SoundError:
            self.refresh(library)
            return _default_output(library)


class Output:
    """One open stream and its clock. Made, started and closed by one thread; `played` may be asked by any."""

    def __init__(self, library: Any, rate: int, channels: int, release: Callable[[Any], None]) -> None:
        self.rate, self.channels = rate, channels
        self.ring = Ring(max(round(RING_S * rate), 8192), channels)
        self.volume = 1.0
        self.calls = 0  # how often the card asked for samples
        self.gone = threading.Event()  # the card, before it was let go
        self._heard_volume = 1.0
        self._delivered = 0
        self._silence = 0  # frames of it since the last sample
        self._beat: tuple[int, int, float] | None = None  # frames before, frames of, and time of the last delivery
        self._reached = 0.0
        self._release, self._clock = release, threading.Lock()
        self._stream: Any = library.OutputStream(
            samplerate=rate,
            channels=channels,
            dtype="float32",
            latency=LATENCY_S,
            callback=self._deliver,
            finished_callback=self.gone.set,
        )

    def start(self, volume: float) -> None:
        """Begin to play what is in the ring."""
        self.volume = self._heard_volume = volume
        self._stream.start()

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
            beat = self._beat
            if self._stream is not None and beat is not None:
                before, count, heard_at = beat
                now = before + (self._stream.time - heard_at) * self.rate
                self._reached = max(self._reached, min(now, before + count))
            return self._reached

    def close(self) -> None:
        """Fall silent and let the card go."""
        with self._clock:
            stream, self._stream = self._stream, None
        self._release(stream)

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


def _default_output(library: Any) -> Any:
    """The default output, as PortAudio knew it when it was initialised."""
    try:
        return library.query_devices(kind="output")
    except library.PortAudioError as error:
        cure = _("Connect a loudspeaker or headphones, or start the sound server, then press Play.")
        raise SoundError(_("Playback is off: there is no sound output."), cure=cure) from error
