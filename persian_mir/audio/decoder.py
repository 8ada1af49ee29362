"""What a decoder is: a file of sound read by position."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from persian_mir.i18n import _

Samples = NDArray[np.float32]
Tags = Mapping[str, str]
Problem = Literal["ends early", "has holes", "silent holes", "not finite"]


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

    def read(self, start: int, frames: int) -> Samples:
        """`[channels, n]`, samples `start` onwards; the caller keeps within 0 and `frames`.

        The samples of a range are the same whatever was read before. May deliver fewer than asked when the file
        changed or broke meanwhile. Raises AudioError.
        """

    def close(self) -> None:
        """Let the file go. May be called twice."""


def sentence(problem: Problem) -> str:
    """`problem` in the user's words."""
    match problem:
        case "ends early":
            return _("The file ends before its header says it should: what is there can be used, the rest is missing.")
        case "has holes":
            return _("Parts of the file are damaged and were left out: what follows them is placed too early.")
        case "silent holes":
            return _("Parts of the file are damaged: silence stands in their place, and all else is where it was.")
        case "not finite":
            return _("Some samples of the file are not numbers: they are taken as silence.")
