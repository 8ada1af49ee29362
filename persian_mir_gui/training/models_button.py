"""The way from wherever a backbone is chosen to the models that can be had."""

from __future__ import annotations

from PySide6.QtWidgets import QToolButton

from persian_mir.i18n import _
from persian_mir_gui.training.state.training import Training
from persian_mir_gui.widgets.widget_factories import tool_button


def models_button(training: Training) -> QToolButton:
    """Return a small button that asks for the window of the models."""
    button = tool_button("quiet", _("Get models…"))
    button.setText("+")
    button.clicked.connect(training.models_wanted)
    return button
