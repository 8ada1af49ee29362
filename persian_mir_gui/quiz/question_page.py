"""A question of the quiz: the passage, the answers to choose from, and, once one is chosen, why."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QProgressBar, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from persian_mir.i18n import _
from persian_mir.quiz.cards import CHOICES
from persian_mir.quiz.session import QuizAnswer
from persian_mir_gui.quiz import quiz_words as words
from persian_mir_gui.quiz.quiz_desk import QuizDesk
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.note_signs import SignedLabel
from persian_mir_gui.widgets.widget_factories import keep_place, quiet, set_name, set_role, space_out

GAP_PX = 10  # from one line to the next
ABOVE, BELOW = 1, 2  # shares of the height that question and answers leave
CENTRE = Qt.AlignmentFlag.AlignCenter


class QuestionPage(QWidget):
    """What is asked now."""

    chosen = Signal(int)  # the place of an answer

    def __init__(self, desk: QuizDesk) -> None:
        super().__init__()
        self._desk = desk
        self.bar, self.place = QProgressBar(textVisible=False), quiet(factor=1.0)
        self.bar.setAccessibleName(_("Progress"))
        self.title, self.source = QLabel(alignment=CENTRE), quiet(role="faint", factor=1.0)
        self.play, self.next = QPushButton(_("Play")), QPushButton(_("Next"))
        self.choices = [QPushButton() for _number in range(CHOICES)]
        self.verdict, self.notes, self.roles = QLabel(), SignedLabel(), SignedLabel()
        self.why, self.again = quiet(role="", wrap=True, factor=1.0), quiet(role="faint", wrap=True, factor=1.0)
        self._answer = (self.verdict, self.notes, self.roles, self.why, self.again)  # and why it is so
        self.told = QWidget()
        self._lay_out_answer()
        self._lay_out()

    def _lay_out(self) -> None:
        column = self._column = space_out(QVBoxLayout(self), spacing=GAP_PX)
        column.addWidget(self.bar)
        column.addWidget(self.place)  # on a line of its own: what it says grows, and would shorten the bar
        column.addStretch(ABOVE)
        column.addWidget(self.title)
        column.addWidget(self.play, 0, Qt.AlignmentFlag.AlignHCenter)
        self.source.setAlignment(CENTRE)
        column.addWidget(self.source)
        column.addSpacing(8)
        column.addLayout(self._grid())
        column.addWidget(self.told, BELOW)

    def _lay_out_answer(self) -> None:
        """What is told after an answer, in a room that is as high before it: nothing above may move."""
        self.told.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)
        keep_place(self.told)
        column = self._told_column = space_out(QVBoxLayout(self.told), margins=(0, 6, 0, 0), spacing=GAP_PX)
        for label in self._answer:
            label.setAlignment(CENTRE)
            column.addWidget(label)
        column.addWidget(self.next, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)

    def _grid(self) -> QGridLayout:
        """The answers."""
        grid = QGridLayout()
        grid.setSpacing(8)
        for place, button in enumerate(self.choices):
            set_name(button, _("Answer {number}").format(number=formatting.digits(str(place + 1))))
            button.clicked.connect(partial(self.chosen.emit, place))
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            grid.addWidget(button, place // 4, place % 4)
        return grid

    def sizes(self) -> Iterator[tuple[QWidget, float]]:
        """How large each text is, beside the window's own."""
        yield self.title, 1.6
        yield self.verdict, 1.3
        yield from ((one, 1.1) for one in (*self.choices, self.play, self.notes, self.roles, self.why))
        yield from ((one, 1.0) for one in (self.source, self.again, self.place, self.next))

    def set_scale(self, scale: float) -> None:
        """Make buttons, and what is between them, as large as their text asks for."""
        for button in self.choices:
            button.setMinimumHeight(round(44 * scale))
        for button, width, height in ((self.play, 220, 56), (self.next, 140, 36)):
            button.setMinimumSize(round(width * scale), round(height * scale))
        for column in (self._column, self._told_column):
            column.setSpacing(round(GAP_PX * scale))
        lines = sum(label.fontMetrics().height() for label in (*self._answer, self.why))  # which may need two
        self.told.setMinimumHeight(lines + self.next.minimumHeight() + round(GAP_PX * scale * len(self._answer)) + 6)

    def refresh(self) -> None:
        """Show what is asked, and why an answer was right or wrong."""
        desk = self._desk
        card, session, answered = desk.card, desk.session, desk.answered
        if card is None or session is None:
            return
        self.bar.setMaximum(session.size)
        self.bar.setValue(session.asked - session.again)
        self.place.setText(words.place_line(session, answered))
        self.title.setText(words.question(card))
        self.play.setText(self._play_text())
        self.play.setEnabled(not desk.busy)
        set_role(self.play, "role", "primary" if answered is None else "")
        set_role(self.next, "role", "primary" if answered is not None else "")
        self.source.setText(_("From your own recordings") if desk.sound is not None else _("Synthesised"))
        for number, button in enumerate(self.choices):
            self._show_choice(number, button)
        self.told.setVisible(answered is not None)
        if answered is not None:
            self._show_answer(answered)

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
        sign, role = formatting.digits(str(place + 1)), ""
        if answered is not None and card == answered.card:
            sign, role = "✓", "primary"
        elif answered is not None and card == answered.chosen:
            sign = "✗"
        button.setText(f"{sign}  {formatting.isolated(card.spoken)}")  # the name stays where it is
        set_name(button, card.spoken)
        button.setEnabled(answered is None or role == "primary" or card == answered.chosen)
        if button.property("role") != role:
            set_role(button, "role", role)

    def _show_answer(self, answered: QuizAnswer) -> None:
        card = answered.card
        self.verdict.setText(words.verdict_line(answered))
        self.notes.show_text(words.notes_line(card, spoken=True), words.notes_line(card))
        self.roles.show_text(words.roles_line(card, spoken=True), words.roles_line(card))
        self.why.setText(words.listen_for(answered, self._desk.offered))
        self.again.setText(words.again_line(answered, self._desk.today()))
