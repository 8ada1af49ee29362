"""Pitch and mode of the current recording, read on a worker: the whole of it and the place one is looking at."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from persian_mir.errors import PersianMirError
from persian_mir.i18n import _
from persian_mir.progress import Progress
from persian_mir_gui.services.jobs import JobRunner
from persian_mir_gui.services.messages import Messages
from persian_mir_gui.services.session import Item, Session
from persian_mir_gui.services.settings import Settings
from persian_mir_gui.services.timeline import Timeline

if TYPE_CHECKING:
    from persian_mir.modal.pitch import PitchTrack
    from persian_mir.modal.reading import ModalReading

AROUND_S = 30.0  # as much as the modal lane reads at a time, unless the settings say otherwise
STEP_S = 1.0  # how far the playhead moves before what is around it is read anew
SHORTEST_S = 5.0  # a selection below this says nothing by itself

NEAR_S = 0.1  # of the playhead: what one hears as sounding there
SOUNDS_FROM = 0.5  # confidence; swift-f0's own threshold

Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be read: the part of a recording from `span[0]` to `span[1]` seconds beside the whole."""

    path: Path
    tonic_hz: float | None
    span: Span | None
    selected: bool = False  # whether the span is the user's


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """What was read. `tonic_hz` is the user's, None where the reading's own stands."""

    track: PitchTrack | None = None
    whole: ModalReading | None = None
    here: ModalReading | None = None
    asked: Asked | None = None

    @property
    def tonic_hz(self) -> float | None:
        """The tonic set by hand that these readings follow."""
        return self.asked.tonic_hz if self.asked else None

    @property
    def span(self) -> Span | None:
        """What `here` is read from, in seconds."""
        return self.asked.span if self.asked and self.here is not None else None

    @property
    def selected(self) -> bool:
        """Whether `here` is the selection."""
        return self.span is not None and self.asked is not None and self.asked.selected


NOTHING = Known()


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
        self._computing: set[int] = set()
        session.current_changed.connect(self._show)
        session.changed.connect(self._look_again)
        session.removed.connect(self._forget)
        timeline.selection_changed.connect(self._next)
        timeline.playhead_changed.connect(self._next)

    @property
    def known(self) -> Known:
        """What is known of the current item."""
        return NOTHING if self._item is None else self._known.get(self._item.key, NOTHING)

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
        if item is self._session.current:
            self._show(item)

    def _forget(self, item: Item) -> None:
        self._known.pop(item.key, None)
        self._tonics.pop(item.key, None)
        self._absent.discard(item.key)

    def _computed(self, item: Item) -> None:
        self._computing.discard(item.key)
        self._absent.discard(item.key)
        self.changed.emit()
        self._next()

    def _asked(self, item: Item) -> Asked:
        rate, selection = self._timeline.rate, self._timeline.selection
        if selection is not None and selection[1] - selection[0] >= SHORTEST_S * rate:
            return Asked(item.path, self.tonic_hz, (selection[0] / rate, selection[1] / rate), selected=True)
        duration = self._timeline.frames / rate
        if duration <= self._around_s:
            return Asked(item.path, self.tonic_hz, None)
        at = round(self._timeline.playhead / rate / STEP_S) * STEP_S
        start = min(max(at - self._around_s / 2, 0.0), duration - self._around_s)
        return Asked(item.path, self.tonic_hz, (start, start + self._around_s))

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


def read(asked: Asked, known: Known, progress: Progress) -> Known:
    """Runs on the worker: what was asked for, as far as `known` does not hold it already."""
    from persian_mir.modal.reading import read_mode

    track = known.track or kept_track(asked.path)
    if track is None:
        return NOTHING
    whole = known.whole if known.asked and known.tonic_hz == asked.tonic_hz else None
    if whole is None:
        whole = read_mode(track, tonic_hz=asked.tonic_hz)
    progress.step(0.5)
    here = None if asked.span is None else read_mode(track, *asked.span, tonic_hz=asked.tonic_hz)
    return replace(known, track=track, whole=whole, here=here, asked=asked)


def kept_track(path: Path) -> PitchTrack | None:
    """Runs on the worker: the track in the cache, or None."""
    from persian_mir.audio import open_audio
    from persian_mir.modal.pitch import load_track

    with open_audio(path) as source:
        return load_track(source)


def make_track(path: Path, progress: Progress) -> None:
    """Runs on the worker: computes the track and leaves it in the cache."""
    from persian_mir.audio import open_audio
    from persian_mir.modal.pitch import track_pitch

    with open_audio(path, progress) as source:
        track_pitch(source, progress)
