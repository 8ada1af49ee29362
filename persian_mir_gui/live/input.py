"""The microphone or line input, through PortAudio."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path
from typing import Any

from persian_mir.i18n import _
from persian_mir.progress import Progress
from persian_mir_gui.playback.ring import Floats, Ring
from persian_mir_gui.playback.sound import Sound, SoundError, refused

LATENCY_S = 0.02
RING_S = 10.0  # a disk or processor busy for longer than that costs sound, which is counted


class Input:
    """One open stream. Its callback copies into `ring` and counts; everything else is for the thread that reads."""

    def __init__(self, name: str, rate: int, channels: int) -> None:
        self.name, self.rate, self.channels = name, rate, channels
        self.ring = Ring(round(RING_S * rate), channels)
        self.dropped = 0  # frames for which there was no room
        self.overflows = 0  # times that the system itself lost sound
        self.calls = 0
        self.arrived = threading.Event()  # there is sound to be taken
        self.gone = threading.Event()

    def close(self) -> None:
        """Let the device go."""

    def deliver(self, block: Floats, frames: int, _when: object, status: Any) -> None:
        """The card's own thread: copies, and nothing else."""
        if frames <= self.ring.room:
            self.ring.write(block)
        else:
            self.dropped += frames
        if status and status.input_overflow:
            self.overflows += 1
        self.calls += 1
        self.arrived.set()


class _CardInput(Input):
    """Made with the lock of `sound` held. Raises SoundError."""

    def __init__(self, sound: Sound, device: Any, index: int | None) -> None:
        super().__init__(device["name"], int(device["default_samplerate"]), min(2, device["max_input_channels"]))
        self._sound = sound
        self._stream: Any = sound.stream(
            "input",
            self.name,
            self.deliver,
            self.gone,
            rate=self.rate,
            channels=self.channels,
            latency_s=LATENCY_S,
            device=index,
        )

    def start(self) -> None:
        self._stream.start()

    def close(self) -> None:
        self._sound.release(self._stream)


def plugged() -> object:
    """Something that differs when a sound card came or went; None where only PortAudio itself can tell.

    Asking PortAudio means initialising it anew, on which ALSA writes lines to the terminal: on Linux not without need.
    """
    if not sys.platform.startswith("linux"):
        return None
    server = Path(os.environ.get("XDG_RUNTIME_DIR", ""), "pulse", "native").exists()
    try:
        return server, Path("/proc/asound/pcm").read_text(encoding="utf-8", errors="replace")
    except OSError:  # no card has ever been there
        return server, ""


class Inputs:
    """What can be listened to. Every method may wait for the system: not for the GUI thread."""

    def __init__(self, sound: Sound) -> None:
        self._sound = sound

    def look(self, progress: Progress) -> tuple[str, ...]:
        """Names of the inputs, the default first. Raises SoundError when there is none."""
        progress.step(0.0)
        with self._sound.lock:
            self._sound.refresh(self._library())
            return self._sound.names("input")

    def open(self, name: str, anew: bool = False) -> Input:
        """Listen to the input of that name, to the default one for an empty name. Raises SoundError.

        `anew`: look for devices again first, after one was lost.
        """
        with self._sound.lock:
            library = self._library()
            if anew:
                self._sound.refresh(library)
            stream = _CardInput(self._sound, *self._find(library, name))
        try:
            stream.start()
        except library.PortAudioError as error:
            stream.close()
            raise refused("input", stream.name) from error
        return stream

    def _find(self, library: Any, name: str) -> tuple[Any, int | None]:
        if not name:
            return self._sound.default("input"), None
        for index, device in enumerate(library.query_devices()):
            if device["name"] == name and device["max_input_channels"]:
                return device, index
        cure = _("Connect it again or choose another one, then press Listen.")
        raise SoundError(_("The sound input {name} is not there.").format(name=name), cure=cure)

    def _library(self) -> Any:
        try:
            return self._sound.library()
        except SoundError as error:
            raise SoundError(
                _("Live listening is off: the sound library PortAudio is not installed."), cure=error.cure
            ) from error
