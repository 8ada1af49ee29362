"""The teacher's screen: the current recording for a class to guess, its Dastgah large, hidden until it is revealed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPalette, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLayout, QPushButton, QToolButton, QVBoxLayout, QWidget

from persian_mir.i18n import _
from persian_mir_gui.core.keyboard import sequences
from persian_mir_gui.core.timeline import Timeline
from persian_mir_gui.library import item_text
from persian_mir_gui.library.session import Item, Session
from persian_mir_gui.playback.player import Player
from persian_mir_gui.playback.player_words import player_marks
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.stylesheet import stylesheet
from persian_mir_gui.widgets.theme import ON_BLACK, ON_WHITE, Theme
from persian_mir_gui.widgets.theme_source import ThemeSource
from persian_mir_gui.widgets.widget_factories import TurnButton, space_out

LINE = 1.9  # height of a line in font sizes: Persian reaches far below it, and would be cut off
SMALL_TYPE, LEAST_PX = 0.026, 12  # height of the type of buttons, and of what opens over them, of the screen's
OPENED = """
QMenu, QToolTip, QFrame#popup QLabel, QFrame#popup QCheckBox, QFrame#popup QSpinBox {{ font-size: {type}px; }}
QMenu::item {{ padding: {third}px {type}px {third}px {type}px; }}
QMenu::item:checked {{ color: {accent}; font-weight: bold; }}
QMenu::item:checked:selected {{ color: {accent_text}; }}
QFrame#popup QCheckBox {{ spacing: {third}px; }}
QFrame#popup QCheckBox::indicator {{ width: {sign}px; height: {sign}px; }}
QFrame#popup QAbstractSpinBox::up-arrow, QFrame#popup QAbstractSpinBox::down-arrow {{ width: 12px; height: 12px; }}
"""  # a menu and a form are windows of their own, and tips too: none of them has the font of what opened it
LETTERS_A_LINE = 14  # of the answer, times the screen's width over its height


class TeacherScreen(QWidget):
    """Full screen, nothing else. Space or Enter hides and reveals, P plays, L repeats the selection, Esc leaves."""

    loop_wanted = Signal(bool)
    revealed_changed = Signal(bool)

    def __init__(
        self,
        timeline: Timeline,
        session: Session,
        player: Player,
        speed: QWidget,
        rising: QToolButton,
        step_speed: Callable[[int], None],
        make_stage: Callable[[TeacherScreen], QWidget],
    ) -> None:
        """Take what the speed and that of loops is chosen with, what steps it, and what makes the plots."""
        super().__init__(None, Qt.WindowType.Window)
        self.setWindowTitle(_("Teacher’s screen – Persian MIR"))
        self._timeline, self._session, self._player = timeline, session, player
        self._step_speed, self._make_stage = step_speed, make_stage
        self.revealed = False
        self.themes = ThemeSource(ON_BLACK, self)
        self._dressed: tuple[Theme, int] | None = None
        self.stage: QWidget | None = None
        self.title, self.name, self.other, self.more, self.state, self.keys = (
            QLabel(textFormat=Qt.TextFormat.PlainText) for _label in range(6)
        )
        self.reveal, self.play = TurnButton(_("Reveal"), _("Hide")), TurnButton(_("Play"), _("Pause"))
        self.loop = QPushButton(_("Loop"))
        self.speed, self.rising = speed, rising
        self._lay_out()
        self._bind_keys()
        self.reveal.clicked.connect(self.turn)
        self.play.clicked.connect(player.toggle)
        self.loop.clicked.connect(self._loop)
        session.current_changed.connect(self._take)
        session.shown_changed.connect(self._refresh)
        timeline.playhead_changed.connect(self._show_place)
        timeline.selection_changed.connect(self._show_place)
        player.state_changed.connect(self._show_place)
        player.speed_changed.connect(self._show_place)
        player.loop_changed.connect(self._show_place)

    def _lay_out(self) -> None:
        for label in (self.title, self.name, self.other, self.more, self.keys):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        for label in (self.title, self.more, self.keys):
            label.setWordWrap(True)
        for label in (self.name, self.other):
            label.setObjectName("answer")
        answer = space_out(QHBoxLayout(), spacing=48)
        answer.addStretch()
        answer.addWidget(self.name)
        answer.addWidget(self.other)
        answer.addStretch()
        self.loop.setCheckable(True)
        self.loop.setProperty("role", "switch")
        buttons = space_out(QHBoxLayout(), spacing=14)
        for button in (self.reveal, self.play, self.loop, self.rising, self.speed):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Space is the screen's
            buttons.addWidget(button)
        buttons.addStretch()
        buttons.addWidget(self.state)
        self._column = space_out(QVBoxLayout(self), margins=(40, 24, 40, 20), spacing=10)
        self._column.addWidget(self.title)
        self._column.addLayout(answer)
        self._column.addWidget(self.more)
        self._column.addLayout(buttons)
        self._column.addWidget(self.keys)
        # What a large screen has written large must not keep the window so large on a smaller one.
        self._column.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)

    def _bind_keys(self) -> None:
        player = self._player
        table: tuple[tuple[tuple[str, ...], Callable[[], object]], ...] = (
            (("Space", "Return", "Enter"), self.turn),
            (("P",), player.toggle),
            (("L",), self._loop),
            (("Shift+L",), self.rising.click),
            (("[",), lambda: self._step_speed(-1)),
            (("]",), lambda: self._step_speed(1)),
            (("C",), self._invert),
            (("Ctrl+Down", "PgDown"), lambda: self._step(1)),
            (("Ctrl+Up", "PgUp"), lambda: self._step(-1)),
            (("Esc", "F11"), self.close),
        )
        for keys, act in table:
            for key in sequences(*keys):
                QShortcut(key, self).activated.connect(act)

    def appear(self) -> None:
        """Fill the screen, with the answer hidden."""
        if self.stage is None:
            self.stage = self._make_stage(self)
            self._column.insertWidget(self._column.indexOf(self.more) + 1, self.stage, 1)
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
        self.loop_wanted.emit(not self._player.looping)
        self._show_place()

    def _invert(self) -> None:
        self.themes.set(ON_WHITE if self.themes.theme is ON_BLACK else ON_BLACK)
        self._refresh()

    def _step(self, by: int) -> None:
        session = self._session
        if session.current in session.items:
            place = session.items.index(session.current) + by
            if 0 <= place < len(session.items):
                session.select(session.items[place])

    # What there is to see

    def _take(self, *_news: object) -> None:
        self.revealed = False
        self._refresh()

    def _refresh(self, *_news: object) -> None:
        item = self._session.current
        self._dress()
        if item is None:
            texts = (_("No recording is open"), "", "")
        elif not self.revealed:
            texts = (_("?"), "", _("Which Dastgah is it?"))
        else:
            texts = _answer(item)
        for label, text in zip((self.name, self.other, self.more), texts, strict=True):
            label.setText(text)
        # A file's name would give the answer away.
        self.title.setText(item_text.title(item) if item is not None and self.revealed else "")
        self.other.setVisible(bool(self.other.text()))
        self._fit_type()
        self.reveal.setText(_("Hide") if self.revealed else _("Reveal"))
        self.reveal.setEnabled(item is not None)
        self.keys.setText(
            _(
                "Space: hide or reveal · P: play · L: loop · Shift+L: loop that speeds up · [ ]: slower, faster · "
                "Drag: select a phrase · Page keys: other recordings · C: colours · Esc: leave"
            ).replace(": ", ":\u00a0")  # no key at the end of a line, away from what it does
        )
        self.revealed_changed.emit(self.revealed)
        self._show_place()

    def _show_place(self, *_news: object) -> None:
        timeline, player = self._timeline, self._player
        usable = timeline.frames > 0 and player.available
        self.play.setText(_("Pause") if player.state == "playing" else _("Play"))
        self.loop.setChecked(player.looping)
        for button in (self.play, self.loop, self.rising, self.speed):
            button.setEnabled(usable)
        marks = [formatting.clock(timeline.playhead / timeline.rate)]
        if timeline.selection is not None:
            marks.append(_("selection"))
        self.state.setText(" · ".join([*marks, *player_marks(player)]))

    def _dress(self) -> None:
        """Colours, and the type of what opens: as large as the screen has room for."""
        theme, pixels = self.themes.theme, max(LEAST_PX, round(self._room() * SMALL_TYPE))
        if self._dressed == (theme, pixels):
            return
        self._dressed = theme, pixels
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Window, theme.background)
        self.setPalette(palette)
        sheet = stylesheet({k: v.name() for k, v in vars(theme).items() if isinstance(v, QColor)})
        inks = {"accent": theme.accent.name(), "accent_text": theme.accent_text.name()}
        opened = OPENED.format(type=pixels, third=pixels // 3, sign=round(0.8 * pixels), **inks)
        # Not by palettes of the labels: those are lost when the program's own colours change.
        ink = f"QLabel {{ color: {theme.text_dim.name()}; }} QLabel#answer {{ color: {theme.text.name()}; }}"
        self.setStyleSheet(f"{sheet} {opened} {ink}")

    def _room(self) -> float:
        """The height that type is measured by."""
        return min(self.height(), self.width() * 0.62)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._dress()
        self._fit_type()

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(event.rect(), self.themes.theme.background)

    def _fit_type(self) -> None:
        """As large as the screen has room for."""
        height = self._room()
        sizes = {self.name: 0.1, self.other: 0.1, self.more: 0.034, self.keys: 0.02}
        longest = len(self.name.text()) + len(self.other.text())
        shrink = min(1.0, LETTERS_A_LINE * self.width() / self.height() / max(longest, 1)) if self.height() else 1.0
        for label in (self.name, self.other, self.more, self.title, self.state, self.keys):
            font = QFont(self.font())
            size = height * sizes.get(label, SMALL_TYPE)
            font.setPixelSize(max(LEAST_PX, round(size * shrink if label in (self.name, self.other) else size)))
            font.setBold(label is self.name)
            label.setFont(font)
            label.setMinimumHeight(round(LINE * max(LEAST_PX, size)))
        for button in (self.reveal, self.play, self.loop, self.rising, self.speed):
            font = QFont(self.font())
            font.setPixelSize(max(LEAST_PX, round(height * SMALL_TYPE)))
            button.setFont(font)


def _answer(item: Item) -> tuple[str, str, str]:
    """Name, name in the other script, and how sure that is."""
    verdict = item_text.main_verdict(item)
    if verdict is None:
        return "…", "", _("Not labelled yet")
    modes = item_text.by_task(item).get("mode")
    mode = modes[0][1].verdict() if modes else None
    lines = [formatting.probability_words(verdict)]
    if mode is not None and mode.sure and mode.label != verdict.label:
        both = formatting.label_name("mode", mode.label), formatting.other_script("mode", mode.label)
        lines.insert(0, " · ".join(formatting.isolated(name) for name in both if name))
    other = formatting.other_script(verdict.task, verdict.label) if verdict.sure else ""
    return formatting.verdict_words(verdict), other, "\n".join(lines)
