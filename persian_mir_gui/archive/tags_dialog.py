"""What would be written into which file, as old and new values, before anything is; and the way back."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from persian_mir.catalogue.catalogue import Row
from persian_mir.i18n import _
from persian_mir.tags.plan import FilePlan
from persian_mir.tags.profiles import PROFILES, in_language
from persian_mir.tags.write import Outcome
from persian_mir.visible import visible
from persian_mir_gui.archive import tag_work
from persian_mir_gui.archive.tag_work import TagPlans
from persian_mir_gui.archive.templates_dialog import TemplatesDialog
from persian_mir_gui.core.jobs import Job
from persian_mir_gui.core.messages import line_of
from persian_mir_gui.library.ledger import Ledger
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.table import Cell, PlainTable
from persian_mir_gui.widgets.widget_factories import quiet, resize_within_screen, space_out


def profile_names() -> dict[str, str]:
    """Return what the profiles are called."""
    return {
        "fields": _("Fields of their own, English"),
        "fields-fa": _("Fields of their own, Persian"),
        "players": _("Title and genre, as players show them"),
        "players-fa": _("Title and genre, Persian"),
    }


class TagsDialog(QDialog):
    """Shows the plan for the recordings that were chosen; nothing is written before its button is pressed."""

    def __init__(self, ledger: Ledger, rows: Sequence[Row], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Tags"))
        self._ledger, self._rows = ledger, tuple(rows)
        self._plans: TagPlans | None = None
        self._done = ""  # what was written a moment ago
        self.profile = QComboBox()
        self.profile.setAccessibleName(_("What is written"))
        for key, name in profile_names().items():
            self.profile.addItem(name, key)
        self.profile.setCurrentIndex(self.profile.findData(in_language()))
        self.change = QPushButton(_("Templates…"))
        self.table = PlainTable(_("Tags"), (_("File"), _("Field"), _("Now"), _("Then")))
        self.table.wrap(2, 3)  # long values share the room, else the new one would be out of sight
        self.said = quiet(wrap=True)
        self.write, self.undo = QPushButton(_("Write")), QPushButton(_("Take the last writing back"))
        self.write.setProperty("role", "primary")
        self._lay_out()
        self.profile.activated.connect(self._plan_chosen)
        self.change.clicked.connect(self._change)
        self.write.clicked.connect(self._write)
        self.undo.clicked.connect(self._undo)
        resize_within_screen(self, 860, 520)
        self._plan_chosen()

    def _lay_out(self) -> None:
        close = QPushButton(_("Close"))
        close.clicked.connect(self.close)
        layout = space_out(QVBoxLayout(self), margins=(14, 14, 14, 14), spacing=10)
        head = space_out(QHBoxLayout(), spacing=8)
        head.addWidget(QLabel(_("What is written")))
        head.addWidget(self.profile)
        head.addWidget(self.change)
        head.addStretch(1)
        layout.addLayout(head)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.said)
        foot = space_out(QHBoxLayout(), spacing=8)
        foot.addWidget(self.undo)
        foot.addStretch(1)
        foot.addWidget(self.write)
        foot.addWidget(close)
        layout.addLayout(foot)

    def _wait(self, text: str) -> None:
        self.said.setText(text)
        self.write.setEnabled(False)
        self.undo.setEnabled(False)
        self.change.setEnabled(False)

    def _plan_chosen(self) -> None:
        self._plan(str(self.profile.currentData()))

    def _plan(self, profile: str) -> None:
        self._wait(_("Reading the tags…"))
        job = self._ledger.read(tag_work.plan_tags, self._rows, profile)
        job.done.connect(self._show)
        job.failed.connect(self._refused)

    def _show(self, told: TagPlans) -> None:
        self._plans = told
        self._offer(told)
        self.table.show_rows([line for plan in told.plans for line in lines(plan)])
        count = sum(bool(plan.changes) for plan in told.plans)
        kept = _("The sound stays as it is, bit for bit.")
        plan = _("Files to be written: {count}.").format(count=count) if count else _("There is nothing to write.")
        self.said.setText(" ".join(filter(None, (self._done, plan, kept if count else "", told.problem))))
        self.write.setEnabled(bool(count))
        self.undo.setEnabled(told.last is not None)
        self.change.setEnabled(True)

    def _offer(self, told: TagPlans) -> None:
        """List the profiles of the program and, behind them, those that the user kept."""
        while self.profile.count() > len(PROFILES):
            self.profile.removeItem(self.profile.count() - 1)
        for name in list(told.profiles)[len(PROFILES) :]:
            self.profile.addItem(visible(name), name)
        self.profile.setCurrentIndex(self.profile.findData(told.profile))

    def _change(self) -> None:
        if self._plans is not None:
            profile = self._plans.profile
            dialog = TemplatesDialog(profile, self._plans.profiles[profile], self)
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.accepted.connect(lambda: self._plan(dialog.profile or in_language()))
            dialog.open()

    def _write(self) -> None:
        if self._plans is not None:
            self._act(self._ledger.change(tag_work.write_planned, self._plans))

    def _undo(self) -> None:
        if self._plans is not None and self._plans.last is not None:
            self._act(self._ledger.change(tag_work.take_back, self._plans.last.id))

    def _act(self, job: Job) -> None:
        self._wait(_("Writing…"))
        job.done.connect(self._written)
        job.failed.connect(self._refused)

    def _written(self, outcomes: tuple[Outcome, ...]) -> None:
        refused = [visible(f"{one.path.name}: {one.reason}") for one in outcomes if one.reason]
        count = sum(one.changed for one in outcomes)
        self._done = " ".join([_("Files that were changed: {count}.").format(count=count), *refused[:3]])
        self._plan_chosen()

    def _refused(self, error: Exception) -> None:
        self.said.setText(line_of(error))


def lines(plan: FilePlan) -> list[list[Cell]]:
    """A line a field that changes; one that says so where none does."""
    name = formatting.isolated(visible(plan.path.name))
    if not plan.changes:
        return [[Cell(name), Cell(""), Cell(""), _value(visible(plan.refused) or _("stays as it is"))]]
    old_and_new = ([change.field, change.old, change.new] for change in plan.changes)
    return [
        [Cell(name), Cell(field), *(_value(formatting.isolated(visible(text)) if text else "–") for text in values)]
        for field, *values in old_and_new
    ]


def _value(text: str) -> Cell:
    """What may be longer than the window is wide."""
    cell = Cell(text)
    cell.setToolTip(text)
    return cell
