"""The choices of a fit that a newcomer may leave alone, each with what is usual beside it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QPushButton, QWidget

from persian_mir.i18n import _
from persian_mir_gui.training.fit.option_fields import field_of, show_value, value_of
from persian_mir_gui.widgets.formatting import digits
from persian_mir_gui.widgets.widget_factories import lead, quiet
from trainer.fitting.fit_options import FitOptions
from trainer.fitting.options import declared

MORE = (
    "window_s", "hop_s", "views", "others", "mix", "optimizer", "lr", "schedule", "weight_decay", "batch", "dropout",
    "epochs", "patience", "class_weights", "seed",
)  # fmt: skip
NAMES_PX = 110  # the names of the part above are as wide


class MoreOptions(QWidget):
    """One row an option: its name, the choice, what is usual. `fields` are by the option's name."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        known = declared(FitOptions)
        self._options = {name: known[name] for name in MORE}
        self.fields = {name: field_of(one) for name, one in self._options.items()}
        self.usual = QPushButton(_("All as usual"))
        self._lay_out()
        self.usual.clicked.connect(lambda: self.show_options(FitOptions()))
        for field in self.fields.values():
            (field.currentIndexChanged if isinstance(field, QComboBox) else field.valueChanged).connect(self.changed)

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 4, 0, 0)
        grid.setHorizontalSpacing(18)
        grid.setVerticalSpacing(8)
        grid.setColumnMinimumWidth(0, NAMES_PX)
        grid.setColumnStretch(2, 1)
        for row, (name, one) in enumerate(self._options.items()):
            label = quiet(one.title(), role="", factor=1.0)
            label.setToolTip(one.help())
            label.setBuddy(self.fields[name])
            usual = _("usually: {choice}").format(choice=digits(one.shown(one.usual)))
            grid.addWidget(label, row, 0)
            grid.addWidget(self.fields[name], row, 1)
            grid.addWidget(lead(quiet(usual, role="faint", wrap=True)), row, 2)
        self.usual.setProperty("role", "link")
        self.usual.setToolTip(_("Set every choice of this part back to what is usual"))
        grid.addWidget(self.usual, len(self._options), 1, Qt.AlignmentFlag.AlignLeading)

    def values(self) -> dict[str, Any]:
        """Return what is chosen here, by the names of `FitOptions`."""
        return {name: value_of(field) for name, field in self.fields.items()}

    @property
    def window_s(self) -> float:
        """How long segments are, in seconds."""
        return float(value_of(self.fields["window_s"]))

    @window_s.setter
    def window_s(self, seconds: float) -> None:
        show_value(self.fields["window_s"], seconds)

    @property
    def unusual(self) -> int:
        """How many choices differ from what is usual."""
        return sum(value != self._options[name].usual for name, value in self.values().items())

    def show_options(self, options: FitOptions) -> None:
        """Choose what `options` say."""
        for name, field in self.fields.items():
            show_value(field, getattr(options, name))

    def offer(self, several: bool, hidden: bool) -> None:
        """Grey what makes no difference: mixing without `several` layers, dropout without `hidden` ones."""
        one_layer = _("One layer is read: there is nothing to put together.")
        no_hidden = _("Without hidden layers nothing is left out.")
        for name, allowed, reason in (("mix", several, one_layer), ("dropout", hidden, no_hidden)):
            field = self.fields[name]
            field.setEnabled(allowed)
            field.setToolTip(self._options[name].help() if allowed else reason)
            field.setAttribute(Qt.WidgetAttribute.WA_AlwaysShowToolTips)
