"""The score beside the recording: written down or read, followed while it plays, exported and heard."""

from __future__ import annotations

import math
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
)

from persian_mir.i18n import _, ngettext
from persian_mir.transcription.formats import SCORE_FORMATS, ScoreFormat
from persian_mir.transcription.score_words import score_words, size_words
from persian_mir.visible import visible
from persian_mir_gui.core.folders import export_folder, remember_export
from persian_mir_gui.core.settings import Settings
from persian_mir_gui.core.timeline import Timeline
from persian_mir_gui.library import item_text
from persian_mir_gui.playback.player import Player
from persian_mir_gui.playback.seeking import seek
from persian_mir_gui.score.score_desk import ScoreDesk
from persian_mir_gui.score.score_dialogs import ask_for_export, ask_for_score
from persian_mir_gui.score.score_sheet import ScoreSheet
from persian_mir_gui.score.sounding_bar import SoundingBar
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.fraction_bar import FractionBar
from persian_mir_gui.widgets.message_bar import MessageBar
from persian_mir_gui.widgets.side_window import SideWindow
from persian_mir_gui.widgets.theme_source import ThemeSource
from persian_mir_gui.widgets.widget_factories import (
    lead,
    quiet,
    resize_within_screen,
    scaled,
    set_name,
    space_out,
)
from persian_mir_gui.widgets.wrapped_label import WrappedLabel


