"""What describes passages as vectors: melody, or the embedding by a backbone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from persian_mir.progress import SILENT, Progress
from persian_mir.similarity.space import Floats, Space

if TYPE_CHECKING:
    from persian_mir.audio import AudioSource


@dataclass(frozen=True, slots=True, eq=False)
class Passages:
    """Passages of a recording, samples `starts[i]` up to `stops[i]` (int64), and their `vectors` float32 [n, width]."""

    starts: NDArray[np.int64]
    stops: NDArray[np.int64]
    vectors: Floats

    def __post_init__(self) -> None:
        if not len(self.starts) == len(self.stops) == len(self.vectors):
            raise ValueError("as many starts as stops and vectors, please")


class Features(Protocol):
    """One way to describe passages."""

    @property
    def space(self) -> Space:
        """In which its vectors lie."""

    def passages(self, source: AudioSource, progress: Progress = SILENT) -> Passages:
        """Return the passages of a whole recording. Raises PersianMirError; `progress` may raise Cancelled."""

    def passage(self, source: AudioSource, start: int, stop: int, progress: Progress = SILENT) -> Floats | None:
        """Return the vector of samples `start` up to `stop`; None where they hold nothing to compare."""
