"""Folders labelled overnight: what, by whom, how far it is, and what failed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from persian_mir.batch.queue import Job, State
from persian_mir.batch.report import state_name
from persian_mir.batch.run import BatchStatus
from persian_mir.i18n import _
from persian_mir.visible import visible
from persian_mir_gui.archive.batch_desk import BatchDesk, Order, Outcome
from persian_mir_gui.core.messages import Message
from persian_mir_gui.core.settings import Settings
from persian_mir_gui.labelling.predictor_choices import PredictorChoices
from persian_mir_gui.labelling.predictors import computing
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.message_bar import MessageBar, breakable
from persian_mir_gui.widgets.table import Cell, PlainTable
from persian_mir_gui.widgets.theme_source import ThemeSource
from persian_mir_gui.widgets.widget_factories import (
    bring_forward,
    dropped_paths,
    heading,
    quiet,
    resize_within_screen,
    space_out,
    take_copy,
)

LIST_PX, FAILURES_PX = 58, 132
DATA = Qt.ItemDataRole.UserRole


class BatchWindow(QWidget):
    """A window of its own. What it has labelled is in the catalogue, file by file, whatever happens."""

    def __init__(
        self,
        desk: BatchDesk,
        predictors: PredictorChoices,
        settings: Settings,
        themes: ThemeSource,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setObjectName("trainer")
        self.setWindowTitle(_("Label folders"))
        self.setAcceptDrops(True)
        self._desk, self._predictors, self._settings = desk, predictors, settings
        self.messages = MessageBar(themes)
        self.places = QListWidget()
        self.places.setAccessibleName(_("Folders"))
        self.places.setObjectName("framed")
        self.places.setMinimumHeight(LIST_PX)
        self.add, self.take_out = QPushButton(_("Add a folder…")), QPushButton(_("Take out"))
        self.patterns = QLineEdit(placeholderText="*.flac  !*live*")
        self.patterns.setAccessibleName(_("Only files like"))
        self.choices = QListWidget()
        self.choices.setAccessibleName(_("Labelled by"))
        self.choices.setObjectName("framed")
        self.choices.setMinimumHeight(LIST_PX)
        self.choices.setMaximumHeight(2 * LIST_PX)
        self.collection = QLineEdit(placeholderText=_("none"))
        self.collection.setAccessibleName(_("Into the collection"))
        self.watch = QCheckBox(_("Go on with files that come later"))
        self.report = QLineEdit(placeholderText=_("no report"), clearButtonEnabled=True)
        self.report.setAccessibleName(_("Report"))
        self.choose_report = QPushButton(_("Choose a folder…"))
        self.start, self.stop = QPushButton(_("Start")), QPushButton(_("Stop"))
        self.pause = QPushButton(_("Pause"))
        self.pause.setCheckable(True)
        self.start.setProperty("role", "primary")
        self.bar = QProgressBar(maximum=1000, textVisible=False)
        self.bar.setAccessibleName(_("Progress"))
        keep_place(self.bar)
        self.told = quiet(wrap=True)
        self.failures = PlainTable(_("Failed"), (_("File"), _("Reason")))
        self.failures.setMinimumHeight(FAILURES_PX)
        self.failures.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        self.failures.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.failures.setWordWrap(True)  # a reason is a sentence or two
        self.failures.horizontalHeader().sectionResized.connect(self.failures.resizeRowsToContents)
        self._lay_out()
        self._connect()
        self._recall()
        self._plan()
        resize_within_screen(self, 820, 560)

    def _lay_out(self) -> None:
        self.form = QWidget()
        form = QFormLayout(self.form)
        form.setContentsMargins(0, 0, 0, 0)
        form.setVerticalSpacing(10)
        folders = space_out(QVBoxLayout(), spacing=6)
        folders.addWidget(self.places)
        folders.addLayout(_row(self.add, self.take_out, None))
        form.addRow(quiet(_("Folders")), folders)
        form.addRow(quiet(_("Only files like")), self.patterns)
        form.addRow(quiet(_("Labelled by")), self.choices)
        form.addRow(quiet(_("Into the collection")), self.collection)
        form.addRow("", self.watch)
        form.addRow(quiet(_("Report")), _row(self.report, self.choose_report))
        layout = space_out(QVBoxLayout(self), margins=(18, 16, 18, 16), spacing=12)
        layout.addWidget(self.form, 1)
        layout.addLayout(_row(self.start, self.pause, self.stop, None))
        layout.addWidget(self.bar)
        layout.addWidget(self.told)
        self.failed_heading = heading(_("Failed"))
        layout.addWidget(self.failed_heading)
        layout.addWidget(self.failures, 1)
        self._show_failures(())
        self.messages.lie_over(self)

    def _connect(self) -> None:
        self.add.clicked.connect(self._ask_folder)
        self.take_out.clicked.connect(lambda: self.places.takeItem(self.places.currentRow()))
        self.places.currentRowChanged.connect(lambda row: self.take_out.setEnabled(row >= 0))
        self.take_out.setEnabled(False)
        self.choose_report.clicked.connect(self._ask_report)
        self.start.clicked.connect(self._start)
        self.stop.clicked.connect(self._desk.stop)
        self.pause.toggled.connect(self._desk.pause)
        self._predictors.changed.connect(self._list_predictors)
        self.places.model().rowsInserted.connect(self._plan)
        self.places.model().rowsRemoved.connect(self._plan)
        self._desk.changed.connect(self._refresh)
        self._desk.advanced.connect(self._show)
        self._desk.ended.connect(self._end)
        self._desk.failed.connect(self.messages.post)
        self._list_predictors()

    def appear(self) -> None:
        """Come to the front."""
        bring_forward(self)

    def add_places(self, paths: list[Path]) -> None:
        """Put folders, or recordings, on the list, each once."""
        for path in paths:
            if path not in self._places():
                item = QListWidgetItem(f"\u2066{visible(str(path))}\u2069", self.places)
                item.setData(DATA, path)

    def _places(self) -> tuple[Path, ...]:
        return tuple(self.places.item(row).data(DATA) for row in range(self.places.count()))

    def order(self) -> Order:
        """What is asked for."""
        rows = [self.choices.item(row) for row in range(self.choices.count())]
        wanted = {row.data(DATA) for row in rows if row.checkState() == Qt.CheckState.Checked}
        return Order(
            places=self._places(),
            patterns=tuple(self.patterns.text().split()),
            choices=tuple(one for one in self._predictors.all if one.id in wanted),
            computing=computing(self._settings),
            watch=self.watch.isChecked(),
            report=Path(self.report.text()) if self.report.text() else None,
            collection=self.collection.text().strip(),
        )

    def _list_predictors(self) -> None:
        self.choices.clear()
        for choice in self._predictors.all:
            self.choices.addItem(formatting.isolated(visible(choice.name)))
            item = self.choices.item(self.choices.count() - 1)
            item.setData(DATA, choice.id)
            item.setToolTip(choice.problem)
            usable = Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsEnabled
            item.setFlags(Qt.ItemFlag.NoItemFlags if choice.problem else usable)
            item.setCheckState(Qt.CheckState.Checked if choice.chosen else Qt.CheckState.Unchecked)

    def _start(self) -> None:
        order = self.order()
        if not order.choices:
            self.told.setText(_("Choose by what to label."))
            return
        self._keep(order)
        self._show_failures(())
        self._desk.start(order)
        self.told.setText(_("Looking for files…"))

    def _keep(self, order: Order) -> None:
        """Remember what is asked for: who was killed goes on with all of it."""
        self._settings.set("batch_folders", [str(path) for path in order.places])
        self._settings.set("batch_patterns", self.patterns.text())
        self._settings.set("batch_collection", order.collection)
        self._settings.set("batch_watch", order.watch)
        self._settings.set("batch_report", self.report.text())
        self._settings.save()

    def _recall(self) -> None:
        self.patterns.setText(self._settings.get("batch_patterns"))
        self.collection.setText(self._settings.get("batch_collection"))
        self.watch.setChecked(self._settings.get("batch_watch"))
        self.report.setText(self._settings.get("batch_report"))
        self.add_places([Path(name) for name in self._settings.get("batch_folders")])

    def _plan(self, *_news: object) -> None:
        """Say what can be done with what is on the list now."""
        idle = _("Files are only read. Stopped or closed, the next start goes on where it was.")
        self.told.setText(idle if self.places.count() else _("Add folders, or drop folders and recordings here."))
        self._refresh()

    def _refresh(self) -> None:
        running = self._desk.running
        self.form.setEnabled(not running)  # what is at work is not changed by it
        self.start.setEnabled(not running and self.places.count() > 0)
        self.stop.setEnabled(running)
        self.pause.setEnabled(running or self.pause.isChecked())
        self.bar.setVisible(running)

    def _show(self, outcome: Outcome) -> None:
        status = outcome.status
        self.bar.setValue(round(1000 * status.share))
        self.told.setText(" · ".join(filter(None, (counts_text(status), self._left(status)))))
        with QSignalBlocker(self.pause):
            self.pause.setChecked(status.paused)  # another program may have said so
        self.pause.setText(_("Resume") if status.paused else _("Pause"))
        self._show_failures(outcome.failures)

    def _left(self, status: BatchStatus) -> str:
        if status.paused:
            return _("paused")
        if any(status.counts.get(state, 0) for state in (State.WAITING, State.RUNNING)):
            return formatting.time_left(status.left_s)
        return _("on the look-out for new files") if self.watch.isChecked() and self._desk.running else ""

    def _show_failures(self, failures: tuple[Job, ...]) -> None:
        if len(failures) != self.failures.rowCount():
            self.failures.show_rows([_failure_cells(one) for one in failures])
        for widget in (self.failed_heading, self.failures):
            widget.setVisible(bool(failures))

    def _end(self, outcome: Outcome) -> None:
        self._show(outcome)
        self.told.setText(counts_text(outcome.status))
        if outcome.report is not None:
            page = QUrl.fromLocalFile(str(outcome.report))
            told = Message("info", _("The report is written."), path=outcome.report, offer=_("Open"))
            self.messages.post(replace(told, accept=lambda: QDesktopServices.openUrl(page)))

    def _ask_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, _("Folder with recordings"), self._settings.get("last_folder"))
        if folder:
            self._settings.set("last_folder", folder)
            self.add_places([Path(folder)])

    def _ask_report(self) -> None:
        place = self.report.text() or self._settings.get("last_folder")
        if folder := QFileDialog.getExistingDirectory(self, _("Folder of the report"), place):
            self.report.setText(folder)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_paths(event):
            take_copy(event)

    def dropEvent(self, event: QDropEvent) -> None:
        paths = dropped_paths(event)
        take_copy(event)
        self.add_places(paths)


def counts_text(status: BatchStatus) -> str:
    """`done 12 · failed 1 · waiting 380`."""
    states = (State.DONE, State.SKIPPED, State.FAILED, State.RUNNING, State.WAITING)
    told = [f"{state_name(state)} {count}" for state in states if (count := status.counts.get(state, 0))]
    return formatting.digits(" · ".join(told))


def _failure_cells(job: Job) -> list[Cell]:
    file = Cell(formatting.isolated(visible(job.path.name)))
    file.setToolTip(breakable(str(job.path)))
    return [file, Cell(visible(job.reason))]


def keep_place(widget: QWidget) -> None:
    """Have nothing move when `widget` hides or comes back."""
    policy = widget.sizePolicy()
    policy.setRetainSizeWhenHidden(True)
    widget.setSizePolicy(policy)


def _row(*widgets: QWidget | None) -> QHBoxLayout:
    row = space_out(QHBoxLayout(), spacing=8)
    for widget in widgets:
        row.addStretch(1) if widget is None else row.addWidget(widget)
    return row
