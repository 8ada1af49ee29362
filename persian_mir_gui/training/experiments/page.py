"""The experiments of the paper: what each answers, running them, results beside the printed figures."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from persian_mir.i18n import _
from persian_mir_gui.core.jobs import JobRunner
from persian_mir_gui.core.messages import Message
from persian_mir_gui.core.settings import Settings
from persian_mir_gui.plots.chart import framed
from persian_mir_gui.training.backbone_combo import BackboneCombo
from persian_mir_gui.training.experiments.results_table import ResultsTable
from persian_mir_gui.training.state.experiment_runs import ResultTable, default_folder
from persian_mir_gui.training.state.result_services import ResultServices
from persian_mir_gui.training.state.training import Training
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.fraction_bar import FractionBar
from persian_mir_gui.widgets.path_field import PathField
from persian_mir_gui.widgets.theme_source import ThemeSource
from persian_mir_gui.widgets.widget_factories import quiet, set_role, space_out
from trainer.reports.words import experiment_title

LEAST_BACKBONE_PX, LEAST_FOLDER_PX = 140, 160  # on a small screen both are narrower than they ask for


def experiments() -> tuple[tuple[str, str, str], ...]:
    """Name, title and what it answers, in the order of the paper."""
    answers = (
        ("table2", _("Does a longer excerpt, 5 s instead of 3 s, say more?")),
        ("table3", _("Which layer of the backbone knows most about each task?")),
        ("table3-linear", _("What does each layer hold ready for the simplest head?")),
        ("table4", _("Does a deeper head, one to five hidden layers, get more out of it?")),
        ("learning-rate", _("How much hangs on the learning rate?")),
        ("visualisation", _("Do segments of one label lie together, without any training?")),
        ("earlier-studies", _("What do the systems of earlier studies reach here, their nets in hours without a GPU?")),
    )
    return tuple((name, experiment_title(name), answer) for name, answer in answers)


class ExperimentsPage(QWidget):
    """Ticks and Start above, results below."""

    def __init__(
        self,
        io: JobRunner,
        settings: Settings,
        training: Training,
        study: ResultServices,
        themes: ThemeSource,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._runs, self._training, self._settings = study.experiments, training, settings
        self._theme, self._trouble = themes.theme, ""
        self._own_folder = False  # the user has named one
        self.ticks: dict[str, QCheckBox] = {}
        self.counts = {name: quiet(role="faint") for name, _title, _answer in experiments()}
        self.backbone, self.folder = BackboneCombo(io, training), PathField()
        self.browse, self.start = QPushButton(_("Choose…")), QPushButton(_("Start"))
        self.report, self.progress = QPushButton(_("Open report")), FractionBar()
        self.status, self.warning = quiet(wrap=True, factor=1.0), quiet(role="warning", wrap=True, factor=1.0)
        self.results = ResultsTable()
        self._lay_out()
        self._connect()
        self._data_changed()

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(3)
        grid.setColumnStretch(1, 1)
        for row, (name, title, answer) in enumerate(experiments()):
            tick = self.ticks[name] = QCheckBox(title)
            tick.setChecked(name != "earlier-studies")
            tick.setAccessibleDescription(answer)
            grid.addWidget(tick, row, 0)
            grid.addWidget(quiet(answer, wrap=True, factor=1.0), row, 1)
            grid.addWidget(self.counts[name], row, 2, Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter)
        self.backbone.setAccessibleName(_("Backbone"))
        self.backbone.setToolTip(_("Backbone"))
        self.folder.setAccessibleName(_("Folder for the results"))
        self.folder.setToolTip(_("Folder for the results"))
        self.backbone.setMinimumWidth(LEAST_BACKBONE_PX)
        self.folder.setMinimumWidth(LEAST_FOLDER_PX)
        set_role(self.start, "role", "primary")
        choices = space_out(QHBoxLayout(), spacing=8)
        choices.addWidget(self.backbone)
        choices.addWidget(self.backbone.models_button())
        choices.addWidget(self.folder, 1)
        for button in (self.browse, self.start, self.report):
            choices.addWidget(button)
        layout = space_out(QVBoxLayout(self), margins=(16, 14, 16, 12), spacing=8)
        layout.addLayout(grid)
        layout.addLayout(choices)
        for part in (self.status, self.progress, self.warning):
            layout.addWidget(part)
        layout.addWidget(framed(self.results), 1)

    def _connect(self) -> None:
        self._runs.changed.connect(self._show)
        self._runs.failed.connect(self._say)
        self._runs.work.progressed.connect(self._advance)
        self._training.data_changed.connect(self._data_changed)
        self.start.clicked.connect(self._start_or_stop)
        self.browse.clicked.connect(self._choose_folder)
        self.folder.textEdited.connect(self._named_folder)
        self.folder.editingFinished.connect(self._look)
        self.report.clicked.connect(self._open_report)
        for tick in self.ticks.values():
            tick.toggled.connect(self._show)

    # What the user does

    @property
    def chosen(self) -> tuple[str, ...]:
        """The experiments that are ticked."""
        return tuple(name for name, tick in self.ticks.items() if tick.isChecked())

    @property
    def out(self) -> Path | None:
        """The folder that is named, if it is a whole path."""
        text = self.folder.text().strip()
        path = Path(text).expanduser()
        return path if text and path.is_absolute() else None

    def _start_or_stop(self) -> None:
        if self._runs.work.running:
            self._runs.stop()
        elif self._training.data is not None and self.out is not None:
            self._trouble = ""
            self._runs.start(self.chosen, self._training.data.path, str(self.backbone.currentData()), self.out)

    def _choose_folder(self) -> None:
        start = self.out if self.out is not None and self.out.is_dir() else Path.home()
        name = QFileDialog.getExistingDirectory(self, _("Folder for the results"), str(start))
        if name:
            self._own_folder = True
            self.folder.show_path(name)
            self._look()

    def _named_folder(self, _text: str) -> None:
        self._own_folder = True
        self._show()

    def _open_report(self) -> None:
        table = self._runs.table
        if table is not None and table.report is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(table.report)))

    # What there is to see

    def _data_changed(self) -> None:
        data = self._training.data
        if data is not None and not self._own_folder:
            self.folder.show_path(str(default_folder(data.name)))
        self._look()

    def _look(self) -> None:
        if self.out is not None:
            self._runs.look(self.out)
        self._show()

    def _advance(self, fraction: float, note: str) -> None:
        self.progress.show_fraction(fraction)
        self.status.setText(note or _("Running…"))

    def _say(self, message: Message) -> None:
        where = str(message.path) if message.path is not None else ""
        self._trouble = " ".join(filter(None, (where and f"\u2066{where}\u2069:", message.what, message.cure)))
        self._show()

    def _show(self) -> None:
        work, table = self._runs.work, self._runs.table
        if work.running:
            self.start.setText(_("End now") if work.stopping else _("Stop"))
        else:
            self.start.setText(_("Start"))
        ready = self._training.data is not None and bool(self.chosen) and self.out is not None
        self.start.setEnabled(work.running or ready)
        for part in (self.backbone, self.folder, self.browse, *self.ticks.values()):
            part.setEnabled(not work.running)
        self.progress.setVisible(work.running)
        self.report.setEnabled(table is not None and table.report is not None)
        self.status.setText(self._status())
        self._show_results(table)

    def _status(self) -> str:
        work = self._runs.work
        if work.running:
            return _("Stopping…") if work.stopping else _("Running…")
        if self._trouble:
            return self._trouble
        if self._training.data is None:
            return _("Choose data on the first page; then the experiments can be run on them.")
        if self.out is None:
            return _("Name a folder for the results.")
        return _("What is finished is kept: Start goes on where it was.")

    def _show_results(self, table: ResultTable | None) -> None:
        for name, label in self.counts.items():
            count = 0 if table is None else table.count(name)
            label.setText(_("{count} done").format(count=formatting.digits(str(count))) if count else "")
        lines = []
        if table is not None and table.synthetic:
            lines.append(_("These recordings are synthetic: the figures say nothing of Nava."))
        if table is not None:
            lines += table.warnings[:1]
        self.warning.setText("\n".join(lines))
        self.warning.setVisible(bool(lines))
        self.results.show_table(table)
