"""Labelling one recording: the work itself, done on a worker."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from persian_mir.audio import open_audio
from persian_mir.computing import Computing
from persian_mir.errors import AudioError
from persian_mir.i18n import _
from persian_mir.prediction import Prediction
from persian_mir.predictor import Predictor
from persian_mir.progress import Cancelled, Progress
from persian_mir.recording import Recording
from persian_mir_gui.labelling.predictors import PredictorChoice
from persian_mir_gui.library.remarks import remarks_on

Maker = Callable[[PredictorChoice, Computing], Predictor]


@dataclass(frozen=True, slots=True)
class Part:
    """Segments that a predictor has just finished."""

    predictor: str
    name: str
    prediction: Prediction


@dataclass(frozen=True, slots=True)
class Answer:
    """All that a predictor says."""

    predictor: str
    name: str
    predictions: tuple[Prediction, ...]


@dataclass(frozen=True, slots=True)
class Failure:
    """A predictor that could not be made, or failed on this recording."""

    predictor: str
    name: str
    error: Exception


@dataclass(frozen=True, slots=True)
class Caveat:
    """What the user should know of how a predictor worked: that its features are not kept, that it is slower here."""

    text: str


class Workbench:
    """The predictors made so far, computed in one way. Threads that ask for the same one share it."""

    def __init__(self, make: Maker) -> None:
        self._make, self._lock = make, threading.Lock()
        self._made: dict[tuple[str, float | None, tuple[str, int]], Predictor] = {}
        self._computing = Computing()

    @property
    def made(self) -> list[Predictor]:
        """Those made so far; asked while another thread may be making one."""
        return list(self._made.values())

    def predictor(self, choice: PredictorChoice, computing: Computing) -> Predictor:
        """The predictor chosen, made when first asked for."""
        with self._lock:
            if computing != self._computing:
                self._made.clear()  # the memory of a device is not for what is no longer used
                self._computing = computing
            key = (choice.id, choice.window_s, choice.newness)
            if key not in self._made:
                for old in [one for one in self._made if one[0] == choice.id and one[2] != choice.newness]:
                    del self._made[old]  # a newer file has taken its place
                self._made[key] = self._make(choice, computing)
            return self._made[key]

    def forget(self) -> None:
        """Let go of all predictors; they are made anew when asked for."""
        with self._lock:
            self._made.clear()


def _relay(progress: Progress, choice: PredictorChoice, value: Any) -> None:
    """Say of a part of a prediction who made it."""
    if isinstance(value, Prediction):
        progress.publish(Part(choice.id, choice.name, value))


def label_file(
    recording: Recording, chosen: Sequence[PredictorChoice], computing: Computing, bench: Workbench, progress: Progress
) -> None:
    """Let each predictor read `recording`. Publishes `Part`s, and for each an `Answer` (and `Caveat`s) or a `Failure`;
    at last the `Remarks` on it.

    Raises AudioError when the file can no longer be read or is another one than was opened.
    """
    with open_audio(recording.path) as source:
        if source.recording.content_hash != recording.content_hash:
            what = _("The file has changed since it was opened.")
            raise AudioError(what, path=recording.path, cure=_("Close it and open it again."))
        for place, choice in enumerate(chosen):
            publish = partial(_relay, progress, choice)
            relay = progress.part(place / len(chosen), 1 / len(chosen), publish=publish)
            relay.step(0.0, choice.name)
            try:
                predictor = bench.predictor(choice, computing)
                relay.step(0.0, choice.name)  # making one may have taken long
                predictions = predictor.predict(source, relay)
            except Cancelled:
                raise
            except Exception as error:  # noqa: BLE001 - the other predictors go on
                progress.publish(Failure(choice.id, choice.name, error))
            else:
                progress.publish(Answer(choice.id, choice.name, predictions))
                for text in getattr(predictor, "remarks", ()):
                    progress.publish(Caveat(text))
        progress.publish(remarks_on(source))
