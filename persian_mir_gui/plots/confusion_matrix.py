"""The confusion matrix: rows are the labels that the recordings carry, columns those that they were named."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPalette, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from persian_mir.i18n import _
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.theme import Theme, mixed, text_on
from persian_mir_gui.widgets.theme_source import ThemeSource
from persian_mir_gui.widgets.widget_factories import scaled, sides

LEAST_PX = (26, 18)  # of a cell
TWO_LINES_PX = (40, 34)  # a smaller cell holds its count alone
LINE_PX = 18  # at most, of each of the two lines
SIZES = (0.85, 0.78, 0.7)  # of the names, the largest that fits
PADDING_PX = 6  # of a name, left and right together
TURNED = 0.78  # size of names that stand on end, where not all have room lying
UNHINTED = 1.1  # of which they are longer than lying
TURNED_MOST_PX = 96  # height of those
FACT = Qt.ItemDataRole.UserRole  # (count, share of its row, whether it is right)


class NamesHeader(QHeaderView):
    """The names of the columns, lying in two lines; standing on end, read upwards, where they have no room so."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.turned = False

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        if not self.turned:
            super().paintSection(painter, rect, section)
            return
        painter.save()
        painter.setFont(self.font())
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        painter.translate(rect.center().x() + 1, rect.bottom() - PADDING_PX / 2)
        painter.rotate(-90)
        half = self.fontMetrics().height()
        box = QRectF(0, -half / 2, rect.height() - PADDING_PX, half)
        side = sides(rtl=False)[0] | Qt.TextFlag.TextDontClip  # beside its column, in whatever script
        painter.drawText(box, side, str(self.model().headerData(section, Qt.Orientation.Horizontal)))
        painter.restore()


class ConfusionMatrix(QTableWidget):
    """Arrows walk through the cells, a press or Enter asks for what is in one. Mirrored in Persian, as any table is."""

    cell_wanted = Signal(int, int)  # truth, named: places in the labels

    def __init__(self, themes: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._painter = _CellPainter(themes.theme, self)
        self.setItemDelegate(self._painter)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setShowGrid(False)
        self.setFrameShape(QTableWidget.Shape.NoFrame)
        self.setTabKeyNavigation(False)
        self.setAccessibleName(_("Confusion matrix"))
        self.setCornerButtonEnabled(False)
        self._names: tuple[str, ...] = ()
        self._head = NamesHeader(self)
        self.setHorizontalHeader(self._head)
        for header, least in zip((self.horizontalHeader(), self.verticalHeader()), LEAST_PX, strict=True):
            header.setFont(scaled(self.font(), 0.85))
            header.setMinimumSectionSize(least)
            header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
            header.setHighlightSections(False)
            header.setSectionsClickable(False)
        self._head.setDefaultAlignment(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)
        self._lying_px = 2 * QFontMetrics(self._head.font()).lineSpacing() + 8
        self._head.setFixedHeight(self._lying_px)
        self.verticalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignTrailing)
        self.cellClicked.connect(self.cell_wanted)
        themes.changed.connect(self.set_theme)

    def set_theme(self, theme: Theme) -> None:
        """Paint in other colours from now on."""
        self._painter.theme = theme
        self.viewport().update()

    def show_counts(self, names: tuple[str, ...], counts: tuple[tuple[int, ...], ...]) -> None:
        """Show `counts[truth][named]` of labels called `names`."""
        self.clear()
        self._names = names
        self.setRowCount(len(counts))
        self.setColumnCount(len(counts))
        for place, name in enumerate(names):
            across, down = QTableWidgetItem(name), QTableWidgetItem(name)
            across.setToolTip(_("Named {label}").format(label=name))
            down.setToolTip(_("Labelled {label}").format(label=name))
            self.setHorizontalHeaderItem(place, across)
            self.setVerticalHeaderItem(place, down)
        for truth, row in enumerate(counts):
            whole = sum(row)
            for named, count in enumerate(row):
                self.setItem(truth, named, _Cell(names[truth], names[named], count, whole))
        self._fit_names()

    def _fit_names(self) -> None:
        """Write the columns' names as large as their longest word allows; where that is too small, on end."""
        room = max(self.viewport().width() / max(self.columnCount(), 1), LEAST_PX[0]) - PADDING_PX
        longest = [max(name.replace("-", "- ").split() or [""], key=len) for name in self._names]
        for size in SIZES:
            font = scaled(self.font(), size)
            metrics = QFontMetrics(font)
            fits = [metrics.horizontalAdvance(word) <= room for word in longest]
            if all(fits):
                self._head.turned, high, shown = False, self._lying_px, self._names
                break
        else:
            font = scaled(self.font(), TURNED)
            metrics = QFontMetrics(font)
            asked = round(UNHINTED * max(map(metrics.horizontalAdvance, self._names), default=0))
            high = min(asked, TURNED_MOST_PX) + PADDING_PX
            self._head.turned = True
            shown = tuple(
                metrics.elidedText(name, Qt.TextElideMode.ElideRight, round(TURNED_MOST_PX / UNHINTED))
                for name in self._names
            )
        for part in (self._head, self._head.viewport()):  # under a style sheet that does not have it by itself
            part.setFont(font)
        self._head.setFixedHeight(high)
        for place, name in enumerate(shown):
            if (item := self.horizontalHeaderItem(place)) is not None:
                item.setText(name)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_names()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self.currentRow() >= 0:
            self.cell_wanted.emit(self.currentRow(), self.currentColumn())
        else:
            super().keyPressEvent(event)


