"""Presets of a batch: chosen, kept, forgotten."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QInputDialog, QPushButton, QWidget

from persian_mir.batch.presets import Preset, forget_preset, presets, save_preset
from persian_mir.errors import PersianMirError
from persian_mir.i18n import _
from persian_mir.visible import visible
from persian_mir_gui.core.messages import message_of
from persian_mir_gui.widgets.widget_factories import space_out


class PresetRow(QWidget):
    """Names in a list. `asked` gives what is asked for now, to be kept."""

    chosen = Signal(object)  # Preset
    failed = Signal(object)  # Message

    def __init__(self, asked: Callable[[], Preset], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._asked = asked
        self._known: dict[str, Preset] = {}
        self.names = QComboBox()
        self.names.setAccessibleName(_("Preset"))
        self.keep_as, self.forget = QPushButton(_("Keep…")), QPushButton(_("Forget"))
        row = space_out(QHBoxLayout(self), spacing=8)
        row.addWidget(self.names, 1)
        row.addWidget(self.keep_as)
        row.addWidget(self.forget)
        self.names.activated.connect(self._choose)
        self.names.currentIndexChanged.connect(lambda place: self.forget.setEnabled(place > 0))
        self.keep_as.clicked.connect(self._ask_name)
        self.forget.clicked.connect(self._forget)
        self.refresh()

    def refresh(self, shown: str = "") -> None:
        """List what is kept."""
        try:
            self._known = presets()
        except PersianMirError as error:
            self.failed.emit(message_of(error))
        self.names.clear()
        self.names.addItem(_("none"), "")
        for name in self._known:
            self.names.addItem(visible(name), name)
        self.names.setCurrentIndex(max(self.names.findData(shown), 0))

    def keep(self, name: str) -> None:
        """Keep what is asked for now, over what had this name."""
        self._change(save_preset, name, self._asked(), shown=name)

    def _choose(self, _place: int) -> None:
        if name := self.names.currentData():
            self.chosen.emit(self._known[name])

    def _ask_name(self) -> None:
        name, given = QInputDialog.getText(self, _("Keep a preset"), _("Name"), text=self.names.currentData())
        if given and name.strip():
            self.keep(name.strip())

    def _forget(self) -> None:
        self._change(forget_preset, self.names.currentData(), shown="")

    def _change(self, act: Callable[..., None], *values: object, shown: str) -> None:
        try:
            act(*values)
        except PersianMirError as error:
            self.failed.emit(message_of(error))
            return
        self.refresh(shown)
