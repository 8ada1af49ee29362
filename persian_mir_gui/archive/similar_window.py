"""What sounds alike, in a list to be heard one after the other."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from persian_mir.i18n import _
from persian_mir.visible import visible
from persian_mir_gui.archive.similar_desk import Answer, Found, SimilarDesk
from persian_mir_gui.playback.excerpts import Excerpt, Excerpts
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.fraction_bar import FractionBar
from persian_mir_gui.widgets.message_bar import MessageBar, breakable
from persian_mir_gui.widgets.side_window import SideWindow
from persian_mir_gui.widgets.table import Cell, PlainTable
from persian_mir_gui.widgets.theme_source import ThemeSource
from persian_mir_gui.widgets.widget_factories import (
    lead,
    quiet,
    resize_within_screen,
    scaled,
    select_rows,
    space_out,
)
from persian_mir_gui.widgets.wrapped_label import WrappedLabel

OF_PASSAGES = (1, 2, 3)  # columns; the score of a whole recording is no share of anything
HEARD_S = 15.0  # of each, where all are heard one after the other
MOST_KEPT = 50  # answers that one can go back to


@dataclass(slots=True)
class Result:
    """What was asked, in words, what was found, and which line of it was chosen when another was shown."""

    title: str
    answer: Answer
    row: int = 0


class SimilarWindow(SideWindow):
    """The nearest first. A line is heard by Space or its button, and opened by Return.

    What was found before stays: one goes back to it, and on again, without another search.
    """

    open_wanted = Signal(object, object)  # a path; start and stop in seconds

    def __init__(
        self, desk: SimilarDesk, excerpts: Excerpts, themes: ThemeSource, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Similar"))
        self._desk, self._excerpts = desk, excerpts
        self._found: tuple[Found, ...] = ()
        self._looking, self._refused = False, False
        self._results: list[Result] = []
        self._place = 0  # of the result that is shown; behind the last one while none is
        self.messages = MessageBar(themes)
        self.words = QLineEdit(placeholderText=_("How it sounds, in English: slow ney, breathy"))
        self.words.setAccessibleName(_("How it sounds, in English words"))
        self.title = lead(WrappedLabel())
        self.title.setFont(scaled(self.font(), 1.1, bold=True))
        self.back, self.forward = QPushButton(_("Back")), QPushButton(_("Forward"))
        self.bar = FractionBar()
        self.told = quiet(wrap=True)
        self.table = PlainTable(_("Similar"), (_("Recording"), _("From"), _("To"), _("Likeness"), _("Why")))
        self.table.horizontalHeader().setStretchLastSection(True)
        self.play, self.play_all = QPushButton(_("Listen")), QPushButton(_("Listen to all in turn"))
        self.stop, self.open = QPushButton(_("Stop")), QPushButton(_("Open"))
        self.open.setProperty("role", "primary")
        self._lay_out()
        self._connect()
        self._offer()
        self.bar.hide()
        self.told.setText(_("Say below how it sounds, then press Enter."))
        resize_within_screen(self, 760, 560)

    def _lay_out(self) -> None:
        layout = space_out(QVBoxLayout(self), margins=(16, 14, 16, 14), spacing=10)
        head = space_out(QHBoxLayout(), spacing=8)
        head.addWidget(self.title, 1)
        for button, key in (
            (self.back, QKeySequence.StandardKey.Back),
            (self.forward, QKeySequence.StandardKey.Forward),
        ):
            button.setShortcut(key)
            head.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(head)
        for widget in (self.bar, self.told):
            layout.addWidget(widget)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.messages)
        layout.addWidget(self.words)
        foot = space_out(QHBoxLayout(), spacing=8)
        for button in (self.open, self.play, self.play_all, self.stop):
            foot.addWidget(button)
        foot.addStretch(1)
        layout.addLayout(foot)

    def _connect(self) -> None:
        desk = self._desk
        desk.asked.connect(self._begin)
        self.words.returnPressed.connect(lambda: desk.like_words(self.words.text()))
        desk.advanced.connect(self._advance)
        desk.answered.connect(self._show)
        desk.failed.connect(self._refuse)
        self.table.itemSelectionChanged.connect(self._offer)
        self.table.activated.connect(lambda _index: self._open())
        self.play.clicked.connect(lambda: self._listen(self._chosen(), whole=True))
        self.play_all.clicked.connect(lambda: self._listen(self._found, whole=False))
        self.stop.clicked.connect(self._stop)
        self.back.clicked.connect(lambda: self._go(-1))
        self.forward.clicked.connect(lambda: self._go(1))
        self.open.clicked.connect(self._open)
        self._excerpts.changed.connect(self._follow)
        self._excerpts.failed.connect(self.messages.post)

    def appear(self) -> None:
        """Come to the front."""
        self.come_forward()

    def ask_for_words(self) -> None:
        """Come to the front, ready for words."""
        self.appear()
        self.words.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _begin(self, text: str) -> None:
        if self._refused:  # what was wrong with an earlier question is not with this one
            self._refused = False
            self.messages.dismiss()
        self._leave()
        self._place = len(self._results)
        self.title.setText(visible(text))
        self.told.setText(_("Listening to what was not heard before…"))
        self.told.show()
        self._found, self._looking = (), True
        self.table.show_rows([])
        self.bar.setValue(0)
        self.bar.show()
        self._offer()
        self.appear()

    def _advance(self, fraction: float, note: str) -> None:
        self.bar.show_fraction(fraction)
        self.told.setText(visible(note) or self.told.text())

    def _show(self, answer: Answer) -> None:
        """Show what was found, and keep it."""
        self._looking = False
        self._results = [*self._results, Result(self.title.text(), answer)][-MOST_KEPT:]
        self._place = len(self._results) - 1
        self._put(self._results[-1])

    def _leave(self) -> None:
        """Remember which line of the result that is shown was chosen."""
        if self._place < len(self._results):
            self._results[self._place].row = max(0, self.table.currentRow())

    def _go(self, step: int) -> None:
        """Show the result before the one that is shown, or after it; what is looked for just now is given up."""
        if self._looking:
            self._desk.stop()
            self._looking = False
        self._leave()
        self._place += step
        self._put(self._results[self._place])

    def _put(self, result: Result) -> None:
        answer = result.answer
        self._found = answer.found
        self.title.setText(result.title)
        self.bar.hide()
        told = _("Nothing was found.") if not answer.found else ""
        if answer.failed:
            told += " " + _("Recordings that could not be listened to: {count}.").format(count=answer.failed)
        self.told.setText(formatting.digits(told.strip()))
        self.told.setVisible(bool(told))
        for column in OF_PASSAGES:
            self.table.setColumnHidden(column, not answer.passages)
        self.table.show_rows([_line(one) for one in answer.found])
        if answer.found:
            select_rows(self.table, [result.row])
        self._offer()

    def _refuse(self, message: object) -> None:
        self._end()
        self._refused = True
        self.messages.post(message)  # type: ignore[arg-type]

    def _end(self) -> None:
        """What was begun is not to be had."""
        self._looking = False
        self.bar.hide()
        self.told.clear()
        self._offer()

    def _chosen(self) -> tuple[Found, ...]:
        rows = sorted({index.row() for index in self.table.selectedIndexes()})
        return tuple(self._found[row] for row in rows if row < len(self._found))

    def _offer(self) -> None:
        chosen = self._chosen()
        self.play.setEnabled(bool(chosen))
        self.open.setEnabled(len(chosen) == 1)
        self.play_all.setEnabled(bool(self._found))
        self.stop.setEnabled(self._looking or self._excerpts.playing is not None)
        for button, place in ((self.back, self._place - 1), (self.forward, self._place + 1)):
            there = 0 <= place < len(self._results)
            button.setEnabled(there)
            button.setToolTip(self._results[place].title if there else "")
            button.setVisible(len(self._results) > (self._place < len(self._results)))

    def _listen(self, found: tuple[Found, ...], whole: bool) -> None:
        self._excerpts.play(
            [Excerpt(one.path, one.start_s, one.stop_s if whole else min(one.stop_s, one.start_s + HEARD_S))
             for one in found]
        )  # fmt: skip

    def _follow(self) -> None:
        """Show which one is heard."""
        self._offer()
        playing = self._excerpts.playing
        for row, one in enumerate(self._found):
            if playing is not None and (one.path, one.start_s) == (playing.path, playing.start_s):
                select_rows(self.table, [row])
                return

    def _stop(self) -> None:
        self._excerpts.stop()
        self._desk.stop()
        if self._looking:
            self._end()

    def _open(self) -> None:
        chosen = self._chosen()
        if len(chosen) == 1:
            self.open_wanted.emit(chosen[0].path, (chosen[0].start_s, chosen[0].stop_s))


def _line(one: Found) -> list[Cell]:
    name = Cell(formatting.isolated(visible(one.title)))
    name.setToolTip(breakable(str(one.path)))
    return [
        name,
        Cell(formatting.clock(one.start_s), one.start_s, number=True),
        Cell(formatting.clock(one.stop_s), one.stop_s, number=True),
        Cell(formatting.digits(f"{one.similarity:.2f}"), one.similarity, number=True),
        Cell(one.why),
    ]
