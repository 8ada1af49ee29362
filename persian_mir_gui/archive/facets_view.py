"""The labels that the catalogue's recordings hold, with their numbers; those that are ticked narrow the list down."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from persian_mir.catalogue.dates import gregorian
from persian_mir.catalogue.filters import Filter
from persian_mir.i18n import _
from persian_mir_gui.archive.columns import status_name
from persian_mir_gui.library.ledger import Ledger
from persian_mir_gui.library.question import Answer, Facet
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.widget_factories import heading, space_out

TERM = Qt.ItemDataRole.UserRole


class FacetsView(QWidget):
    """Ticks within a task are alternatives; all tasks must hold. The switches below narrow down further."""

    def __init__(self, ledger: Ledger, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sidebar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._ledger = ledger
        self._known: tuple[Facet, ...] = ()
        self._leaves: list[QTreeWidgetItem] = []
        self.tree = QTreeWidget()
        self.tree.setHeaderHidden(True)
        self.tree.setFrameShape(QTreeWidget.Shape.NoFrame)
        self.tree.setIndentation(12)
        self.tree.setAccessibleName(_("Narrow down"))
        self.tree.itemChanged.connect(self._narrow)
        self.tags, self.predictors = QCheckBox(_("Tags say otherwise")), QCheckBox(_("Predictors disagree"))
        self.doubtful, self.removed = QCheckBox(_("Not sure (with “?”)")), QCheckBox(_("Removed from the list"))
        self.doubtful.setToolTip(_("A label is shown with “?” that only machines said and none of them was sure of."))
        self.predictors.setToolTip(_("Whoever corrects only these is drawn towards the machine: look at others, too."))
        self.since, self.until = _field(_("Date from")), _field(_("to"))
        self.folder = _field(_("In the folder"))
        self._boxes = (self.tags, self.predictors, self.doubtful, self.removed)
        self._fields = (self.since, self.until, self.folder)
        self._lay_out()
        for box in self._boxes:
            box.toggled.connect(self._narrow)
        for field in self._fields:
            field.editingFinished.connect(self._narrow)
        for field in (self.since, self.until):
            field.setToolTip(_("A year or a day of either calendar: 1345, 1966-05-01"))
        ledger.answered.connect(self._show)

    def _lay_out(self) -> None:
        layout = space_out(QVBoxLayout(self), margins=(10, 12, 10, 10), spacing=8)
        layout.addWidget(heading(_("Narrow down")))
        layout.addWidget(self.tree, 1)
        dates = space_out(QHBoxLayout(), spacing=6)
        dates.addWidget(self.since)
        dates.addWidget(self.until)
        layout.addLayout(dates)
        layout.addWidget(self.folder)
        for box in self._boxes:
            layout.addWidget(box)

    def _narrow(self, *_news: object) -> None:
        since, until = (gregorian(field.text()) for field in (self.since, self.until))
        self._ledger.narrow(
            replace(
                self._ledger.question.wanted,
                terms=self._ticked(),
                dates=(since, until) if since or until else None,
                folder=self.folder.text().strip(),
                tag_disagrees=self.tags.isChecked(),
                predictors_disagree=self.predictors.isChecked(),
                doubtful=self.doubtful.isChecked(),
                removed=self.removed.isChecked(),
            )
        )

    def show_filter(self, wanted: Filter) -> None:
        """Have the switches and fields say what is asked; the ticks follow with the answer."""
        with ExitStack() as quiet:
            for widget in (*self._boxes, *self._fields):
                quiet.enter_context(QSignalBlocker(widget))
            self.tags.setChecked(wanted.tag_disagrees)
            self.predictors.setChecked(wanted.predictors_disagree)
            self.doubtful.setChecked(wanted.doubtful)
            self.removed.setChecked(wanted.removed)
            since, until = wanted.dates or ("", "")
            self.since.setText(formatting.digits(since))
            self.until.setText(formatting.digits(until))
            self.folder.setText(wanted.folder)

    def _ticked(self) -> tuple[tuple[str, str], ...]:
        return tuple(leaf.data(0, TERM) for leaf in self._leaves if leaf.checkState(0) == Qt.CheckState.Checked)

    def _show(self, answer: Answer) -> None:
        """Write the numbers anew; what is ticked stays in sight though no recording holds it now."""
        ticked = set(self._ledger.question.wanted.terms)
        known = {(facet.task, facet.label): facet for facet in answer.facets}
        for term in ticked - set(known):
            before = next((one.name for one in self._known if (one.task, one.label) == term), term[1])
            known[term] = Facet(*term, before, 0)
        self._known = tuple(known.values())
        folded, place, current = self._folded(), self.tree.verticalScrollBar().value(), self.tree.currentItem()
        was = current.data(0, TERM) if current is not None else None
        with QSignalBlocker(self.tree):
            self.tree.clear()
            self._leaves.clear()
            for task in dict.fromkeys(task for task, _label in known):
                self._add(task, [facet for facet in known.values() if facet.task == task], ticked, task not in folded)
            for leaf in self._leaves:
                if leaf.data(0, TERM) == was:
                    self.tree.setCurrentItem(leaf)  # whoever ticks by the keyboard goes on from there
        self.tree.verticalScrollBar().setValue(place)

    def _add(self, task: str, facets: list[Facet], ticked: set[tuple[str, str]], open_: bool) -> None:
        top = QTreeWidgetItem(self.tree, [facet_title(task)])
        top.setFlags(Qt.ItemFlag.ItemIsEnabled)
        top.setData(0, TERM, (task, ""))
        for facet in facets:
            leaf = QTreeWidgetItem(top, [f"{facet_name(facet)}  {formatting.digits(str(facet.recordings))}"])
            leaf.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsSelectable)
            state = Qt.CheckState.Checked if (task, facet.label) in ticked else Qt.CheckState.Unchecked
            leaf.setCheckState(0, state)
            leaf.setData(0, TERM, (task, facet.label))
            self._leaves.append(leaf)
        top.setExpanded(open_)

    def labels(self, task: str) -> tuple[str, ...]:
        """The labels of a task that recordings hold."""
        return tuple(facet.label for facet in self._known if facet.task == task)

    def names(self, task: str) -> tuple[str, ...]:
        """What those labels are called."""
        return tuple(facet.name for facet in self._known if facet.task == task)

    def _folded(self) -> set[str]:
        tops = [self.tree.topLevelItem(place) for place in range(self.tree.topLevelItemCount())]
        return {top.data(0, TERM)[0] for top in tops if top is not None and not top.isExpanded()}


def _field(name: str) -> QLineEdit:
    field = QLineEdit(placeholderText=name, clearButtonEnabled=True)
    field.setAccessibleName(name)
    return field


def facet_title(task: str) -> str:
    """What a group of facets is called."""
    names = {"status": _("Who said so"), "collection": _("Collection"), "person": _("Person")}
    return names.get(task) or formatting.task_name(task)


def facet_name(facet: Facet) -> str:
    """What a facet is called in the user's language."""
    if facet.task == "status":
        return status_name(facet.label)
    if facet.task in ("collection", "person"):
        return formatting.isolated(facet.name)
    return formatting.in_line(facet.task, facet.label)
