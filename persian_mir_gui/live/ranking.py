"""The modes of what is being played, ranked: one answer large, how sure it is, and the next ones as bars."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from persian_mir.i18n import _
from persian_mir.modal.reading import ModalReading
from persian_mir.prediction import MODAL_SURE_MARGIN, Verdict
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.bars import Bar
from persian_mir_gui.widgets.theme import Theme, label_colour
from persian_mir_gui.widgets.theme_source import ThemeSource
from persian_mir_gui.widgets.widget_factories import heading, heading_font, lead, quiet, scaled, space_out
from persian_mir_gui.widgets.wrapped_label import WrappedLabel

ROWS = 4


class Ranking(QWidget):
    """One name; below it its probability, the runner-up, and "not sure" where the two are close."""

    def __init__(self, themes: ThemeSource) -> None:
        super().__init__()
        self._theme = themes.theme
        self._reading: ModalReading | None = None
        self.name, self.other = WrappedLabel(), QLabel(textFormat=Qt.TextFormat.PlainText)
        lead(self.name)
        names = space_out(QHBoxLayout(), spacing=8)
        names.addWidget(self.name, 1)
        names.addWidget(self.other)
        self.line, self._title = quiet(), heading(_("Dastgah"))
        self._grid_title = quiet(_("Mode"))  # else its rows read as Dastgahs, with other figures than the line above
        self._grid = QWidget()
        for part in (self._grid_title, self._grid):
            policy = part.sizePolicy()
            policy.setRetainSizeWhenHidden(True)  # nothing jumps when the first answer comes
            part.setSizePolicy(policy)
        grid = QGridLayout(self._grid)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(5)
        grid.setColumnStretch(1, 1)
        self._rows = [(quiet(factor=1.0), Bar(), quiet(factor=1.0)) for _row in range(ROWS)]
        for row, (label, bar, part) in enumerate(self._rows):
            for column, widget in enumerate((label, bar, part)):
                grid.addWidget(widget, row, column)
        layout = space_out(QVBoxLayout(self), spacing=6)
        layout.addWidget(self._title)
        layout.addLayout(names)
        layout.addWidget(self.line)
        layout.addSpacing(4)
        layout.addWidget(self._grid_title)
        layout.addWidget(self._grid)
        layout.addStretch()
        self.set_scale(1.0)
        self.show_reading(None)
        themes.changed.connect(self.set_theme)

    def set_scale(self, scale: float) -> None:
        """Write so many times as large."""
        self.name.setFont(scaled(self.font(), 1.7 * scale, bold=True))
        self.other.setFont(scaled(self.font(), 1.7 * scale))
        self.line.setFont(scaled(self.font(), 1.1 * scale))
        self._grid_title.setFont(scaled(self.font(), scale))
        self._title.setFont(heading_font(scaled(self.font(), scale)))
        font = scaled(self.font(), scale)
        for label, bar, part in self._rows:
            for text in (label, part):
                text.setFont(font)
                text.setMinimumHeight(QFontMetrics(font).height())
            bar.set_height(round(7 * scale))

    def set_theme(self, theme: Theme) -> None:
        """Paint in other colours from now on."""
        self._theme = theme
        self.show_reading(self._reading)

    def show_reading(self, reading: ModalReading | None) -> None:
        """Show what is known; nothing yet without a reading."""
        self._reading = reading
        for part in (self._grid_title, self._grid):
            part.setVisible(reading is not None and reading.heard)
        self.other.setText("")
        self.line.setText(" ")
        if reading is None:
            self.name.setText("–")
            return
        if not reading.heard:
            self.name.setText(_("No mode heard"))
            return
        (first, chance), (second, next_chance) = reading.dastgahs[:2]
        verdict = Verdict("dastgah", first, chance, second, next_chance, sure_margin=MODAL_SURE_MARGIN)
        self.name.setText(formatting.label_name("dastgah", first))
        self.other.setText(formatting.other_script("dastgah", first))
        words = formatting.probability_words(verdict)
        self.line.setText(words if verdict.sure else _("not sure") + " · " + words)
        for (label, bar, part), (mode, probability) in zip(self._rows, reading.modes, strict=False):
            label.setText(formatting.label_name("mode", mode))
            bar.show_part(probability, label_colour(self._theme, "mode", mode), self._theme.border)
            part.setText(formatting.percent(probability))
