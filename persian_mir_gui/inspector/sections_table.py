"""The sections of a recording: one mode after another, each a row that leads there."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHeaderView, QWidget

from persian_mir.i18n import _
from persian_mir.prediction import Section
from persian_mir_gui.inspector.stretches_table import StretchesTable
from persian_mir_gui.library.session import Item
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.pitch_words import hz_words
from persian_mir_gui.widgets.table import ROW_PX, Cell

TIMES, MODE, PERCENT, SHAHED = range(4)  # columns
SLACK_PX = 6  # that a header with a hidden column leaves unused
ROWS_AT_MOST = 8  # shown at once; the others are scrolled to


class SectionsTable(StretchesTable):
    """From when to when, which mode, how probable, on which shahed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Sections"), (_("From – to"), _("Mode"), "", _("Shahed")), parent=parent)
        self.sections: tuple[Section, ...] = ()
        self._rate = 1
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(MODE, QHeaderView.ResizeMode.Stretch)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def show_item(self, item: Item | None) -> None:
        """Show the sections of a recording; nothing where it has none."""
        sections, rate = _sections(item), item.recording.rate if item and item.recording else 1
        self.setVisible(bool(sections))
        if sections == self.sections:
            return
        self.sections, self._rate = sections, rate
        self.show_rows([_cells(section, rate) for section in sections])
        self._fit()
        self.setFixedHeight(self.sizeHint().height())  # else a layout that knew it before the sheet cuts the last row

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Leave the probability out where there is no room for it, then the shahed: the mode is never cut."""
        header = self.horizontalHeader()
        for widget in (self, header):
            widget.ensurePolished()  # the sheet's padding counts
        room = self.viewport().width() - sum(
            max(self.sizeHintForColumn(k), header.sectionSizeHint(k)) for k in (TIMES, MODE)
        )
        for column in (SHAHED, PERCENT):
            room -= max(self.sizeHintForColumn(column), header.sectionSizeHint(column))
            self.setColumnHidden(column, room < SLACK_PX)

    def sizeHint(self) -> QSize:
        rows = min(max(self.rowCount(), 1), ROWS_AT_MOST)
        return QSize(240, self.horizontalHeader().sizeHint().height() + ROW_PX * rows + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, self.sizeHint().height())

    def stretch(self, row: int) -> tuple[float, float]:
        return self.sections[row].start / self._rate, self.sections[row].stop / self._rate


def _sections(item: Item | None) -> tuple[Section, ...]:
    """By mode where that is known, else by whatever the recording changes."""
    told = list(item.predictions.values()) if item else []
    found = sorted((one for one in told if one.sections), key=lambda one: one.task != "mode")
    return found[0].sections if found else ()


def _cells(section: Section, rate: int) -> tuple[Cell, ...]:
    verdict = section.verdict
    times = f"\u2066{formatting.clock(section.start / rate)} – {formatting.clock(section.stop / rate)}\u2069"
    return (
        Cell(times, float(section.start)),
        Cell(formatting.verdict_words(verdict)),
        Cell("" if verdict.nothing else formatting.percent(verdict.probability), verdict.probability, number=True),
        Cell("" if section.tonic_hz is None else hz_words(section.tonic_hz), section.tonic_hz or 0.0, number=True),
    )
