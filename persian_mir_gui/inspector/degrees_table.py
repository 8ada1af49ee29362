"""The degrees: measured, and beside three theories."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QSizePolicy, QTableWidget, QTableWidgetItem, QWidget

from persian_mir.i18n import _
from persian_mir.modal.degrees import Degree
from persian_mir.modal.reading import ModalReading
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.note_signs import SIGNED, SignedDelegate, signed
from persian_mir_gui.widgets.pitch_words import LEAST_LINE
from persian_mir_gui.widgets.widget_factories import scaled

ROW_PX = 22


class DegreesTable(QTableWidget):
    """One row a degree, cents above the shahed. Double-click or Enter lets one hear it."""

    listen_wanted = Signal(float)  # cents above the tonic

    def __init__(self, parent: QWidget | None = None) -> None:
        titles = (_("Note"), _("Played"), ltr_figures(_("24-TET")), _("Farhat"), _("Radif"), _("Off Farhat"))
        super().__init__(0, len(titles), parent)
        self.degrees: tuple[Degree, ...] = ()
        self.setFont(scaled(self.font(), 0.82))
        hints = (
            "",
            _("Cents above the shahed as played, ± their spread"),
            _("The nearest of 24 equal quarter tones, which names the note"),
            _("Average frets measured by Hormoz Farhat (1966)"),
            _("The same quarter tone, where the radif uses it in this mode"),
            _("Cents that it is played above Farhat's fret, or below"),
        )
        for column, hint in enumerate(hints):
            title = QTableWidgetItem(titles[column])
            title.setToolTip(hint)
            title.setFont(scaled(self.font(), 0.9))
            self.setHorizontalHeaderItem(column, title)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.horizontalHeader().setMinimumSectionSize(20)
        self.horizontalHeader().setHighlightSections(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW_PX)
        self.setShowGrid(False)
        self.setFrameShape(QTableWidget.Shape.NoFrame)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(_("Degrees"))
        self.setItemDelegateForColumn(0, SignedDelegate(self))
        self.cellDoubleClicked.connect(self._listen)

    def show_reading(self, reading: ModalReading | None) -> None:
        """Show the degrees that sound for some time."""
        degrees = () if reading is None else tuple(d for d in reading.degrees if d.weight >= LEAST_LINE)
        if degrees == self.degrees:
            return
        self.degrees = degrees
        self.setRowCount(len(degrees))
        for row, degree in enumerate(degrees):
            for column, text in enumerate(cells(degree)):
                cell = QTableWidgetItem(text)
                if column == 0 and degree.name is not None:
                    cell.setData(SIGNED, signed(degree.name))
                side = Qt.AlignmentFlag.AlignLeading if column == 0 else Qt.AlignmentFlag.AlignTrailing
                cell.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
                self.setItem(row, column, cell)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(240, self.horizontalHeader().sizeHint().height() + ROW_PX * max(self.rowCount(), 1) + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, self.sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentRow() >= 0:
            self._listen(self.currentRow(), 0)
        else:
            super().keyPressEvent(event)

    def _listen(self, row: int, _column: int) -> None:
        self.listen_wanted.emit(self.degrees[row].cents)


def ltr_figures(text: str) -> str:
    """Figures in their order, whatever way the words around them run: a sign stands left of its number."""
    rtl = QGuiApplication.layoutDirection() == Qt.LayoutDirection.RightToLeft
    return f"\u2066{text}\u2069" if rtl else text


def cells(degree: Degree) -> tuple[str, ...]:
    """A row in words, in the user's digits; a dash where a theory has no such degree."""

    def number(value: float | None, sign: bool = False) -> str:
        if value is None:
            return "–"
        text = f"{round(value):+d}" if sign and round(value) else f"{round(value):d}"
        return ltr_figures(formatting.digits(text.replace("-", "\u2212")))

    return (
        degree.name.text if degree.name else "",
        ltr_figures(f"{number(degree.cents)} ± {number(degree.spread_cents)}"),
        number(degree.tet24_cents),
        number(degree.farhat_cents),
        number(degree.radif_cents),
        number(degree.off_farhat_cents, sign=True),
    )
