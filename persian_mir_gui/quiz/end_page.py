"""The end of a sitting: how it went, and what to practise."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from persian_mir.i18n import _
from persian_mir_gui.quiz import quiz_words as words
from persian_mir_gui.quiz.quiz_desk import QuizDesk
from persian_mir_gui.widgets.widget_factories import heading, quiet, space_out

GAP_PX, BUTTON_PX = 12, 36


class EndPage(QWidget):
    """The score, and two ways on."""

    def __init__(self, desk: QuizDesk) -> None:
        super().__init__()
        self._desk = desk
        self.score, self.missed = QLabel(), quiet(role="", wrap=True, factor=1.0)
        self.practise = heading(_("To practise"))
        self.more, self.over = QPushButton(_("Another sitting")), QPushButton(_("Other questions"))
        self.more.setProperty("role", "primary")
        column = self._column = space_out(QVBoxLayout(self), spacing=GAP_PX)
        column.addStretch(1)
        for label in (self.score, self.practise, self.missed):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(label)
        row = self._row = space_out(QHBoxLayout(), spacing=GAP_PX)
        row.addStretch(1)
        row.addWidget(self.more)
        row.addWidget(self.over)
        row.addStretch(1)
        column.addSpacing(8)
        column.addLayout(row)
        column.addStretch(2)

    def sizes(self) -> Iterator[tuple[QWidget, float]]:
        """How large each text is, beside the window's own."""
        yield self.score, 1.8
        yield self.missed, 1.1
        yield from ((button, 1.0) for button in (self.more, self.over))

    def set_scale(self, scale: float) -> None:
        """Make buttons, and what is between the lines, as large as their text asks for."""
        for button in (self.more, self.over):
            button.setMinimumHeight(round(BUTTON_PX * scale))
        for layout in (self._column, self._row):
            layout.setSpacing(round(GAP_PX * scale))

    def refresh(self) -> None:
        """Show how the sitting went."""
        session = self._desk.session
        answers = [] if session is None else session.answers
        self.score.setText(words.summary(answers) if answers else _("Nothing is due today: come back tomorrow."))
        self.more.setVisible(bool(answers))  # where nothing is due it led back to this page
        missed = words.to_practise(answers)
        self.missed.setText(missed)
        for label in (self.practise, self.missed):
            label.setVisible(bool(missed))
