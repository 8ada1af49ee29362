"""Page of the trainer: which data, what the check says of them, their hours by instrument and Dastgah."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFileDialog,
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from persian_mir.i18n import _
from persian_mir_gui.plots.chart import Chart
from persian_mir_gui.training.data.drop_zone import DropZone
from persian_mir_gui.training.data.hours_table import HoursTable
from persian_mir_gui.training.data.wording import alone_words, facts_words, fault_words
from persian_mir_gui.training.state.dataset_selection import CheckResult, DataChoice
from persian_mir_gui.training.state.training import Training
from persian_mir_gui.training.wording import date_words, fault_name, whole
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.fraction_bar import FractionBar
from persian_mir_gui.widgets.table import Cell, PlainTable
from persian_mir_gui.widgets.widget_factories import (
    GapArea,
    quiet,
    select_rows,
    set_role,
    space_out,
)

LEAST_FAULTS_PX, BESIDE_BAR_PX = 110, 6
WIDE_PX = 1150  # from here on the charts stand side by side


class DataPage(QWidget):
    """Folders and manifests may be dropped on it."""

    next_wanted = Signal()

    def __init__(self, training: Training, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._training = training.desk, training
        self.folder, self.manifest = QPushButton(_("Choose a folder…")), QPushButton(_("Choose a manifest…"))
        self.folder.setToolTip(_("A folder laid out as Nava, or with a folder for each class"))
        self.manifest.setToolTip(_("A CSV with the columns file, any of the tasks, artist, split, start_s, stop_s"))
        self.mini = QPushButton(_("Try with a mini-Nava"))
        self.mini.setToolTip(_("Recordings laid out as Nava, synthesised by this program: no musician was recorded."))
        self.again, self.cancel = QPushButton(_("Check again")), QPushButton(_("Cancel"))
        self.next = QPushButton(_("On to the settings"))
        self.zone = DropZone(self.folder, self.manifest, self.mini)
        self.doing, self.bar = quiet(factor=1.0), FractionBar()
        self.facts, self.alone = quiet(role="", wrap=True, factor=1.0), quiet(wrap=True)
        self.hours = HoursTable()
        self.faults = PlainTable(_("Faults"), (_("Fault"), _("Recordings"), _("What was found")))
        self.whole = QPlainTextEdit(readOnly=True)
        self.whole.setAccessibleName(_("The fault in full"))
        self.sound = quiet(_("Nothing is wrong."), factor=1.0)
        self.hours_chart = Chart(_("Hours by instrument and Dastgah"), self.hours)
        self.faults_chart = Chart(_("Faults"), column(self.sound, self.faults, self.whole))
        self._lay_out()
        self.setFocusProxy(self.folder)
        self._connect()
        self.refresh()

    def _lay_out(self) -> None:
        self.next.setProperty("role", "primary")
        self.whole.setMaximumHeight(62)
        self.faults.setSelectionMode(PlainTable.SelectionMode.SingleSelection)
        self.faults.horizontalHeader().setStretchLastSection(True)
        self.faults.setMinimumHeight(LEAST_FAULTS_PX)
        working = space_out(QHBoxLayout(), spacing=10)
        working.addWidget(self.doing)
        working.addWidget(self.bar, 1)
        working.addWidget(self.cancel)
        below = space_out(QHBoxLayout(), spacing=8)
        below.addWidget(self.again)
        below.addStretch()
        below.addWidget(self.next)
        self._charts = space_out(QBoxLayout(QBoxLayout.Direction.TopToBottom), spacing=14)
        self._charts.addWidget(self.hours_chart, 3)
        self._charts.addWidget(self.faults_chart, 2)
        found = QWidget()
        inner = space_out(QVBoxLayout(found), margins=(0, 4, 0, 0), spacing=10)
        inner.addWidget(self.facts)
        inner.addWidget(self.alone)
        inner.addLayout(self._charts, 1)
        inner.addStretch(0)
        self.area = GapArea(found, BESIDE_BAR_PX)
        self.area.setFocusPolicy(
            Qt.FocusPolicy.StrongFocus
        )  # its texts are read, there is hardly a field to be followed
        self.area.setAccessibleName(_("Data"))
        layout = space_out(QVBoxLayout(self), margins=(20, 16, 20, 14), spacing=10)
        layout.addWidget(self.zone)
        layout.addLayout(working)
        layout.addWidget(self.area, 1)
        layout.addLayout(below)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.width() >= WIDE_PX
        self._charts.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)

    def _connect(self) -> None:
        self._training.data_changed.connect(self.refresh)
        self._desk.progressed.connect(self._advance)
        self.zone.dropped.connect(self._desk.choose)
        self.folder.clicked.connect(self.ask_for_folder)
        self.manifest.clicked.connect(self.ask_for_manifest)
        self.mini.clicked.connect(self._desk.make_mini_nava)
        self.again.clicked.connect(self._desk.check)
        self.cancel.clicked.connect(self._desk.cancel)
        self.next.clicked.connect(self.next_wanted)
        self.faults.itemSelectionChanged.connect(self._show_fault)

    # What the user does

    def ask_for_folder(self) -> None:
        """Let the user choose a folder of recordings."""
        name = QFileDialog.getExistingDirectory(self.window(), _("Choose a folder"), self._start())
        if name:
            self._desk.choose(Path(name))

    def ask_for_manifest(self) -> None:
        """Let the user choose a manifest."""
        kinds = f"{_('Manifests')} (*.csv *.CSV);;{_('All files')} (*)"
        name, _kind = QFileDialog.getOpenFileName(self.window(), _("Choose a manifest"), self._start(), kinds)
        if name:
            self._desk.choose(Path(name))

    def _start(self) -> str:
        return "" if self._desk.data is None else str(self._desk.data.path.parent)

    # What there is to see

    def refresh(self) -> None:
        """Show the data and what is known of them."""
        data, doing = self._desk.data, self._desk.doing
        result = None if data is None else data.result
        self.zone.show_data(data)
        self.area.setVisible(data is not None)
        self.doing.setText(doing)
        for widget in (self.doing, self.bar, self.cancel):
            widget.setVisible(bool(doing))
        self.bar.show_fraction(None)
        self.mini.setEnabled(not doing)
        set_role(self.mini, "role", "" if data else "primary")
        self.again.setVisible(data is not None and not doing)
        self.again.setText(_("Check again") if result else _("Check"))
        self.next.setEnabled(data is not None and not (doing and result is None))
        self.facts.setText(_facts(data, doing) if data else "")
        self.facts.setVisible(data is not None)
        self._show_result(result)

    def _advance(self, fraction: float, left: float | None) -> None:
        self.bar.show_fraction(fraction)
        self.doing.setText(" · ".join(filter(None, (self._desk.doing, formatting.time_left(left)))))

    def _show_result(self, result: CheckResult | None) -> None:
        faults = () if result is None else result.faults
        self.alone.setText(alone_words(result) if result else "")
        self.alone.setVisible(bool(self.alone.text()))
        for part in (self.hours_chart, self.faults_chart):
            part.setVisible(result is not None)
        self.sound.setVisible(result is not None and not faults)
        self.faults.setVisible(bool(faults))
        self.whole.setVisible(bool(faults))
        self.whole.clear()
        if result is None:
            return
        title = _("Faults: {number}").format(number=whole(len(faults))) if faults else _("Faults")
        self.faults_chart.title.setText(title)
        self.faults.show_rows(
            [
                (Cell(fault_name(one.kind)), Cell(whole(len(one.recordings) or 1), number=True), Cell(fault_words(one)))
                for one in faults
            ]
        )
        self.hours.show_result(result)
        self.hours_chart.title.setText(self.hours.accessibleName())
        if faults:
            select_rows(self.faults, [0])

    def _show_fault(self) -> None:
        place, data = self.faults.currentRow(), self._desk.data
        if data is not None and data.result is not None and 0 <= place < len(data.result.faults):
            self.whole.setPlainText(fault_words(data.result.faults[place]))


def column(*parts: QWidget) -> QWidget:
    """Return these one below the other."""
    whole = QWidget()
    layout = space_out(QVBoxLayout(whole), spacing=6)
    for part in parts:
        layout.addWidget(part, 1 if isinstance(part, PlainTable) else 0)
    layout.addStretch()
    return whole


def _facts(data: DataChoice, doing: str) -> str:
    if data.result is None:
        return "" if doing else _("Not checked yet.")
    facts = [facts_words(data.result)]
    if data.checked is not None:
        facts.append(_("Checked {date}.").format(date=date_words(data.checked)))
    return " ".join(facts)
