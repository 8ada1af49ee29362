"""What is being done, how much of it, how long yet; and the way to stop it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from persian_mir.batch.run import BatchStatus
from persian_mir.i18n import _
from persian_mir_gui.archive.batch_desk import BatchDesk
from persian_mir_gui.core.jobs import Job, JobRunner
from persian_mir_gui.labelling.labelling import Labelling
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.fraction_bar import FractionBar
from persian_mir_gui.widgets.icons import icon
from persian_mir_gui.widgets.theme import Theme
from persian_mir_gui.widgets.theme_source import ThemeSource
from persian_mir_gui.widgets.widget_factories import keep_place, quiet, space_out, tool_button


class JobsBar(QWidget):
    """One line and one bar for the work that matters most: labelling, else the oldest of the others.

    It keeps its place while nothing runs, so that nothing jumps.
    """

    def __init__(
        self,
        labelling: Labelling,
        batch: BatchDesk,
        runners: tuple[JobRunner, ...],
        themes: ThemeSource,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._runners, self._labelling, self._batch = runners, labelling, batch
        self._text = quiet()
        self._text.setAlignment(Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter)
        self._bar = FractionBar()
        self.cancel = tool_button("quiet", _("Cancel"), 12)
        self.cancel.clicked.connect(self._cancel)
        line = space_out(QHBoxLayout(), spacing=4)
        line.addWidget(self._text, 1)
        line.addWidget(self.cancel)
        self._used = quiet()
        self._used.setToolTip(
            _("The share of the time in which the models compute. The rest they wait for sound to be read.")
        )
        below = space_out(QHBoxLayout(), spacing=6)
        below.addWidget(self._bar, 1)
        below.addWidget(self._used)
        for part in (self.cancel, self._bar, self._used):
            keep_place(part)  # else the bar, and all above it, moved when a share of the models was first known
        layout = space_out(QVBoxLayout(self), spacing=3)
        layout.addLayout(line)
        layout.addLayout(below)
        self.setMinimumWidth(150)
        self.setMaximumWidth(240)
        for runner in runners:
            runner.job_started.connect(self._follow)
        labelling.finished.connect(self.refresh)
        batch.advanced.connect(self.refresh)
        themes.follow(self.set_theme)
        self.refresh()

    def set_theme(self, theme: Theme) -> None:
        """Paint in other colours from now on."""
        self.cancel.setIcon(icon("close", theme.text_dim))

    def sizeHint(self) -> QSize:
        return QSize(240, 40)

    def shown_job(self) -> Job | None:
        """The job that is on show. One without a title is not worth it."""
        jobs = (job for runner in self._runners for job in runner.jobs)
        return next((job for job in jobs if job.title and not job.cancelling and not job.held), None)

    def _follow(self, job: Job) -> None:
        if job.title:
            job.progressed.connect(self.refresh)
            job.finished.connect(self.refresh)
            self.refresh()

    def _cancel(self) -> None:
        job = self.shown_job()
        if self._labelling.running:
            self._labelling.cancel(None)
        elif job is not None:
            job.cancel()
        self.refresh()

    def refresh(self, *_news: object) -> None:
        """Show the work that is going on now."""
        job = self.shown_job()
        self._bar.setVisible(job is not None)
        self.cancel.setVisible(job is not None)
        used = self._utilisation(job)
        self._used.setText("" if used is None else _("models {percent}").format(percent=formatting.percent(used)))
        self._used.setVisible(used is not None)
        title, fraction, seconds_left = self._news(job) if job else ("", 0.0, None)
        text = " · ".join(filter(None, (title, formatting.time_left(seconds_left))))
        room = self.width() - self.cancel.sizeHint().width() - 6
        self._text.setText(self._text.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, room))
        self._text.setToolTip(text)
        if job is not None:
            self._bar.show_fraction(fraction or None)

    def _utilisation(self, job: Job | None) -> float | None:
        """The share of the time in which models compute, where the job has them do so."""
        if job is None:
            return None
        if job in self._runners[0].jobs:
            return self._labelling.utilisation
        status = self._batch_status(job)
        return None if status is None else status.utilisation

    def _batch_status(self, job: Job) -> BatchStatus | None:
        """How far the batch is, where the job is one: as its own window tells."""
        return self._batch.status if job in self._batch.runner.jobs else None

    def _news(self, job: Job) -> tuple[str, float, float | None]:
        """Title, fraction and seconds left: of the job, but of all recordings while several are being labelled."""
        status = self._batch_status(job)
        if status is not None:
            return job.title, status.share, None if status.paused else status.left_s
        done, number = self._labelling.progress
        if number < 2 or job not in self._runners[0].jobs:
            return job.title, job.fraction, job.seconds_left
        title = _("Labelling {number} of {all}").format(
            number=formatting.digits(str(min(done + 1, number))), all=formatting.digits(str(number))
        )
        return title, self._labelling.fraction, self._labelling.seconds_left
