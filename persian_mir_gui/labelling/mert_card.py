"""The quiet card from which MERT and a probe are got, while no model is installed and no probe in use."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from persian_mir.i18n import _
from persian_mir_gui.core.settings import Settings
from persian_mir_gui.labelling.labelling import Labelling
from persian_mir_gui.widgets.icons import icon
from persian_mir_gui.widgets.theme import Theme
from persian_mir_gui.widgets.theme_source import ThemeSource
from persian_mir_gui.widgets.widget_factories import quiet, scaled, space_out, tool_button
from persian_mir_gui.widgets.wrapped_label import WrappedLabel

LOW = 760  # px of window height below which the waveform needs the room


class MertCard(QFrame):
    """Two steps, a button each, and a cross; the cross is for good."""

    models_wanted = Signal()
    trainer_wanted = Signal()

    def __init__(
        self, settings: Settings, labelling: Labelling, themes: ThemeSource, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._tall, self._settings, self._labelling = True, settings, labelling
        head = WrappedLabel(_("The modal reading works now. For instruments and artists, add MERT and a probe."))
        head.setFont(scaled(head.font(), 0.95, bold=True))
        self.dismiss_button = tool_button("quiet", _("Do not show this again"), 12)
        self.dismiss_button.clicked.connect(self._dismiss)
        self.how = QPushButton(_("How?"))
        self.how.setProperty("role", "link")
        self.how.setCheckable(True)
        self.how.setChecked(True)
        self._steps = self._make_steps()
        self.how.toggled.connect(self._steps.setVisible)
        line = space_out(QHBoxLayout(), spacing=6)
        line.addWidget(head, 1)
        line.addWidget(self.how)
        line.addWidget(self.dismiss_button)
        layout = space_out(QVBoxLayout(self), margins=(12, 6, 8, 8), spacing=3)
        layout.addLayout(line)
        layout.addWidget(self._steps)
        themes.follow(self.set_theme)
        labelling.predictors.changed.connect(self.refresh)
        self.refresh()

    def set_theme(self, theme: Theme) -> None:
        """Paint in other colours from now on."""
        self.dismiss_button.setIcon(icon("close", theme.text_dim))

    def _make_steps(self) -> QWidget:
        """The way to a probe: one button fetches the model, one fits."""
        steps = QWidget()
        self.get, self.fit = QPushButton(_("Get MERT…")), QPushButton(_("Fit a probe…"))
        self.get.clicked.connect(self.models_wanted)
        self.fit.clicked.connect(self.trainer_wanted)
        line = space_out(QHBoxLayout(steps), spacing=8)
        line.addWidget(self.get)
        line.addWidget(self.fit)
        line.addWidget(quiet(_("Have a probe already? Add its file with the + beside the predictors."), wrap=True), 1)
        return steps

    def refresh(self) -> None:
        """Show the card only where it is news."""
        dismissed, predictors = bool(self._settings.get("mert_card_dismissed")), self._labelling.predictors
        probe = any(choice.path for choice in predictors.chosen)
        self.setVisible(predictors.missing_mert and not probe and not dismissed)

    def fit_to(self, height: int) -> None:
        """On a low window, in pixels, only the first line, until the rest is asked for."""
        if (height >= LOW) != self._tall:
            self._tall = height >= LOW
            self.how.setChecked(self._tall)

    def _dismiss(self) -> None:
        self._settings.set("mert_card_dismissed", True)
        self.refresh()
