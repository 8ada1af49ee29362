"""A dialog in which a label is chosen from all of them by typing, in whatever writing."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QInputDialog, QWidget

from persian_mir.i18n import _
from persian_mir.labels import vocabulary
from persian_mir.names import clean_name, name_key
from persian_mir_gui.widgets import formatting

LEAST_WIDTH = 340  # px: the title is not cut


def ask_label(
    window: QWidget, question: str, task: str, labels: Sequence[str], given: str, take: Callable[[str], object]
) -> None:
    """Ask `question`, then `take` the label. A task without a vocabulary takes names that are not among `labels`."""
    dialog = QInputDialog(window)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowTitle(_("Label"))
    dialog.setLabelText(question)
    dialog.setComboBoxItems([formatting.label_name(task, label) for label in labels])
    dialog.setComboBoxEditable(True)
    dialog.findChildren(QComboBox)[0].setMinimumWidth(LEAST_WIDTH)  # the dialog's layout gives it no more than it needs
    dialog.setTextValue(formatting.label_name(task, given) if given else "")

    def named(text: str) -> None:
        label = label_named(task, labels, text)
        if label:
            take(label)

    dialog.textValueSelected.connect(named)
    dialog.open()


def label_named(task: str, labels: Sequence[str], text: str) -> str:
    """The label that `text` names in either script; empty where it names none."""
    typed = name_key(text)
    for label in labels:
        if typed in (name_key(formatting.label_name(task, label)), name_key(label)):
            return label
    for known in vocabulary(task):
        if known.id in labels and typed in (name_key(known.name), name_key(known.persian)):
            return known.id
    return "" if vocabulary(task) else clean_name(text)
