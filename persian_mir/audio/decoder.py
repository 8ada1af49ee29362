"""What a decoder is: a file of sound read by position."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]
Tags = Mapping[str, str]
Kind = Literal[
    "ends early", "has holes", "silent holes", "garbled", "not finite", "unread", "other tracks", "other spelling",
    "opposed phase", "empty channel", "offset", "hum", "clipped", "quiet",
]  # fmt: skip
HARMLESS = ("other tracks", "other spelling", "opposed phase", "empty channel", "offset", "hum", "clipped", "quiet")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a file that can be read all the same. `details`: see `problem_texts`."""

    kind: Kind
    details: tuple[float | str, ...] = ()

    @property
    def harmless(self) -> bool:
        """Whether nothing of the sound is wrong: it is worth knowing only."""
        return self.kind in HARMLESS


class Decoder(Protocol):
    """One open file. `frames` counts samples a channel as they are delivered, never what a header claims.

    `name` is the library with its version.
    """

    rate: int
    channels: int
    frames: int
    format: str
    name: str
    tags: Tags
    problems: tuple[Problem, ...]
    reads_file: bool  # the file itself, which may change meanwhile, not what was decoded of it

    def read(self, start: int, frames: int) -> Samples:
        """`[channels, n]`, samples `start` onwards; the caller keeps within 0 and `frames`.

        The samples of a range are the same whatever was read before. May deliver fewer than asked when the file
        changed or broke meanwhile. Raises AudioError.
        """

    def close(self) -> None:
        """Let the file go. May be called twice."""
