"""What a palette cannot say: round corners, quiet buttons, thin bars. `@name` is a colour of the theme."""

from __future__ import annotations

import re
from collections.abc import Mapping

from persian_mir.resources import RESOURCES

_SHEET = """
QWidget#topBar, QWidget#transport, QWidget#sidebar, QWidget#inspector { background: @panel; }
QWidget#review { background: @panel; border-top: 1px solid @border; }
QWidget#topBar { border-bottom: 1px solid @border; }
QWidget#transport { border-top: 1px solid @border; }
QWidget#middle { background: @background; }
QSplitter::handle { background: @border; }
QSplitter#gaps::handle { background: transparent; }
QSplitter#gaps::handle:hover { background: @border; }
QScrollArea, QScrollArea > QWidget > QWidget { background: transparent; border: none; }

QLabel[role="heading"] { color: @text_faint; font-weight: 600; }
QLabel[role="dim"] { color: @text_dim; }
QLabel[role="faint"] { color: @text_faint; }
QLabel[role="warning"] { color: @warning; }

QPushButton, QToolButton {
    background: @raised; color: @text; border: 1px solid @border; border-radius: 6px; padding: 5px 12px;
}
QPushButton:hover, QToolButton:hover { border-color: @text_faint; }
QPushButton:focus, QToolButton:focus, QLineEdit:focus { border-color: @accent; }
QPushButton:disabled, QToolButton:disabled { color: @text_faint; background: transparent; }
QPushButton[role="primary"], QToolButton[role="primary"] {
    background: @accent; color: @accent_text; border-color: @accent; font-weight: 600;
}
QPushButton[role="primary"]:focus, QToolButton[role="primary"]:focus { border-color: @text; }
QPushButton[role="primary"]:disabled, QToolButton[role="primary"]:disabled {
    background: @raised; color: @text_faint; border-color: @border;
}
QPushButton[role="label"] { padding: 4px 10px; text-align: left; }
QPushButton[role="label"]:checked { border: 2px solid @accent; padding: 3px 9px; }
QFileDialog QToolButton { padding: 4px; }
QToolButton[role="chip"] { border-radius: 13px; padding: 4px 12px; }
QToolButton[role="round"] { border-radius: 13px; padding: 5px; }
QToolButton[role="icon"] { padding: 7px; }
QPushButton[role="switch"]:checked, QToolButton[role="icon"]:checked {
    background: @accent; color: @accent_text; border-color: @accent;
}
QPushButton[role="switch"]:checked:focus, QToolButton[role="icon"]:checked:focus { border-color: @text; }
QPushButton[role="switch"]:checked:disabled { color: @text_faint; background: transparent; }
QToolButton[role="icon"]:checked:disabled { background: @raised; border-color: @border; }
QToolButton[role="quiet"], QPushButton[role="quiet"] { background: transparent; border-color: transparent; }
QToolButton[role="quiet"]:hover, QPushButton[role="quiet"]:hover { border-color: @border; }
QToolButton[role="quiet"]:focus, QPushButton[role="quiet"]:focus { border-color: @accent; }
QToolButton[role="link"], QPushButton[role="link"] {
    background: transparent; border: 1px solid transparent; color: @accent; padding: 2px 4px;
}
QToolButton[role="link"]:checked { background: @accent; color: @accent_text; }
QToolButton[role="link"]:focus, QPushButton[role="link"]:focus { border-color: @accent; }
QToolButton::menu-indicator, QPushButton::menu-indicator { image: none; width: 0; }

QPushButton[role="fold"] {
    background: transparent; border: 1px solid transparent; color: @text_faint; padding: 2px 0; font-weight: 600;
    text-align: left;
}
QPushButton[role="fold"]:hover { color: @text; }
QPushButton[role="fold"]:focus { border-color: @accent; }
QTableView { background: transparent; border: none; selection-background-color: @border; selection-color: @text; }
QTableView::item { border: none; padding: 0 1px; }
QTableView#plain::item { padding: 0 8px; }
QTableView#plain QHeaderView::section { padding: 2px 8px; }
QTableView#plain[layoutDirection="RightToLeft"] QHeaderView::section { padding: 2px 13px 2px 3px; }
QTableView#plain[dense="true"]::item { padding: 0 3px; }
QTableView#plain[dense="true"] QHeaderView::section { padding: 2px 3px; }
QTableView#plain[dense="true"][layoutDirection="RightToLeft"] QHeaderView::section { padding: 2px 8px 2px 0; }
QTableCornerButton::section { background: transparent; border: none; }
QHeaderView, QHeaderView::section { background: transparent; border: none; color: @text_faint; padding: 2px 2px; }

QLineEdit { background: @raised; border: 1px solid @border; border-radius: 6px; padding: 4px 9px; }
QListView { background: @raised; border: 1px solid @border; outline: none; } /* a completer's, a window of its own */
QWidget QListView, QTreeView { background: transparent; border: none; outline: none; }
QComboBox { background: @raised; border: 1px solid @border; border-radius: 6px; padding: 4px 9px; }
QComboBox { combobox-popup: 0; }
QComboBox:hover { border-color: @text_faint; }
QComboBox:focus { border-color: @accent; }
QComboBox::drop-down { border: none; width: 20px; }
QComboBox::down-arrow { image: url("@icons/down.svg"); width: 10px; height: 10px; }
QComboBox QAbstractItemView {
    background: @raised; color: @text; border: 1px solid @border; padding: 4px; outline: none;
    selection-background-color: @accent; selection-color: @accent_text;
}
QComboBox QAbstractItemView::item { padding: 5px 10px; border-radius: 4px; }
QComboBox QAbstractItemView::item:selected { background: @accent; color: @accent_text; }
QComboBox QAbstractItemView::item:disabled { color: @text_faint; background: transparent; }
QAbstractSpinBox { background: @raised; border: 1px solid @border; border-radius: 6px; padding: 3px 7px 2px 7px; }
QAbstractSpinBox:hover { border-color: @text_faint; }
QAbstractSpinBox:focus { border-color: @accent; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { background: transparent; border: none; width: 18px; }
QAbstractSpinBox::up-arrow { image: url("@icons/up.svg"); width: 8px; height: 8px; }
QAbstractSpinBox::down-arrow { image: url("@icons/down.svg"); width: 8px; height: 8px; }
QTreeView::item { padding: 2px 0; }
QCheckBox::indicator, QTreeView::indicator, QListView::indicator {
    width: 13px; height: 13px; border: 1px solid @text_faint; border-radius: 3px; background: @raised;
}
QCheckBox::indicator:checked, QTreeView::indicator:checked, QListView::indicator:checked {
    background: @accent; border-color: @accent; image: url("@icons/check.svg");
}
QCheckBox::indicator:focus { border-color: @accent; }
QCheckBox::indicator:disabled { border-color: @border; background: transparent; }
QAbstractScrollArea::corner { background: transparent; border: none; }
QListWidget#framed { background: @raised; border: 1px solid @border; border-radius: 6px; padding: 3px; }
QListWidget#trainerPages { background: @panel; border-right: 1px solid @border; padding: 10px 0; }
QListWidget#trainerPages::item { padding: 8px 14px; color: @text_dim; border-left: 3px solid transparent; }
QListWidget#trainerPages::item:selected { background: @raised; color: @text; }
QListWidget#trainerPages:focus::item:selected { color: @accent; }
QWidget#sideWindow { background: @background; }
QMenuBar { background: @panel; }
QMenuBar::item { padding: 4px 9px; background: transparent; }
QMenuBar::item:selected { background: @raised; }
QFrame#popup { background: @raised; border: 1px solid @border; }
QFrame#popup QCheckBox, QFrame#popup QSpinBox { color: @text; } /* on the teacher's screen not the program's own */
QFrame#popup QSpinBox:disabled { color: @text_faint; }
QMenu { background: @raised; color: @text; border: 1px solid @border; padding: 4px; }
QMenu::item { padding: 5px 26px 5px 22px; border-radius: 4px; }
QMenu::item:selected { background: @accent; color: @accent_text; }
QMenu::item:disabled { color: @text_faint; background: transparent; }
QMenu::separator { height: 1px; background: @border; margin: 4px 8px; }
QDialogButtonBox { dialogbuttonbox-buttons-have-icons: 0; }
QToolTip { background: @raised; color: @text; border: 1px solid @border; padding: 4px; }

QProgressBar { background: @border; border: none; border-radius: 2px; max-height: 5px; min-height: 5px; }
QProgressBar::chunk { background: @accent; border-radius: 2px; }
QSlider::groove:horizontal { height: 4px; background: @border; border-radius: 2px; }
QSlider::sub-page:horizontal { background: @text_faint; border-radius: 2px; }
QSlider::handle:horizontal { background: @text; width: 12px; margin: -4px 0; border-radius: 6px; }
QSlider::handle:horizontal:focus { background: @accent; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle { background: @border; border-radius: 4px; min-height: 24px; min-width: 24px; }
QScrollBar::handle:hover { background: @text_faint; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QFrame#message, QFrame#card, QFrame#modelRow {
    background: @raised; border: 1px solid @border; border-radius: 8px;
}
QFrame#card { margin: 8px 10px 10px 10px; }
QFrame#message[level="error"] { border-color: @error; }
QFrame#message[level="warning"] { border-color: @warning; }
QFrame#chart { background: @panel; border: 1px solid @border; border-radius: 8px; }
QGraphicsView[role="chart"] { background: transparent; border: 1px solid transparent; border-radius: 4px; }
QGraphicsView[role="chart"]:focus { border-color: @accent; }
QFrame#dropZone { background: transparent; border: 2px dashed @text_faint; border-radius: 10px; }
QFrame#dropZone[over="true"] { background: @raised; border-color: @accent; }
QPlainTextEdit, QTextBrowser { background: @raised; border: 1px solid @border; border-radius: 6px; }
"""


def stylesheet(colours: Mapping[str, str]) -> str:
    """The sheet with every `@name` replaced; KeyError for a colour that the theme does not have."""
    names = {**colours, "icons": (RESOURCES / "icons").as_posix()}
    return re.sub(r"@(\w+)", lambda found: names[found[1]], _SHEET)
