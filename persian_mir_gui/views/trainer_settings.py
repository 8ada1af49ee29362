"""Page of the trainer: how the probe is to be fitted."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from persian_mir.i18n import _
from persian_mir_gui.services.context import Services
from persian_mir_gui.services.messages import message_of
from persian_mir_gui.services.training_backbones import BackboneChoice, known_backbones
from persian_mir_gui.services.training_plan import MAX_HIDDEN, Plan
from persian_mir_gui.views import words
from persian_mir_gui.views.small import quiet, space_out
from persian_mir_gui.views.trainer_words import features_name, plan_sentences, split_name, whole

ONE = "one"  # one layer, whose number stands beside
FEATURES = ("embedding", "modal", "both")
SPLITS = ("auto", "official", "grouped", "recording")
PATIENCE = 15


class SettingsPage(QWidget):
    """Everything has a sensible value from the start; a sentence says what will be fitted."""

    started = Signal()

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._services, self._training = services, services.training
        self._backbones: tuple[BackboneChoice, ...] = (BackboneChoice("signal", _("Classical features")),)
        self.task, self.backbone, self.window_s = QComboBox(), QComboBox(), QComboBox()
        self.features = QComboBox()
        self.layers, self.layer = QComboBox(), QSpinBox(minimum=0, maximum=99)
        self.hidden = QSpinBox(minimum=0, maximum=MAX_HIDDEN)
        self.sizes = [QSpinBox(minimum=1, maximum=65_536, value=512) for _place in range(MAX_HIDDEN)]
        self.rate = QDoubleSpinBox(minimum=1e-6, maximum=1.0, decimals=6)
        self.epochs, self.early = QSpinBox(minimum=1, maximum=100_000), QCheckBox(_("End when dev becomes no better"))
        self.split, self.weights = QComboBox(), QCheckBox(_("Rare classes count as much as common ones"))
        self.seed = QSpinBox(minimum=0, maximum=2_147_483_647)
        self.says, self.start = quiet(role="", wrap=True, factor=1.0), QPushButton(_("Start"))
        self._fill()
        self._lay_out()
        self.setFocusProxy(self.task)
        self.show_plan(self._training.plan)
        self._connect()
        self._look_for_backbones()

    def _fill(self) -> None:
        for task in words.MAIN_TASKS:
            self.task.addItem(words.task_name(task), task)
        for features in FEATURES:
            self.features.addItem(features_name(features), features)
        for seconds in (3.0, 5.0):
            self.window_s.addItem(_("{number} s").format(number=whole(seconds)), seconds)
        self.layers.addItem(_("All, weighted by learning"), "all")
        self.layers.addItem(_("The last"), "last")
        self.layers.addItem(_("One:"), ONE)
        for split in SPLITS:
            self.split.addItem(split_name(split), split)
        self.rate.setStepType(QDoubleSpinBox.StepType.AdaptiveDecimalStepType)
        self.early.setToolTip(
            _("As soon as dev has not become better for {number} epochs").format(number=whole(PATIENCE))
        )

    def _lay_out(self) -> None:
        form = QFormLayout(fieldGrowthPolicy=QFormLayout.FieldGrowthPolicy.FieldsStayAtSizeHint)
        form.setContentsMargins(20, 16, 20, 8)
        form.setHorizontalSpacing(18)
        form.setVerticalSpacing(10)
        rows: tuple[tuple[str, tuple[QWidget, ...]], ...] = (
            (_("Task"), (self.task,)),
            (_("Backbone"), (self.backbone,)),
            (_("Learns from"), (self.features,)),
            (_("Segments"), (self.window_s,)),
            (_("Layers"), (self.layers, self.layer)),
            (_("Hidden layers"), (self.hidden, *self.sizes)),
            (_("Learning rate"), (self.rate,)),
            (_("Epochs"), (self.epochs, self.early)),
            (_("Judged by"), (self.split,)),
            (_("Classes"), (self.weights,)),
            (_("Seed"), (self.seed,)),
        )
        for name, widgets in rows:
            line = space_out(QHBoxLayout(), spacing=8)
            for place, widget in enumerate(widgets):
                if not isinstance(widget, QCheckBox):
                    widget.setAccessibleName(f"{name} {place}" if place else name)
                line.addWidget(widget)
            line.addStretch()
            form.addRow(name, line)
        self.layer.setAccessibleName(_("Number of the layer"))
        for place, size in enumerate(self.sizes, 1):
            size.setAccessibleName(_("Size of hidden layer {number}").format(number=whole(place)))
        inner = QWidget()
        inner.setLayout(form)
        area = QScrollArea(widgetResizable=True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(inner)
        self.start.setProperty("role", "primary")
        self.says.setMinimumHeight(4 * self.says.fontMetrics().lineSpacing())
        self.says.setAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignBottom)
        below = space_out(QHBoxLayout(), margins=(20, 8, 20, 14), spacing=14)
        below.addWidget(self.says, 1)
        below.addWidget(self.start, 0, Qt.AlignmentFlag.AlignBottom)
        layout = space_out(QVBoxLayout(self), spacing=0)
        layout.addWidget(area, 1)
        layout.addLayout(below)

    def _connect(self) -> None:
        for combo in (self.task, self.backbone, self.features, self.window_s, self.layers, self.split):
            combo.currentIndexChanged.connect(self.refresh)
        for spin in (self.layer, self.hidden, self.epochs, self.seed, *self.sizes):
            spin.valueChanged.connect(self.refresh)
        self.rate.valueChanged.connect(self.refresh)
        for box in (self.early, self.weights):
            box.toggled.connect(self.refresh)
        self._training.data_changed.connect(self.refresh)
        self._training.runs_changed.connect(self.refresh)
        self.start.clicked.connect(self._start)

    def _look_for_backbones(self) -> None:
        self._take_backbones(self._backbones)
        job = self._services.io.start("", known_backbones)
        job.done.connect(self._take_backbones)
        job.failed.connect(lambda error: self._training.said.emit(message_of(error)))

    def _take_backbones(self, found: tuple[BackboneChoice, ...]) -> None:
        wanted = self.backbone.currentData() or self._training.plan.backbone
        self._backbones = found
        self.backbone.blockSignals(True)
        self.backbone.clear()
        for choice in found:
            self.backbone.addItem(f"{choice.name} – {choice.problem}" if choice.problem else choice.name, choice.id)
            _allow(self.backbone, self.backbone.count() - 1, not choice.problem, choice.problem)
        place = self.backbone.findData(wanted)
        usable = place >= 0 and not found[place].problem
        self.backbone.setCurrentIndex(place if usable else 0)
        self.backbone.blockSignals(False)
        self.refresh()

    # The plan

    def plan(self) -> Plan:
        """What is chosen."""
        layers = str(self.layers.currentData()) if self.layers.isEnabled() else "all"
        return Plan(
            task=str(self.task.currentData()),
            backbone=str(self.backbone.currentData()),
            window_s=float(self.window_s.currentData()),
            layers=str(self.layer.value()) if layers == ONE else layers,
            hidden=tuple(size.value() for size in self.sizes[: self.hidden.value()]),
            lr=self.rate.value(),
            epochs=self.epochs.value(),
            patience=PATIENCE if self.early.isChecked() else 0,
            split=str(self.split.currentData()),
            class_weights="balanced" if self.weights.isChecked() else "none",
            seed=self.seed.value(),
            features=str(self.features.currentData()),
        )

    def show_plan(self, plan: Plan) -> None:
        """Choose what `plan` says."""
        one = plan.layers not in ("all", "last")
        for combo, value in (
            (self.task, plan.task),
            (self.features, plan.features),
            (self.window_s, plan.window_s),
            (self.layers, ONE if one else plan.layers),
            (self.split, plan.split),
        ):
            combo.setCurrentIndex(max(0, combo.findData(value)))
        self.layer.setValue(int(plan.layers) if one and plan.layers.isdecimal() else 0)
        self.hidden.setValue(len(plan.hidden))
        for size, value in zip(self.sizes, plan.hidden, strict=False):
            size.setValue(value)
        self.rate.setValue(plan.lr)
        self.epochs.setValue(plan.epochs)
        self.early.setChecked(bool(plan.patience))
        self.weights.setChecked(plan.class_weights == "balanced")
        self.seed.setValue(plan.seed)

    def _start(self) -> None:
        self._training.start(self.plan())
        if self._training.running:
            self.started.emit()

    # What there is to see

    def refresh(self, *_news: object) -> None:
        """Offer what fits the data and the backbone, and say what will be fitted."""
        data = self._training.data
        choice = next((one for one in self._backbones if one.id == self.backbone.currentData()), None)
        states = choice.states if choice else 0
        self.layers.setEnabled(states != 1)
        self.layer.setVisible(self.layers.currentData() == ONE and states != 1)
        self.layer.setMaximum(states - 1 if states else 99)
        for place, size in enumerate(self.sizes):
            size.setVisible(place < self.hidden.value())
        self._offer_splits()
        self.start.setEnabled(data is not None and not self._training.running)
        if data is None:
            self.says.setText(_("Choose data first, on the page before."))
        elif self._training.running:
            self.says.setText(_("Something is being fitted; one thing at a time."))
        else:
            self.says.setText(plan_sentences(self.plan(), choice.name if choice else "", states, data.name))

    def _offer_splits(self) -> None:
        data = self._training.data
        result = None if data is None else data.result
        if result is None:
            return
        official = bool(result.parts.get("train")) and bool(result.parts.get("test"))
        why = {"official": "" if official else _("The data name no training and test part.")}
        why["grouped"] = "" if result.artists >= 3 else _("The data name fewer than three artists.")
        for split, reason in why.items():
            _allow(self.split, self.split.findData(split), not reason, reason)
            if reason and self.split.currentData() == split:
                self.split.setCurrentIndex(0)


def _allow(combo: QComboBox, place: int, allowed: bool, reason: str) -> None:
    """Let a row of `combo` be chosen, or grey it and say why not."""
    model = combo.model()
    if isinstance(model, QStandardItemModel) and (item := model.item(place)) is not None:
        item.setEnabled(allowed)
        item.setToolTip(reason)
