"""Pitch and mode of the current recording, read on a worker: the whole of it and the place one is looking at."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, Signal

from persian_mir.errors import PersianMirError
from persian_mir.i18n import _
from persian_mir.prediction import Prediction
from persian_mir_gui.core.jobs import Job, JobRunner
from persian_mir_gui.core.messages import Messages
from persian_mir_gui.core.settings import Settings
from persian_mir_gui.core.timeline import Timeline
from persian_mir_gui.labelling.predictors import MODAL
from persian_mir_gui.library.session import Item, Session
from persian_mir_gui.modal.reading_work import NOTHING, Known, ReadingRequest, make_track, read, retell

AROUND_S = 30.0  # as much as the modal lane reads at a time, unless the settings say otherwise
STEP_S = 1.0  # how far the playhead moves before what is around it is read anew
SHORTEST_S = 0.5  # a selection below this is a slip of the hand

NEAR_S = 0.1  # of the playhead: what one hears as sounding there
SOUNDS_FROM = 0.5  # confidence; swift-f0's own threshold


class Readings(QObject):
    """The readings of the current item. One is computed at a time; what was asked for meanwhile, last, comes next.

    The pitch track comes from the cache, where the modal predictor leaves it; `compute` has it made where it is not.
    """

    changed = Signal()

    def __init__(
        self,
        io: JobRunner,
        runner: JobRunner,
        session: Session,
        timeline: Timeline,
        messages: Messages,
        parent: QObject | None = None,
        settings: Settings | None = None,
    ) -> None:
        super().__init__(parent)
        self._around_s = AROUND_S
        if settings is not None:
            self._around_s = float(settings.get("modal_window"))
            settings.changed.connect(self._setting_changed)
        self._io, self._runner = io, runner
        self._session, self._timeline, self._messages = session, timeline, messages
        self._item: Item | None = None
        self._known: dict[int, Known] = {}
        self._tonics: dict[int, float] = {}
        self._absent: set[int] = set()  # items whose track is not in the cache yet
        self._reading = False
        self._retelling: Job | None = None
        self._computing: set[int] = set()
        session.current_changed.connect(self._show)
        session.changed.connect(self._look_again)
        session.removed.connect(self._forget)
        timeline.selection_changed.connect(self._next)
        timeline.playhead_changed.connect(self._next)

    @property
    def known(self) -> Known:
        """What is known of the current item: of its pitch alone, where the verdict to explain was never given."""
        if self._item is None:
            return NOTHING
        known = self._known.get(self._item.key, NOTHING)
        return replace(known, whole=None, here=None) if self._unsaid(self._item) else known

    def _unsaid(self, item: Item) -> bool:
        """Whether labelling ended before the modal reading had said anything; its pitch track may be there."""
        return item.labelling in ("cancelled", "failed") and (MODAL, "mode") not in item.predictions

    @property
    def tonic_hz(self) -> float | None:
        """The tonic that the user has set for the current item, or None."""
        return None if self._item is None else self._tonics.get(self._item.key)

    @property
    def computing(self) -> bool:
        """Whether the pitch of the current item is being computed at the user's wish."""
        return self._item is not None and self._item.key in self._computing

    def set_tonic(self, hz: float | None) -> None:
        """Read the current item from this tonic; None gives it back to the reading."""
        item = self._item
        if item is None or hz == self._tonics.get(item.key) or (hz is not None and hz <= 0):
            return
        if hz is None:
            del self._tonics[item.key]
        else:
            self._tonics[item.key] = hz
        self._next()
        self._retell(item)

    def pitch_at_playhead(self) -> float | None:
        """The pitch in Hz that sounds around the playhead, a tenth of a second either way; None in a rest."""
        track = self.known.track
        if track is None:
            return None
        at = self._timeline.playhead / self._timeline.rate
        near = track.cut(at - NEAR_S, at + NEAR_S)
        hz = sorted(near.hz[(near.confidence >= SOUNDS_FROM) & (near.hz > 0)].tolist())
        return float(hz[len(hz) // 2]) if hz else None

    def compute(self) -> None:
        """Make the pitch track of the current item, if there is none."""
        item = self._item
        if item is None or item.state != "ready" or self.known.track is not None or self.computing:
            return
        title = _("Pitch of {name}").format(name=item.path.name)
        self._computing.add(item.key)
        job = self._runner.start(title, make_track, item.path)
        job.failed.connect(partial(self._failed, title))
        job.finished.connect(partial(self._computed, item))
        self.changed.emit()

    # The lanes and the verdict follow a tonic that was set by hand

    def _retell(self, item: Item) -> None:
        said = item.predictions.get((MODAL, "mode"))
        tonic = self._tonics.get(item.key)
        if self._retelling is not None:
            self._retelling.cancel()
            self._retelling = None
        if said is None or said.provenance.parameters.get("tonic_hz") == tonic:
            return
        title = _("Reading {name} from the tonic").format(name=item.path.name)
        job = self._runner.start(title, retell, item.path, self._around_s, tonic)
        job.done.connect(partial(self._put, item, tonic))
        job.failed.connect(partial(self._failed, title))
        self._retelling = job

    def _put(self, item: Item, tonic: float | None, predictions: tuple[Prediction, ...]) -> None:
        self._retelling = None
        if self._tonics.get(item.key) == tonic:
            for prediction in predictions:
                self._session.put_prediction(item, MODAL, item.predictor_names.get(MODAL, ""), prediction)

    # When to read

    def _setting_changed(self, key: str, value: object) -> None:
        if key == "modal_window" and isinstance(value, int):
            self._around_s = float(value)
            self._next()

    def _show(self, item: Item | None) -> None:
        if item is not self._item:
            self._item = item
            self.changed.emit()
        self._next()

    def _look_again(self, item: Item) -> None:
        if item.labelling != "running":
            self._absent.discard(item.key)  # the predictor may have left a track
        if item.labelling == "done" and item.key in self._tonics:
            self._retell(item)
        if item is self._session.current:
            self._show(item)
            if item.labelling in ("cancelled", "failed"):
                self.changed.emit()

    def _forget(self, items: tuple[Item, ...]) -> None:
        for item in items:
            self._known.pop(item.key, None)
            self._tonics.pop(item.key, None)
            self._absent.discard(item.key)

    def _computed(self, item: Item) -> None:
        self._computing.discard(item.key)
        self._absent.discard(item.key)
        self.changed.emit()
        self._next()

    def _asked(self, item: Item) -> ReadingRequest:
        rate, selection = self._timeline.rate, self._timeline.selection
        if selection is not None and selection[1] - selection[0] >= SHORTEST_S * rate:
            return ReadingRequest(item.path, self.tonic_hz, (selection[0] / rate, selection[1] / rate), selected=True)
        duration = self._timeline.frames / rate
        if duration <= self._around_s:
            return ReadingRequest(item.path, self.tonic_hz, None)
        at = round(self._timeline.playhead / rate / STEP_S) * STEP_S
        start = min(max(at - self._around_s / 2, 0.0), duration - self._around_s)
        return ReadingRequest(item.path, self.tonic_hz, (start, start + self._around_s))

    def _next(self, *_news: object) -> None:
        item = self._item
        if self._reading or item is None or item.state != "ready" or item.key in self._absent:
            return
        asked = self._asked(item)
        known = self._known.get(item.key, NOTHING)
        if known.asked == asked:
            return
        self._reading = True
        job = self._io.start("", read, asked, known)
        job.done.connect(partial(self._keep, item))
        job.failed.connect(partial(self._give_up, item))
        job.finished.connect(self._finish)

    def _keep(self, item: Item, known: Known) -> None:
        if item.closed:
            return
        if known.track is None:
            self._absent.add(item.key)
        else:
            self._known[item.key] = known
        if item is self._item:
            self.changed.emit()

    def _give_up(self, item: Item, error: Exception) -> None:
        self._absent.add(item.key)
        if not isinstance(error, PersianMirError):  # of a file that is gone the session tells
            self._messages.error(error)

    def _failed(self, title: str, error: Exception) -> None:
        self._messages.error(error, title)

    def _finish(self) -> None:
        self._reading = False
        self._next()
