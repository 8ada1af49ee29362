"""The verdict on a whole recording for one task: the name in both scripts, how probable, and what comes next."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from persian_mir.catalogue.corrections import Correction
from persian_mir.i18n import _
from persian_mir.prediction import Prediction, Verdict
from persian_mir_gui.plots.review_marks import statement_words
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.bars import Bar
from persian_mir_gui.widgets.theme import Theme, label_colour
from persian_mir_gui.widgets.widget_factories import quiet, scaled, space_out
from persian_mir_gui.widgets.wrapped_label import WrappedLabel


class VerdictBlock(QWidget):
    """Large for the first task of the recording, smaller for the others."""

    def __init__(self, large: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._task = quiet(role="faint")
        self._name, self._other = WrappedLabel(), QLabel(textFormat=Qt.TextFormat.PlainText)
        size = 1.7 if large else 1.15
        self._name.setFont(scaled(self.font(), size, bold=True))
        self._other.setFont(scaled(self.font(), size))
        self._other.setAlignment(Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter)
        self._bar = Bar(height=7 if large else 5)
        self._line, self._who = quiet(wrap=True), quiet(role="faint")
        self._rest = quiet(role="faint", wrap=True)
        names = space_out(QHBoxLayout(), spacing=8)
        names.addWidget(self._name, 1)
        names.addWidget(self._other)
        above = space_out(QHBoxLayout(), spacing=8)
        above.addWidget(self._task, 1)
        above.addWidget(self._who)  # beside the probabilities it took the room of their last figure
        layout = space_out(QVBoxLayout(self), spacing=4)
        layout.addLayout(above)
        layout.addLayout(names)
        layout.addWidget(self._bar)
        layout.addWidget(self._line)
        layout.addWidget(self._rest)

    def show_person(
        self, said: Correction, rows: list[tuple[str, Prediction]], names: dict[str, str], theme: Theme
    ) -> None:
        """Show what a person said large, who it was and what the machines say below it."""
        name = formatting.in_line(said.task, said.label or said.was)
        self._task.setText(formatting.task_name(said.task))
        self._name.setText(name if said.label else _("not {label}").format(label=name))
        self._name.setToolTip("")
        self._name.setAccessibleDescription("")
        self._other.setText(formatting.other_script(said.task, said.label) if said.label else "")
        colour = label_colour(theme, said.task, said.label)
        self._bar.show_part(1.0 if said.label else 0.0, colour, theme.border)
        self._line.hide()
        self._who.hide()
        machines = [_other_words(names.get(key, key), told.verdict()) for key, told in rows]
        self._rest.setText("\n".join((statement_words(said), *machines)))
        self._rest.show()

    def show_verdict(self, rows: list[tuple[str, Prediction]], names: dict[str, str], theme: Theme) -> None:
        """Show the first predictor's verdict large, what the others say in a line below it."""
        who, prediction = rows[0]
        verdict = prediction.verdict()
        self._task.setText(formatting.task_name(verdict.task))
        self._name.setText(_("Several modes") if verdict.several else formatting.verdict_words(verdict))
        alone = verdict.sure and not verdict.mainly
        self._other.setText(formatting.other_script(verdict.task, verdict.label) if alone else "")
        parts = [(part, label_colour(theme, verdict.task, label)) for label, part in _answer(verdict) if label]
        self._bar.show_parts(parts, theme.border)
        self._line.setText(verdict.reason or formatting.probability_words(verdict))
        sureness = formatting.sure_words(verdict)
        self._name.setToolTip(sureness)
        self._name.setAccessibleDescription(sureness)
        self._who.setText(formatting.predictor_name(names.get(who, who)))
        self._line.show()
        self._who.show()
        self._rest.setText("\n".join(_other_words(names.get(key, key), p.verdict()) for key, p in rows[1:]))
        self._rest.setVisible(len(rows) > 1)


def _answer(verdict: Verdict) -> tuple[tuple[str, float], ...]:
    """What the bar is filled with: the shares of several, the two likeliest of a family, or the label."""
    if verdict.shares or verdict.nothing:
        return verdict.shares
    first = (verdict.label, verdict.probability)
    family = bool(verdict.family) and not verdict.sure
    return (first, (verdict.runner_up, verdict.runner_up_probability)) if family else (first,)


def _other_words(name: str, verdict: Verdict) -> str:
    """`MERT-v1-95M: Shour 54%`."""
    percent = "" if verdict.nothing else f" {formatting.percent(verdict.probability)}"
    return f"{formatting.isolated(formatting.predictor_name(name))}: {formatting.verdict_words(verdict)}{percent}"
