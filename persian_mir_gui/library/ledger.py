"""The catalogue, as the window sees it: asked and changed on one worker, its answers as signals."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from persian_mir.catalogue.catalogue import Key, Page, Sort
from persian_mir.catalogue.filters import Filter
from persian_mir_gui.core.jobs import Job, JobRunner
from persian_mir_gui.core.messages import message_of
from persian_mir_gui.library import ledger_work as work
from persian_mir_gui.library.question import Answer, Question

log = logging.getLogger(__name__)


class Ledger(QObject):
    """Holds the question; asks again after every change. A newer question makes older answers void."""

    answered = Signal(object)  # Answer
    grew = Signal(object)  # Page: what follows
    described = Signal(object)  # Described
    wrote = Signal()  # something is different now
    failed = Signal(object)  # Message

    def __init__(self, parent: QObject | None = None, path: Path | None = None) -> None:
        super().__init__(parent)
        self._books = work.Books(path)
        self.runner = JobRunner(self, at_end=self._books.close)
        self._aside = JobRunner(self)
        self.question = Question()
        self._after: Key | None = None
        self._asking: Job | None = None
        self._growing = self._looking = False
        self._rows = 0  # that are here
        self._others_wrote = 0
        self._awake = False
        self._refused = ""  # the last that could not be read: it is not told at every recording that is shown

    def wake(self) -> None:
        """Ask for the first time; until then the catalogue is not opened."""
        if not self._awake:
            self._awake = True
            self.ask(self.question)

    def ask(self, question: Question, rows: int = work.PAGE) -> None:
        """Look for something else, of which the first `rows` are shown."""
        self.question = question
        if not self._awake:
            return
        if self._asking is not None:
            self._asking.cancel()
        self._growing = False
        self._asking = self.read(work.answer, question, rows)
        self._asking.done.connect(self._answered)

    def look_for(self, text: str) -> None:
        """Other words, the same filter."""
        if text != self.question.text:
            self.ask(replace(self.question, text=text))

    def narrow(self, wanted: Filter) -> None:
        """Another filter, the same words."""
        if wanted != self.question.wanted:
            self.ask(replace(self.question, wanted=wanted))

    def sort_by(self, sort: Sort, descending: bool) -> None:
        """Another order."""
        self.ask(replace(self.question, sort=sort, descending=descending))

    def ask_again(self) -> None:
        """The same question: something has changed. As many rows come as were here."""
        self.ask(self.question, max(work.PAGE, self._rows))

    def look_again(self) -> None:
        """Ask again if another program, or a batch of this one, has written since."""
        if self._awake and not self._looking:
            self._looking = True
            job = self._start(work.others_wrote)
            job.done.connect(self._look_again)
            job.finished.connect(self._looked)

    def more(self) -> None:
        """Get the page that follows; nothing where there is none, or where it is on its way."""
        if self._after is not None and not self._growing:
            self._growing = True
            self.read(work.next_page, self.question, self._after).done.connect(self._grown)

    @property
    def all_here(self) -> bool:
        """Whether the last page has come."""
        return self._after is None

    def describe(self, content_hash: str) -> None:
        """Have `described` tell all that is known of a recording."""
        self.read(work.describe, content_hash).done.connect(self.described)

    def read(self, act: Callable[..., Any], *values: object) -> Job:
        """Run `act(catalogue, *values, progress)` on the worker. What it refuses becomes a message, told once."""
        job = self._start(act, *values)
        job.done.connect(self._readable)
        job.failed.connect(self._refuse)
        return job

    def change(self, act: Callable[..., Any], *values: object) -> Job:
        """The same of what changes something: afterwards the question is asked again."""
        job = self._start(act, *values)
        job.done.connect(self._changed)
        job.failed.connect(self._fail)
        return job

    def aside(self, act: Callable[..., Any], *values: object) -> Job:
        """Run `act(*values, progress)`, which may take minutes and needs no catalogue, on a worker of its own."""
        return self._aside.start("", act, *values)

    def hear_people(self) -> None:
        """Take over what was said in the main window."""
        if self._awake:  # else it is taken over when the catalogue is opened
            self.change(work.take_over)

    def undo(self) -> None:
        """Take back the last step."""
        self.change(work.undo)

    def redo(self) -> None:
        """Do again what was undone last."""
        self.change(work.redo)

    def close(self, timeout_s: float) -> bool:
        """End all work and close the file; False if it would not end in time."""
        self._aside.stop()
        return self.runner.close(timeout_s) and self._aside.close(timeout_s)

    def _start(self, act: Callable[..., Any], *values: object) -> Job:
        return self.runner.start("", self._books.use, act, *values)

    def _readable(self, _result: object) -> None:
        self._refused = ""

    def _refuse(self, error: Exception) -> None:
        if str(error) != self._refused:
            self._refused = str(error)
            self._fail(error)

    def _fail(self, error: Exception) -> None:
        log.info("the catalogue refused", exc_info=error)
        self.failed.emit(message_of(error))

    def _look_again(self, others_wrote: int) -> None:
        if others_wrote != self._others_wrote:
            self.ask_again()

    def _looked(self) -> None:
        self._looking = False

    def _answered(self, answer: Answer) -> None:
        self._after, self._rows = answer.page.after, len(answer.page.rows)
        self._others_wrote = answer.others_wrote
        self.answered.emit(answer)

    def _grown(self, page: Page) -> None:
        if self._growing:  # else another question was asked meanwhile
            self._growing = False
            self._after, self._rows = page.after, self._rows + len(page.rows)
            self.grew.emit(page)

    def _changed(self, _result: object) -> None:
        self.wrote.emit()
        if self._awake:
            self.ask_again()
