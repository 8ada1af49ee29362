"""The queue of a batch: what waits, is in work, failed or is done, in the order in which it comes; to be changed."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QMenu, QPushButton, QVBoxLayout, QWidget

from persian_mir.batch.queue_rows import Job, State
from persian_mir.batch.report import state_name
from persian_mir.i18n import _
from persian_mir.visible import visible
from persian_mir_gui.archive.batch_desk import BatchDesk
from persian_mir_gui.archive.queue_work import MOST_SHOWN, QueuePage
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.message_bar import breakable
from persian_mir_gui.widgets.table import Cell, PlainTable
from persian_mir_gui.widgets.widget_factories import heading, quiet, select_rows, space_out

TABLE_PX = 132
SETTLED = (State.DONE, State.FAILED, State.SKIPPED)


class QueueView(QWidget):
    """Hidden while no file was ever in a queue."""

    def __init__(self, desk: BatchDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.jobs: tuple[Job, ...] = ()
        self.only = QComboBox()
        self.only.setAccessibleName(_("Show only"))
        self.earlier, self.later = QPushButton(_("Earlier")), QPushButton(_("Later"))
        self.retry, self.priority = QPushButton(_("Try again")), QPushButton(_("Priority") + " ▾")
        self.table = PlainTable(_("Queue"), (_("File"), _("State"), _("Priority"), _("Reason or remark")))
        self.table.setMinimumHeight(TABLE_PX)
        self.table.wrap(3)  # a reason is a sentence or two
        self.more = quiet()
        self._fill_menus()
        self._lay_out()
        self._connect()
        self.show_page(QueuePage())

    def _fill_menus(self) -> None:
        self.only.addItem(_("All files"), None)
        for state in State:
            self.only.addItem(state_name(state), state)
        menu = QMenu(self)
        for number, name in ((1, _("High")), (0, _("Usual")), (-1, _("Low"))):
            menu.addAction(name, partial(self._prioritise, number))
        self.priority.setMenu(menu)

    def _lay_out(self) -> None:
        head = space_out(QHBoxLayout(), spacing=8)
        head.addWidget(heading(_("Queue")))
        head.addWidget(self.only)
        head.addStretch(1)
        for button in (self.earlier, self.later, self.priority, self.retry):
            head.addWidget(button)
        layout = space_out(QVBoxLayout(self), spacing=8)
        layout.addLayout(head)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.more)

    def _connect(self) -> None:
        self.only.activated.connect(self.look)
        self.earlier.clicked.connect(self._move_up)
        self.later.clicked.connect(self._move_down)
        self.retry.clicked.connect(lambda: self._desk.retry(tuple(job.id for job in self._chosen(*SETTLED))))
        self.table.itemSelectionChanged.connect(self._offer)
        self._desk.queue_read.connect(self.show_page)
        self._desk.advanced.connect(self.look)
        self._desk.changed.connect(self.look)

    def look(self, *_news: object) -> None:
        """Have the desk read the queue."""
        self._desk.look(self.only.currentData())

    def show_page(self, page: QueuePage) -> None:
        """Show these files; those that are chosen stay so."""
        self.setVisible(bool(page.counts))
        if page.jobs != self.jobs:
            kept = {job.id for job in self._chosen(*State)}
            self.jobs = page.jobs
            with QSignalBlocker(self.table):
                self.table.show_rows([_cells(job) for job in page.jobs])
                select_rows(self.table, [row for row, job in enumerate(page.jobs) if job.id in kept])
        whole = sum(count for state, count in page.counts.items() if page.state in (None, state))
        self.more.setText(formatting.digits(_("Shown are the first {number}.").format(number=MOST_SHOWN)))
        self.more.setVisible(whole > len(page.jobs))
        self._failed = page.counts.get(State.FAILED, 0)
        self._offer()

    def _chosen(self, *states: State) -> tuple[Job, ...]:
        rows = sorted({index.row() for index in self.table.selectionModel().selectedRows()})
        return tuple(self.jobs[row] for row in rows if self.jobs[row].state in states)

    def _offer(self) -> None:
        """What can be done with the files that are chosen; without any, all that failed can be tried again."""
        waiting = bool(self._chosen(State.WAITING))
        self.priority.setEnabled(waiting)
        self.earlier.setEnabled(waiting and self._beside(-1) is not None)
        self.later.setEnabled(waiting and self._beside(1) is not None)
        self.retry.setEnabled(bool(self._chosen(*SETTLED)) or (self._failed > 0 and not waiting))

    def _beside(self, way: int) -> Job | None:
        """The file that waits before those that are chosen, or after them."""
        chosen, waiting = self._chosen(State.WAITING), [job for job in self.jobs if job.state is State.WAITING]
        place = waiting.index(chosen[0] if way < 0 else chosen[-1]) + way if chosen else -1
        return waiting[place] if 0 <= place < len(waiting) else None

    def _prioritise(self, priority: int) -> None:
        self._desk.prioritise(tuple(job.id for job in self._chosen(State.WAITING)), priority)

    def _move_up(self) -> None:
        if (above := self._beside(-1)) is not None:
            self._desk.move(self._ids(), above.priority, self._ids(), above.id)

    def _move_down(self) -> None:
        if (below := self._beside(1)) is not None:  # which is the same as that one going before them
            self._desk.move(self._ids(), below.priority, (below.id,), self._ids()[0])

    def _ids(self) -> tuple[int, ...]:
        return tuple(job.id for job in self._chosen(State.WAITING))


def _cells(job: Job) -> list[Cell]:
    file = Cell(formatting.isolated(visible(job.path.name)))
    file.setToolTip(breakable(visible(str(job.path))))
    priority = Cell(formatting.digits(str(job.priority)) if job.priority else "", job.priority, number=True)
    return [file, Cell(state_name(job.state)), priority, Cell(visible(job.reason))]
