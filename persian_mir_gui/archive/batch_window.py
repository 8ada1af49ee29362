"""Folders labelled overnight: what, by whom, how far it is, and what failed."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, QUrl
from PySide6.QtGui import QDesktopServices, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from persian_mir.batch.queue_rows import State
from persian_mir.batch.report import state_name
from persian_mir.batch.run import BatchStatus
from persian_mir.i18n import _
from persian_mir_gui.archive.batch_desk import BatchDesk, Outcome
from persian_mir_gui.archive.batch_form import BatchForm, row
from persian_mir_gui.archive.queue_view import QueueView
from persian_mir_gui.core.messages import Message
from persian_mir_gui.core.settings import Settings
from persian_mir_gui.labelling.predictor_choices import PredictorChoices
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.fraction_bar import FractionBar
from persian_mir_gui.widgets.message_bar import MessageBar
from persian_mir_gui.widgets.side_window import SideWindow
from persian_mir_gui.widgets.theme_source import ThemeSource
from persian_mir_gui.widgets.widget_factories import (
    FormArea,
    dropped_paths,
    quiet,
    resize_within_screen,
    space_out,
    take_copy,
)

ASKED_PX, BESIDE_BAR_PX, FORM_PX = 180, 8, 960


class BatchWindow(SideWindow):
    """A window of its own. What it has labelled is in the catalogue, file by file, whatever happens."""

    def __init__(
        self,
        desk: BatchDesk,
        predictors: PredictorChoices,
        settings: Settings,
        themes: ThemeSource,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Label folders"))
        self.setAcceptDrops(True)
        self._desk = desk
        self.form = BatchForm(predictors, settings)
        self.messages = MessageBar(themes)
        self.start, self.stop = QPushButton(_("Start")), QPushButton(_("Stop"))
        self.pause = QPushButton(_("Pause"))
        self.pause.setCheckable(True)
        self.start.setProperty("role", "primary")
        self.bar = FractionBar()
        self.told = quiet(wrap=True)
        self.queue = QueueView(desk)
        self._lay_out()
        self._connect()
        self._plan()
        resize_within_screen(self, 820, 560)

    def _lay_out(self) -> None:
        layout = space_out(QVBoxLayout(self), margins=(18, 16, 18, 16), spacing=12)
        self.asked = FormArea(self.form, BESIDE_BAR_PX, FORM_PX)
        self.asked.setMinimumHeight(ASKED_PX)
        layout.addWidget(self.asked)
        layout.addLayout(row(self.start, self.pause, self.stop, None))
        layout.addWidget(self.bar)
        layout.addWidget(self.told)
        layout.addWidget(self.queue, 1)
        layout.addStretch()
        layout.addWidget(self.messages)

    def _connect(self) -> None:
        self.start.clicked.connect(self._start)
        self.stop.clicked.connect(self._desk.stop)
        self.pause.toggled.connect(self._desk.pause)
        self.form.changed.connect(self._plan)
        self.form.failed.connect(self.messages.post)
        self._desk.changed.connect(self._refresh)
        self._desk.advanced.connect(self._show)
        self._desk.ended.connect(self._end)
        self._desk.failed.connect(self.messages.post)

    def appear(self) -> None:
        """Come to the front."""
        self.queue.look()
        self.come_forward()

    def _start(self) -> None:
        order = self.form.order()
        if not order.choices:
            self.told.setText(_("Choose by what to label."))
            return
        self.form.keep(order)
        self._desk.start(order)
        self.told.setText(_("Looking for files…"))

    def _plan(self, *_news: object) -> None:
        """Say what can be done with what is on the list now."""
        idle = _("Files are only read. Stopped or closed, the next start goes on where it was.")
        self.told.setText(idle if self.form.places.count() else _("Add folders, or drop folders and recordings here."))
        self._refresh()

    def _refresh(self) -> None:
        running = self._desk.running
        self.form.setEnabled(not running)  # what is at work is not changed by it
        self.asked.setVisible(not running)  # and the queue has the room
        self.start.setEnabled(not running and self.form.places.count() > 0)
        self.stop.setEnabled(running)
        self.pause.setEnabled(running or self.pause.isChecked())
        self.bar.setVisible(running)

    def _show(self, outcome: Outcome) -> None:
        status = outcome.status
        self.bar.show_fraction(status.share)
        self.told.setText(" · ".join(filter(None, (counts_text(status), self._left(status)))))
        with QSignalBlocker(self.pause):
            self.pause.setChecked(status.paused)  # another program may have said so
        self.pause.setText(_("Resume") if status.paused else _("Pause"))

    def _left(self, status: BatchStatus) -> str:
        if status.paused:
            return _("paused")
        if any(status.counts.get(state, 0) for state in (State.WAITING, State.RUNNING)):
            return formatting.time_left(status.left_s)
        return _("on the look-out for new files") if self.form.watch.isChecked() and self._desk.running else ""

    def _end(self, outcome: Outcome) -> None:
        self._show(outcome)
        self.told.setText(counts_text(outcome.status))
        if outcome.report is not None:
            page = QUrl.fromLocalFile(str(outcome.report))
            told = Message("info", _("The report is written."), path=outcome.report, offer=_("Open"))
            self.messages.post(replace(told, accept=lambda: QDesktopServices.openUrl(page)))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_paths(event):
            take_copy(event)

    def dropEvent(self, event: QDropEvent) -> None:
        paths = dropped_paths(event)
        take_copy(event)
        self.form.add_places(paths)


def counts_text(status: BatchStatus) -> str:
    """`done 12 · failed 1 · waiting 380`."""
    states = (State.DONE, State.SKIPPED, State.FAILED, State.RUNNING, State.WAITING)
    told = [f"{state_name(state)} {count}" for state in states if (count := status.counts.get(state, 0))]
    return formatting.digits(" · ".join(told))
