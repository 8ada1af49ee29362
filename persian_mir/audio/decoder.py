"""What a decoder is: a file of sound read by position."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]


class Decoder(Protocol):
    """One open file. `frames` counts samples a channel as they are delivered, never what a header claims."""

    rate: int
    channels: int
    frames: int
    format: str
    name: str
    problems: tuple[str, ...]

    def read(self, start: int, frames: int) -> Samples:
        """`[channels, n]`, samples `start` onwards; the caller keeps within 0 and `frames`.

        The samples of a range are the same whatever was read before. May deliver fewer than asked when the file
        changed or broke meanwhile.
        """

    def close(self) -> None:
        """Let the file go. May be called twice."""
