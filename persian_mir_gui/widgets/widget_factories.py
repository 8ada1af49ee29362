"""The few small widgets that every pane is made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QEvent, QItemSelection, QItemSelectionModel, QObject, QSize, Qt
from PySide6.QtGui import QDropEvent, QFont, QFontMetrics, QStandardItemModel
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QBoxLayout,
    QComboBox,
    QFrame,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QSplitter,
    QStyle,
    QStyleOptionButton,
    QTableView,
    QToolButton,
    QWidget,
)

from persian_mir_gui.widgets.wrapped_label import WrappedLabel

Box = TypeVar("Box", bound=QBoxLayout)
ICON_GAP_PX = 4  # from the icon of a button to its text, as Qt has it
FIELD_PX = 7  # from the edge of a field to its text
ARROWS_PX = 18  # of a number field, in the style sheet
FRAME_PX = 40  # of a title bar, at most


def heading(text: str) -> QLabel:
    """A section's heading: small capitals where the script has capitals."""
    label = QLabel(text)
    label.setProperty("role", "heading")
    label.setFont(heading_font(label.font()))
    return label


def heading_font(font: QFont) -> QFont:
    """`font`, smaller, in capitals, a little spaced."""
    small = scaled(font, 0.85)
    small.setCapitalization(QFont.Capitalization.AllUppercase)
    small.setBold(True)
    return small


def scaled(font: QFont, factor: float, bold: bool = False) -> QFont:
    """A copy of `font`, `factor` times as large."""
    other = QFont(font)
    other.setPointSizeF((font.pointSizeF() if font.pointSizeF() > 0 else 10.0) * factor)
    other.setBold(bold)
    return other


def quiet(text: str = "", role: str = "dim", wrap: bool = False, factor: float = 0.9) -> QLabel:
    """A label that stands back: `dim` or `faint`. Its text is plain, whatever a file name may hold."""
    label = WrappedLabel(text) if wrap else QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setProperty("role", role)
    label.setFont(scaled(label.font(), factor))
    return label


def sides(rtl: bool) -> tuple[Qt.AlignmentFlag, Qt.AlignmentFlag]:
    """For painted text: the side where reading begins and the other one, whatever script the text is in."""
    fixed = Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter
    left, right = Qt.AlignmentFlag.AlignLeft | fixed, Qt.AlignmentFlag.AlignRight | fixed
    return (right, left) if rtl else (left, right)


def lead(label: QLabel) -> QLabel:
    """Have `label` begin where reading begins, also when its text (a file's name) is in another script."""
    label.setAlignment(sides(label.layoutDirection() == Qt.LayoutDirection.RightToLeft)[0])
    return label


def tool_button(role: str, name: str, icon_size: int = 16) -> QToolButton:
    """A button of a role of the style sheet, with `name` as tooltip and for those who hear the screen."""
    button = QToolButton()
    set_name(button, name)
    button.setIconSize(QSize(icon_size, icon_size))
    button.setProperty("role", role)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button


def space_out(layout: Box, margins: tuple[int, int, int, int] = (0, 0, 0, 0), spacing: int = 6) -> Box:
    """Set a layout's margins and spacing and return it."""
    layout.setContentsMargins(*margins)
    layout.setSpacing(spacing)
    return layout


def bring_forward(window: QWidget) -> None:
    """Show a window of its own before all others. Some desktops would keep it on top of its parent for good."""
    window.show()
    if (handle := window.windowHandle()) is not None:
        handle.setTransientParent(None)  # type: ignore[arg-type]
    window.raise_()
    window.activateWindow()


def resize_within_screen(window: QWidget, width: int, height: int) -> None:
    """Give a window this size, or as much of it as the screen has room for with a frame around it."""
    room = window.screen().availableSize()
    window.resize(min(width, room.width()), min(height, room.height() - FRAME_PX))


def set_role(widget: QWidget, name: str, value: str) -> None:
    """Set a property that the style sheet looks at, and have the sheet look again; the writing stays as large."""
    size = widget.font().pointSizeF()
    widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    if widget.font().pointSizeF() != size:  # else the sheet takes away what a larger window gave
        font = QFont(widget.font())
        font.setPointSizeF(size)
        widget.setFont(font)


def set_name(button: QAbstractButton, name: str) -> None:
    """Give a button another tooltip and spoken name."""
    button.setToolTip(name)
    button.setAccessibleName(name)


def stand_in(spin: QAbstractSpinBox) -> None:
    """Keep the number off the edge, as the text of other fields is, and off the arrows, where reading begins.

    With a style sheet, Qt 6.11 heeds no padding here, and from right to left leaves the field under the arrows.
    Digits alone are of no script: Qt has them begin at the left.
    """
    rtl = spin.layoutDirection() == Qt.LayoutDirection.RightToLeft
    spin.setAlignment(sides(rtl)[0])
    spin.lineEdit().setTextMargins(FIELD_PX + rtl * ARROWS_PX, 0, 0 if rtl else FIELD_PX, 0)


