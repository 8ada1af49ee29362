"""How often each mode occurs in a collection, as per cent to be written in: it acts on what the reading says there."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from persian_mir.catalogue.model import Collection
from persian_mir.i18n import _
from persian_mir.labels import vocabulary
from persian_mir.visible import visible
from persian_mir_gui.library import ledger_work as work
from persian_mir_gui.library.ledger import Ledger
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.widget_factories import quiet, space_out, stand_in

WIDTH_PX = 440


class PriorsDialog(QDialog):
    """A number a mode. Zero says nothing of it: what the others leave of 100 is shared by those that are not named."""

    def __init__(self, ledger: Ledger, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Shares of the modes in a collection"))
        self._ledger = ledger
        self._collections: tuple[Collection, ...] = ()
        self.collection = QComboBox()
        self.collection.setAccessibleName(_("Collection"))
        self.shares = {label.id: _share(formatting.in_script(label)) for label in vocabulary("mode")}
        self.said = quiet(wrap=True)
        self.buttons = QDialogButtonBox()
        self.save = self.buttons.addButton(_("Save"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.save.setProperty("role", "primary")
        self.buttons.addButton(_("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        self._lay_out()
        self.setMinimumWidth(WIDTH_PX)
        self.collection.currentIndexChanged.connect(self._show)
        for share in self.shares.values():
            share.valueChanged.connect(self._sum_up)
        self.buttons.accepted.connect(self._save)
        self.buttons.rejected.connect(self.reject)
        self._sum_up()
        ledger.read(work.collections_of).done.connect(self._take)

    def _lay_out(self) -> None:
        head = space_out(QHBoxLayout(), spacing=8)
        head.addWidget(quiet(_("Collection")))
        head.addWidget(self.collection, 1)
        form = QGridLayout()
        form.setHorizontalSpacing(14)
        half = (len(self.shares) + 1) // 2
        for place, share in enumerate(self.shares.values()):
            column, row = divmod(place, half)
            form.addWidget(QLabel(share.accessibleName()), row, 2 * column)
            form.addWidget(share, row, 2 * column + 1)
        layout = space_out(QVBoxLayout(self), margins=(16, 16, 16, 16), spacing=10)
        hint = _("Readings made from now on in this collection are weighed by these shares, and say so.")
        layout.addWidget(quiet(hint, wrap=True))
        layout.addLayout(head)
        layout.addLayout(form)
        layout.addWidget(self.said)
        layout.addStretch(1)
        layout.addWidget(self.buttons)

    def _take(self, collections: tuple[Collection, ...]) -> None:
        self._collections = collections
        for one in collections:
            self.collection.addItem(visible(one.name))
        self._sum_up()

    def _show(self) -> None:
        known = dict(self._collections[self.collection.currentIndex()].mode_priors)
        for mode, share in self.shares.items():
            share.setValue(100 * known.get(mode, 0.0))

    def _sum_up(self) -> None:
        total = sum(share.value() for share in self.shares.values())
        right = total <= 100 + 1e-6
        if not self._collections:
            self.said.setText(_("There is no collection yet: put recordings into one first."))
        elif right:
            self.said.setText(formatting.digits(_("Left for the others: {number}%").format(number=f"{100 - total:g}")))
        else:
            self.said.setText(_("Together they are more than 100%."))
        for field in (self.collection, *self.shares.values()):
            field.setEnabled(bool(self._collections))
        self.save.setEnabled(right and bool(self._collections))

    def _save(self) -> None:
        told = tuple((mode, share.value() / 100) for mode, share in self.shares.items() if share.value())
        chosen = replace(self._collections[self.collection.currentIndex()], mode_priors=told)
        self._ledger.change(work.put_collection, chosen)
        self.accept()


def _share(name: str) -> QDoubleSpinBox:
    share = QDoubleSpinBox(maximum=100.0, decimals=1, suffix=formatting.percent_suffix())
    share.setSpecialValueText("–")
    share.setAccessibleName(name)
    stand_in(share)
    share.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute)
    return share
