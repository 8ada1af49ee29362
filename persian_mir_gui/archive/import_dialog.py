"""Labels of another program: what each becomes in the vocabulary is shown before anything is taken."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from persian_mir.catalogue.catalogue import Catalogue, Row
from persian_mir.exchange.formats import FORMATS
from persian_mir.exchange.reconcile import Match
from persian_mir.exchange.take_in import ImportOutcome, Intake, catalogued, look_into, read_sheets, take_in
from persian_mir.exchange.terms import how_names
from persian_mir.i18n import _
from persian_mir.labels import TASKS
from persian_mir.progress import Progress
from persian_mir.visible import visible
from persian_mir_gui.core.messages import line_of
from persian_mir_gui.library.ledger import Ledger
from persian_mir_gui.library.question import hashes
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.table import Cell, PlainTable
from persian_mir_gui.widgets.widget_factories import heading, quiet, resize_within_screen, space_out

RECORDINGS_PX = 140


class ImportDialog(QDialog):
    """Shows what a file holds; nothing is taken before its button is pressed. It is one step, to be undone as one.

    The labels are for the recordings that are chosen; where none is, for those of the catalogue that are so called.
    """

    taken = Signal(int)  # of so many recordings

    def __init__(self, ledger: Ledger, file: Path, chosen: Sequence[Row] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Import: {name}").format(name=visible(file.name)))
        self._ledger = ledger
        self._intake: Intake | None = None
        heads = _("Tier"), _("Label"), _("Becomes"), _("Found by"), _("Number")
        self.matches = PlainTable(_("Labels"), heads)
        self.recordings = PlainTable(_("Recordings"), (_("Recording"), _("Labels"), _("Items"), _("What stays out")))
        self.said = quiet(_("Reading…"), wrap=True)
        self.take = QPushButton(_("Take into the catalogue"))
        self.take.setProperty("role", "primary")
        self.take.setEnabled(False)
        self.take.clicked.connect(self._take)
        self._lay_out()
        resize_within_screen(self, 760, 560)
        job = ledger.read(read_intake, file, hashes(tuple(chosen)))
        job.done.connect(self._show)
        job.failed.connect(self._refused)

    def _lay_out(self) -> None:
        close = QPushButton(_("Close"))
        close.clicked.connect(self.close)
        layout = space_out(QVBoxLayout(self), margins=(16, 16, 16, 16), spacing=10)
        layout.addWidget(heading(_("Labels")))
        layout.addWidget(self.matches, 1)
        layout.addWidget(heading(_("Recordings")))
        self.recordings.setMaximumHeight(RECORDINGS_PX)
        self.recordings.wrap(3)
        layout.addWidget(self.recordings)
        layout.addWidget(self.said)
        foot = space_out(QHBoxLayout(), spacing=8)
        foot.addStretch(1)
        foot.addWidget(self.take)
        foot.addWidget(close)
        layout.addLayout(foot)

    def _show(self, intake: Intake) -> None:
        self._intake = intake
        self.matches.show_rows([match_line(one) for one in intake.matches])
        self.recordings.show_rows([recording_line(one) for one in intake.recordings])
        told = [_("Recordings that labels are for: {count}.").format(count=len(intake.described))]
        if intake.unmatched:
            told.append(_("Labels without a match, which stay out: {count}.").format(count=intake.unmatched))
        self.said.setText(formatting.digits(" ".join(told)))
        self.take.setEnabled(bool(intake.described))

    def _take(self) -> None:
        if self._intake is None:
            return
        self.take.setEnabled(False)
        self.said.setText(_("Writing…"))
        job = self._ledger.change(take, self._intake)
        job.done.connect(self._end)
        job.failed.connect(self._refused)

    def _end(self, number: int) -> None:
        self.accept()
        self.taken.emit(number)

    def _refused(self, error: Exception) -> None:
        self.said.setText(line_of(error))


def ask_file(parent: QWidget, folder: str) -> Path | None:
    """Return a file of labels; None where nobody chose."""
    patterns = " ".join(sorted({f"*{Path(one.extension).suffix or one.extension}" for one in FORMATS if one.read}))
    kinds = f"{_('Labels')} ({patterns});;{_('All files')} (*)"
    name, _kind = QFileDialog.getOpenFileName(parent, _("Import labels"), folder, kinds)
    return Path(name) if name else None


def read_intake(catalogue: Catalogue, file: Path, chosen: Sequence[str], _progress: Progress) -> Intake:
    """Read the file, for the recordings of these hashes, or all where none is given; nothing is taken."""
    known = [one for one in catalogued(catalogue) if not chosen or one.content_hash in chosen]
    return look_into(file, *read_sheets(file), known, bool(chosen))


def take(catalogue: Catalogue, intake: Intake, _progress: Progress) -> int:
    """Take what was looked at; return the number of recordings."""
    take_in(catalogue, intake.described)
    return len(intake.described)


def match_line(match: Match) -> list[Cell]:
    """What the labels of one text became."""
    return [
        Cell(formatting.isolated(visible(match.tier))),
        Cell(formatting.isolated(visible(match.text))),
        Cell(becomes(match)),
        Cell(how_names()[match.how]),
        Cell(formatting.digits(str(match.number)), match.number, number=True),
    ]


def becomes(match: Match) -> str:
    """The label in the user's language; what is no label of a task as it stands."""
    if not match.how:
        return ""
    if match.thing not in TASKS:
        return formatting.isolated(visible(match.label))
    return formatting.in_line(match.thing, match.label) if match.label else formatting.nothing_words(match.thing)


def recording_line(one: ImportOutcome) -> list[Cell]:
    """What one recording gets, and why the rest stays out."""
    name = Path(one.recording).name if one.recording else one.name
    left_out = _("labels: {count}").format(count=one.left_out) if one.left_out else ""
    why = Cell(" – ".join(filter(None, (left_out, *map(visible, (one.problem, *one.remarks))))))
    why.setToolTip(why.text())  # it may be longer than the window is wide
    return [
        Cell(formatting.isolated(visible(name))),
        Cell(formatting.digits(str(one.statements)), one.statements, number=True),
        Cell(formatting.digits(str(one.items)), one.items, number=True),
        why,
    ]
