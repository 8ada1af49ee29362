"""The catalogue's window: words and facets on one side, the recordings, and what is known of the one that is chosen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QHideEvent, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from persian_mir import plurals
from persian_mir.catalogue.catalogue import ALL, Row
from persian_mir.catalogue.filters import Filter
from persian_mir.catalogue.model import Described
from persian_mir.catalogue.step_names import StepName, step_text
from persian_mir.i18n import _
from persian_mir_gui.archive.chosen_bar import ChosenBar
from persian_mir_gui.archive.collection_dialog import CollectionDialog
from persian_mir_gui.archive.exchange_acts import ExchangeActs
from persian_mir_gui.archive.facets_view import FacetsView
from persian_mir_gui.archive.people_dialog import PeopleDialog
from persian_mir_gui.archive.record_form import RecordForm
from persian_mir_gui.archive.relink_acts import RelinkActs
from persian_mir_gui.archive.row_acts import RowActs
from persian_mir_gui.archive.rows_view import RowsView
from persian_mir_gui.archive.searches_menu import SearchesMenu
from persian_mir_gui.core.messages import Message
from persian_mir_gui.core.settings import Settings
from persian_mir_gui.library import ledger_work as work
from persian_mir_gui.library import relink_work
from persian_mir_gui.library.ledger import Ledger
from persian_mir_gui.library.question import Answer, hashes
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.message_bar import MessageBar
from persian_mir_gui.widgets.side_window import SideWindow
from persian_mir_gui.widgets.theme_source import ThemeSource
from persian_mir_gui.widgets.widget_factories import (
    resize_within_screen,
    space_out,
    splitter,
)

TYPED_MS = 200  # of rest, after which what was typed is looked for
LOOK_MS = 2000  # after which what others have written meanwhile is looked for
FACETS_FROM, FORM_FROM = 760, 1020  # px of width from which both are beside the list


class ArchiveWindow(SideWindow):
    """A window of its own beside the main one; what it opens is shown there."""

    open_wanted = Signal(object)  # a list of paths
    batch_wanted = Signal()
    alike_wanted = Signal(object, str)  # a tuple of content hashes, and what these recordings are called

    def __init__(
        self,
        ledger: Ledger,
        reviewer: Callable[[], str],
        settings: Settings,
        themes: ThemeSource,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Catalogue"))
        self._ledger = ledger
        self.messages = MessageBar(themes)
        self.facets, self.form, self.rows = FacetsView(ledger), RecordForm(), RowsView(ledger, settings)
        self.acts = RowActs(ledger, reviewer, self.rows.chosen, self.facets.labels, self.facets.names, self)
        self.relink = RelinkActs(ledger, self.rows.chosen, self)
        self.exchange = ExchangeActs(ledger, self.rows.chosen, self)
        self.bar = ChosenBar(ledger, self.rows.chosen, self.acts, self.relink, self.exchange, self)
        self._make_top()
        self._lay_out()
        self._connect()
        self._choose(())
        resize_within_screen(self, 1280, 800)

    def _make_top(self) -> None:
        self.search = QLineEdit(placeholderText=_("Search titles, people, labels, notes, verses"))
        self.search.setClearButtonEnabled(True)
        self.search.setAccessibleName(self.search.placeholderText())
        self.searches = QPushButton(_("Searches") + " ▾")
        self.kept = SearchesMenu(self._ledger, self)
        self.searches.setMenu(self.kept)
        self.batch, self.import_ = QPushButton(_("Label folders…")), QPushButton(_("Import…"))
        self.undo, self.redo = QPushButton(_("Undo")), QPushButton(_("Redo"))
        self.details = QPushButton(_("Details"))
        self.details.setCheckable(True)
        self.details.setProperty("role", "switch")
        self.undo.setShortcut(QKeySequence.StandardKey.Undo)
        self.redo.setShortcut(QKeySequence.StandardKey.Redo)
        for button in (self.undo, self.redo):
            button.setProperty("role", "quiet")

    def _lay_out(self) -> None:
        top = QWidget()
        top.setObjectName("topBar")
        top.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        bar = space_out(QHBoxLayout(top), margins=(10, 8, 10, 8), spacing=8)
        self.search.setMinimumWidth(180)
        bar.addWidget(self.search, 1)
        for button in (self.searches, self.batch, self.import_, self.undo, self.redo, self.details):
            bar.addWidget(button)
        middle = QWidget()
        middle.setObjectName("middle")
        middle.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = space_out(QVBoxLayout(middle), spacing=0)
        column.addWidget(self.rows, 1)
        column.addLayout(self.messages.with_margins())
        column.addWidget(self.bar)
        panes = splitter(Qt.Orientation.Horizontal)
        for pane, least, stretch in ((self.facets, 200, 0), (middle, 320, 1), (self.form, 260, 0)):
            pane.setMinimumWidth(least)
            panes.addWidget(pane)
            panes.setStretchFactor(panes.indexOf(pane), stretch)
        panes.setSizes([220, 760, 300])
        layout = space_out(QVBoxLayout(self), spacing=0)
        layout.addWidget(top)
        layout.addWidget(panes, 1)

    def _connect(self) -> None:
        ledger = self._ledger
        self._look = QTimer(self, interval=LOOK_MS)
        self._look.timeout.connect(ledger.look_again)
        self._typed = QTimer(self, singleShot=True, interval=TYPED_MS)
        self._typed.timeout.connect(lambda: ledger.look_for(self.search.text()))
        self.search.textChanged.connect(lambda _text: self._typed.start())
        self.kept.chosen.connect(self._search)
        self.rows.chosen_changed.connect(self._choose)
        self.rows.opened.connect(self.bar.open_chosen)
        self.rows.menu_wanted.connect(self.bar.show_menu)
        self.bar.open_wanted.connect(self.open_wanted)
        self.bar.alike_wanted.connect(self.alike_wanted)
        self.bar.collection_wanted.connect(self._show_collection)
        self.details.toggled.connect(self._fold)
        self.form.file_wanted.connect(self.relink.ask_file)
        self.acts.told.connect(lambda text: self.messages.post(Message("info", text)))
        self.exchange.told.connect(self.messages.post)
        self.batch.clicked.connect(self.batch_wanted)
        self.import_.clicked.connect(self.exchange.ask_import)
        self.undo.clicked.connect(ledger.undo)
        self.redo.clicked.connect(ledger.redo)
        self.form.programme_changed.connect(partial(ledger.change, work.set_programme))
        self.form.carrier_changed.connect(partial(ledger.change, work.set_carrier))
        self.form.notes_changed.connect(partial(ledger.change, work.set_notes))
        self.form.people_wanted.connect(self._ask_people)
        ledger.answered.connect(self._show)
        ledger.described.connect(self._show_described)
        self.relink.failed.connect(self.messages.post)
        QShortcut(QKeySequence.StandardKey.Find, self).activated.connect(self.search.setFocus)
        QShortcut(QKeySequence.StandardKey.Close, self).activated.connect(self.close)

    def appear(self) -> None:
        """Come to the front."""
        self._ledger.wake()
        self.come_forward()

    def _show(self, answer: Answer) -> None:
        self.bar.show_number(formatting.digits(plurals.recordings(answer.number)))
        self._offer(self.undo, _("Undo"), answer.undo)
        self._offer(self.redo, _("Redo"), answer.redo)
        self.rows.tell("" if answer.number else self._nothing(answer))

    def _nothing(self, answer: Answer) -> str:
        """Why the list is empty."""
        asked = self._ledger.question
        if not asked.text and asked.wanted == ALL:
            return _(
                "The catalogue is empty: what is opened and labelled in the main window is kept here, "
                "the example recordings aside."
            )
        if answer.off_list and not asked.wanted.removed:
            where = _("Nothing found on the list. Off it: {what}. Tick “Removed from the list” to see that.")
            return formatting.digits(where.format(what=plurals.recordings(answer.off_list)))
        return _("Nothing found.")

    def _search(self, text: str, wanted: Filter) -> None:
        """Ask what was kept."""
        with QSignalBlocker(self.search):
            self.search.setText(text)
        self._typed.stop()
        self.facets.show_filter(wanted)
        self._ledger.ask(replace(self._ledger.question, text=text, wanted=wanted))

    def _offer(self, button: QPushButton, verb: str, step: StepName | None) -> None:
        button.setEnabled(step is not None)
        button.setToolTip(_("{verb}: {step}").format(verb=verb, step=step_text(step)) if step else "")

    def _choose(self, rows: tuple[Row, ...]) -> None:
        self.bar.offer(rows)
        if len(rows) == 1:
            self._ledger.describe(rows[0].content_hash)
        else:
            self.form.show_record(None, len(rows))

    def _show_described(self, described: Described) -> None:
        chosen = self.rows.chosen()
        if hashes(chosen) == (described.content_hash,):
            self.form.show_record(described, title=chosen[0].title)
            self._ledger.aside(relink_work.gone, chosen[0]).done.connect(partial(self._show_gone, chosen[0]))

    def _show_gone(self, row: Row, gone: bool) -> None:
        if self.rows.chosen() == (row,):
            self.form.show_gone(gone)

    def _ask_people(self, described: Described) -> None:
        take = partial(self._ledger.change, work.set_credits, described.content_hash)
        names = self._ledger.read(work.people_names)
        names.done.connect(lambda people: PeopleDialog(described.credits, people, take, self).open())

    def _show_collection(self) -> None:
        CollectionDialog(self._ledger, self.form.collection_name, self).open()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._ledger.look_again()
        self._look.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._look.stop()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold()

    def _fold(self) -> None:
        """Where there is no room for both, have facets or, when asked, details beside the list."""
        narrow, asked = self.width() < FORM_FROM, self.details.isChecked()
        self.details.setVisible(narrow)
        self.form.setVisible(asked or not narrow)
        self.facets.setVisible(self.width() >= FACETS_FROM and not (narrow and asked))

    def closeEvent(self, event: QCloseEvent) -> None:
        self.form.save()
        self.rows.keep_columns()
        event.accept()
