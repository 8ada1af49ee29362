"""The line above the timeline: what the recording is called, and what it is."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFont, QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from persian_mir.i18n import _
from persian_mir.recording import Recording
from persian_mir_gui.library import item_text
from persian_mir_gui.library.session import Item, Session
from persian_mir_gui.plots.time_scale import GUTTER, MARGIN
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.message_bar import breakable
from persian_mir_gui.widgets.theme import Theme
from persian_mir_gui.widgets.theme_source import ThemeSource
from persian_mir_gui.widgets.time_text import time_text

PERSIAN_TITLE = ("title-fa", "title_fa", "title-persian")  # tags that hold the title in the other script
SPACING, LEAST = 16, 40  # px: between title and facts; of a title, however narrow the window
ENOUGH = 120  # px of a title, for which facts are left out


class TimelineHeader(QWidget):
    """Title, in both scripts when known; format, rate, channels, length; and whether it is synthesised."""

    def __init__(self, session: Session, themes: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._session = themes.theme, session
        self.title, self.facts = QLabel(self), QLabel(self)
        for label in (self.title, self.facts):
            label.setTextFormat(Qt.TextFormat.RichText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        font = QFont(self.font())
        font.setPointSizeF(font.pointSizeF() * 1.3)
        self.title.setFont(font)
        self.title.setMinimumWidth(LEAST)
        row = QHBoxLayout(self)
        row.setContentsMargins(GUTTER, 10, MARGIN, 8)
        row.setSpacing(SPACING)
        row.addWidget(self.title, 1)
        row.addWidget(self.facts)
        session.shown_changed.connect(self._refresh)
        self._refresh()
        themes.changed.connect(self.set_theme)

    def set_theme(self, theme: Theme) -> None:
        """Write in other colours from now on."""
        self._theme = theme
        self._refresh()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LayoutDirectionChange:
            self._refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._refresh()

    def _refresh(self, _item: object = None) -> None:
        item = self._session.current
        rightwards = self.layoutDirection() == Qt.LayoutDirection.LeftToRight
        side = Qt.AlignmentFlag.AlignLeft if rightwards else Qt.AlignmentFlag.AlignRight
        self.title.setAlignment(side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter)
        self.title.setToolTip(breakable(str(item.path)) if item else "")
        self.facts.setToolTip(f"{item.recording.format}, {item.recording.decoder}" if item and item.recording else "")
        told = facts(item.recording) if item and item.recording else []
        room = self._room_beside(item, told)
        while told and room < ENOUGH:  # the length stays longest
            told = told[1:]
            room = self._room_beside(item, told)
        self.title.setText(self._title(item, room) if item else "")

    def _room_beside(self, item: Item | None, told: list[str]) -> int:
        """Show these facts; return the pixels that they leave to the title."""
        self.facts.setText(self._facts(item, told) if item and told else "")
        return self.contentsRect().width() - GUTTER - MARGIN - SPACING - self.facts.sizeHint().width()

    def _title(self, item: Item, room: int) -> str:
        """In `room` pixels; the tool tip has the whole path."""
        font = QFont(self.title.font())
        font.setBold(True)
        name = QFontMetrics(font).elidedText(item_text.title(item), Qt.TextElideMode.ElideRight, max(room, LEAST))
        parts = [f'<b style="color:{self._theme.text.name()}">{escape(name)}</b>']
        tags = item.recording.tags if item.recording else {}
        other = next((tags[key] for key in PERSIAN_TITLE if tags.get(key)), "")
        if other:
            parts.append(f'<span style="color:{self._theme.text_dim.name()}">{escape(other)}</span>')
        return "&nbsp;&nbsp;".join(parts)

    def _facts(self, item: Item, told: list[str]) -> str:
        mark = "\u2067" if self.layoutDirection() == Qt.LayoutDirection.RightToLeft else "\u2066"
        text = f"{mark}{' · '.join(told)}\u2069"  # FLAC first, in both languages
        if not item.synthesised:
            return f'<span style="color:{self._theme.text_dim.name()}">{escape(text)}</span>'
        made = escape(_("synthesised"))
        return (
            f'<span style="color:{self._theme.warning.name()}">{made}</span>'
            f'<span style="color:{self._theme.text_dim.name()}"> · {escape(text)}</span>'
        )


def facts(recording: Recording) -> list[str]:
    """`FLAC`, `44.1 kHz`, `mono`, `04:12.380`."""
    names = {1: _("mono"), 2: _("stereo")}
    channels = names.get(recording.channels) or _("{count} channels").format(count=recording.channels)
    rate = _("{number} kHz").format(number=f"{recording.rate / 1000:g}")
    length = int(recording.duration_s * 1000 + 1e-6) / 1000  # cut, as the time code of the transport
    return [
        recording.format.partition(" ")[0],  # the tool tip has all of it
        formatting.digits(rate),
        formatting.digits(channels),
        formatting.digits(time_text(length, 3)),
    ]
