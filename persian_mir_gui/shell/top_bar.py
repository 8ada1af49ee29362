"""The bar at the top: open, label, cancel, predictors, device."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from persian_mir.i18n import _
from persian_mir_gui.core.jobs import JobRunner
from persian_mir_gui.core.settings import Settings
from persian_mir_gui.labelling.device_menu import DeviceButton, DeviceMenu
from persian_mir_gui.labelling.labelling import Labelling
from persian_mir_gui.labelling.predictor_bar import PredictorBar
from persian_mir_gui.library.session import Session
from persian_mir_gui.widgets.icons import icon
from persian_mir_gui.widgets.theme import Theme
from persian_mir_gui.widgets.theme_source import ThemeSource
from persian_mir_gui.widgets.widget_factories import scaled, space_out, tool_button

NARROW, WIDE = 1000, 1280  # px; below them the program's name, and what the device is, give way to buttons


class TopBar(QWidget):
    """Buttons that the window connects to its actions."""

    def __init__(
        self,
        io: JobRunner,
        settings: Settings,
        session: Session,
        labelling: Labelling,
        themes: ThemeSource,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("topBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._session, self._labelling = session, labelling
        self.brand = QLabel("Persian MIR")
        self.brand.setFont(scaled(self.font(), 1.1, bold=True))
        self.brand.setContentsMargins(4, 0, 4, 0)
        self.show_sidebar = tool_button("quiet", _("List of recordings"))
        self.show_inspector = tool_button("quiet", _("Details"))
        self.open = QPushButton(_("Open…"))
        self.label = QPushButton(_("Label recording"))
        self.label.setProperty("role", "primary")
        self.review = QPushButton(_("Review"))
        self.review.setToolTip(_("Accept, correct or reject the labels of segments (F4)"))
        self.cancel = QPushButton(_("Cancel"))
        for button in (self.open, self.label, self.review, self.cancel):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.predictors = PredictorBar(settings, labelling, themes)
        self.devices = DeviceMenu(io, settings, labelling, self)
        self.device = DeviceButton(self.devices)
        layout = space_out(QHBoxLayout(self), margins=(8, 8, 8, 8), spacing=8)
        for widget in (self.show_sidebar, self.brand, self.open, self.label, self.review, self.cancel):
            layout.addWidget(widget)
        layout.addSpacing(8)
        layout.addWidget(self.predictors, 1)
        layout.addWidget(self.device)
        layout.addWidget(self.show_inspector)
        themes.follow(self.set_theme)
        self.refresh()

    def set_theme(self, theme: Theme) -> None:
        """Paint in other colours from now on."""
        rtl = QGuiApplication.layoutDirection() == Qt.LayoutDirection.RightToLeft
        left, right = icon("sidebar", theme.text_dim), icon("inspector", theme.text_dim)
        self.show_sidebar.setIcon(right if rtl else left)
        self.show_inspector.setIcon(left if rtl else right)

    def refresh(self) -> None:
        """Offer what can be done now."""
        current = self._session.current
        idle = current is not None and current.labelling not in ("queued", "running")
        self.label.setEnabled(idle and current is not None and current.state == "ready")
        self.cancel.setVisible(self._labelling.running)

    def fit_to(self, width: int) -> None:
        """Leave out what a window of this width, in pixels, has no room for."""
        self.brand.setVisible(width >= NARROW)
        self.device.fit_to(width >= WIDE)
