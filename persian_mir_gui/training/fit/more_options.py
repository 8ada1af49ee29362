"""The choices of a fit that a newcomer may leave alone, each with what is usual beside it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QGridLayout, QPushButton, QSpinBox, QWidget

from persian_mir.i18n import _
from persian_mir_gui.training.state.fit_options import Plan
from persian_mir_gui.training.wording import (
    mix_name,
    optimizer_name,
    schedule_name,
    seconds_words,
    short_number,
    weights_name,
    whole,
)
from persian_mir_gui.widgets.widget_factories import lead, quiet, stand_in

USUAL = Plan()
WINDOWS = (3.0, 5.0)
OPTIMIZERS, SCHEDULES = ("adam", "adamw"), ("constant", "plateau")
MIXES, CLASS_WEIGHTS = ("softmax", "concat"), ("none", "balanced")
MANY_SEEDS = 2_147_483_647
LEAST_SIGNS = 12  # that a choice shows in a narrow window
NAMES_PX = 110  # the names of the part above are as wide


class ShortSpinBox(QDoubleSpinBox):
    """A number with no more decimals than it needs: 0.001, not 0.001000."""

    def textFromValue(self, value: float) -> str:
        """The number in the user's digits."""
        text, locale = super().textFromValue(value), self.locale()
        return text.rstrip(locale.zeroDigit()).rstrip(locale.decimalPoint()) if locale.decimalPoint() in text else text


