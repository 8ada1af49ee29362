"""One run's matrix in its frame."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import Signal

from persian_mir_gui.plots.chart import Chart
from persian_mir_gui.plots.confusion_matrix import ConfusionMatrix
from persian_mir_gui.training.state.evaluated_segments import EvaluatedSegmentsFile, JudgedRun, Kind
from persian_mir_gui.training.wording import score_words
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.theme_source import ThemeSource
from trainer.evaluation.evaluate import Metrics


class MatrixPanel(Chart):
    """Shows one level of the file that it is given."""

    cell_wanted = Signal(int, int)  # truth, named: places in the labels

    def __init__(self, title: str, file: EvaluatedSegmentsFile, themes: ThemeSource) -> None:
        self.matrix = ConfusionMatrix(themes)
        super().__init__(title, self.matrix)
        self.file, self._title = file, title
        self.matrix.cell_wanted.connect(self.cell_wanted)

    def show_level(self, split: str, kind: Kind, name: str) -> Metrics | None:
        """Show a split's segments or recordings; `name` is the run's, to be told from another. None without any."""
        run = self.file.run
        if run is None or split not in run.judged.evaluations:
            self.matrix.show_counts((), ())
            self.legend.setText("")
            return None
        level = run.level(split, kind)
        self.matrix.show_counts(label_names(run), level.confusion)
        self.title.setText(name or self._title)
        self.legend.setText(escape(score_words(level)) if name else "")
        return level


def label_names(run: JudgedRun) -> tuple[str, ...]:
    """Return the names of the labels in the order of the matrix."""
    return tuple(formatting.in_line(run.judged.task, label) for label in run.judged.labels)
