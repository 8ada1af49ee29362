"""The strings as they lie on the instrument: each with its note, its pitch, and how far off it was last."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QContextMenuEvent, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QSizePolicy, QWidget

from persian_mir.i18n import _
from persian_mir.modal.string_tunings import StringKind, TunedString
from persian_mir_gui.live.tuner import IN_TUNE_CENTS, Tuner
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.note_signs import draw_signed, signed
from persian_mir_gui.widgets.pitch_words import cents_words, hz_words
from persian_mir_gui.widgets.theme_source import ThemeSource
from persian_mir_gui.widgets.widget_factories import quiet, scaled, set_name, sides

COLUMNS = 6
TALLEST, TALLEST_SMALL = 520, 58  # px of a string
TITLES = 60  # px of the words above, and between
KINDS: tuple[StringKind, ...] = ("yellow", "white", "behind")  # of the santoor, one column each


def kind_name(kind: StringKind, tar: bool = False) -> str:
    """What a string is called."""
    names = {
        "white": _("White strings") if tar else _("White string"),
        "yellow": _("Yellow strings") if tar else _("Yellow string"),
        "high": _("High string of the pair"),
        "bass": _("Bass string"),
        "behind": _("Behind the bridge"),
    }
    return names.get(kind, "")


class StringButton(QAbstractButton):
    """Plays its note; checked, it alone is measured."""

    def __init__(self, tuner: Tuner, place: int, one: TunedString, themes: ThemeSource, small: bool) -> None:
        super().__init__()
        self._tuner, self._place, self.string, self._themes = tuner, place, one, themes
        self._small = small
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMaximumHeight(TALLEST_SMALL if small else TALLEST)
        self.clicked.connect(lambda: tuner.play(place))
        self.refresh()

    def sizeHint(self) -> QSize:
        return QSize(112, 26) if self._small else QSize(130, 108)

    def minimumSizeHint(self) -> QSize:
        return QSize(70, 19) if self._small else QSize(90, 84)

    def contextMenuEvent(self, _event: QContextMenuEvent) -> None:
        self.toggle_pin()

    def toggle_pin(self) -> None:
        """Measure this string alone, or the nearest again."""
        self._tuner.pin(None if self._tuner.pinned == self._place else self._place)

    def refresh(self) -> None:
        """Show what it was off by last."""
        off = self._tuner.last.get(self._place)
        words = [self._name(), hz_words(self._tuner.hz(self._place)), *([cents_words(off)] if off is not None else [])]
        set_name(self, " · ".join(words))
        self.update()

    def _name(self) -> str:
        note = self.string.note
        return f"{formatting.digits(str(self.string.number))}: {note.text} {formatting.digits(str(note.octave))}"

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme, tuner = self._themes.theme, self._tuner
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        sounding = tuner.sounding is not None and tuner.sounding[0] == self._place
        edge = theme.accent if self.hasFocus() or sounding or tuner.pinned == self._place else theme.border
        painter.setPen(edge)
        painter.setBrush(theme.raised)
        painter.drawRoundedRect(box, 6, 6)
        off = tuner.last.get(self._place)
        figure = hz_words(tuner.hz(self._place)) if off is None else cents_words(off)
        if off is not None and abs(off) <= IN_TUNE_CENTS:
            figure = f"✓ {figure}"
        colour = theme.text_dim if off is None else theme.accent if abs(off) <= IN_TUNE_CENTS else theme.warning
        (self._paint_small if self._small else self._paint_large)(painter, box)
        painter.setPen(colour)
        painter.setFont(self._figure_font())
        painter.drawText(self._figure_box(box), self._figure_side(), figure)

    def _note(self) -> str:
        return f"{signed(self.string.note)} {formatting.digits(str(self.string.note.octave))}"

    @property
    def _scale(self) -> float:
        """As large as there is room for."""
        least = self.minimumSizeHint()
        room = min(self.height() / (least.height() + 4), self.width() / (least.width() + 20))
        return min(max(room, 1.0), 2.0)

    def _figure_font(self) -> QFont:
        return scaled(self.font(), (0.82 if self._small else 0.92) * self._scale)

    def _figure_box(self, box: QRectF) -> QRectF:
        tall = 30 * self._scale
        return box.adjusted(8, 0, -8, 0) if self._small else QRectF(box.left(), box.bottom() - tall, box.width(), tall)

    def _figure_side(self) -> Qt.AlignmentFlag:
        return self._sides()[1] if self._small else Qt.AlignmentFlag.AlignCenter

    def _sides(self) -> tuple[Qt.AlignmentFlag, Qt.AlignmentFlag]:
        return sides(self.layoutDirection() == Qt.LayoutDirection.RightToLeft)

    def _paint_small(self, painter: QPainter, box: QRectF) -> None:
        painter.setPen(self._themes.theme.text)
        painter.setFont(scaled(self.font(), self._scale, bold=True))
        draw_signed(painter, box.adjusted(8, 0, -8, 0), self._sides()[0], self._note())

    def _paint_large(self, painter: QPainter, box: QRectF) -> None:
        theme = self._themes.theme
        painter.setPen(theme.text)
        painter.setFont(scaled(self.font(), 1.9 * self._scale, bold=True))
        middle = box.adjusted(0, 20 * self._scale, 0, -28 * self._scale)
        draw_signed(painter, middle, Qt.AlignmentFlag.AlignHCenter, self._note())
        painter.setPen(theme.text_faint)
        painter.setFont(scaled(self.font(), 0.82 * self._scale))
        top = QRectF(box.left() + 8, box.top() + 5, box.width() - 16, 20 * self._scale)
        painter.drawText(top, Qt.AlignmentFlag.AlignCenter, formatting.digits(str(self.string.number)))


class Strings(QWidget):
    """The strings of a tuning, from left to right as one plays them; a santoor's in three columns of bridges."""

    def __init__(self, tuner: Tuner, themes: ThemeSource) -> None:
        super().__init__()
        self._tuner, self._themes = tuner, themes
        self.buttons: list[StringButton] = []
        self._titles: list[QWidget] = []
        self._shown: object = None
        self._scale = 1.0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(8)
        themes.changed.connect(lambda _theme: self.refresh())

    def refresh(self) -> None:
        """Show another tuning, or what was measured of this one."""
        tuning = self._tuner.tuning
        if tuning != self._shown:
            self._shown = tuning
            self._build()
        for button in self.buttons:
            button.refresh()

    def set_scale(self, scale: float) -> None:
        """Write what the strings are called so many times as large."""
        self._scale = scale
        for title in self._titles:
            title.setFont(scaled(self.font(), 0.9 * scale))

    def _build(self) -> None:
        for widget in (*self.buttons, *self._titles):
            self._grid.removeWidget(widget)
            widget.hide()
            widget.deleteLater()
        strings, tar = self._tuner.tuning.strings, self._tuner.instrument == "tar"
        many = len(strings) > COLUMNS
        self._grid.setSpacing(4 if many else 8)
        tall = TALLEST if not many else TALLEST_SMALL * max(one.number for one in strings)
        self.setMaximumHeight(tall + TITLES)
        self._titles = []
        self.buttons = [StringButton(self._tuner, k, one, self._themes, many) for k, one in enumerate(strings)]
        for place, (button, one) in enumerate(zip(self.buttons, strings, strict=True)):
            column = KINDS.index(one.kind) if many else place
            row = one.number if many else 1
            self._grid.addWidget(button, row, column)
            if row == 1 and kind_name(one.kind, tar):
                self._add_title(kind_name(one.kind, tar), column)
        for before, after in zip(self.buttons, self.buttons[1:], strict=False):
            QWidget.setTabOrder(before, after)

    def _add_title(self, text: str, column: int) -> None:
        title = quiet(text, wrap=True)
        title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        title.setFont(scaled(self.font(), 0.9 * self._scale))
        self._titles.append(title)
        self._grid.addWidget(title, 0, column)
