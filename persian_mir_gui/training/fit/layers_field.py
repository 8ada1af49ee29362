"""Which of a backbone's layers a probe learns from: all, the last, one, or several by their numbers."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QSpinBox, QWidget

from persian_mir.errors import PersianMirError
from persian_mir.i18n import _
from persian_mir_gui.training.fit.option_fields import show_value
from persian_mir_gui.training.wording import whole
from persian_mir_gui.widgets.widget_factories import stand_in
from trainer.fitting.fit_options import layer_numbers

ONE, SEVERAL = "one", "several"  # layers, whose numbers stand beside
NUMBERS_PX = 130
UNKNOWN_LAST = 99  # number of the last layer, where the backbone is not here to be asked


class LayersField(QObject):
    """The kind of choice, and beside it a field for one number or for several."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.kind, self.one, self.numbers = QComboBox(), QSpinBox(minimum=0, maximum=UNKNOWN_LAST), QLineEdit()
        self.widgets: tuple[QWidget, ...] = (self.kind, self.one, self.numbers)
        self._states = 0
        kinds = {"all": _("All"), "last": _("The last"), ONE: _("One:"), SEVERAL: _("Several:")}
        for kind, name in kinds.items():
            self.kind.addItem(name, kind)
        stand_in(self.one)
        self.numbers.setFixedWidth(NUMBERS_PX)
        self.numbers.setPlaceholderText("6, 7, 12")
        self.numbers.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        for signal in (self.kind.currentIndexChanged, self.one.valueChanged, self.numbers.textChanged):
            signal.connect(self.changed)

    def name_numbers(self) -> None:
        """Tell those who hear the screen what the two fields are for."""
        self.one.setAccessibleName(_("Number of the layer"))
        self.numbers.setAccessibleName(_("Numbers of the layers"))

    def value(self) -> str:
        """What is chosen, as the option of a fit has it."""
        kind = str(self.kind.currentData()) if self.kind.isEnabled() else "all"
        return {ONE: str(self.one.value()), SEVERAL: self.numbers.text().replace(" ", "")}.get(kind, kind)

    def show_value(self, layers: str) -> None:
        """Choose what the option of a fit says."""
        kind = layers if layers in ("all", "last") else ONE if layers.isdecimal() else SEVERAL
        show_value(self.kind, kind)
        self.one.setValue(int(layers) if kind == ONE else 0)
        self.numbers.setText(layers if kind == SEVERAL else "")

    @property
    def several(self) -> bool:
        """Whether more than one layer is read."""
        return self.kind.isEnabled() and self._states != 1 and self.kind.currentData() in ("all", SEVERAL)

    def problem(self) -> str:
        """Why the numbers cannot be used, in words."""
        if not self.kind.isEnabled() or self.kind.currentData() != SEVERAL:
            return ""
        try:
            layer_numbers(self.numbers.text(), self.one.maximum() + 1)
        except PersianMirError:
            text = _("Name the layers by their numbers, 0 to {last}, each once, with commas between them.")
            return text.format(last=whole(self.one.maximum()))
        return ""

    def offer(self, states: int, unused: bool) -> None:
        """Offer the layers of a backbone of so many hidden states (0: not known); none where it is `unused`."""
        self._states = states
        why = _("This backbone has one layer.") if states == 1 else _("The backbone is not learnt from.")
        usable = states != 1 and not unused
        self.kind.setEnabled(usable)
        self.kind.setToolTip(self.one.toolTip() if usable else why)
        self.one.setVisible(usable and self.kind.currentData() == ONE)
        self.numbers.setVisible(usable and self.kind.currentData() == SEVERAL)
        self.one.setMaximum(states - 1 if states else UNKNOWN_LAST)