class ScoreWindow(SideWindow):
    """A click on a note plays from there; Space plays; the arrows go from note to note."""

    def __init__(
        self, desk: ScoreDesk, settings: Settings, timeline: Timeline, player: Player, themes: ThemeSource
    ) -> None:
        super().__init__()
        self.setWindowTitle(_("Score – Persian MIR"))
        self._desk, self._settings, self._timeline, self._player = desk, settings, timeline, player
        self.messages = MessageBar(themes)
        self.write, self.open = QPushButton(_("Write down")), QPushButton(_("Open a score…"))
        self.export = QPushButton(f"{_('Export as')} ▾")
        self.write.setProperty("role", "primary")
        self.stretch = QComboBox()
        self.stretch.addItems([_("The whole recording"), _("The selection")])
        self.stretch.setAccessibleName(_("What is written down"))
        self.sounding = SoundingBar(desk, settings, player)
        self.smaller, self.larger = QPushButton("−"), QPushButton("+")
        self.title = lead(WrappedLabel())
        self.title.setFont(scaled(self.font(), 1.1, bold=True))
        self.told, self.caution = quiet(wrap=True, factor=1.0), quiet(role="faint", wrap=True)
        self.bar = FractionBar()
        self.rest = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText, alignment=Qt.AlignmentFlag.AlignCenter)
        self.sheet = ScoreSheet(themes)
        self.pages = self.sheet.pages
        self._lay_out()
        self._connect()
        self._refresh()
        resize_within_screen(self, 900, 640)

    def _lay_out(self) -> None:
        menu = QMenu(self.export)
        self.formats = {one: menu.addAction(f"{one.words}…", partial(self._export, one)) for one in SCORE_FORMATS}
        self.export.setMenu(menu)
        set_name(self.smaller, _("Smaller notes"))
        set_name(self.larger, _("Larger notes"))
        row = space_out(QHBoxLayout(), spacing=8)
        for widget in (self.write, self.stretch, self.open, self.export):
            row.addWidget(widget)
        row.addStretch(1)
        second = space_out(QHBoxLayout(), spacing=8)
        second.addWidget(self.sounding)
        second.addStretch(1)
        for button in (self.smaller, self.larger):
            button.setFixedWidth(36)
            second.addWidget(button)
        self.middle = QStackedWidget()
        self.middle.addWidget(self.rest)
        self.middle.addWidget(self.sheet)
        layout = space_out(QVBoxLayout(self), margins=(16, 14, 16, 14), spacing=8)
        layout.addLayout(row)
        layout.addLayout(second)
        for line in (self.title, self.told, self.caution, self.bar):
            layout.addWidget(line)
        layout.addWidget(self.middle, 1)
        layout.addWidget(self.messages)

    def _connect(self) -> None:
        desk, timeline = self._desk, self._timeline
        desk.changed.connect(self._refresh)
        desk.drawn.connect(self._draw)
        desk.posted.connect(self.messages.post)
        desk.advanced.connect(self.bar.show_fraction)
        desk.followed.connect(self._follow)
        timeline.selection_settled.connect(self._refresh)
        self.write.clicked.connect(lambda: desk.write_down(self.stretch.currentIndex() == 1))
        self.open.clicked.connect(self._open)
        self.sheet.wanted.connect(desk.draw)
        self.smaller.clicked.connect(lambda: self._set_zoom(-1))
        self.larger.clicked.connect(lambda: self._set_zoom(1))
        self.pages.note_clicked.connect(self._go_to)
        self.pages.stepped.connect(self._step)
        self.pages.play_wanted.connect(self.sounding.play.click)

    def appear(self) -> None:
        """Come to the front."""
        self.come_forward()
        self.sheet.settled.start()

    # What there is to see

    def _refresh(self, *_news: object) -> None:
        desk, item, draft = self._desk, self._desk.item, self._desk.draft
        name = desk.file.name if desk.file else item_text.title(item) if item else _("No recording is open")
        self.title.setText(visible(name))
        self.bar.setVisible(desk.working)
        self.told.setText(formatting.digits(self._words()))
        self.told.setVisible(bool(self.told.text()))
        self.caution.setText(
            _("A draft for a musician to correct: it hears one line, and may miss notes or hear too many.")
            if desk.file is None
            else _("Where the recording differs from the score, a note may be laid on the wrong place.")
        )
        self.caution.setVisible(draft is not None and draft.path is not None)
        self.rest.setText(self._rest())
        self.middle.setCurrentWidget(self.rest if self.rest.text() else self.sheet)
        self._offer()

    def _words(self) -> str:
        draft = self._desk.draft
        if draft is None or not draft.count:
            return ""
        if draft.agreement is None:
            return size_words(draft.score) if self._desk.file else score_words(draft.score)
        agrees = _("{share} of what sounds agrees with the score").format(share=formatting.percent(draft.agreement))
        missing = len(draft.left_out)
        out = ngettext("{count} note outlined: not played", "{count} notes outlined: not played", missing)
        told = [size_words(draft.score), agrees, *([out.format(count=missing)] if missing else [])]
        return _(", ").join(told)

    def _rest(self) -> str:
        """What stands where the notes would be; empty where there are notes."""
        desk = self._desk
        if desk.working:
            return _("Listening…")
        if desk.draft is None and desk.item is None:
            return _("Open a recording in the main window, to write it down, or open a score here.")
        if desk.draft is None:
            return _("Nothing is written down yet. “Write down” hears the recording and writes its notes.")
        if not desk.draft.count:
            return f"{_('No note was heard.')} {_('Choose a stretch in which one instrument or voice sounds.')}"
        if desk.undrawn is not None:
            lines = (desk.undrawn.what, desk.undrawn.cure, _("Exporting works without it."))
            return "\n".join(filter(None, lines))
        return ""

    def _offer(self) -> None:
        desk, draft = self._desk, self._desk.draft
        usable = desk.item is not None
        self.write.setEnabled(usable and (self.stretch.currentIndex() == 0 or desk.selected))
        self.stretch.setEnabled(desk.selected)
        if not desk.selected:
            self.stretch.setCurrentIndex(0)
        written = draft is not None and draft.count > 0
        self.export.setEnabled(written)
        for format_, action in self.formats.items():
            action.setEnabled(draft is not None and format_.holds(draft.score))
        for button, by in ((self.smaller, -1), (self.larger, 1)):
            button.setVisible(written)
            button.setEnabled(self.sheet.can_zoom(by))

    def _draw(self) -> None:
        draft = self._desk.draft
        self.sheet.show_pages(self._desk.pages, {one.place for one in draft.left_out} if draft is not None else ())
        self._follow()

    def _set_zoom(self, by: int) -> None:
        self.sheet.zoom(by)
        self._offer()

    # The recording and its notes

    def _follow(self, *_news: object) -> None:
        """Mark the note that sounds now, and keep it in sight."""
        draft = self._desk.draft
        self.sheet.mark(None if draft is None else draft.at(self._desk.now_s))

    def _go(self, seconds: float | None) -> None:
        if seconds is not None:
            seek(self._timeline, self._player, math.ceil(seconds * self._timeline.rate))

    def _go_to(self, note: int) -> None:
        draft = self._desk.draft
        if self._desk.alone:
            self._desk.play(note)
            return
        start_s = None if draft is None else draft.start_of(note, self._desk.now_s)
        self._go(start_s)
        if start_s is not None and self._player.available:
            self._player.play()

    def _step(self, by: int) -> None:
        draft = self._desk.draft
        if not self._desk.alone:
            self._go(None if draft is None else draft.beside(self._desk.now_s, by))

    def closeEvent(self, event: QCloseEvent) -> None:
        self._desk.sound("recording")  # the choice goes out of sight
        super().closeEvent(event)

    # Files

    def _folder(self) -> Path:
        item = self._desk.item
        return export_folder(self._settings, None if item is None or item.synthesised else item.path.parent)

    def _open(self) -> None:
        file = ask_for_score(self, self._folder())
        if file is not None:
            remember_export(self._settings, file)
            self._desk.open_score(file)

    def _export(self, format_: ScoreFormat) -> None:
        source = self._desk.file or (self._desk.item.path if self._desk.item is not None else None)
        stem = f"{source.stem}-score" if source is not None else "score"
        path = ask_for_export(self, self._folder() / stem, format_)
        if path is not None:
            remember_export(self._settings, path)
            self._desk.write_file(format_.id, path)
