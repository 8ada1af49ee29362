"""The score of the current recording: written from it or read from a file, drawn, exported, played; on a worker."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from persian_mir.errors import PersianMirError
from persian_mir.i18n import _
from persian_mir.output_guard import guard_outputs
from persian_mir.recording import Recording
from persian_mir_gui.core.jobs import Job, JobRunner
from persian_mir_gui.core.messages import Message, message_of
from persian_mir_gui.core.settings import Settings
from persian_mir_gui.core.timeline import Timeline
from persian_mir_gui.library import item_text
from persian_mir_gui.library.session import Item, Session
from persian_mir_gui.modal.reading import Readings
from persian_mir_gui.playback.player import Player
from persian_mir_gui.playback.tones import Tones
from persian_mir_gui.score import draft as work
from persian_mir_gui.score.draft import Asked, Draft

Sounding = Literal["recording", "notes", "both"]


class ScoreDesk(QObject):
    """One score at a time. A newer question ends an older; another recording takes the score of the first away."""

    changed = Signal()
    written = Signal()  # there is another draft, or none
    advanced = Signal(float)
    drawn = Signal()
    followed = Signal()  # `now_s`
    posted = Signal(object)  # Message

    def __init__(
        self,
        session: Session,
        timeline: Timeline,
        readings: Readings,
        tones: Tones,
        player: Player,
        settings: Settings,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.runner = JobRunner(self)
        self._session, self._timeline, self._readings, self._tones = session, timeline, readings, tones
        self._player, self._settings = player, settings
        self.sounding: Sounding = "recording"
        self.draft: Draft | None = None
        self.file: Path | None = None  # that the score was read from
        self._over: Recording | None = None  # what it was laid over
        self.pages: tuple[str, ...] = ()
        self.undrawn: PersianMirError | None = None  # why there are none
        self._width = 0
        self._job: Job | None = None
        self._drawing: Job | None = None
        self._recording: Recording | None = None
        self._begin_s, self._heard_s = 0.0, 0.0  # where a score alone began to sound, and how much of it did
        session.current_changed.connect(self._follow)
        tones.playing_changed.connect(self.changed)
        tones.heard.connect(self._hear)
        timeline.playhead_changed.connect(self.followed)
        player.state_changed.connect(self._give_way)
        settings.changed.connect(self._setting_changed)

    @property
    def item(self) -> Item | None:
        """The recording that can be written down."""
        item = self._session.current
        return item if item is not None and item.state == "ready" else None

    @property
    def working(self) -> bool:
        """Whether a score is being written or laid over the recording."""
        return self._job is not None

    @property
    def selected(self) -> bool:
        """Whether there is a stretch to be written down."""
        return self._timeline.selection is not None

    @property
    def alone(self) -> bool:
        """Whether there is a score without a recording."""
        return self.draft is not None and self.draft.path is None and self.draft.count > 0

    @property
    def playing(self) -> bool:
        """Whether a score without a recording is heard."""
        return self._tones.playing == "score"

    @property
    def now_s(self) -> float:
        """Where it is: seconds of the recording, or of a score that has none."""
        return self._begin_s + self._heard_s if self.alone else self._timeline.playhead / self._timeline.rate

    def write_down(self, selection: bool) -> None:
        """Write the recording as notes, or what is selected of it."""
        asked = self._asked(selection)
        if asked is not None:
            self.file = None
            self._ask(_("Writing down {name}").format(name=asked.path.name), work.write_down, asked)

    def open_score(self, file: Path) -> None:
        """Read a score, and find its notes in the current recording."""
        self.file, self._over = file, self._recording
        self._ask(_("Reading {name}").format(name=file.name), work.lay_over, file, self._asked(False))

    def draw(self, width: int) -> None:
        """Draw pages of this width, in the units of `engrave`, now and from now on."""
        if width != self._width:
            self._width = width
            self._draw()

    def write_file(self, format_id: str, path: Path) -> None:
        """Export the score; never over a recording that is open, nor over the score that was read."""
        if self.draft is None:
            return
        kept = [item.path for item in self._session.items] + ([self.file] if self.file else [])
        try:
            guard_outputs([path], kept)
        except PersianMirError as error:
            self._fail(error)
            return
        job = self.runner.start("", work.write_file, self.draft.score, format_id, path)
        told = Message("info", _("Exported {name}.").format(name=path.name), path=path)
        job.done.connect(lambda _none: self.posted.emit(told))
        job.failed.connect(self._fail)

    def sound(self, what: Sounding) -> None:
        """Have the player play the recording, its notes, or both."""
        if what != self.sounding:
            self.sounding = what
            self._give_voice()
            self.changed.emit()

    def _give_voice(self) -> None:
        draft, balance = self.draft, float(self._settings.get("score_balance"))
        share = {"recording": 0.0, "notes": 1.0, "both": balance}[self.sounding]
        heard = draft is not None and draft.path is not None and share > 0
        self._player.set_voice(draft.voice(self._timeline.rate, share) if heard and draft is not None else None)

    def _setting_changed(self, key: str, _value: object) -> None:
        if key == "score_balance" and self.sounding == "both":
            self._give_voice()

    def play(self, first: int) -> None:
        """Have the synthesiser play a score that has no recording, from a note on."""
        if self.draft is not None and first < self.draft.count:
            job = self.runner.start(_("Playing the score"), work.play, self.draft, first)
            job.done.connect(partial(self._sound_from, first))
            job.failed.connect(self._fail)

    def stop(self) -> None:
        """Fall silent."""
        if self.playing:
            self._tones.stop()

    def _sound_from(self, first: int, samples: NDArray[np.float32]) -> None:
        if self.draft is not None:
            self._begin_s, self._heard_s = self.draft.start_of(first, 0.0) or 0.0, 0.0
            self._tones.sound("score", samples)

    def _hear(self, seconds: float) -> None:
        if self.playing:
            self._heard_s = seconds
            self.followed.emit()

    def _give_way(self, state: str) -> None:
        if state == "playing":
            self.stop()

    def _asked(self, selection: bool) -> Asked | None:
        item, known, rate = self.item, self._readings.known, self._timeline.rate
        if item is None:
            return None
        chosen = self._timeline.selection if selection else None
        span = None if chosen is None else (chosen[0] / rate, chosen[1] / rate)
        title = item_text.title(item)
        return Asked(item.path, title, known.track, known.whole, self._readings.tonic_hz, span)

    def _ask(self, text: str, act: Callable[..., Draft], *values: Any) -> None:
        self._let_go()
        job = self._job = self.runner.start(text, act, *values)
        job.progressed.connect(lambda fraction, _note: self.advanced.emit(fraction))
        job.done.connect(self._take)
        job.failed.connect(self._fail)
        job.finished.connect(partial(self._end, job))
        self.changed.emit()

    def _take(self, draft: Draft) -> None:
        self.draft = draft
        self._give_voice()
        self.written.emit()
        self._draw()

    def _end(self, job: Job) -> None:
        if job is self._job:
            self._job = None
            self.changed.emit()

    def _fail(self, error: Exception) -> None:
        self.posted.emit(message_of(error))

    def _let_go(self) -> None:
        if self._job is not None:
            self._job.cancel()
            self._job = None
        self.stop()
        self.draft, self.pages, self.undrawn = None, (), None
        self._begin_s = self._heard_s = 0.0
        self._give_voice()
        self.written.emit()
        self.drawn.emit()

    def _draw(self) -> None:
        if self._drawing is not None:
            self._drawing.cancel()
        if self.draft is None or not self.draft.count or not self._width:
            return
        job = self._drawing = self.runner.start("", work.draw, self.draft.score, self._width)
        job.done.connect(partial(self._show, self.draft))
        job.failed.connect(self._give_up)

    def _show(self, draft: Draft, pages: tuple[str, ...]) -> None:
        if draft is self.draft:
            self.pages, self.undrawn = pages, None
            self.drawn.emit()
            self.changed.emit()

    def _give_up(self, error: Exception) -> None:
        if isinstance(error, PersianMirError):
            self.undrawn = error
            self.changed.emit()
        else:
            self._fail(error)

    def _follow(self, item: Item | None) -> None:
        """Of another recording there is no score; but one that was opened by itself is laid over the first."""
        recording = None if item is None else item.recording
        if recording is self._recording:
            self.changed.emit()
            return
        self._recording = recording
        if self.file is not None and self._over is None:
            self.open_score(self.file)
        else:
            self.file = None  # of another piece its notes would mislead
            self._let_go()
            self.changed.emit()
