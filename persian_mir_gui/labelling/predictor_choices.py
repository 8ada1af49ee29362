"""The predictors that can label, and which of them the user has chosen."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from persian_mir.i18n import _
from persian_mir_gui.core.jobs import JobRunner, Latest
from persian_mir_gui.core.messages import Messages
from persian_mir_gui.core.settings import Settings
from persian_mir_gui.labelling.predictors import MODAL, Inventory, PredictorChoice, add_probe, modal_choice, take_stock


class PredictorChoices(QObject):
    """The modal reading, the probes of this machine, and what the settings say of each."""

    changed = Signal()
    added = Signal()  # a probe that was to label at once is known now

    def __init__(self, io: JobRunner, settings: Settings, messages: Messages, parent: QObject) -> None:
        super().__init__(parent)
        self._io, self._settings, self._messages = io, settings, messages
        self._looks = Latest(io)
        self._known: tuple[PredictorChoice, ...] = (modal_choice(),)
        self._missing_mert = False
        self._at_once, self._added = False, False  # whether to label with a probe once it is known; that it is
        settings.changed.connect(self._setting_changed)
        self.refresh()

    @property
    def missing_mert(self) -> bool:
        """Whether no MERT model is installed, as far as is known yet."""
        return self._missing_mert

    @property
    def all(self) -> list[PredictorChoice]:
        """All predictors known so far, the modal reading first."""
        chosen = self._settings.get("predictors")
        window = float(self._settings.get("modal_window"))
        return [
            replace(
                choice,
                chosen=choice.id in chosen and not choice.problem,
                window_s=window if choice.id == MODAL else None,
            )
            for choice in self._known
        ]

    @property
    def chosen(self) -> list[PredictorChoice]:
        """Those that label."""
        return [choice for choice in self.all if choice.chosen]

    def choose(self, predictor: str, chosen: bool) -> None:
        """Choose a predictor or leave it out."""
        ids = [known for known in self._settings.get("predictors") if known != predictor]
        self._settings.set("predictors", [*ids, predictor] if chosen else ids)
        self.changed.emit()

    def add_probe(self, path: Path, at_once: bool = False) -> None:
        """Take a probe file among the user's own and choose it; a message says why if it is refused.

        `at_once`: the recording that is shown is labelled with it as soon as it is known.
        """
        self._at_once = at_once
        job = self._io.start(_("Adding {name}").format(name=path.name), add_probe, path)
        job.done.connect(self._probe_added)
        job.failed.connect(self._messages.error)

    def refresh(self) -> None:
        """Look again for probes and models."""
        job = self._looks.start(take_stock)
        job.done.connect(self._take_inventory)
        job.failed.connect(self._messages.error)

    def _setting_changed(self, key: str, _value: object) -> None:
        if key == "modal_window":
            self.changed.emit()

    def _take_inventory(self, inventory: Inventory) -> None:
        self._known, self._missing_mert = inventory.choices, inventory.missing_mert
        self.changed.emit()
        if self._added:
            self.added.emit()
        self._added = False

    def _probe_added(self, predictor: str) -> None:
        self.choose(predictor, True)
        self._added, self._at_once = self._at_once, False
        self.refresh()
