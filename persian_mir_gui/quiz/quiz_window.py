"""The quiz by ear: choose a deck, hear a passage, say what it is, learn why."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLayout, QStackedWidget, QVBoxLayout, QWidget

from persian_mir.i18n import _
from persian_mir.quiz.cards import CHOICES, DECKS, Deck
from persian_mir_gui.core.keyboard import sequences
from persian_mir_gui.quiz.end_page import EndPage
from persian_mir_gui.quiz.question_page import QuestionPage
from persian_mir_gui.quiz.quiz_desk import QuizDesk
from persian_mir_gui.quiz.start_page import StartPage
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.message_bar import MessageBar
from persian_mir_gui.widgets.side_window import SideWindow
from persian_mir_gui.widgets.theme_source import ThemeSource
from persian_mir_gui.widgets.widget_factories import (
    heading_font,
    quiet,
    resize_within_screen,
    scaled,
    space_out,
)

WIDTH, HEIGHT, LARGEST = 820, 600, 2.0


class QuizWindow(SideWindow):
    """Space plays, 1 to 7 answer, Enter goes on, Esc leaves the sitting and then the window."""

    def __init__(self, desk: QuizDesk, themes: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setWindowTitle(_("Quiz by ear – Persian MIR"))
        self._desk = desk
        self.messages = MessageBar(themes)
        self.start, self.question, self.end = StartPage(desk), QuestionPage(desk), EndPage(desk)
        self.pages, self.keys = QStackedWidget(), quiet(role="faint", wrap=True)
        self._lay_out()
        self._connect()
        self._bind_keys()
        self._refresh()
        resize_within_screen(self, WIDTH, HEIGHT)

    def _lay_out(self) -> None:
        for page in (self.start, self.question, self.end):
            self.pages.addWidget(page)
        self.keys.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column = space_out(QVBoxLayout(self), margins=(28, 22, 28, 14), spacing=10)
        middle = space_out(QHBoxLayout())
        middle.addStretch(1)
        middle.addWidget(self.pages, 1000)
        middle.addStretch(1)
        column.addLayout(middle, 1)
        column.addWidget(self.messages)
        column.addWidget(self.keys)
        # What a large window has written large must not keep it so large once it is to be small.
        column.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)

    def _connect(self) -> None:
        desk = self._desk
        desk.changed.connect(self._refresh)
        desk.posted.connect(self.messages.post)
        self.start.chosen.connect(self._start)
        self.question.chosen.connect(self._choose)
        self.question.play.clicked.connect(self._hear)
        self.question.next.clicked.connect(self._go_on)
        self.end.more.clicked.connect(self._once_more)
        self.end.over.clicked.connect(desk.leave)

    def _bind_keys(self) -> None:
        table = {"Space": self._hear, "R": self._hear, "Return": self._go_on, "Enter": self._go_on}
        for key, act in table.items():
            for sequence in sequences(key):
                QShortcut(sequence, self).activated.connect(act)
        for place in range(CHOICES):
            for digit in (str(place + 1), chr(ord("۱") + place)):
                QShortcut(digit, self).activated.connect(partial(self._press, place))

    # What the user does

    def appear(self) -> None:
        """Come to the front, with what is due today."""
        self._desk.look()
        self.come_forward()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._desk.leave()
        super().closeEvent(event)

    def _start(self, deck: Deck) -> None:
        self._desk.start(deck)
        self.setFocus()  # not on an answer, which would seem to be proposed

    def _press(self, place: int) -> None:
        if self._desk.session is None and place < len(DECKS):
            self._start(DECKS[place])
        else:
            self._choose(place)

    def _choose(self, place: int) -> None:
        if self._desk.card is not None and place < len(self._desk.offered):
            self._desk.answer(self._desk.offered[place])
            self.question.next.setFocus()

    def _hear(self) -> None:
        (self._desk.stop if self._desk.playing else self._desk.play)()

    def _go_on(self) -> None:
        if self._desk.session is not None and self._desk.card is None:
            self._once_more()
        else:
            self._desk.go_on()
            self.setFocus()

    def _once_more(self) -> None:
        if self._desk.session is not None:
            self._start(self._desk.session.deck)

    def leave(self) -> None:
        """End the sitting, and see how it went; then close."""
        if self._desk.card is not None:
            self._desk.end()
        else:
            super().leave()

    # What there is to see

    def _refresh(self) -> None:
        page: StartPage | QuestionPage | EndPage
        if self._desk.session is None:
            page, keys = self.start, _("1 to 3: begin · Esc: close")
        elif self._desk.card is None:
            page, keys = self.end, self._ways_on()
        else:
            page, keys = self.question, _("Space: play · 1 to 7: answer · Enter: next · Esc: end the sitting")
        page.refresh()
        self.pages.setCurrentWidget(page)
        self.keys.setText(formatting.digits(keys))
        self._scale()  # a change of role takes the font away

    def _ways_on(self) -> str:
        if self._desk.session is not None and self._desk.session.answers:
            return _("Enter: another sitting · Esc: close")
        return _("Esc: close")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._scale()

    def _scale(self) -> None:
        """As large as the window allows: a class reads it across the room."""
        scale = min(max(min(self.width() / WIDTH, self.height() / HEIGHT), 1.0), LARGEST)
        self.pages.setMaximumWidth(round(scale * WIDTH))
        for widget, size in (*self.start.sizes(), *self.question.sizes(), *self.end.sizes(), (self.keys, 1.0)):
            strong = size > 1.1 or widget.property("role") == "primary"  # as the sheet draws it: else it were cut
            font = scaled(self.font(), size * scale, bold=strong)
            if widget.font() != font:
                widget.setFont(font)
        self.end.practise.setFont(heading_font(scaled(self.font(), scale)))
        self.start.set_scale(scale)
        self.question.set_scale(scale)
        self.end.set_scale(scale)
