"""The one protocol behind which the probe and the modal reading stand."""

from __future__ import annotations

from typing import Protocol

from persian_mir.audio import AudioSource
from persian_mir.prediction import Prediction
from persian_mir.progress import SILENT, Progress
from persian_mir.provenance import Provenance


class Predictor(Protocol):
    """Labels a recording. Window, batch, live and export know nothing more of it than this."""

    @property
    def id(self) -> str:
        """Stable and unique: `modal`, or `probe:` and the hash of the probe file."""

    @property
    def name(self) -> str:
        """What a lane is called: `Modal reading`, `Instrument · MERT-v1-95M`."""

    @property
    def tasks(self) -> tuple[str, ...]:
        """What `predict` answers, in the order in which it answers."""

    def predict(self, source: AudioSource, progress: Progress = SILENT) -> tuple[Prediction, ...]:
        """One whole prediction a task.

        While it works it publishes parts: each a `Prediction` of the segments just finished, in order, without
        gaps; joined they are the segments of the result. Raises PersianMirError in words fit for the user.
        """


class Labeller(Predictor, Protocol):
    """A predictor that says beforehand by what it will label."""

    def provenance(self) -> Provenance:
        """Return its models and parameters."""
