"""What is told of a collection beside its recordings: whose they are, who may hear them. Kept field by field."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from persian_mir.catalogue.model import Collection
from persian_mir.i18n import _
from persian_mir.visible import visible
from persian_mir_gui.archive.fields_form import FieldsForm
from persian_mir_gui.archive.record_fields import collection_fields
from persian_mir_gui.library import ledger_work as work
from persian_mir_gui.library.ledger import Ledger
from persian_mir_gui.widgets.widget_factories import quiet, space_out

WIDTH_PX = 440


class CollectionDialog(QDialog):
    """Shows one of all collections; `name` first."""

    def __init__(self, ledger: Ledger, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("About a collection"))
        self._ledger, self._name = ledger, name
        self.collections: list[Collection] = []
        self.names = QComboBox()
        self.names.setAccessibleName(_("Collection"))
        self.fields = FieldsForm(Collection(""), collection_fields())
        self.said = quiet(_("There is no collection yet: put recordings into one first."), wrap=True)
        buttons = QDialogButtonBox()
        buttons.addButton(_("Close"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.rejected.connect(self.reject)
        layout = space_out(QVBoxLayout(self), margins=(16, 16, 16, 16), spacing=10)
        for widget in (self.names, self.fields, self.said, buttons):
            layout.addWidget(widget)
        self.setMinimumWidth(WIDTH_PX)
        self.names.currentIndexChanged.connect(self._show)
        self.fields.changed.connect(self._keep)
        ledger.read(work.collections_of).done.connect(self._take)

    def _take(self, collections: tuple[Collection, ...]) -> None:
        self.collections = list(collections)
        self.said.setVisible(not collections)
        self.names.setVisible(bool(collections))
        self.fields.setVisible(bool(collections))
        for one in collections:
            self.names.addItem(visible(one.name), one.name)
        self.names.setCurrentIndex(max(self.names.findData(self._name), 0))

    def _show(self, place: int) -> None:
        self.fields.say()  # of the one that was shown
        self.fields.show_value(self.collections[place])

    def _keep(self, told: Collection) -> None:
        place = next(k for k, one in enumerate(self.collections) if one.name == told.name)
        self.collections[place] = told
        self._ledger.change(work.put_collection, told)

    def done(self, result: int) -> None:
        if self.collections:
            self.fields.say()
        super().done(result)