class _Cell(QTableWidgetItem):
    """Says what it is when it is asked: 40 labels make 1,600 cells."""

    def __init__(self, truth: str, named: str, count: int, whole: int) -> None:
        super().__init__()
        self._names, self._count, self._whole = (truth, named), count, whole
        self._fact = (count, count / whole if whole else 0.0, truth == named)

    def data(self, role: int) -> object:
        if role == FACT:
            return self._fact
        if role == Qt.ItemDataRole.DisplayRole:
            return formatting.digits(str(self._count))
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return cell_words(*self._names, self._count, self._whole)
        return super().data(role)


class _CellPainter(QStyledItemDelegate):
    """Blue where it is right, orange where it is not, the stronger the larger the share of the row."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.theme = theme

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        fact = index.data(FACT)
        if fact is None:
            return
        count, share, right = fact
        box = QRectF(option.rect).adjusted(1, 1, -1, -1)
        hue = self.theme.accent if right else self.theme.playhead
        ground = mixed(hue, self.theme.raised, 0.12 + 0.78 * share) if count else self.theme.raised
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(box, 3, 3)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(QPen(self.theme.text, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 3, 3)
        painter.setPen(text_on(ground) if count else self.theme.text_faint)
        middle = Qt.AlignmentFlag.AlignCenter
        if count and (box.width() < TWO_LINES_PX[0] or box.height() < TWO_LINES_PX[1] - 2):
            painter.setFont(scaled(option.font, 0.9, bold=True))
            painter.drawText(box, middle, formatting.digits(str(count)))
        elif count:  # two lines that stay together, however high the cell is
            line = min(box.height() / 2, LINE_PX)
            above = QRectF(box.left(), box.center().y() - line + 1, box.width(), line)
            painter.setFont(scaled(option.font, 1.0, bold=True))
            painter.drawText(above, middle, formatting.digits(str(count)))
            painter.setFont(scaled(option.font, 0.8))
            painter.drawText(above.translated(0, line - 2), middle, formatting.percent(share))
        else:
            painter.drawText(box, middle, formatting.digits("0"))
        painter.restore()


def cell_words(truth: str, named: str, count: int, whole: int) -> str:
    """A cell as a sentence, for the pointer and for those who hear the screen."""
    share = formatting.percent(count / whole) if whole else formatting.percent(0)
    text = _("Labelled {truth}, named {named}: {count} of {whole}, {share}")
    numbers = {"count": formatting.digits(str(count)), "whole": formatting.digits(str(whole))}
    return text.format(truth=truth, named=named, share=share, **numbers)
