"""What a probe confuses with what, and how those segments sound."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from persian_mir.i18n import _
from persian_mir_gui.core.jobs import JobRunner
from persian_mir_gui.core.messages import Message
from persian_mir_gui.playback.excerpts import Excerpts
from persian_mir_gui.plots.calibration_curve import CalibrationCurve
from persian_mir_gui.plots.chart import Chart, side_by_side
from persian_mir_gui.training.confusion.classes_table import ClassTable
from persian_mir_gui.training.confusion.matrix_panel import MatrixPanel
from persian_mir_gui.training.confusion.sheet import HEADER, confusion_rows, figures_words, warning_words
from persian_mir_gui.training.excerpt_list import ExcerptList, ExcerptRow
from persian_mir_gui.training.export_button import ExportButton, Sheet
from persian_mir_gui.training.state.evaluated_segments import JudgedRun, Kind
from persian_mir_gui.training.state.result_services import ResultServices
from persian_mir_gui.training.state.training import Training
from persian_mir_gui.training.wording import date_words, score_words, share
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.theme_source import ThemeSource
from persian_mir_gui.widgets.widget_factories import quiet, space_out

MOST_ROWS = 2000
COMPARE_LETTERS = 20  # a date, and what it came to


class ConfusionView(QWidget):
    """The judged segments of the run that was chosen: matrix, scores, calibration, and each cell to listen to.

    Another run's matrix can stand beside it.
    """

    def __init__(
        self,
        io: JobRunner,
        excerpts: Excerpts,
        training: Training,
        study: ResultServices,
        themes: ThemeSource,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._file, self._other, self._training = study.judged, study.other, training
        self.split, self.kind, self.compare = QComboBox(), QComboBox(), QComboBox()
        self.export = ExportButton(io, training, self._sheet)
        self.compare.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.compare.setMinimumContentsLength(COMPARE_LETTERS)
        self.compare.setAccessibleName(_("Compare with another run"))
        self.compare.setToolTip(self.compare.accessibleName())
        self.split.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)  # it is filled when it is shown
        self.split.setAccessibleName(_("Split"))
        self.kind.setAccessibleName(_("What is counted"))
        self.kind.addItem(_("Segments"), "segments")
        self.kind.addItem(_("Recordings"), "recordings")
        self.subject, self.figures = quiet(factor=1.0), quiet(role="", wrap=True, factor=1.05)
        self.synthetic, self.warning = quiet(wrap=True, factor=1.0), quiet(role="warning", wrap=True, factor=1.0)
        self.empty = quiet(wrap=True, factor=1.05)
        title = _("Confusion: rows labelled, columns named")
        self.panels = MatrixPanel(title, self._file, themes), MatrixPanel(title, self._other, themes)
        self.matrix, self.classes, self.curve = self.panels[0].matrix, ClassTable(), CalibrationCurve(themes)
        self.list = ExcerptList(excerpts, study, themes, (_("Labelled"), _("Named"), _("Probability")))
        self._cell: tuple[MatrixPanel, str, str] | None = None
        self._lay_out()
        self._connect()
        self._show()

    def _lay_out(self) -> None:
        above = space_out(QHBoxLayout(), spacing=8)
        above.addWidget(self.subject, 1)
        for part in (self.compare, self.split, self.kind, self.export):
            above.addWidget(part)
        calibration = Chart(_("Calibration"), self.curve)
        calibration.legend.setText(_("across: probability · upwards: share right"))
        self.side = side_by_side(Qt.Orientation.Vertical)
        self.side.addWidget(Chart(_("Label by label"), self.classes))
        self.side.addWidget(calibration)
        self.side.setSizes([100, 100])
        self.side.setMinimumWidth(240)
        self.charts = side_by_side(Qt.Orientation.Horizontal)
        for chart, stretch in ((self.panels[0], 2), (self.panels[1], 2), (self.side, 1)):
            self.charts.addWidget(chart)
            self.charts.setStretchFactor(self.charts.count() - 1, stretch)
        self.charts.setSizes([500, 500, 270])
        self.panels[1].hide()
        whole = side_by_side(Qt.Orientation.Vertical)
        whole.addWidget(self.charts)
        whole.addWidget(self.list)
        whole.setStretchFactor(0, 3)
        whole.setStretchFactor(1, 1)
        whole.setSizes([520, 170])
        found = QWidget()
        column = space_out(QVBoxLayout(found), spacing=6)
        column.addLayout(above)
        for label in (self.figures, self.warning, self.synthetic):
            column.addWidget(label)
        column.addWidget(whole, 1)
        self.pages = QStackedWidget()
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.pages.addWidget(self.empty)
        self.pages.addWidget(found)
        space_out(QVBoxLayout(self), margins=(16, 14, 16, 12)).addWidget(self.pages)

    def _connect(self) -> None:
        self._file.changed.connect(self._show)
        self._file.failed.connect(self._say)
        self._other.changed.connect(self._show_level)
        self._other.failed.connect(self._training.message_posted)
        self._training.runs_changed.connect(self._fill_compare)
        self.compare.activated.connect(self._compare)
        self.split.activated.connect(self._show_level)
        self.kind.activated.connect(self._show_level)
        for panel in self.panels:
            panel.cell_wanted.connect(partial(self.show_cell, panel=panel))

    def _say(self, message: Message) -> None:
        self.empty.setText(f"{message.what} {message.cure}".strip())

    def _show(self) -> None:
        run = self._file.run
        self._cell = None
        self.pages.setCurrentIndex(0 if run is None else 1)
        if run is None:
            reading = _("Reading the judged segments…")
            nothing = _("Choose a finished run: what its probe confuses with what is shown here.")
            self.empty.setText(reading if self._file.reading else nothing)
            return
        before = self.split.currentData()
        self.split.clear()
        names = {"official": _("The fit's own split"), "grouped": _("Grouped by artist")}
        for name in names:
            if name in run.judged.evaluations:
                self.split.addItem(names[name], name)
        self.split.setCurrentIndex(max(0, self.split.findData(before)))
        part = {"test": _("test part"), "dev": _("dev part")}[run.judged.part]
        self.subject.setText(f"{formatting.task_name(run.judged.task)} · {part}")
        self.synthetic.setText(_("These recordings are synthetic: the figures say nothing of real music."))
        self.synthetic.setVisible(run.synthetic)
        warning = warning_words(run)
        self.warning.setText(warning)
        self.warning.setVisible(bool(warning))
        self._fill_compare()
        self._show_level()

    def _fill_compare(self) -> None:
        """Offer the other finished runs of the same task."""
        run, other = self._file.run, self._other.run
        chosen = None if other is None else str(other.path)
        self.compare.clear()
        self.compare.addItem(_("Compare with…"), None)
        for one in self._training.shelf.runs if run is not None else ():
            if run is not None and one.plan.task == run.judged.task and one.judged != run.path and one.result:
                score = one.result.segments.get("official")
                parts = date_words(one.when), share(score.accuracy) if score else score_words(None)
                name = " · ".join(map(formatting.isolated, parts))
                self.compare.addItem(name, str(one.judged))
        self.compare.setCurrentIndex(max(0, self.compare.findData(chosen)))
        self.compare.setVisible(self.compare.count() > 1)
        if chosen is not None and self.compare.currentIndex() == 0:
            self._other.open(None)

    def _compare(self) -> None:
        path = self.compare.currentData()
        self._other.open(Path(str(path)) if path is not None else None)

    def _name_of(self, run: JudgedRun) -> str:
        """The run's date, by which the table of runs knows it."""
        known = (date_words(one.when) for one in self._training.shelf.runs if one.judged == run.path)
        return next(known, run.path.stem)

    @property
    def _chosen(self) -> tuple[JudgedRun, str, Kind] | None:
        run, split = self._file.run, str(self.split.currentData() or "")
        kind: Kind = "recordings" if self.kind.currentData() == "recordings" else "segments"
        return None if run is None or split not in run.judged.evaluations else (run, split, kind)

    def _show_level(self) -> None:
        comparing = self._other.run is not None
        self.panels[1].setVisible(comparing)
        self.side.setVisible(not comparing)
        if self._chosen is None:
            return
        run, split, kind = self._chosen
        for panel in self.panels:
            shown = panel.file.run
            panel.show_level(split, kind, self._name_of(shown) if comparing and shown is not None else "")
        level = run.level(split, kind)
        self.figures.setText(figures_words(level))
        self.classes.show_scores(run.judged.task, level.classes)
        self.curve.show_curve(level.calibration)
        if self._cell is not None and self._cell[0].file.run is not None:
            self._list(*self._cell)
        else:
            self._cell = None
            self.list.show_rows((), _("Press a cell to list it, again to hear it."))

    def _sheet(self) -> Sheet | None:
        """What the button exports."""
        if self._chosen is None:
            return None
        run, split, kind = self._chosen
        shown = [one for one in (run, self._other.run) if one is not None and split in one.judged.evaluations]
        named = [(one.path.parent.name, one) for one in shown]
        title = f"{_('Confusion')} · {formatting.task_name(run.judged.task)}"
        rows = partial(confusion_rows, named, split, kind)
        return Sheet(title, f"confusion-{run.judged.task}", HEADER, rows, self.charts)

    def show_cell(self, truth: int, named: int, panel: MatrixPanel | None = None) -> None:
        """List what carries the one label and was named the other, given as places in the labels.

        Asked for again, play all of it, or be silent where it is heard already.
        """
        panel = panel or self.panels[0]
        if self._chosen is None or panel.file.run is None:
            return
        labels = panel.file.run.judged.labels
        cell = panel, labels[truth], labels[named]
        if self._cell == cell:
            (self.list.all if self.list.heard is None else self.list.play).click()
            return
        self._cell = cell
        self._list(*cell)

    def _list(self, panel: MatrixPanel, truth: str, named: str) -> None:
        run = panel.file.run
        if self._chosen is None or run is None:
            return
        _run, split, kind = self._chosen
        if split not in run.listed:
            self.list.show_rows((), _("The segments of this split are not kept; choose the other one to listen."))
            return
        task = run.judged.task
        pair = formatting.in_line(task, truth), formatting.in_line(task, named)
        cases = run.cell(kind, truth, named)
        rows = [ExcerptRow(one.excerpt, (*pair, formatting.percent(one.probability))) for one in cases[:MOST_ROWS]]
        text = _("Labelled {truth}, named {named}: {count}")
        self.list.show_rows(rows, text.format(truth=pair[0], named=pair[1], count=formatting.digits(str(len(cases)))))
