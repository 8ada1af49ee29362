"""Which predictors shall label: a chip each, and the way to add a probe."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QMenu, QSizePolicy, QToolButton, QWidget

from persian_mir.i18n import _
from persian_mir.predictors import suffixes
from persian_mir_gui.core.settings import Settings
from persian_mir_gui.labelling.labelling import Labelling
from persian_mir_gui.labelling.predictors import MODAL, PredictorChoice
from persian_mir_gui.labelling.window_menu import WindowMenu, window_button
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.icons import dot, icon
from persian_mir_gui.widgets.theme import Theme
from persian_mir_gui.widgets.theme_source import ThemeSource
from persian_mir_gui.widgets.widget_factories import quiet, space_out, tool_button


class PredictorBar(QWidget):
    """Chips that toggle; where they do not fit, one button with the same choices in a menu."""

    def __init__(
        self, settings: Settings, labelling: Labelling, themes: ThemeSource, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._labelling, self._theme, self._settings = labelling, themes.theme, settings
        self.folded = False  # whether one button stands for all chips
        self.menu = QMenu(_("Predictors"), self)
        self.windows = WindowMenu(settings, self)
        self._caption = quiet(_("Predictors"))
        self._chips = QWidget()
        self._chip_line = space_out(QHBoxLayout(self._chips), spacing=6)
        self._short = tool_button("chip", _("Predictors"))
        self._short.setMenu(self.menu)
        self._short.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.add = tool_button("round", _("Add a probe file…"), 14)
        self.add.clicked.connect(self.ask_for_probe)
        layout = space_out(QHBoxLayout(self), spacing=8)
        for widget in (self._caption, self._chips, self._short, self.add):
            layout.addWidget(widget)
        layout.addStretch()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        labelling.predictors.changed.connect(self.refresh)
        themes.follow(self.set_theme)

    def set_theme(self, theme: Theme) -> None:
        """Paint in other colours from now on."""
        self._theme = theme
        self.add.setIcon(icon("add", theme.text))
        self.refresh()

    def refresh(self) -> None:
        """Make the chips anew: the choices are few and change seldom."""
        self.menu.clear()
        held = None  # the place of the chip that has the keyboard
        while self._chip_line.count():
            place = self._chip_line.takeAt(self._chip_line.count() - 1)
            old = place.widget() if place else None
            if old:
                held = self._chip_line.count() if old.hasFocus() else held
                old.hide()
                old.deleteLater()
        choices = self._labelling.predictors.all
        for choice in choices:
            action = self._action(choice)
            self.menu.addAction(action)
            chip = tool_button("chip", choice.problem or choice.name)
            chip.setDefaultAction(action)
            chip.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            self._chip_line.addWidget(chip)
            if choice.id == MODAL:
                self._chip_line.addWidget(window_button(self.windows))
        self.menu.addSeparator()
        self.menu.addMenu(self.windows)
        chosen = sum(choice.chosen for choice in choices)
        self._short.setText(_("Predictors: {number}").format(number=formatting.digits(str(chosen))))
        self._fold()
        self._order_keys(held)

    def _order_keys(self, held: int | None) -> None:
        """The new chips stand where Tab expects them, and the one that was pressed keeps the keyboard."""
        places = (self._chip_line.itemAt(k) for k in range(self._chip_line.count()))
        chips = [widget for place in places if place is not None and (widget := place.widget()) is not None]
        before: QWidget = self._short
        for chip in chips:
            QWidget.setTabOrder(before, chip)
            before = chip
        QWidget.setTabOrder(before, self.add)
        if held is not None and held < len(chips):
            chips[held].show()  # else it is shown, and can have the keyboard, only when the layout comes to it
            chips[held].setFocus(Qt.FocusReason.OtherFocusReason)

    def _action(self, choice: PredictorChoice) -> QAction:
        action = QAction(choice.name, self.menu, checkable=True, checked=choice.chosen)
        action.setToolTip(choice.problem or _("Use {name} when labelling").format(name=choice.name))
        colour = self._theme.warning if choice.problem else self._theme.accent
        action.setIcon(dot(colour if choice.chosen or choice.problem else self._theme.text_faint, choice.chosen))
        action.triggered.connect(lambda chosen, key=choice.id: self._labelling.predictors.choose(key, chosen))
        return action

    def _fold(self) -> None:
        """Chips if they fit, else the one button."""
        needed = self._caption.sizeHint().width() + self._chip_line.sizeHint().width()
        fits = needed + self.add.sizeHint().width() + 24 <= self.width()
        self.folded = not fits
        self._caption.setVisible(fits)
        self._chips.setVisible(fits)
        self._short.setVisible(not fits)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold()

    def minimumSizeHint(self) -> QSize:
        width = self._short.sizeHint().width() + self.add.sizeHint().width() + 12
        return QSize(width, self._short.sizeHint().height())

    def sizeHint(self) -> QSize:
        return self.minimumSizeHint()

    def ask_for_probe(self) -> None:
        """Let the user choose probe files and add them."""
        folder = str(self._settings.get("last_folder"))
        kind = _("Probes ({patterns})").format(patterns=" ".join(f"*{suffix}" for suffix in suffixes()))
        names, _kind = QFileDialog.getOpenFileNames(self.window(), _("Add a probe file"), folder, kind)
        for name in names:
            self._labelling.predictors.add_probe(Path(name))
