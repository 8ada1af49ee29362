"""Page of the trainer: how the probe is to be fitted."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from persian_mir import plurals
from persian_mir.i18n import _
from persian_mir_gui.core.jobs import JobRunner
from persian_mir_gui.training.backbone_combo import BackboneCombo
from persian_mir_gui.training.fit.layers_field import LayersField
from persian_mir_gui.training.fit.more_options import NAMES_PX, MoreOptions
from persian_mir_gui.training.fit.option_fields import LEAST_SIGNS, field_of, show_value
from persian_mir_gui.training.state.training import Training
from persian_mir_gui.training.wording import data_words, plan_sentences, short_number, whole
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.fold import Fold
from persian_mir_gui.widgets.widget_factories import GapArea, allow_row, quiet, space_out, stand_in
from persian_mir_gui.widgets.wrapped_label import WrappedLabel
from trainer.fitting.fit_options import FitOptions
from trainer.fitting.options import declared

LEAST_GROUPS = 5  # as many as the trainer makes folds
LEAST_LABELS = 2  # of a task that can be learnt


class SettingsPage(QWidget):
    """Everything has a sensible value from the start; a sentence says what will be fitted."""

    started = Signal()
    data_wanted = Signal()

    def __init__(self, io: JobRunner, training: Training, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._training = training
        self.data, self.change = quiet(role="", factor=1.0), QPushButton(_("Choose other data"))
        self._options = declared(FitOptions)
        self.task, self.features, self.split = (self._choice_of(name) for name in ("task", "features", "split"))
        self.backbone, self.layers = BackboneCombo(io, training), LayersField(self)
        self.longer = QPushButton()
        self.longer.setProperty("role", "link")
        head = self._options["hidden"]
        self.hidden = QSpinBox(minimum=0, maximum=head.many)
        sizes = {"minimum": int(head.least), "maximum": int(head.most), "value": head.usual[0]}
        self.sizes = [QSpinBox(**sizes) for _place in range(head.many)]
        self.more = MoreOptions()
        self.fold = Fold(_("More"), self.more, opened=False)
        self.says, self.start = WrappedLabel(), QPushButton(_("Start"))
        self.says.limit_lines()
        self._lay_out()
        self.setFocusProxy(self.task)
        self.show_options(self._training.plan)
        self._connect()
        self.refresh()

    def _choice_of(self, name: str) -> QComboBox:
        combo = field_of(self._options[name])
        assert isinstance(combo, QComboBox)  # noqa: S101
        return combo

    def _lay_out(self) -> None:
        self.backbone.setMinimumContentsLength(LEAST_SIGNS)
        for spin in (self.hidden, *self.sizes):
            stand_in(spin)
        self.change.setProperty("role", "link")
        form = QFormLayout(fieldGrowthPolicy=QFormLayout.FieldGrowthPolicy.FieldsStayAtSizeHint)
        form.setHorizontalSpacing(18)
        form.setVerticalSpacing(10)
        for name, widgets, tip in self._rows():
            line = space_out(QHBoxLayout(), spacing=8)
            for place, widget in enumerate(widgets):
                widget.setAccessibleName(f"{name} {place}" if place else name)
                widget.setToolTip(tip)
                line.addWidget(widget)
            line.addStretch()
            label = quiet(name, role="", factor=1.0)
            label.setToolTip(tip)
            label.setMinimumWidth(NAMES_PX)
            form.addRow(label, line)
        self.change.setAccessibleName(self.change.text())
        self.layers.name_numbers()
        for place, size in enumerate(self.sizes, 1):
            size.setAccessibleName(_("Size of hidden layer {number}").format(number=whole(place)))
        inner = QWidget()
        column = space_out(QVBoxLayout(inner), margins=(20, 16, 20, 8), spacing=18)
        column.addLayout(form)
        column.addWidget(self.fold)
        column.addStretch()
        area = GapArea(inner)
        self.start.setProperty("role", "primary")
        self.says.setMinimumHeight(4 * self.says.fontMetrics().lineSpacing())
        self.says.setAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignBottom)
        below = space_out(QHBoxLayout(), margins=(20, 8, 20, 14), spacing=14)
        below.addWidget(self.says, 1)
        below.addWidget(self.start, 0, Qt.AlignmentFlag.AlignBottom)
        layout = space_out(QVBoxLayout(self), spacing=0)
        layout.addWidget(area, 1)
        layout.addLayout(below)

    def _rows(self) -> tuple[tuple[str, tuple[QWidget, ...], str], ...]:
        """Name, widgets, what it does."""
        rows: dict[str, tuple[QWidget, ...]] = {
            "task": (self.task,),
            "backbone": (self.backbone, self.backbone.models_button(), self.longer),
            "features": (self.features,),
            "layers": self.layers.widgets,
            "hidden": (self.hidden, *self.sizes),
            "split": (self.split,),
        }
        data = (_("Data"), (self.data, self.change), _("The labelled recordings that the probe learns from"))
        known = [(self._options[name], widgets) for name, widgets in rows.items()]
        return (data, *((one.title(), widgets, one.help()) for one, widgets in known))

    def _connect(self) -> None:
        for combo in (self.task, self.backbone, self.features, self.split):
            combo.currentIndexChanged.connect(self.refresh)
        for spin in (self.hidden, *self.sizes):
            spin.valueChanged.connect(self.refresh)
        for part in (self.layers, self.more):
            part.changed.connect(self.refresh)
        self.backbone.filled.connect(self.refresh)
        self._training.data_changed.connect(self.refresh)
        self._training.runs_changed.connect(self.refresh)
        self.change.clicked.connect(self.data_wanted)
        self.longer.clicked.connect(self._take_other_length)
        self.start.clicked.connect(self._start)

    # What is chosen

    def options(self) -> FitOptions:
        """What is chosen."""
        return FitOptions(
            task=str(self.task.currentData()),
            backbone=str(self.backbone.currentData()),
            features=self.features.currentData(),
            layers=self.layers.value(),
            hidden=tuple(size.value() for size in self.sizes[: self.hidden.value()]),
            split=str(self.split.currentData()),
            **self.more.values(),
        )

    def show_options(self, options: FitOptions) -> None:
        """Choose what `options` say."""
        for combo, value in (
            (self.task, options.task),
            (self.features, options.features),
            (self.split, options.split),
        ):
            show_value(combo, value)
        self.layers.show_value(options.layers)
        self.hidden.setValue(len(options.hidden))
        for size, width in zip(self.sizes, options.hidden, strict=False):
            size.setValue(width)
        self.more.show_options(options)

    def _start(self) -> None:
        self._training.start(self.options())
        if self._training.running:
            self.started.emit()

    @property
    def _other_length(self) -> float | None:
        """What segments could be long, in seconds, on a backbone that learnt from more than is usual."""
        now = self.more.window_s
        return next((one for one in self.backbone.chosen.windows[::-1] if one != now), None)

    def _take_other_length(self) -> None:
        if self._other_length is not None:
            self.more.window_s = self._other_length

    # What there is to see

    def refresh(self, *_news: object) -> None:
        """Offer what fits the data and the backbone, and say what will be fitted."""
        data, backbone = self._training.data, self.backbone.chosen
        self.layers.offer(backbone.states, unused=self.features.currentData() == "modal")
        for place, size in enumerate(self.sizes):
            size.setVisible(place < self.hidden.value())
        self.more.offer(several=self.layers.several, hidden=self.hidden.value() > 0)
        unusual = self.more.unusual
        count = _("More · not as usual: {count}").format(count=whole(unusual))
        self.fold.set_title(count if unusual else _("More · all as usual"))
        self._offer_length()
        self._offer_tasks()
        self._offer_splits()
        self.data.setText(data_words(data.name) if data else _("none yet"))
        self.change.setText(_("Choose other data") if data else _("Choose data"))
        trouble = self._trouble()
        self.start.setEnabled(not trouble)
        if trouble or data is None:
            self.says.setText(trouble)
        else:
            self.says.setText(plan_sentences(self.options(), backbone.name, backbone.states, data_words(data.name)))

    def _trouble(self) -> str:
        """Why it cannot start, in words."""
        if self._training.data is None:
            return _("Choose data first, on the page before.")
        if self._training.running:
            return _("Something is being fitted; one thing at a time.")
        if problem := self.layers.problem():
            return problem
        if self.layers.several and self.options().mix == "single":
            return _("Several layers are chosen. Choose one, or what becomes of several.")
        return ""

    def _offer_length(self) -> None:
        """The longer segments that the backbone learnt from, or back to the usual ones."""
        other = self._other_length
        self.longer.setVisible(len(self.backbone.chosen.windows) > 1 and other is not None)
        if other is not None:
            self.longer.setText(_("Segments of {number} s").format(number=short_number(other)))
            learnt = other == self.backbone.chosen.windows[-1]
            self.longer.setToolTip(_("As long as what this model learnt from") if learnt else _("As long as usual"))
            self.longer.setAccessibleName(self.longer.text())

    def _offer_tasks(self) -> None:
        """Only those of which the data hold labels; where they lack the one that is shown, the first that they hold."""
        data = self._training.data
        result = None if data is None else data.result
        rows = range(self.task.count())
        few = [result is not None and result.labels.get(self.task.itemData(row), 0) < LEAST_LABELS for row in rows]
        for row in rows:
            allow_row(self.task, row, _("The data hold fewer than two labels of this task.") if few[row] else "")
        if few[self.task.currentIndex()] and not all(few):
            self.task.setCurrentIndex(few.index(False))

    def _offer_splits(self) -> None:
        data = self._training.data
        result = None if data is None else data.result
        why = {"official": "", "grouped": ""}
        if result is not None and not (result.parts.get("train") and result.parts.get("test")):
            why["official"] = _("The data name no training and test part.")
        if result is not None and result.artists < LEAST_GROUPS:
            text = _("The data name {artists}; at least {least} are needed.")
            why["grouped"] = text.format(
                artists=formatting.digits(plurals.artists(result.artists)), least=whole(LEAST_GROUPS)
            )
        if self.task.currentData() == "artist":
            why["grouped"] = _("Artists can be named only if they were learnt from.")
        for split, reason in why.items():
            allow_row(self.split, self.split.findData(split), reason)
            if reason and self.split.currentData() == split:
                self.split.setCurrentIndex(0)
