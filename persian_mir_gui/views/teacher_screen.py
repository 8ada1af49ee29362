"""The teacher's screen: the current recording for a class to guess, its Dastgah large, hidden until it is revealed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QFont, QKeySequence, QPalette, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from persian_mir.i18n import _
from persian_mir_gui.services.context import Services
from persian_mir_gui.services.session import Item
from persian_mir_gui.views import words
from persian_mir_gui.views.bars import Bar
from persian_mir_gui.views.small import space_out
from persian_mir_gui.views.theme import label_colour, theme_for
from persian_mir_gui.views.verdict_block import probability_words

GROUND, INK, DIM = QColor("#000000"), QColor("#ffffff"), QColor("#c8c8c8")  # whatever the theme: contrast 21 and 12.6
LINE = 1.9  # height of a line in font sizes: Persian reaches far below it, and would be cut off
ISOLATE, END = "\u2068", "\u2069"  # two scripts in one line do not turn each other round
LIGHT_GROUND, LIGHT_INK, LIGHT_DIM = QColor("#ffffff"), QColor("#000000"), QColor("#333333")


class TeacherScreen(QWidget):
    """Full screen, nothing else. Space or Enter hides and reveals, P plays, L repeats the selection, Esc leaves."""

    loop_wanted = Signal(bool)

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setWindowTitle(_("Teacher’s screen – Persian MIR"))
        self.setObjectName("teacher")
        self.setAutoFillBackground(True)
        self._services = services
        self.revealed = False
        self._light = False
        self.title, self.name, self.other, self.more, self.state, self.keys = (
            QLabel(textFormat=Qt.TextFormat.PlainText) for _label in range(6)
        )
        self.bar = Bar(height=12)
        self._lay_out()
        self._bind_keys()
        services.session.current_changed.connect(self._take)
        for signal in (services.session.predicted, services.session.changed):
            signal.connect(self._refresh)
        services.timeline.playhead_changed.connect(self._show_place)
        services.timeline.selection_changed.connect(self._show_place)
        services.player.state_changed.connect(self._show_place)

    def _lay_out(self) -> None:
        for label in (self.title, self.name, self.other, self.more, self.keys):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            label.setWordWrap(True)
        self.bar.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        below = space_out(QHBoxLayout(), spacing=18)
        below.addWidget(self.bar, 1)
        below.addWidget(self.state)
        layout = space_out(QVBoxLayout(self), margins=(48, 36, 48, 28), spacing=16)
        layout.addWidget(self.title)
        layout.addStretch(2)
        for label in (self.name, self.other, self.more):
            layout.addWidget(label)
        layout.addStretch(3)
        layout.addLayout(below)
        layout.addWidget(self.keys)

    def _bind_keys(self) -> None:
        player = self._services.player
        table: tuple[tuple[tuple[str, ...], Callable[[], object]], ...] = (
            (("Space", "Return", "Enter"), self.turn),
            (("P",), player.toggle),
            (("L",), self._loop),
            (("C",), self._invert),
            (("Ctrl+Down", "PgDown"), lambda: self._step(1)),
            (("Ctrl+Up", "PgUp"), lambda: self._step(-1)),
            (("Esc", "F11"), self.close),
        )
        for keys, act in table:
            for key in keys:
                QShortcut(QKeySequence(key), self).activated.connect(act)

    def appear(self) -> None:
        """Fill the screen, with the answer hidden."""
        self._take()
        self.showFullScreen()
        self.raise_()
        self.activateWindow()

    def turn(self) -> None:
        """Reveal the answer, or hide it again."""
        self.revealed = not self.revealed
        self._refresh()

    # What the keys do

    def _loop(self) -> None:
        self.loop_wanted.emit(not self._services.player.looping)
        self._show_place()

    def _invert(self) -> None:
        self._light = not self._light
        self._refresh()

    def _step(self, by: int) -> None:
        session = self._services.session
        if session.current in session.items:
            place = session.items.index(session.current) + by
            if 0 <= place < len(session.items):
                session.select(session.items[place])

    # What there is to see

    def _take(self, *_news: object) -> None:
        self.revealed = False
        self._refresh()

    def _refresh(self, *_news: object) -> None:
        item = self._services.session.current
        self._colour()
        if item is None:
            texts = (_("No recording is open"), "", "")
        elif not self.revealed:
            texts = ("?", "", _("Which Dastgah is it?"))
        else:
            texts = _answer(item)
        for label, text in zip((self.name, self.other, self.more), texts, strict=True):
            label.setText(text)
        # A file's name would give the answer away.
        self.title.setText(words.title(item) if item is not None and self.revealed else "")
        self.keys.setText(
            _("Space: hide or reveal · P: play · L: loop · Page keys: other recordings · C: colours · Esc: leave")
        )
        self._show_place()

    def _show_place(self, *_news: object) -> None:
        timeline, player = self._services.timeline, self._services.player
        start, stop = timeline.selection or (0, timeline.frames)
        part = (timeline.playhead - start) / max(stop - start, 1)
        item = self._services.session.current
        colour = self._ink
        if item is not None and self.revealed and (verdict := words.main_verdict(item)) is not None and verdict.sure:
            colour = label_colour(theme_for("light" if self._light else "dark"), verdict.task, verdict.label)
        self.bar.show_part(min(max(part, 0.0), 1.0), colour, QColor("#cccccc" if self._light else "#333333"))
        marks = [words.clock(timeline.playhead / timeline.rate)]
        if timeline.selection is not None:
            marks.append(_("selection"))
        if player.looping:
            marks.append(_("loop"))
        self.state.setText(" · ".join(marks))

    @property
    def _ink(self) -> QColor:
        return LIGHT_INK if self._light else INK

    def _colour(self) -> None:
        ground, dim = (LIGHT_GROUND, LIGHT_DIM) if self._light else (GROUND, DIM)
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Window, ground)
        self.setPalette(palette)
        for label in (self.name, self.other, self.more, self.title, self.state, self.keys):
            own = label.palette()
            bright = label in (self.name, self.other)
            own.setColor(QPalette.ColorRole.WindowText, self._ink if bright else dim)
            label.setPalette(own)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        height = min(self.height(), self.width() * 0.62)
        sizes = {self.name: 0.15, self.other: 0.13, self.more: 0.045}
        for label in (self.name, self.other, self.more, self.title, self.state, self.keys):
            font = QFont(self.font())
            font.setPixelSize(max(12, round(height * sizes.get(label, 0.026))))
            font.setBold(label is self.name)
            label.setFont(font)
            label.setMinimumHeight(round(LINE * font.pixelSize()))


def _answer(item: Item) -> tuple[str, str, str]:
    """Name, name in the other script, and how sure that is."""
    verdict = words.main_verdict(item)
    if verdict is None:
        return "…", "", _("Not labelled yet")
    modes = words.by_task(item).get("mode")
    mode = modes[0][1].verdict() if modes else None
    lines = [probability_words(verdict)]
    if mode is not None and mode.sure and mode.label != verdict.label:
        both = words.label_name("mode", mode.label), words.other_script("mode", mode.label)
        lines.insert(0, " · ".join(f"{ISOLATE}{name}{END}" for name in both if name))
    other = words.other_script(verdict.task, verdict.label) if verdict.sure else ""
    return words.verdict_words(verdict), other, "\n".join(lines)
