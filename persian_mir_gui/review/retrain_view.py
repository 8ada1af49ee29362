"""Retraining as the reviewer sees it: where the data are, how far it is, what changed, and which probe shall stay."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from persian_mir import plurals
from persian_mir.i18n import _
from persian_mir_gui.core.messages import Messages
from persian_mir_gui.core.settings import Settings
from persian_mir_gui.review.compare_probes import Comparison, Share
from persian_mir_gui.review.retrain import Retrain
from persian_mir_gui.review.review import Review
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.fraction_bar import FractionBar
from persian_mir_gui.widgets.theme import Theme, mixed
from persian_mir_gui.widgets.theme_source import ThemeSource
from persian_mir_gui.widgets.widget_factories import quiet, set_role, space_out

IN_A_BAND = 9  # columns of figures beside each other; more labels go below
STEADY = 0.0005  # a change that no rounding shows


class RetrainCard(QFrame):
    """Hidden while nothing is retrained."""

    def __init__(
        self,
        settings: Settings,
        messages: Messages,
        review: Review,
        retrain: Retrain,
        themes: ThemeSource,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._retrain, self._theme, self._settings = retrain, themes.theme, settings
        self._messages, self._review = messages, review
        self._said = quiet(wrap=True, factor=1.0)
        self._remarks = quiet(role="faint", wrap=True)
        self._bar = FractionBar()
        self._table = QWidget()
        self._grid = QGridLayout(self._table)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(14)
        self._grid.setVerticalSpacing(2)
        self._shown: Comparison | None = None
        self._phase = "idle"
        self.use = _button(_("Use the new probe"), self._retrain.use)
        set_role(self.use, "role", "primary")
        self.keep = _button(_("Keep the old one"), self._retrain.keep)
        self.folder = _button(_("Choose a folder…"), self._ask_folder)
        self.manifest = _button(_("Choose a table…"), self._ask_manifest)
        self.alone = _button(_("From the corrections alone"), self._retrain.fit_alone)
        self.stop = _button(_("Stop"), self._retrain.stop)
        self.close_card = _button(_("Close"), self._retrain.keep)
        self._lay_out()
        self._retrain.changed.connect(self.refresh)
        self.refresh()
        themes.changed.connect(self.set_theme)

    def _lay_out(self) -> None:
        column = space_out(QVBoxLayout(self), margins=(12, 10, 12, 10), spacing=8)
        column.addWidget(self._said)
        column.addWidget(self._bar)
        column.addWidget(self._table)
        column.addWidget(self._remarks)
        line = space_out(QHBoxLayout(), spacing=6)
        line.addStretch(1)
        for button in self._buttons():
            line.addWidget(button)
        column.addLayout(line)

    def _buttons(self) -> tuple[QPushButton, ...]:
        return self.folder, self.manifest, self.alone, self.stop, self.close_card, self.keep, self.use

    def set_theme(self, theme: Theme) -> None:
        """Paint in other colours from now on."""
        self._theme, self._shown = theme, None
        self.refresh()

    def refresh(self) -> None:
        """Show how far it is."""
        retrain, phase = self._retrain, self._retrain.phase
        self.setVisible(phase != "idle")
        self._said.setText(self._sentence())
        self._remarks.setText("\n".join(retrain.remarks) if phase not in ("idle", "looking", "failed") else "")
        self._remarks.setVisible(bool(self._remarks.text()))
        self._tell(phase)
        self._bar.setVisible(phase in ("looking", "fitting", "judging"))
        busy = phase != "fitting" or (retrain.training.course.reading and not retrain.training.course.fraction)
        self._bar.show_fraction(None if busy else retrain.training.course.fraction)
        shown = {
            "asking": (self.folder, self.manifest, self.alone, self.close_card),
            "fitting": (self.stop,),
            "judging": (self.stop,),
            "failed": (self.close_card,),
            "done": (self.keep, self.use),
        }.get(phase, ())
        for button in self._buttons():
            button.setVisible(button in shown)
        self.alone.setEnabled(retrain.before is not None and retrain.alone)
        comparison = retrain.comparison if phase == "done" else None
        self._table.setVisible(comparison is not None)
        if comparison is not None and comparison is not self._shown:
            self._show(comparison)
        self._shown = comparison

    def _tell(self, phase: str) -> None:
        """Who has gone on to something else hears of it."""
        ended = phase in ("done", "failed") and self._phase not in ("done", "failed")
        self._phase = phase
        if ended and not self._review.active:
            cure = _("Review segments (F4) to see it.")
            self._messages.info(_("Retraining has ended."), cure)

    def _sentence(self) -> str:
        retrain = self._retrain
        number = len(self._review.statements.teachable(retrain.task)) if retrain.before else 0
        said = formatting.digits(plurals.corrections(number))
        match retrain.phase:
            case "looking":
                return _("Looking up how this probe was fitted…")
            case "asking" if retrain.before is not None and retrain.before.dataset:
                text = _("This probe was fitted on {name}. Where are these data?")
                return text.format(name=formatting.isolated(retrain.before.dataset))
            case "asking":
                return _("Where are the data that this probe was fitted on?")
            case "fitting" if retrain.training.course.reading:
                return _("Reading the recordings, with {corrections}…").format(corrections=said)
            case "fitting":
                left = formatting.time_left(retrain.training.course.seconds_left)
                text = _("Fitting with {corrections}…").format(corrections=said)
                return f"{text} {left}".strip()
            case "judging":
                return _("Judging the old and the new probe on the same locked segments…")
            case "failed":
                return retrain.message
            case "done" if retrain.comparison is None:
                return _("The new probe is fitted. There are no locked recordings to judge it by.")
            case "done" if retrain.comparison is not None:
                return _verdict(retrain.comparison)
        return ""

    def _show(self, comparison: Comparison) -> None:
        """Columns: segments, recordings, then the labels; rows: before, after, change."""
        while self._grid.count():
            taken = self._grid.takeAt(0)
            old = taken.widget() if taken else None
            if old:
                old.hide()
                old.deleteLater()
        before, after = comparison.before, comparison.after
        columns = [
            (_("Segments"), before.segments.right, after.segments.right),
            (_("Recordings"), before.recordings.right, after.recordings.right),
        ]
        for label, (right, _count) in after.classes.items():
            name = formatting.label_name(self._retrain.task, label)
            columns.append((name, before.classes.get(label, (0.0, 0))[0], right))
        for band in range(0, len(columns), IN_A_BAND):
            top = band // IN_A_BAND * 4
            for row, text in enumerate(("", _("before"), _("after"), _("change"))):
                self._grid.addWidget(quiet(text, "faint"), top + row, 0)
            for place, (name, old_share, new_share) in enumerate(columns[band : band + IN_A_BAND], 1):
                cells = (
                    quiet(name, "faint"),
                    _figure(old_share),
                    _figure(new_share),
                    self._change(new_share - old_share),
                )
                for row, cell in enumerate(cells):
                    cell.setAlignment(Qt.AlignmentFlag.AlignCenter)
                    self._grid.addWidget(cell, top + row, place)

    def _change(self, by: float) -> QLabel:
        """`+4`, in percentage points; a loss stands out."""
        label = quiet(change_text(by), factor=1.0)
        if by < -STEADY:
            label.setStyleSheet(f"color: {self._theme.error.name()}")
        elif by > STEADY:
            label.setStyleSheet(f"color: {mixed(self._theme.accent, self._theme.text, 0.8).name()}")
        return label

    def _ask_folder(self) -> None:
        name = QFileDialog.getExistingDirectory(self.window(), _("The data of the probe"), self._last())
        if name:
            self._retrain.fit_on(Path(name))

    def _ask_manifest(self) -> None:
        kinds = f"{_('Table')} (*.csv)"
        name, _kind = QFileDialog.getOpenFileName(self.window(), _("The data of the probe"), self._last(), kinds)
        if name:
            self._retrain.fit_on(Path(name))

    def _last(self) -> str:
        return str(self._settings.get("last_folder"))


def change_text(by: float) -> str:
    """A change in percentage points with its sign; a true minus, and none where nothing changed."""
    points = round(100 * by)
    sign = "+" if points > 0 else "−" if points < 0 else "±"
    return f"\u2066{sign}{formatting.digits(str(abs(points)))}\u2069"


def _verdict(comparison: Comparison) -> str:
    """`On the locked test part: 31% → 45% of 54 segments right`, and how far chance alone reaches."""
    before, after = comparison.before.segments, comparison.after.segments
    if comparison.part == "test":
        text = _("On the locked test part {before} of the segments were right, now {after} are.")
    else:
        text = _("There is no test part. On the part that the fit was tuned by, {before} were right, now {after} are.")
    said = text.format(before=formatting.percent(before.right), after=formatting.percent(after.right))
    if before.count != after.count:
        return f"{said} {_('The new probe knows more labels: the two are not judged on the same segments.')}"
    if _may_be_chance(before, after):
        low, high = formatting.percent(after.low), formatting.percent(after.high)
        chance = _("That may be chance: the new figure lies between {low} and {high}.").format(low=low, high=high)
        return f"{said} {chance}"
    return said


def _may_be_chance(before: Share, after: Share) -> bool:
    return after.low <= before.right <= after.high


def _figure(share: float) -> QLabel:
    return quiet(formatting.percent(share), factor=1.0)


def _button(text: str, act: Callable[[], None]) -> QPushButton:
    button = QPushButton(text)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.clicked.connect(lambda _checked: act())
    return button
