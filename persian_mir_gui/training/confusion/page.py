"""What a probe confuses with what, and how those segments sound."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from persian_mir.i18n import _
from persian_mir_gui.core.messages import Message
from persian_mir_gui.playback.excerpts import Excerpts
from persian_mir_gui.plots.calibration_curve import CalibrationCurve
from persian_mir_gui.plots.confusion_matrix import ConfusionMatrix
from persian_mir_gui.training.confusion.classes_table import ClassTable
from persian_mir_gui.training.excerpt_list import ExcerptList, ExcerptRow
from persian_mir_gui.training.state.evaluated_segments import JudgedRun, Kind
from persian_mir_gui.training.state.result_services import ResultServices
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.theme_source import ThemeSource
from persian_mir_gui.widgets.widget_factories import heading, quiet, space_out
from trainer.evaluation.evaluate import Metrics, leak_warning

MOST_ROWS = 2000


class ConfusionView(QWidget):
    """The judged segments of the run that was chosen: matrix, scores, calibration, and each cell to listen to."""

    def __init__(
        self, excerpts: Excerpts, study: ResultServices, themes: ThemeSource, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._file = study.judged
        self.split, self.kind = QComboBox(), QComboBox()
        self.split.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)  # it is filled when it is shown
        self.split.setAccessibleName(_("Split"))
        self.kind.setAccessibleName(_("What is counted"))
        self.kind.addItem(_("Segments"), "segments")
        self.kind.addItem(_("Recordings"), "recordings")
        self.subject, self.figures = quiet(factor=1.0), quiet(role="", wrap=True, factor=1.05)
        self.synthetic, self.warning = quiet(wrap=True, factor=1.0), quiet(role="warning", wrap=True, factor=1.0)
        self.empty = quiet(wrap=True, factor=1.05)
        self.matrix, self.classes, self.curve = ConfusionMatrix(themes), ClassTable(), CalibrationCurve(themes)
        self.list = ExcerptList(excerpts, study, themes, (_("Labelled"), _("Named"), _("Probability")))
        self._cell: tuple[str, str] | None = None
        self._lay_out()
        self._connect()
        self._show()

    def _lay_out(self) -> None:
        above = space_out(QHBoxLayout(), spacing=8)
        above.addWidget(self.subject, 1)
        above.addWidget(self.split)
        above.addWidget(self.kind)
        left = pane((0, 4, 8, 8), heading(_("Confusion: rows labelled, columns named")), self.matrix)
        scores = pane((10, 4, 0, 6), heading(_("Label by label")), self.classes)
        curve = pane((10, 8, 0, 4), heading(_("Calibration")), self.curve)
        side = QSplitter(Qt.Orientation.Vertical, handleWidth=1, childrenCollapsible=False)
        side.addWidget(scores)
        side.addWidget(curve)
        side.setStretchFactor(0, 3)
        side.setStretchFactor(1, 2)
        side.setMinimumWidth(230)
        both = QSplitter(Qt.Orientation.Horizontal, handleWidth=1, childrenCollapsible=False)
        both.addWidget(left)
        both.addWidget(side)
        both.setStretchFactor(0, 3)
        both.setStretchFactor(1, 1)
        both.setSizes([500, 270])
        whole = QSplitter(Qt.Orientation.Vertical, handleWidth=1, childrenCollapsible=False)
        whole.addWidget(both)
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
        self.split.activated.connect(self._show_level)
        self.kind.activated.connect(self._show_level)
        self.matrix.cell_wanted.connect(self.show_cell)

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
            if name in run.judged.judgements:
                self.split.addItem(names[name], name)
        self.split.setCurrentIndex(max(0, self.split.findData(before)))
        part = {"test": _("test part"), "dev": _("dev part")}[run.judged.part]
        self.subject.setText(f"{formatting.task_name(run.judged.task)} · {part}")
        self.synthetic.setText(_("These recordings are synthetic: the figures say nothing of real music."))
        self.synthetic.setVisible(run.synthetic)
        warning = warning_words(run)
        self.warning.setText(warning)
        self.warning.setVisible(bool(warning))
        self._show_level()

    @property
    def _chosen(self) -> tuple[JudgedRun, str, Kind] | None:
        run, split = self._file.run, str(self.split.currentData() or "")
        kind: Kind = "recordings" if self.kind.currentData() == "recordings" else "segments"
        return None if run is None or split not in run.judged.judgements else (run, split, kind)

    def _show_level(self) -> None:
        if self._chosen is None:
            return
        run, split, kind = self._chosen
        level, task = run.level(split, kind), run.judged.task
        names = tuple(formatting.in_line(task, label) for label in run.judged.labels)
        self.figures.setText(figures_words(level))
        self.matrix.show_counts(names, level.confusion)
        self.classes.show_scores(task, level.classes)
        self.curve.show_curve(level.calibration)
        if self._cell is not None:
            self._list(*self._cell)
        else:
            self.list.show_rows((), _("Press a cell to list it, again to hear it."))

    def show_cell(self, truth: int, named: int) -> None:
        """List what carries the one label and was named the other, given as places in the labels.

        Asked for again, play all of it, or be silent where it is heard already.
        """
        if self._chosen is None:
            return
        labels = self._chosen[0].judged.labels
        if self._cell == (labels[truth], labels[named]):
            (self.list.all if self.list.heard is None else self.list.play).click()
            return
        self._cell = labels[truth], labels[named]
        self._list(*self._cell)

    def _list(self, truth: str, named: str) -> None:
        if self._chosen is None:
            return
        run, split, kind = self._chosen
        if split not in run.listed:
            self.list.show_rows((), _("The segments of this split are not kept; choose the other one to listen."))
            return
        task = run.judged.task
        pair = formatting.in_line(task, truth), formatting.in_line(task, named)
        cases = run.cell(kind, truth, named)
        rows = [ExcerptRow(one.excerpt, (*pair, formatting.percent(one.probability))) for one in cases[:MOST_ROWS]]
        text = _("Labelled {truth}, named {named}: {count}")
        self.list.show_rows(rows, text.format(truth=pair[0], named=pair[1], count=formatting.digits(str(len(cases)))))


def pane(margins: tuple[int, int, int, int], *parts: QWidget) -> QWidget:
    """These one below the other."""
    whole = QWidget()
    column = space_out(QVBoxLayout(whole), margins=margins, spacing=4)
    for part in parts:
        column.addWidget(part)
    return whole


def warning_words(run: JudgedRun) -> str:
    """The warning about a leak, in the language of today, not in that of the day when the file was written."""
    both = run.judged.judgements
    known = bool(run.judged.warning) and "official" in both and "grouped" in both
    return formatting.digits(leak_warning(both["official"], both["grouped"]) if known else run.judged.warning)


def figures_words(level: Metrics) -> str:
    """Accuracy with its interval, beside chance and the commonest label."""
    text = _(
        "{accuracy} right ({low} to {high}) of {count} · chance {chance} · commonest label {majority} · "
        "macro F1 {f1} · calibration error {error}"
    )
    return text.format(
        accuracy=formatting.percent(level.accuracy),
        low=formatting.percent(level.low),
        high=formatting.percent(level.high),
        count=formatting.digits(str(level.count)),
        chance=formatting.percent(level.chance),
        majority=formatting.percent(level.majority),
        f1=formatting.percent(level.macro_f1),
        error=formatting.percent(level.error),
    )
