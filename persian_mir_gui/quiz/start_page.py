"""The quiz before it begins: what can be asked, and how much of it is due."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from persian_mir import plurals
from persian_mir.i18n import _
from persian_mir.quiz.cards import DECKS
from persian_mir_gui.quiz import quiz_words as words
from persian_mir_gui.quiz.quiz_desk import QuizDesk
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.widget_factories import quiet, space_out

GAP_PX = 14  # from one line to the next


class StartPage(QWidget):
    """A button for each deck."""

    chosen = Signal(str)  # Deck

    def __init__(self, desk: QuizDesk) -> None:
        super().__init__()
        self._desk = desk
        self.decks = {deck: QPushButton() for deck in DECKS}
        self.title = QLabel(_("What do you hear?"), alignment=Qt.AlignmentFlag.AlignCenter)
        self.told = quiet(wrap=True, factor=1.0)
        self.told.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column = self._column = space_out(QVBoxLayout(self), spacing=GAP_PX)
        column.addStretch(1)
        column.addWidget(self.title)
        column.addWidget(self.told)
        row = space_out(QHBoxLayout(), spacing=12)
        row.addStretch(1)
        for deck, button in self.decks.items():
            button.clicked.connect(partial(self.chosen.emit, deck))
            row.addWidget(button)
        row.addStretch(1)
        column.addLayout(row)
        column.addStretch(2)

    def sizes(self) -> Iterator[tuple[QWidget, float]]:
        """How large each text is, beside the window's own."""
        yield self.title, 1.8
        yield self.told, 1.0
        yield from ((button, 1.1) for button in self.decks.values())

    def set_scale(self, scale: float) -> None:
        """Make buttons, and what is between the lines, as large as their text asks for."""
        for button in self.decks.values():
            button.setMinimumSize(round(200 * scale), round(92 * scale))
        self._column.setSpacing(round(GAP_PX * scale))

    def refresh(self) -> None:
        """Show what is due today."""
        own = self._desk.own_passages()
        for place, (deck, button) in enumerate(self.decks.items()):
            due, new = (formatting.digits(str(count)) for count in (self._desk.due(deck), self._desk.new(deck)))
            number = formatting.digits(str(place + 1))
            counts = _("{due} due today · {new} new").format(due=due, new=new)
            button.setText(f"{number}  {words.deck_name(deck)}\n{counts}")
            button.setToolTip(formatting.digits(plurals.own_passages(own[deck])))
        if any(own.values()):
            text = _("Passages that you accepted or described yourself are asked first, the others are synthesised.")
        else:
            text = _("All passages are synthesised: accept labels in review, or describe items, to be asked your own.")
        self.told.setText(text)
