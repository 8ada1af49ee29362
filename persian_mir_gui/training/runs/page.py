"""Page of the trainer: all runs in a table, compared, used, deleted and brought back."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QIcon, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QMessageBox, QPushButton, QVBoxLayout, QWidget

from persian_mir.i18n import _
from persian_mir.models.table import short_name
from persian_mir_gui.core.jobs import JobRunner
from persian_mir_gui.plots.chart import side_by_side
from persian_mir_gui.plots.epoch_curves import Curve, CurvePlot, charted, run_colours
from persian_mir_gui.training.export_button import ExportButton, Sheet
from persian_mir_gui.training.runs.sheet import HEADER, run_row
from persian_mir_gui.training.state.runs import Run, Score
from persian_mir_gui.training.state.training import Training
from persian_mir_gui.training.wording import (
    data_words,
    date_words,
    head_words,
    layers_words,
    no_curve_words,
    plan_sentences,
    score_words,
    share,
    short_number,
    state_name,
)
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.icons import dot
from persian_mir_gui.widgets.table import Cell, PlainTable
from persian_mir_gui.widgets.theme import Theme
from persian_mir_gui.widgets.theme_source import ThemeSource
from persian_mir_gui.widgets.widget_factories import quiet, select_rows, space_out

RUN = Qt.ItemDataRole.UserRole
SEGMENTS, CHANCE, BACKBONE, HEAD, DATA = (6, 5), 7, 8, 9, 10  # columns
LEAST_TABLE_PX = 130


class RunsPage(QWidget):
    """Choose one run for its results, several for their curves."""

    resumed = Signal()

    def __init__(self, io: JobRunner, training: Training, themes: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._training, self._theme = training, themes.theme
        self.table = PlainTable(_("Runs"), *_columns())
        self.table.setSelectionMode(PlainTable.SelectionMode.ExtendedSelection)
        self.table.setSortingEnabled(True)
        self.table.horizontalHeader().setStretchLastSection(True)
        self.table.sortByColumn(0, Qt.SortOrder.DescendingOrder)
        self.table.leave_out(DATA, HEAD, CHANCE, BACKBONE, *SEGMENTS)
        self.told = quiet(wrap=True, factor=0.92)  # what the table says of the chosen run, but has no room for
        self.empty = quiet(_("Nothing has been fitted yet"), factor=1.0)
        self.loss, self.accuracy = CurvePlot(_("Loss"), themes), CurvePlot(_("Accuracy on dev"), themes, shares=True)
        self.use, self.card = QPushButton(_("Use this probe")), QPushButton(_("Open its card"))
        self.resume, self.delete = QPushButton(_("Resume")), QPushButton(_("Delete…"))
        self.undo = QPushButton(_("Bring back what was deleted"))
        self.export = ExportButton(io, training, self._sheet)
        self._lay_out()
        self.setFocusProxy(self.table)
        self._connect()
        self.refresh()
        themes.changed.connect(self.set_theme)

    def _lay_out(self) -> None:
        self.use.setProperty("role", "primary")
        self.undo.setProperty("role", "link")
        buttons = space_out(QHBoxLayout(), spacing=8)
        for button in (self.use, self.card, self.resume, self.delete, self.undo):
            buttons.addWidget(button)
        buttons.addStretch()
        buttons.addWidget(self.export)
        curves = QWidget()
        both = space_out(QHBoxLayout(curves), spacing=12)
        for plot in (self.loss, self.accuracy):
            both.addWidget(charted(plot))
        self.panes = side_by_side(Qt.Orientation.Vertical)
        self.panes.addWidget(self.table)
        self.panes.addWidget(curves)
        self.panes.setStretchFactor(0, 1)
        self.panes.setStretchFactor(1, 1)
        self.table.setMinimumHeight(LEAST_TABLE_PX)
        layout = space_out(QVBoxLayout(self), margins=(20, 16, 20, 14), spacing=8)
        layout.addLayout(buttons)
        for label in (self.empty, self.told):
            layout.addWidget(label)
        layout.addWidget(self.panes, 1)

    def _connect(self) -> None:
        self._training.runs_changed.connect(self.refresh)
        self.table.itemSelectionChanged.connect(self._chosen)
        self.table.left_out_changed.connect(self._tell)
        self.use.clicked.connect(lambda: self._with_one(self._training.use))
        self.card.clicked.connect(lambda: self._with_one(_open_card))
        self.resume.clicked.connect(self._resume)
        self.delete.clicked.connect(self.ask_to_delete)
        self.undo.clicked.connect(self._training.shelf.undo_delete)
        key = QShortcut(QKeySequence(QKeySequence.StandardKey.Delete), self.table)
        key.setContext(Qt.ShortcutContext.WidgetShortcut)
        key.activated.connect(self.ask_to_delete)

    def set_theme(self, theme: Theme) -> None:
        """Paint in other colours from now on."""
        self._theme = theme
        self._show_curves()

    # What the user does

    def chosen(self) -> list[Run]:
        """The runs selected, in the order of the table."""
        folders = [str(index.data(RUN)) for index in self.table.selectionModel().selectedRows()]
        known = {str(run.folder): run for run in self._training.shelf.runs}
        return [known[folder] for folder in folders if folder in known]

    def _with_one(self, act: object) -> None:
        runs = self.chosen()
        if len(runs) == 1 and callable(act):
            act(runs[0])

    def _resume(self) -> None:
        self._with_one(self._training.resume)
        if self._training.running:
            self.resumed.emit()

    def ask_to_delete(self) -> None:
        """Delete the runs selected once the user has confirmed it; they can be brought back."""
        runs = [run for run in self.chosen() if run.state != "running"]
        if not runs:
            return
        box = QMessageBox(QMessageBox.Icon.Question, _("Delete"), _("Delete the runs selected?"), parent=self)
        box.setInformativeText(_("They are put aside, with their probes, and can be brought back."))
        yes = box.addButton(_("Delete"), QMessageBox.ButtonRole.DestructiveRole)
        box.addButton(QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(QMessageBox.StandardButton.Cancel)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        yes.clicked.connect(lambda: self._delete(runs))
        box.open()

    def _delete(self, runs: list[Run]) -> None:
        for run in runs:
            self._training.delete(run)

    # What there is to see

    def refresh(self) -> None:
        """Show all runs; what was selected stays selected."""
        selected = {str(run.folder) for run in self.chosen()}
        self.table.blockSignals(True)
        self.table.show_rows([_cells(run) for run in self._training.shelf.runs])
        places = range(self.table.rowCount())
        select_rows(self.table, [row for row in places if self.table.model().index(row, 0).data(RUN) in selected])
        self.table.blockSignals(False)
        self.export.setEnabled(bool(self._training.shelf.runs))
        self._fit_table()
        self.empty.setVisible(not self._training.shelf.runs)
        self._offer()
        self._show_curves()
        self._choose_first()

    def _fit_table(self) -> None:
        """No higher than its rows ask for: the curves have the rest."""
        header, bar = self.table.horizontalHeader().sizeHint().height(), self.table.horizontalScrollBar().sizeHint()
        self.table.setMaximumHeight(max(LEAST_TABLE_PX, header + self.table.verticalHeader().length() + bar.height()))

    def _sheet(self) -> Sheet | None:
        """What the button exports: every run, or those selected where there are several."""
        runs = self.chosen()
        shown = tuple(runs) if len(runs) > 1 else self._training.shelf.runs
        return Sheet(_("Runs"), "runs", HEADER, partial(map, run_row, shown), self.panes) if shown else None

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._choose_first()

    def _choose_first(self) -> None:
        """Where none is selected and somebody looks, so that its curves and its buttons are there at once."""
        if self.isVisible() and self.table.rowCount() and not self.chosen():
            select_rows(self.table, [0])

    def _chosen(self) -> None:
        runs = self.chosen()
        self._offer()
        self._show_curves()
        if len(runs) == 1:
            self._training.choose(runs[0])

    def _tell(self) -> None:
        """Say of one chosen run what the table has no room for, and why it failed."""
        rows = self.table.selectionModel().selectedRows()
        told = (self.chosen()[0].message, self.table.left_out(rows[0].row())) if len(rows) == 1 else ()
        self.told.setText("\n".join(filter(None, told)))
        self.told.setVisible(bool(self.told.text()))

    def _offer(self) -> None:
        self._tell()
        runs = self.chosen()
        one = runs[0] if len(runs) == 1 else None
        self.use.setEnabled(one is not None and one.state != "running" and one.probe.exists())
        self.card.setEnabled(one is not None and one.card.exists())
        self.resume.setEnabled(one is not None and one.can_go_on and not self._training.running)
        self.delete.setEnabled(any(run.state != "running" for run in runs))
        self.undo.setVisible(bool(self._training.shelf.deleted))

    def _show_curves(self) -> None:
        runs = self.chosen()
        colours = run_colours(self._theme)
        loss, accuracy = [], []
        marks: dict[str, QIcon] = {}
        for place, run in enumerate(runs):
            colour, dashed = colours[place % len(colours)], place >= len(colours)
            name = date_words(run.when) if len(runs) > 1 else _("dev")
            known = [(row.number, row.dev_loss) for row in run.epochs]
            loss.append(Curve(name, colour, tuple((x, y) for x, y in known if y is not None), dashed))
            shares = [(row.number, row.dev_accuracy) for row in run.epochs]
            accuracy.append(Curve(name, colour, tuple((x, y) for x, y in shares if y is not None), dashed))
            marks[str(run.folder)] = dot(colour)
        nothing = no_curve_words(runs[0]) if len(runs) == 1 else ""
        self.loss.show_curves(loss, nothing=nothing)
        self.accuracy.show_curves(accuracy, nothing=nothing)
        for row in range(self.table.rowCount()):
            cell = self.table.item(row, 0)
            if cell is not None:
                cell.setIcon(marks.get(str(cell.data(RUN)), QIcon()) if len(runs) > 1 else QIcon())


def _columns() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Titles and hints."""
    titles = (
        _("Date"),
        _("Task"),
        _("State"),
        _("Recordings,\nofficial"),
        _("Recordings,\nby artist"),
        _("Segments,\nofficial"),
        _("Segments,\nby artist"),
        _("Chance"),
        _("Backbone"),
        _("Head"),
        _("Data"),
    )
    official = _("Accuracy on the test part of the data's own lists, with its 95 per cent interval")
    grouped = _("Accuracy on artists never heard before, with its 95 per cent interval")
    chance, head = _("What guessing would reach"), _("Layers that are read, hidden layers, learning rate")
    return titles, ("", "", "", official, grouped, official, grouped, chance, "", head)


def _cells(run: Run) -> tuple[Cell, ...]:
    result = run.result
    date = Cell(date_words(run.when), run.when.timestamp())
    date.setData(RUN, str(run.folder))
    figures = [
        _score_cell(scores.get(split))
        for scores in ((result.recordings, result.segments) if result else ({}, {}))
        for split in ("official", "grouped")
    ]
    state = Cell(state_name(run))
    state.setToolTip(run.message)
    plan = run.plan
    head = Cell(" · ".join((layers_words(plan.layers), head_words(plan.hidden), short_number(plan.lr))))
    head.setToolTip(plan_sentences(plan, short_name(plan.backbone), 0, data_words(run.data_name)))
    return (
        date,
        Cell(formatting.task_name(run.plan.task)),
        state,
        *figures,
        Cell(share(result.chance) if result else "–", result.chance if result else -1.0, True),
        Cell(short_name(run.plan.backbone)),
        head,
        Cell(data_words(run.data_name)),
    )


def _score_cell(score: Score | None) -> Cell:
    return Cell(score_words(score), -1.0 if score is None else score.accuracy, True)


def _open_card(run: Run) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(run.card)))
