"""Messages that do not stop anyone: what happened, to which file, what to do; one at a time, the others wait."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QTimer
from PySide6.QtGui import QColor, QGuiApplication
from PySide6.QtWidgets import (
    QFrame,
    QGraphicsDropShadowEffect,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from persian_mir.i18n import _
from persian_mir.visible import visible
from persian_mir_gui.core.messages import Message
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.icons import dot, icon
from persian_mir_gui.widgets.theme import Theme
from persian_mir_gui.widgets.theme_source import ThemeSource
from persian_mir_gui.widgets.widget_factories import lead, quiet, scaled, set_role, space_out, tool_button

WIDEST_PX, EDGE_PX = 760, 10
NEWS_MS = 12_000  # that a message which asks for nothing stays


class MessageBar(QFrame):
    """Hidden while there is nothing to say. News go by themselves; what went wrong stays until it is dismissed."""

    def __init__(self, themes: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("message")
        self._theme = themes.theme
        self._waiting: list[Message] = []
        self._above: QWidget | None = None
        self._room: QVBoxLayout | None = None
        self.leaving = QTimer(self, singleShot=True, interval=NEWS_MS)
        self._mark = QLabel()
        self._what, self._cure = quiet(role="", wrap=True, factor=1.0), quiet(wrap=True)
        self._what.setFont(scaled(self.font(), 1.0, bold=True))
        self._path, self._more = lead(quiet(role="faint", wrap=True)), quiet(role="faint")
        self._details = QPlainTextEdit(readOnly=True)
        self._details.setMaximumHeight(160)
        self._details.hide()
        self._details.setAccessibleName(_("Details"))
        self.offer = QPushButton(_("Do it"))
        self._show_details = QPushButton(_("Details"))
        self._show_details.setCheckable(True)
        self._show_details.setProperty("role", "switch")
        self._copy = QPushButton(_("Copy"))
        self._copy.setToolTip(_("Copy this message"))
        self.dismiss_button = tool_button("quiet", _("Dismiss"), 14)
        self._lay_out()
        self._show_details.toggled.connect(self._details.setVisible)
        self.offer.clicked.connect(self._accept)
        self._copy.clicked.connect(self._copy_message)
        self.dismiss_button.clicked.connect(self.dismiss)
        self.leaving.timeout.connect(self.dismiss)
        themes.follow(self.set_theme)
        self.hide()

    def with_margins(self) -> QVBoxLayout:
        """Return it with some room around it, for a layout without margins; hidden it takes none."""
        self._room = space_out(QVBoxLayout())
        self._room.addWidget(self)
        return self._room

    def lie_over(self, around: QWidget, above: QWidget) -> None:
        """Lie over the lower middle of `around`, above its part `above` if that is seen, and push nothing away.

        For what is drawn as large as there is room. In a window of lists and forms it stands in the layout, where it
        covers nothing.
        """
        self.setParent(around)
        self._above = above
        shadow = QGraphicsDropShadowEffect(self, blurRadius=24.0, offset=QPointF(0, 4))
        shadow.setColor(QColor(0, 0, 0, 90))
        self.setGraphicsEffect(shadow)
        for watched in (around, above):
            watched.installEventFilter(self)
        self._show_details.toggled.connect(self._place)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.Show, QEvent.Type.Hide):
            self._place()
        return super().eventFilter(watched, event)

    def _place(self, *_news: object) -> None:
        around, above, layout = self.parentWidget(), self._above, self.layout()
        if around is None or above is None or layout is None or self.isHidden():
            return
        layout.activate()
        width = min(WIDEST_PX, around.width() - 2 * EDGE_PX)
        height = min(layout.heightForWidth(width), around.height() - EDGE_PX)
        foot = around.height() - above.mapTo(around, QPoint()).y() if above.isVisibleTo(around) else 0
        top = max(EDGE_PX, around.height() - EDGE_PX - foot - height)
        self.setGeometry((around.width() - width) // 2, top, width, height)
        self.raise_()

    def _lay_out(self) -> None:
        for button in (self._show_details, self._copy):
            button.setProperty("role", "link")
        text = space_out(QVBoxLayout(), spacing=2)
        for widget in (self._what, self._path, self._cure):
            text.addWidget(widget)
        line = space_out(QHBoxLayout(), spacing=8)
        line.addWidget(self._mark)
        line.addLayout(text, 1)
        for part in (self._more, self.offer, self._show_details, self._copy, self.dismiss_button):
            line.addWidget(part)
        layout = space_out(QVBoxLayout(self), margins=(12, 8, 8, 8), spacing=6)
        layout.addLayout(line)
        layout.addWidget(self._details)

    def set_theme(self, theme: Theme) -> None:
        """Paint in other colours from now on."""
        self._theme = theme
        self.dismiss_button.setIcon(icon("close", theme.text_dim))
        self._show_first()

    def post(self, message: Message) -> None:
        """Show a message, or let it wait behind those not dismissed yet. The same one twice is shown once.

        What offers something answers what the user did just now: it goes before the others.
        """
        if message not in self._waiting:
            if message.offer:
                self._show_details.setChecked(False)
            self._waiting.insert(0 if message.offer else len(self._waiting), message)
            self._show_first()

    def shown_text(self) -> str:
        """The shown message as plain text, as `Copy` puts it on the clipboard; empty if there is none."""
        if not self._waiting:
            return ""
        message = self._waiting[0]
        parts = (message.what, str(message.path or ""), message.cure, message.details)
        return "\n".join(filter(None, parts))

    def dismiss(self) -> None:
        """Take the shown message away and show the next."""
        if self._waiting:
            self._waiting.pop(0)
            self._show_details.setChecked(False)
            self._show_first()

    def withdraw(self, message: Message) -> None:
        """Take a message away that is no longer so, shown or waiting."""
        if message in self._waiting:
            if message is self._waiting[0]:
                self._show_details.setChecked(False)
            self._waiting.remove(message)
            self._show_first()

    def _show_first(self) -> None:
        self.setVisible(bool(self._waiting))
        if self._room is not None:  # Qt keeps the margins of a layout whose widgets are hidden
            aside, above = (EDGE_PX, EDGE_PX // 2) if self._waiting else (0, 0)
            self._room.setContentsMargins(aside, above, aside, above)
        self.leaving.stop()
        if not self._waiting:
            return
        message = self._waiting[0]
        if message.level == "info" and not message.offer:
            self.leaving.start()
        colours = {"error": self._theme.error, "warning": self._theme.warning}
        self._mark.setPixmap(dot(colours.get(message.level, self._theme.accent)).pixmap(16, 16))
        set_role(self, "level", message.level)
        self._what.setText(message.what)
        self._path.setText(breakable(str(message.path)) if message.path else "")
        self._path.setVisible(message.path is not None)
        self._cure.setText(message.cure)
        self._cure.setVisible(bool(message.cure))
        self._details.setPlainText(message.details)
        self._show_details.setVisible(bool(message.details))
        self.offer.setText(message.offer or self.offer.text())
        self.offer.setVisible(bool(message.offer))
        rest = len(self._waiting) - 1
        self._more.setText(_("{number} more").format(number=formatting.digits(str(rest))) if rest else "")
        self._place()

    def _accept(self) -> None:
        accept = self._waiting[0].accept if self._waiting else None
        self.dismiss()
        if accept is not None:
            accept()

    def _copy_message(self) -> None:
        QGuiApplication.clipboard().setText(self.shown_text())


def breakable(path: str) -> str:
    """Return a path that may be wrapped after each separator, left to right in both languages."""
    return "\u2066" + visible(path).replace("/", "/\u200b").replace("\\", "\\\u200b") + "\u2069"