def keep_place(widget: QWidget) -> None:
    """Have nothing move when `widget` hides or comes back."""
    policy = widget.sizePolicy()
    policy.setRetainSizeWhenHidden(True)
    widget.setSizePolicy(policy)


def allow_row(combo: QComboBox, row: int, problem: str) -> None:
    """Let a row of `combo` be chosen, or grey it where there is a problem, which its tip says."""
    model = combo.model()
    if isinstance(model, QStandardItemModel) and (item := model.item(row)) is not None:
        item.setEnabled(not problem)
        item.setToolTip(problem)


def review_button(text: str, act: Callable[[], None], parent: QWidget | None = None) -> QPushButton:
    """A button that does what a key does, and leaves the keyboard where it is."""
    button = QPushButton(text, parent)
    button.setFont(scaled(button.font(), 0.92))
    button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    button.clicked.connect(lambda _checked: act())
    return button


class TurnButton(QPushButton):
    """Begins something and ends it, and is as wide for the one as for the other: its neighbours stay in place."""

    def __init__(self, *texts: str) -> None:
        super().__init__(texts[0])
        self._texts = texts

    def sizeHint(self) -> QSize:
        option, bold = QStyleOptionButton(), QFont(self.font())  # whose size may be in pixels
        self.initStyleOption(option)
        bold.setBold(True)
        sizes = [metrics.size(0, one) for metrics in (QFontMetrics(bold), self.fontMetrics()) for one in self._texts]
        wide, high = max(one.width() for one in sizes), max(one.height() for one in sizes)
        if not option.icon.isNull():
            wide, high = wide + option.iconSize.width() + ICON_GAP_PX, max(high, option.iconSize.height())
        return self.style().sizeFromContents(QStyle.ContentsType.CT_PushButton, option, QSize(wide, high), self)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()


def dropped_paths(event: QDropEvent) -> list[Path]:
    """The files and folders of this machine that are dragged."""
    return [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]


def take_copy(event: QDropEvent) -> None:
    """Accept what is dragged, and leave it where it is: a file manager deletes what was accepted as moved."""
    event.setDropAction(Qt.DropAction.CopyAction)
    event.accept()


def splitter(orientation: Qt.Orientation, handle_px: int = 1) -> QSplitter:
    """Make what parts its widgets by a handle. None of them can be pushed together to nothing."""
    made = QSplitter(orientation, handleWidth=handle_px, childrenCollapsible=False)
    if orientation == Qt.Orientation.Horizontal and made.isRightToLeft():
        made.setContentsMargins(0, 0, 1, 0)  # there Qt puts all parts a pixel too far to the right
    return made


class GapArea(QScrollArea):
    """Lets `inner` be scrolled where it has no room: then there is a gap beside the bar, and else none.

    Without the bar its frames end where those above and below it do. The keyboard is its fields', which are followed.
    """

    def __init__(self, inner: QWidget, gap_px: int = 0, most_px: int = 0) -> None:
        super().__init__(widgetResizable=True)
        if most_px:  # fields as wide as a large window are no longer beside their names
            inner.setMaximumWidth(most_px)
            self.setAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignTop)
        self._inner, self._gap_px = inner, gap_px
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(inner)
        self.verticalScrollBar().rangeChanged.connect(self._keep_gap)

    def _keep_gap(self, _least: int, most: int) -> None:
        gap = self._gap_px if most > 0 else 0
        left, right = (gap, 0) if self.isRightToLeft() else (0, gap)  # margins do not turn round with the writing
        self._inner.setContentsMargins(left, 0, right, 0)


class FormArea(GapArea):
    """It takes no more room than the form asks for."""

    def __init__(self, form: QWidget, gap_px: int = 0, most_px: int = 0) -> None:
        super().__init__(form, gap_px, most_px)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        form.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)

    def sizeHint(self) -> QSize:
        return self._inner.sizeHint()  # Qt's own is at most 24 lines, and that of the first showing


def select_rows(table: QTableView, rows: Iterable[int]) -> None:
    """Select these rows and no others; the first is the current one from then on.

    Not by `selectRow`, which asks for the column at the edge of the viewport: from right to left Qt 6.11 finds none
    there and selects nothing.
    """
    chosen = QItemSelection()
    firsts = [table.model().index(row, 0) for row in rows]
    for first in firsts:
        chosen.select(first, first)
    if firsts:
        table.selectionModel().setCurrentIndex(firsts[0], QItemSelectionModel.SelectionFlag.NoUpdate)
    whole = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
    table.selectionModel().select(chosen, whole)
