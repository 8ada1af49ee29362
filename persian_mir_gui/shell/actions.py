"""What can be done in the window: one object an action, from which menus, keys, buttons and Help are made."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QActionGroup, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from persian_mir_gui.core.keyboard import MenuKeys, sequences


def always() -> bool:
    """Whether something can be done that can always be done."""
    return True


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that can be done: where it stands, what it is called, its keys, what it does and when it can be done.

    `run` is called without arguments; where `checked` tells a state, with the state that is wished. `group` names
    actions of which one is checked; those are called without arguments, too.
    """

    menu: str
    id: str
    text: str
    run: Callable[..., object]
    keys: tuple[str, ...] = ()
    enabled: Callable[[], bool] = always
    checked: Callable[[], bool] | None = None
    group: str = ""


@dataclass(frozen=True, slots=True)
class Submenu:
    """A menu within a menu; `id` is its name among the titles or among the guests."""

    menu: str
    id: str


@dataclass(frozen=True, slots=True)
class Separator:
    """A line between two actions."""

    menu: str


Row = Action | Submenu | Separator


class ActionSet:
    """The menus and the Qt actions made from rows. `guests` are menus that others own, put where a row names them."""

    def __init__(
        self,
        bar: QMenuBar,
        owner: QWidget,
        titles: Mapping[str, str],
        rows: Iterable[Row],
        guests: Mapping[str, QMenu],
    ) -> None:
        self.rows = tuple(rows)
        self.menus = {name: QMenu(title, bar) for name, title in titles.items()}
        keys = MenuKeys(bar)
        for menu in self.menus.values():
            menu.installEventFilter(keys)
        self._actions: dict[str, QAction] = {}
        groups: dict[str, QActionGroup] = {}
        for name, menu in self.menus.items():
            if "." not in name:
                bar.addMenu(menu)
        for row in self.rows:
            match row:
                case Separator():
                    self.menus[row.menu].addSeparator()
                case Submenu():
                    self.menus[row.menu].addMenu(self.menus.get(row.id) or guests[row.id])
                case Action():
                    self._actions[row.id] = _make(row, owner, groups)
                    self.menus[row.menu].addAction(self._actions[row.id])
        self.refresh()

    def __getitem__(self, name: str) -> QAction:
        return self._actions[name]

    def rename(self, name: str, text: str) -> None:
        """Call an action something else; its key stays behind the words."""
        row = next(row for row in self.rows if isinstance(row, Action) and row.id == name)
        self._actions[name].setText(_with_keys(replace(row, text=text)))

    def refresh(self, *_news: object) -> None:
        """Offer what can be done now, check what is on; a submenu in which nothing can be done is closed."""
        for row in self.rows:
            if isinstance(row, Action):
                action = self._actions[row.id]
                action.setEnabled(row.enabled())
                if row.checked is not None and action.isChecked() != row.checked():
                    action.setChecked(row.checked())
        for name, menu in self.menus.items():
            if "." in name and menu.actions():
                menu.setEnabled(any(action.isEnabled() for action in menu.actions() if not action.isSeparator()))


def _with_keys(row: Action) -> str:
    """Return the words; from right to left with the key behind them, isolated, else `Ctrl+[` would be turned round."""
    if not row.keys or QGuiApplication.layoutDirection() == Qt.LayoutDirection.LeftToRight:
        return row.text
    return f"{row.text}\t\u2066{key_text(row.keys[0])}\u2069"


def key_text(key: str) -> str:
    """Return a key as keyboards are labelled: `Ctrl+[` in every language, on a Mac its signs."""
    formats = QKeySequence.SequenceFormat
    return QKeySequence(key).toString(formats.NativeText if sys.platform == "darwin" else formats.PortableText)


def _make(row: Action, owner: QWidget, groups: dict[str, QActionGroup]) -> QAction:
    action = QAction(_with_keys(row), owner, checkable=row.checked is not None)
    action.setShortcuts(sequences(*row.keys))
    run = row.run
    if row.checked is not None and not row.group:
        action.triggered.connect(lambda on: run(on))  # a slot of Qt's own would be called without the state
    else:
        action.triggered.connect(lambda _checked: run())
    if row.group:
        groups.setdefault(row.group, QActionGroup(owner)).addAction(action)
    return action