class MoreSettings(QWidget):
    """One row a choice: its name, the choice, what is usual."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.window_s, self.mix = QComboBox(), QComboBox()
        self.optimizer, self.schedule, self.weights = QComboBox(), QComboBox(), QComboBox()
        self.rate = ShortSpinBox(minimum=1e-6, maximum=1.0, decimals=6)
        self.decay = ShortSpinBox(minimum=0.0, maximum=0.999999, decimals=6)
        self.dropout = QDoubleSpinBox(minimum=0.0, maximum=0.95, decimals=2, singleStep=0.05)
        self.epochs = QSpinBox(minimum=1, maximum=100_000)
        self.patience = QSpinBox(minimum=0, maximum=100_000)
        self.seed = QSpinBox(minimum=0, maximum=MANY_SEEDS)
        self.usual = QPushButton(_("All as usual"))
        self._fill()
        self._tips = self._lay_out()
        self.usual.clicked.connect(lambda: self.show_plan(USUAL))
        for combo in (self.window_s, self.mix, self.optimizer, self.schedule, self.weights):
            combo.currentIndexChanged.connect(self.changed)
        for spin in (self.rate, self.decay, self.dropout, self.epochs, self.patience, self.seed):
            spin.valueChanged.connect(self.changed)

    def _fill(self) -> None:
        for seconds in WINDOWS:
            self.window_s.addItem(seconds_words(seconds), seconds)
        for mix in MIXES:
            self.mix.addItem(mix_name(mix), mix)
        for optimizer in OPTIMIZERS:
            self.optimizer.addItem(optimizer_name(optimizer), optimizer)
        for schedule in SCHEDULES:
            self.schedule.addItem(schedule_name(schedule), schedule)
        for weights in CLASS_WEIGHTS:
            self.weights.addItem(weights_name(weights), weights)
        for combo in (self.window_s, self.mix, self.optimizer, self.schedule, self.weights):
            combo.setMinimumContentsLength(LEAST_SIGNS)
        for spin in (self.rate, self.decay, self.dropout, self.epochs, self.patience, self.seed):
            stand_in(spin)
        for spin in (self.rate, self.decay):
            spin.setStepType(QDoubleSpinBox.StepType.AdaptiveDecimalStepType)
        self.patience.setSpecialValueText(_("never early"))

    def _lay_out(self) -> dict[QWidget, str]:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 4, 0, 0)
        grid.setHorizontalSpacing(18)
        grid.setVerticalSpacing(8)
        grid.setColumnMinimumWidth(0, NAMES_PX)
        grid.setColumnStretch(2, 1)
        tips = {}
        for row, (name, widget, usual, tip) in enumerate(self._rows()):
            label = quiet(name, role="", factor=1.0)
            label.setToolTip(tip)
            label.setBuddy(widget)
            widget.setAccessibleName(name)
            widget.setToolTip(tip)
            grid.addWidget(label, row, 0)
            grid.addWidget(widget, row, 1)
            grid.addWidget(lead(quiet(_("usually: {choice}").format(choice=usual), role="faint", wrap=True)), row, 2)
            tips[widget] = tip
        self.usual.setProperty("role", "link")
        self.usual.setToolTip(_("Set every choice of this part back to what is usual"))
        grid.addWidget(self.usual, len(tips), 1, Qt.AlignmentFlag.AlignLeading)
        return tips

    def _rows(self) -> tuple[tuple[str, QWidget, str, str], ...]:
        """Name, widget, what is usual, what it does."""
        return (
            (_("Segments"), self.window_s, seconds_words(USUAL.window_s),
             _("How long the stretches are that the probe hears one by one; the paper compares 3 s and 5 s.")),
            (_("Several layers"), self.mix, mix_name(USUAL.mix),
             _("Weighted: one sum of the layers, whose weights (softmax) are learnt too. Side by side: all of them "
               "concatenated, so that the head sees more and learns more slowly.")),
            (_("Optimizer"), self.optimizer, optimizer_name(USUAL.optimizer),
             _("Adam adds weight decay to the gradient; AdamW takes it off the weights (Loshchilov and Hutter 2019).")),
            (_("Learning rate"), self.rate, short_number(USUAL.lr),
             _("How far the weights go with each step: too much and the loss jumps, too little and it stands still.")),
            (_("Rate over time"), self.schedule, schedule_name(USUAL.schedule),
             _("Constant, or halved each time that the dev loss has not fallen for five epochs.")),
            (_("Weight decay"), self.decay, short_number(USUAL.weight_decay),
             _("Pulls the weights towards nothing, against learning by heart. 0: not at all.")),
            (_("Dropout"), self.dropout, short_number(USUAL.dropout),
             _("The share of each hidden layer's outputs that is left out at random while it learns, against learning "
               "by heart.")),
            (_("Epochs"), self.epochs, whole(USUAL.epochs), _("How often all segments are learnt from, at most.")),
            (_("Patience"), self.patience, whole(USUAL.patience),
             _("After so many epochs without a lower dev loss it ends. The best epoch is kept in any case.")),
            (_("Class weights"), self.weights, weights_name(USUAL.class_weights),
             _("Balanced: each label weighs the same, however many segments it has.")),
            (_("Seed"), self.seed, whole(USUAL.seed),
             _("Where chance begins: the same seed gives the same probe again on the same machine.")),
        )  # fmt: skip

    # The plan

    def values(self) -> dict[str, Any]:
        """What is chosen here, by the names of `Plan`."""
        return {
            "window_s": float(self.window_s.currentData()),
            "mix": str(self.mix.currentData()),
            "optimizer": str(self.optimizer.currentData()),
            "lr": self.rate.value(),
            "schedule": str(self.schedule.currentData()),
            "weight_decay": self.decay.value(),
            "dropout": round(self.dropout.value(), 2),
            "epochs": self.epochs.value(),
            "patience": self.patience.value(),
            "class_weights": str(self.weights.currentData()),
            "seed": self.seed.value(),
        }

    @property
    def unusual(self) -> int:
        """How many choices differ from what is usual."""
        return sum(value != getattr(USUAL, name) for name, value in self.values().items())

    def show_plan(self, plan: Plan) -> None:
        """Choose what `plan` says."""
        for combo, value in (
            (self.window_s, plan.window_s),
            (self.mix, plan.mix),
            (self.optimizer, plan.optimizer),
            (self.schedule, plan.schedule),
            (self.weights, plan.class_weights),
        ):
            combo.setCurrentIndex(max(0, combo.findData(value)))
        self.rate.setValue(plan.lr)
        self.decay.setValue(plan.weight_decay)
        self.dropout.setValue(plan.dropout)
        self.epochs.setValue(plan.epochs)
        self.patience.setValue(plan.patience)
        self.seed.setValue(plan.seed)

    def offer(self, several: bool, hidden: bool) -> None:
        """Grey what makes no difference: mixing without `several` layers, dropout without `hidden` ones."""
        one_layer = _("One layer is read: there is nothing to put together.")
        no_hidden = _("Without hidden layers nothing is left out.")
        for widget, allowed, reason in ((self.mix, several, one_layer), (self.dropout, hidden, no_hidden)):
            widget.setEnabled(allowed)
            widget.setToolTip(self._tips[widget] if allowed else reason)
            widget.setAttribute(Qt.WidgetAttribute.WA_AlwaysShowToolTips)
