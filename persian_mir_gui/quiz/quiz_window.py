"""The quiz by ear: choose a deck, hear a passage, say what it is, learn why."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from persian_mir import plurals
from persian_mir.i18n import _
from persian_mir.quiz.cards import CHOICES, DECKS, Deck
from persian_mir_gui.core.keyboard import sequences
from persian_mir_gui.quiz import quiz_words as words
from persian_mir_gui.quiz.quiz_desk import QuizDesk
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.message_bar import MessageBar
from persian_mir_gui.widgets.note_signs import SignedLabel
from persian_mir_gui.widgets.theme_source import ThemeSource
from persian_mir_gui.widgets.widget_factories import (
    bring_forward,
    heading,
    keep_place,
    quiet,
    resize_within_screen,
    scaled,
    set_name,
    set_role,
    space_out,
)

WIDTH, HEIGHT, LARGEST = 820, 600, 2.0
CENTRE = Qt.AlignmentFlag.AlignCenter


class QuizWindow(QWidget):
    """Space plays, 1 to 7 answer, Enter goes on, Esc leaves the sitting and then the window."""

    def __init__(self, desk: QuizDesk, themes: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setObjectName("sideWindow")
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setWindowTitle(_("Quiz by ear – Persian MIR"))
        self._desk = desk
        self.messages = MessageBar(themes)
        self.decks = {deck: QPushButton() for deck in DECKS}
        self.title = QLabel(_("What do you hear?"), alignment=CENTRE)
        self.told = quiet(wrap=True, factor=1.0)
        self.play, self.next = QPushButton(_("Play")), QPushButton(_("Next"))
        self.question, self.source = QLabel(alignment=CENTRE), quiet(role="faint", factor=1.0)
        self.source.setAlignment(CENTRE)
        self.choices = [QPushButton() for _number in range(CHOICES)]
        self.verdict, self.notes, self.roles = QLabel(alignment=CENTRE), SignedLabel(), SignedLabel()
        self.why, self.again = quiet(role="", wrap=True, factor=1.0), quiet(role="faint", wrap=True, factor=1.0)
        self.bar = QProgressBar(textVisible=False)
        self.bar.setAccessibleName(_("Progress"))
        self.place = quiet(factor=1.0)
        self.score, self.missed = QLabel(alignment=CENTRE), quiet(role="", wrap=True, factor=1.0)
        self.more, self.over = QPushButton(_("Another sitting")), QPushButton(_("Other questions"))
        self.pages = QStackedWidget()
        self._lay_out()
        self._connect()
        self._bind_keys()
        self._refresh()
        resize_within_screen(self, WIDTH, HEIGHT)

    # The pages

    def _lay_out(self) -> None:
        for make in (self._start_page, self._question_page, self._end_page):
            self.pages.addWidget(make())
        self.keys = quiet(role="faint", wrap=True)
        self.keys.setAlignment(CENTRE)
        column = space_out(QVBoxLayout(self), margins=(28, 22, 28, 14), spacing=10)
        middle = space_out(QHBoxLayout())
        middle.addStretch(1)
        middle.addWidget(self.pages, 1000)
        middle.addStretch(1)
        column.addLayout(middle, 1)
        column.addWidget(self.keys)
        self.messages.lie_over(self)

    def _start_page(self) -> QWidget:
        page = QWidget()
        column = space_out(QVBoxLayout(page), spacing=14)
        column.addStretch(1)
        column.addWidget(self.title)
        self.told.setAlignment(CENTRE)
        column.addWidget(self.told)
        row = space_out(QHBoxLayout(), spacing=12)
        row.addStretch(1)
        for button in self.decks.values():
            button.setMinimumSize(200, 92)
            row.addWidget(button)
        row.addStretch(1)
        column.addLayout(row)
        column.addStretch(2)
        return page

    def _question_page(self) -> QWidget:
        page = QWidget()
        column = space_out(QVBoxLayout(page), spacing=10)
        top = space_out(QHBoxLayout(), spacing=12)
        top.addWidget(self.bar, 1)
        top.addWidget(self.place)
        column.addLayout(top)
        column.addStretch(1)
        column.addWidget(self.question)
        self.play.setMinimumSize(220, 56)
        column.addWidget(self.play, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self.source)
        column.addSpacing(8)
        grid = QGridLayout()
        grid.setSpacing(8)
        for place, button in enumerate(self.choices):
            set_name(button, _("Answer {number}").format(number=formatting.digits(str(place + 1))))
            grid.addWidget(button, place // 4, place % 4)
        column.addLayout(grid)
        column.addSpacing(6)
        for label in (self.verdict, self.notes, self.roles, self.why, self.again):
            label.setAlignment(CENTRE)
            column.addWidget(label)
        for part in (self.verdict, self.notes, self.roles, self.why, self.again, self.next):
            keep_place(part)
        self.next.setMinimumSize(140, 36)
        column.addWidget(self.next, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        return page

    def _end_page(self) -> QWidget:
        page = QWidget()
        column = space_out(QVBoxLayout(page), spacing=12)
        column.addStretch(1)
        column.addWidget(self.score)
        self.practise = heading(_("To practise"))
        for label in (self.practise, self.missed):
            label.setAlignment(CENTRE)
            column.addWidget(label)
        row = space_out(QHBoxLayout(), spacing=10)
        row.addStretch(1)
        self.more.setProperty("role", "primary")
        row.addWidget(self.more)
        row.addWidget(self.over)
        row.addStretch(1)
        column.addSpacing(8)
        column.addLayout(row)
        column.addStretch(2)
        return page

    def _connect(self) -> None:
        desk = self._desk
        desk.changed.connect(self._refresh)
        desk.posted.connect(self.messages.post)
        for deck, button in self.decks.items():
            button.clicked.connect(partial(self._start, deck))
        for place, button in enumerate(self.choices):
            button.clicked.connect(partial(self._choose, place))
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.play.clicked.connect(self._hear)
        self.next.clicked.connect(self._go_on)
        self.more.clicked.connect(self._once_more)
        self.over.clicked.connect(desk.leave)

    def _bind_keys(self) -> None:
        table = {"Space": self._hear, "R": self._hear, "Return": self._go_on, "Enter": self._go_on, "Esc": self._leave}
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
        bring_forward(self)

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
            self.next.setFocus()

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

    def _leave(self) -> None:
        (self.close if self._desk.session is None else self._desk.leave)()

    # What there is to see

    def _refresh(self) -> None:
        desk = self._desk
        if desk.session is None:
            self._show_start()
        elif desk.card is None:
            self._show_end()
        else:
            self._show_question()
        self._scale()  # a change of role takes the font away

    def _show_start(self) -> None:
        own, total = self._desk.own_passages(), sum(self._desk.own_passages().values())
        for place, (deck, button) in enumerate(self.decks.items()):
            due, new = (formatting.digits(str(count)) for count in (self._desk.due(deck), self._desk.new(deck)))
            number = formatting.digits(str(place + 1))
            counts = _("{due} due today · {new} new").format(due=due, new=new)
            button.setText(f"{number}  {words.deck_name(deck)}\n{counts}")
            button.setToolTip(formatting.digits(plurals.own_passages(own[deck])))
        if total:
            text = _("Passages that you accepted or described yourself are asked first, the others are synthesised.")
        else:
            text = _("All passages are synthesised: accept labels in review, or describe items, to be asked your own.")
        self.told.setText(text)
        self.pages.setCurrentIndex(0)
        self.keys.setText(formatting.digits(_("1 to 3: begin · Esc: close")))

    def _show_question(self) -> None:
        desk = self._desk
        card, session, answered = desk.card, desk.session, desk.answered
        if card is None or session is None:
            return
        done = len(session.answers)
        self.bar.setMaximum(done + len(session.waiting))
        self.bar.setValue(done)
        number, every = done + (answered is None), done + len(session.waiting)
        place = _("Question {number} of {all}").format(number=number, all=every)
        self.place.setText(formatting.digits(place))
        self.question.setText(words.question(card))
        self.play.setText(self._play_text())
        self.play.setEnabled(not desk.busy)
        set_role(self.play, "role", "primary" if answered is None else "")
        set_role(self.next, "role", "primary" if answered is not None else "")
        own = desk.sound is not None
        self.source.setText(_("From your own recordings") if own else _("Synthesised"))
        for place_, button in enumerate(self.choices):
            self._show_choice(place_, button)
        for label in (self.verdict, self.notes, self.roles, self.why, self.again, self.next):
            label.setVisible(answered is not None)
        if answered is not None:
            self._show_answer()
        self.pages.setCurrentIndex(1)
        self.keys.setText(formatting.digits(_("Space: play · 1 to 7: answer · Enter: next · Esc: end the sitting")))

    def _play_text(self) -> str:
        if self._desk.busy:
            return _("Making the sound…")
        if self._desk.playing:
            return _("Stop")
        return _("Play again") if self._desk.replays >= 0 else _("Play")

    def _show_choice(self, place: int, button: QPushButton) -> None:
        desk, offered = self._desk, self._desk.offered
        button.setVisible(place < len(offered))
        if place >= len(offered):
            return
        card, answered = offered[place], desk.answered
        text = f"{formatting.digits(str(place + 1))}  {formatting.isolated(card.spoken)}"
        role = ""
        if answered is not None and card == answered.card:
            text, role = f"✓ {text}", "primary"
        elif answered is not None and card == answered.chosen:
            text = f"✗ {text}"
        button.setText(text)
        set_name(button, card.spoken)
        button.setEnabled(answered is None or role == "primary" or card == answered.chosen)
        if button.property("role") != role:
            set_role(button, "role", role)

    def _show_answer(self) -> None:
        answered = self._desk.answered
        if answered is None:
            return
        card = answered.card
        self.verdict.setText(words.verdict_line(answered))
        self.notes.show_text(words.notes_line(card, spoken=True), words.notes_line(card))
        self.roles.show_text(words.roles_line(card, spoken=True), words.roles_line(card))
        self.why.setText(words.listen_for(answered, self._desk.offered))
        self.again.setText(words.again_line(answered, self._desk.today()))

    def _show_end(self) -> None:
        session = self._desk.session
        answers = [] if session is None else session.answers
        self.score.setText(words.summary(answers) if answers else _("Nothing is due today: come back tomorrow."))
        missed = words.to_practise(answers)
        self.missed.setText(missed)
        for label in (self.practise, self.missed):
            label.setVisible(bool(missed))
        self.pages.setCurrentIndex(2)
        self.keys.setText(formatting.digits(_("Enter: another sitting · Esc: other questions")))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._scale()

    def _scale(self) -> None:
        """As large as the window allows: a class reads it across the room."""
        scale = min(max(min(self.width() / WIDTH, self.height() / HEIGHT), 1.0), LARGEST)
        self.pages.setMaximumWidth(round(scale * WIDTH))
        bold = ((self.title, 1.8), (self.question, 1.6), (self.verdict, 1.3), (self.score, 1.8))
        plain = (*self.choices, *self.decks.values(), self.play, self.notes, self.roles, self.why, self.missed)
        rest = (self.source, self.again, self.told, self.place, self.keys, self.next, self.more, self.over)
        for widget, size in (*bold, *((one, 1.1) for one in plain), *((one, 1.0) for one in rest)):
            font = scaled(self.font(), size * scale, bold=size > 1.1)
            if widget.font() != font:
                widget.setFont(font)
        for button in self.choices:
            button.setMinimumHeight(round(44 * scale))
