"""What is embedded: a recording and its sound, read as one channel."""

from __future__ import annotations

from typing import Protocol

from persian_mir.audio.decoder import Samples
from persian_mir.recording import Recording


class MonoSource(Protocol):
    """An `AudioSource`, or what stands for one: a recording as it would sound from elsewhere."""

    @property
    def recording(self) -> Recording:
        """What it is of: `content_hash` names all that its sound depends on."""

    def mono(self, start: int, frames: int) -> Samples:
        """Samples `start` up to `start + frames` of the recording as one channel, float32 [n]."""
