"""Page of the trainer: the fit that is going on, or that was last."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from persian_mir import plurals
from persian_mir.i18n import _
from persian_mir.models.table import short_name
from persian_mir_gui.plots.epoch_curves import Curve, CurvePlot, charted
from persian_mir_gui.training.state.runs import EpochRow, Result, Run
from persian_mir_gui.training.state.training import Training
from persian_mir_gui.training.wording import (
    data_words,
    no_curve_words,
    score_words,
    share,
    split_title,
    state_name,
    whole,
)
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.fraction_bar import FractionBar
from persian_mir_gui.widgets.theme import Theme
from persian_mir_gui.widgets.theme_source import ThemeSource
from persian_mir_gui.widgets.widget_factories import lead, quiet, scaled, set_role, space_out

FIRST_EPOCHS = 10  # for which there is room from the beginning


class RunPage(QWidget):
    """Live curves, how far it is, Stop and Resume; at the end what it came to."""

    def __init__(self, training: Training, themes: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._training, self._theme = training, themes.theme
        self.title, self.state = QLabel(), quiet(role="", wrap=True, factor=1.0)
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.title.setFont(scaled(self.font(), 1.3, bold=True))
        self.bar = FractionBar()
        self.stop, self.resume, self.use = QPushButton(_("Stop")), QPushButton(_("Resume")), QPushButton()
        self.stop.setToolTip(_("Stop now and keep the best so far"))
        self.resume.setToolTip(_("Go on where it was broken off"))
        self.use.setText(_("Use this probe"))
        self.use.setToolTip(_("Put it into the main window and label with it"))
        self.loss = CurvePlot(_("Loss"), themes)
        self.accuracy = CurvePlot(_("Accuracy on dev"), themes, shares=True)
        self.rate = CurvePlot(_("Learning rate"), themes)
        self.result = quiet(role="", wrap=True, factor=1.0)
        self.warning = quiet(role="warning", wrap=True, factor=1.0)
        self.remarks = quiet(wrap=True, factor=0.95)
        self._lay_out()
        self.setFocusProxy(self.stop)
        self._connect()
        self.refresh()
        themes.changed.connect(self.set_theme)

    def _lay_out(self) -> None:
        set_role(self.use, "role", "primary")
        head = space_out(QHBoxLayout(), spacing=8)
        head.addWidget(lead(self.title), 1)
        for button in (self.stop, self.resume, self.use):
            head.addWidget(button)
        layout = space_out(QVBoxLayout(self), margins=(20, 16, 20, 14), spacing=8)
        layout.addLayout(head)
        for widget in (self.state, self.bar, self.result, self.warning, self.remarks):
            layout.addWidget(widget)
        for plot, stretch in ((self.loss, 3), (self.accuracy, 3), (self.rate, 2)):
            layout.addWidget(charted(plot), stretch)

    def _connect(self) -> None:
        self._training.advanced.connect(self.refresh)
        self._training.runs_changed.connect(self.refresh)
        self._training.ended.connect(self.refresh)
        self.stop.clicked.connect(self._training.stop)
        self.resume.clicked.connect(self._resume)
        self.use.clicked.connect(self._use)

    def set_theme(self, theme: Theme) -> None:
        """Paint in other colours from now on."""
        self._theme = theme
        self.refresh()

    def _resume(self) -> None:
        if self._training.active is not None:
            self._training.resume(self._training.active)

    def _use(self) -> None:
        if self._training.active is not None:
            self._training.use(self._training.active)

    # What there is to see

    def refresh(self, *_news: object) -> None:
        """Show how the fit stands."""
        run, running = self._training.active, self._training.running
        held = self.stop.hasFocus()
        self.stop.setVisible(running)
        self.stop.setText(_("Stop at once") if self._training.stopping else _("Stop"))
        self.resume.setVisible(run is not None and not running and run.can_go_on)
        self.use.setVisible(run is not None and not running and run.probe.exists())
        if held and not running:  # whoever pressed Stop goes on from what took its place
            (self.use if self.use.isVisibleTo(self) else self.resume).setFocus(Qt.FocusReason.OtherFocusReason)
        self.bar.setVisible(running)
        self.bar.show_fraction(self._training.course.fraction or None)
        self.title.setText(run_title(run) if run else _("Nothing has been fitted yet"))
        self.state.setText(self._state(run) if run else _("Choose data and settings, then press Start."))
        self.result.setText(result_words(run.result, how_split(run)) if run and run.result and not running else "")
        self.warning.setText(formatting.digits(run.result.warning) if run and run.result and not running else "")
        self.remarks.setText(remark_words(run) if run else "")
        for label in (self.result, self.warning, self.remarks):
            label.setVisible(bool(label.text()))
        self._show_curves(run)

    def _state(self, run: Run) -> str:
        if not self._training.running:
            parts = [state_name(run), run.message]
            if run.epochs:
                parts.append(formatting.digits(plurals.epochs(run.epochs[-1].number)))
            return " · ".join(filter(None, parts))
        left = formatting.time_left(self._training.course.seconds_left)
        if self._training.stopping:
            return _("Stopping; the best so far is kept…")
        if self._training.course.reading:
            return " · ".join(filter(None, (_("Reading the recordings"), left)))
        if self._training.course.note:
            return " · ".join(filter(None, (self._training.course.note, left)))
        number = run.epochs[-1].number if run.epochs else 0
        text = _("Epoch {number} of {all}").format(number=whole(number), all=whole(run.plan.epochs))
        return " · ".join(filter(None, (text, left)))

    def _show_curves(self, run: Run | None) -> None:
        rows: tuple[EpochRow, ...] = run.epochs if run else ()
        epochs = horizon(len(rows), run.plan.epochs) if run and self._training.running else 0
        nothing = no_curve_words(run) if run else ""
        train, dev = self._theme.accent, self._theme.playhead
        self.loss.show_curves(
            (
                Curve(_("training"), train, tuple((row.number, row.loss) for row in rows)),
                Curve(_("dev"), dev, _known((row.number, row.dev_loss) for row in rows), dashed=True),
            ),
            epochs,
            nothing,
        )
        shares = _known((row.number, row.dev_accuracy) for row in rows)
        self.accuracy.show_curves((Curve(_("dev"), dev, shares),), epochs, nothing)
        self.rate.show_curves((Curve("", train, tuple((row.number, row.lr) for row in rows)),), epochs, nothing)


def horizon(done: int, most: int) -> int:
    """How many epochs the curves have room for: of hundreds that may come, the first ones would be a dash."""
    shown = FIRST_EPOCHS
    while shown < done:
        shown *= 2
    return min(shown, most)


def run_title(run: Run) -> str:
    """`Dastgah · signal · mini-Nava (synthesised)`."""
    return " · ".join((formatting.task_name(run.plan.task), short_name(run.plan.backbone), data_words(run.data_name)))


def remark_words(run: Run) -> str:
    """What the trainer remarked on the data: what was left out, what could not be kept."""
    said = [str(one) for one in run.notes.get("remarks", ())]
    if left := int(run.notes.get("skipped", 0)):
        said.append(_("Recordings left out: {count}.").format(count=whole(left)))
    return "\n".join(said)


def how_split(run: Run) -> str:
    """How its parts were made, as the trainer told: official, artist, recording; empty where it did not."""
    told = run.notes.get("split")
    return str(told.get("how", "")) if isinstance(told, dict) else ""


def result_words(result: Result, how: str = "") -> str:
    """The figures of every split side by side, with chance."""
    lines = []
    for split in result.segments:
        text = _("{split}: segments {segments}, recordings {recordings}.")
        segments, recordings = result.segments[split], result.recordings.get(split)
        text = text.format(
            split=split_title(split, how), segments=score_words(segments), recordings=score_words(recordings)
        )
        lines.append(text)
    text = _("Chance: {chance}. The commonest label alone: {majority}.")
    lines.append(text.format(chance=share(result.chance), majority=share(result.majority)))
    return "\n".join(lines)


def _known(points: Iterable[tuple[int, float | None]]) -> tuple[tuple[float, float], ...]:
    return tuple((x, y) for x, y in points if y is not None)
