"""Every action of the window in one table: menus, buttons, keys and Help are made from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from persian_mir.i18n import _


@dataclass(frozen=True, slots=True)
class Row:
    """One action. `id` empty is a separator; `group` names actions of which one is checked."""

    menu: str
    id: str = ""
    text: str = ""
    keys: tuple[str, ...] = ()
    checkable: bool = False
    group: str = ""


def menu_titles() -> dict[str, str]:
    """The menus from first to last. A name with a dot is a submenu of the part before it."""
    return {
        "file": _("&File"),
        "file.recent": _("Open &recent"),
        "file.export": _("E&xport"),
        "view": _("&View"),
        "view.theme": _("&Colours"),
        "view.language": _("&Language"),
        "play": _("&Play"),
        "label": _("&Label"),
        "listen": _("L&isten"),
        "help": _("&Help"),
    }


def action_table() -> tuple[Row, ...]:
    """All actions, in the order of the menus, in the user's language."""
    return (
        Row("file", "open", _("&Open…"), ("Ctrl+O",)),
        Row("file", "open_folder", _("Open &folder…"), ("Ctrl+Shift+O",)),
        Row("file", "file.recent"),
        Row("file", "examples", _("&Example recordings")),
        Row("file", "file.export"),
        Row("file.export", "export:labels-csv", _("&Labels as CSV…")),
        Row("file.export", "export:labels-json", _("Labels as &JSON…")),
        Row("file.export"),
        Row("file.export", "export:pitch-track", _("Pitch &track as CSV…")),
        Row("file.export", "export:scala", _("&Scale as Scala file…")),
        Row("file.export", "export:tuning", _("T&uning table…")),
        Row("file.export"),
        Row("file.export", "export:pitch-view", _("Picture of the &pitch…")),
        Row("file.export", "export:profile", _("Picture of the p&rofile…")),
        Row("file"),
        Row("file", "close", _("&Close recording"), ("Ctrl+W",)),
        Row("file", "close_all", _("Close &all"), ("Ctrl+Shift+W",)),
        Row("file"),
        Row("file", "quit", _("&Quit"), ("Ctrl+Q",)),
        Row("view", "view.theme"),
        Row("view.theme", "theme:system", _("As the &system"), (), True, "theme"),
        Row("view.theme", "theme:light", _("&Light"), (), True, "theme"),
        Row("view.theme", "theme:dark", _("&Dark"), (), True, "theme"),
        Row("view", "view.language"),
        Row("view.language", "language:", _("As the &system"), (), True, "language"),
        Row("view.language", "language:en", "English", (), True, "language"),
        Row("view.language", "language:fa", "فارسی", (), True, "language"),
        Row("view"),
        Row("view", "sidebar", _("Li&st of recordings"), ("F8",), True),
        Row("view", "inspector", _("&Details"), ("F9",), True),
        Row("view", "pitch_pane", _("Pi&tch"), ("F7",), True),
        Row("view", "full_screen", _("F&ull screen"), ("Shift+F11",), True),
        Row("view"),
        Row("view", "zoom_in", _("Zoom &in"), ("Ctrl++", "Ctrl+=")),
        Row("view", "zoom_out", _("Zoom &out"), ("Ctrl+-",)),
        Row("view", "zoom_fit", _("&Whole recording"), ("Ctrl+0",)),
        Row("view", "zoom_selection", _("&Zoom to the selection"), ("Ctrl+E",)),
        Row("view"),
        Row("view", "search", _("Searc&h recordings"), ("Ctrl+F",)),
        Row("view", "previous", _("&Previous recording"), ("Ctrl+Up",)),
        Row("view", "next", _("&Next recording"), ("Ctrl+Down",)),
        Row("play", "play_pause", _("&Play or pause"), ("Space",)),
        Row("play", "play_selection", _("Play the sele&ction"), ("S",)),
        Row("play", "to_start", _("To the &start"), ("Ctrl+Home",)),
        Row("play", "to_end", _("To the &end"), ("Ctrl+End",)),
        Row("play", "loop", _("&Loop"), ("L",), True),
        Row("play", "slower", _("Slo&wer"), ("Ctrl+[",)),
        Row("play", "faster", _("&Faster"), ("Ctrl+]",)),
        Row("label", "label_current", _("&Label recording"), ("Ctrl+L",)),
        Row("label", "label_all", _("Label &all open recordings"), ("Ctrl+Shift+L",)),
        Row("label", "read_pitch", _("Read the p&itch")),
        Row("label", "cancel", _("&Cancel"), ("Esc",)),
        Row("label", "review", _("Re&view segments"), ("F4",)),
        Row("label", "give_label", _("Give a label by &name…"), ("F2",)),
        Row("label", "reviewer", _("Revie&wer’s name…")),
        Row("label"),
        Row("label", "predictors"),
        Row("label", "device"),
        Row("label", "add_probe", _("Add a &probe file…"), ("Ctrl+P",)),
        Row("label", "label_on_open", _("Label on &opening"), (), True),
        Row("label"),
        Row("label", "trainer", _("&Trainer…"), ("Ctrl+T",)),
        Row("listen", "live", _("&Live…"), ("Ctrl+R",)),
        Row("listen", "teacher", _("&Teacher’s screen"), ("F11",)),
        Row("help", "keys", _("&Keys and gestures"), ("F1",)),
        Row("help", "log", _("Open the folder of the &log")),
        Row("help", "about", _("&About Persian MIR")),
    )


Handlers = Mapping[str, Callable[..., object]]


def build_menus(
    bar: QMenuBar, owner: QWidget, handlers: Handlers, guests: Mapping[str, QMenu]
) -> tuple[dict[str, QAction], dict[str, QMenu]]:
    """Make the menus of the table; KeyError for an action without a handler.

    `guests` are menus that others own (predictors, device), put where a row names them.
    """
    menus: dict[str, QMenu] = {}
    for name, title in menu_titles().items():
        menus[name] = QMenu(title, bar)
        if "." not in name:
            bar.addMenu(menus[name])
    actions: dict[str, QAction] = {}
    groups: dict[str, QActionGroup] = {}
    for row in action_table():
        inner = menus.get(row.id) or guests.get(row.id)
        if not row.id:
            menus[row.menu].addSeparator()
        elif inner is not None:
            menus[row.menu].addMenu(inner)
        else:
            actions[row.id] = _make(row, owner, handlers, groups)
            menus[row.menu].addAction(actions[row.id])
    return actions, menus


def _make(row: Row, owner: QWidget, handlers: Handlers, groups: dict[str, QActionGroup]) -> QAction:
    action = QAction(row.text, owner, checkable=row.checkable)
    action.setShortcuts([QKeySequence(key) for key in row.keys])
    kind, colon, value = row.id.partition(":")
    if colon:
        handler = handlers[kind]
        action.triggered.connect(lambda _checked, chosen=value: handler(chosen))
    elif row.checkable:
        turn = handlers[row.id]
        action.triggered.connect(lambda on: turn(on))  # a slot of Qt's own would be called without the state
    else:
        handler = handlers[row.id]
        action.triggered.connect(lambda _checked: handler())
    if row.group:
        group = groups.setdefault(row.group, QActionGroup(owner))
        group.addAction(action)
    return action
