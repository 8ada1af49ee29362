"""The choice of a backbone, wherever one is chosen, and the way from there to the models that can be had."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QToolButton

from persian_mir.i18n import _
from persian_mir_gui.core.jobs import JobRunner, Latest
from persian_mir_gui.core.messages import message_of
from persian_mir_gui.training.state.backbones import BackboneChoice, known_backbones
from persian_mir_gui.training.state.training import Training
from persian_mir_gui.widgets.widget_factories import allow_row, tool_button

ROUND_PX = 27  # of the small button


class BackboneCombo(QComboBox):
    """All known backbones, looked up again when a model is installed; one that is not here is grey and says so."""

    filled = Signal()

    def __init__(self, io: JobRunner, training: Training) -> None:
        super().__init__()
        self._looks, self._training = Latest(io), training
        self._wanted = training.plan.backbone
        self.currentIndexChanged.connect(self._choose)
        self.take((BackboneChoice("signal", _("Classical features")),))
        training.backbones_changed.connect(self._look)
        self._look()

    @property
    def chosen(self) -> BackboneChoice:
        """The one that is shown."""
        return self._known[max(0, self.currentIndex())]

    def _choose(self, _row: int) -> None:
        self._wanted = str(self.currentData())

    def want(self, model: str) -> None:
        """Choose a model, as soon as it is known."""
        self._wanted = model
        self._look()

    def _look(self) -> None:
        job = self._looks.start(known_backbones)
        job.done.connect(self.take)
        job.failed.connect(lambda error: self._training.message_posted.emit(message_of(error)))

    def take(self, known: tuple[BackboneChoice, ...]) -> None:
        """Offer these, and choose again what was chosen before, if it is among them."""
        self._known = known
        self.blockSignals(True)
        self.clear()
        for place, one in enumerate(known):
            name = one.name.partition(" (")[0]
            self.addItem(f"{name} – {one.problem}" if one.problem else name, one.id)
            allow_row(self, place, one.problem)
        place = self.findData(self._wanted)
        self.setCurrentIndex(place if place >= 0 and not known[place].problem else 0)
        self.blockSignals(False)
        self.filled.emit()

    def models_button(self) -> QToolButton:
        """Return a small button, to stand beside, that asks for the window of the models."""
        button = tool_button("round", _("Get models…"))
        button.setText("+")
        button.setFixedSize(ROUND_PX, ROUND_PX)
        button.clicked.connect(self._training.models_wanted)
        return button
