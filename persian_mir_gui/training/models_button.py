"""The way from wherever a backbone is chosen to the models that can be had."""

from __future__ import annotations

from PySide6.QtWidgets import QPushButton

from persian_mir.i18n import _
from persian_mir_gui.training.state.training import Training


def models_button(training: Training) -> QPushButton:
    """Return a button that asks for the window of the models."""
    button = QPushButton(_("Get models…"))
    button.setProperty("role", "link")
    button.setToolTip(_("Fetch a backbone; its licence is shown first."))
    button.clicked.connect(training.models_wanted)
    return button
