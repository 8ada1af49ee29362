"""The menus of the main window: every action, in its order. A new action is a new row."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from persian_mir.app_paths import log_dir
from persian_mir.i18n import _
from persian_mir.labels import MODAL_TASKS
from persian_mir_gui.core.settings import Settings
from persian_mir_gui.core.timeline import Timeline
from persian_mir_gui.labelling.labelling import Labelling
from persian_mir_gui.library import item_text
from persian_mir_gui.library.session import Session
from persian_mir_gui.modal.reading import Readings
from persian_mir_gui.playback.player import Player
from persian_mir_gui.playback.speed_button import step_speed
from persian_mir_gui.playback.tones import Tones
from persian_mir_gui.review.review import Review
from persian_mir_gui.shell.actions import Action, Row, Separator, Submenu
from persian_mir_gui.shell.commands import Commands
from persian_mir_gui.shell.exports import Exports
from persian_mir_gui.shell.help_dialog import about_dialog, guide_dialog, keys_dialog
from persian_mir_gui.shell.item_actions import ItemActions
from persian_mir_gui.shell.main_window import MainWindow
from persian_mir_gui.shell.preferences import Preferences

ZOOM_STEP = 1.6


def menu_titles() -> dict[str, str]:
    """Return the menus from first to last. A name with a dot is a submenu of the part before it."""
    return {
        "file": _("&File"),
        "file.recent": _("Open &recent"),
        "file.export": _("E&xport"),
        "edit": _("&Edit"),
        "view": _("&View"),
        "view.theme": _("&Colours"),
        "view.language": _("&Language"),
        "play": _("&Play"),
        "label": _("&Label"),
        "listen": _("L&isten"),
        "help": _("&Help"),
    }


class Menus:
    """Makes the rows of the menus; each part of the program that they act on is named."""

    def __init__(
        self,
        window: MainWindow,
        commands: Commands,
        exports: Exports,
        settings: Settings,
        session: Session,
        timeline: Timeline,
        labelling: Labelling,
        player: Player,
        readings: Readings,
        tones: Tones,
        review: Review,
        items: ItemActions,
    ) -> None:
        self._window, self._commands, self._exports, self._settings = window, commands, exports, settings
        self._session, self._timeline, self._labelling = session, timeline, labelling
        self._player, self._readings, self._tones, self._review = player, readings, tones, review
        self._items = items

    def rows(self) -> tuple[Row, ...]:
        """Return all rows, in the order of the menus, in the user's language."""
        return (
            *self._file(),
            *self._items.rows(),
            *self._view(),
            *self._play(),
            *self._label(),
            *self._listen(),
            *self._help(),
        )

    def _ready(self) -> bool:
        return self._session.current is not None and self._session.current.state == "ready"

    def _open(self) -> bool:
        return bool(self._session.items)

    def _playable(self) -> bool:
        return self._ready() and self._player.available

    def _reviewable(self) -> bool:
        return bool(self._review.lanes())

    def _setting(self, key: str, value: object) -> bool:
        return bool(self._settings.get(key) == value)

    def _file(self) -> Iterator[Row]:
        do, window = self._commands, self._window
        yield Action("file", "open", _("&Open…"), do.open, ("Ctrl+O",))
        yield Action("file", "open_folder", _("Open &folder…"), do.open_folder, ("Ctrl+Shift+O",))
        yield Submenu("file", "file.recent")
        yield Action("file", "catalogue", _("Ca&talogue…"), window.archive.appear, ("Ctrl+B",))
        yield Action("file", "batch", _("La&bel folders…"), window.batch.appear, ("Ctrl+Shift+B",))
        yield Action("file", "examples", _("&Example recordings"), window.examples_wanted.emit)
        yield Submenu("file", "file.export")
        yield from self._export()
        yield Separator("file")
        yield Action("file", "close", _("&Close recording"), do.close, ("Ctrl+W",), self._open)
        yield Action("file", "close_all", _("Close &all"), self._session.close_all, ("Ctrl+Shift+W",), self._open)
        yield Separator("file")
        yield Action("file", "preferences", _("&Preferences…"), self._show_preferences, ("Ctrl+,",))
        yield Action("file", "quit", _("&Quit"), window.close, ("Ctrl+Q",))

    def _export(self) -> Iterator[Row]:
        yield self._exported("labels-csv", _("&Labels as CSV…"))
        yield self._exported("labels-json", _("Labels as &JSON…"))
        yield self._exported("all-labels-csv", _("Labels of &all as CSV…"))
        yield self._exported("all-labels-json", _("Labels of all as JS&ON…"))
        yield Separator("file.export")
        yield self._exported("pitch-track", _("Pitch &track as CSV…"))
        yield self._exported("scala", _("&Scale as Scala file…"))
        yield self._exported("tuning", _("T&uning table…"))
        yield Separator("file.export")
        yield self._exported("pitch-view", _("Picture of the &pitch…"))
        yield self._exported("profile", _("Picture of the p&rofile…"))

    def _exported(self, kind: str, text: str) -> Action:
        ask, can = self._exports.ask, self._exports.can
        return Action("file.export", f"export:{kind}", text, lambda: ask(kind), enabled=lambda: can(kind))

    def _view(self) -> Iterator[Row]:
        window, timeline, do = self._window, self._timeline, self._commands
        yield Submenu("view", "view.theme")
        for key, text in (("system", _("As the &system")), ("light", _("&Light")), ("dark", _("&Dark"))):
            yield self._choice("theme", key, text)
        yield Submenu("view", "view.language")
        for key, text in (("", _("As the &system")), ("en", "English"), ("fa", "فارسی")):
            yield self._choice("language", key, text)
        yield Separator("view")
        yield self._pane("sidebar", _("Li&st of recordings"), "F8")
        yield self._pane("inspector", _("&Details"), "F9")
        shown = lambda: bool(self._settings.get("pitch_visible"))  # noqa: E731
        yield Action("view", "pitch_pane", _("Pi&tch"), window.show_pitch, ("F7",), checked=shown)
        yield self._switch("notes_over_pitch", _("Notes of the score o&ver the pitch"))
        yield Action(
            "view", "full_screen", _("F&ull screen"), window.fill_screen, ("Shift+F11",), checked=window.isFullScreen
        )
        yield Separator("view")
        yield Action("view", "zoom_in", _("Zoom &in"), lambda: self._zoom(ZOOM_STEP), ("Ctrl++", "Ctrl+="), self._ready)
        yield Action("view", "zoom_out", _("Zoom &out"), lambda: self._zoom(1 / ZOOM_STEP), ("Ctrl+-",), self._ready)
        yield Action("view", "zoom_fit", _("&Whole recording"), timeline.fit, ("Ctrl+0",), self._ready)
        to_selection = timeline.zoom_to_selection
        yield Action("view", "zoom_selection", _("&Zoom to the selection"), to_selection, ("Ctrl+E",), self._ready)
        yield Separator("view")
        yield Action("view", "search", _("Searc&h recordings"), window.look_for, ("Ctrl+F",))
        yield Action("view", "previous", _("&Previous recording"), lambda: do.step(-1), ("Ctrl+Up",), self._open)
        yield Action("view", "next", _("&Next recording"), lambda: do.step(1), ("Ctrl+Down",), self._open)

    def _zoom(self, factor: float) -> None:
        self._timeline.zoom(factor, self._timeline.playhead)

    def _choice(self, setting: str, value: str, text: str) -> Action:
        choose = self._commands.choose
        return Action(
            f"view.{setting}",
            f"{setting}:{value}",
            text,
            lambda: choose(setting, value),
            checked=lambda: self._setting(setting, value),
            group=setting,
        )

    def _switch(self, setting: str, text: str) -> Action:
        settings = self._settings
        return Action(
            "view", setting, text, lambda on: settings.set(setting, on), checked=lambda: bool(settings.get(setting))
        )

    def _pane(self, name: str, text: str, key: str) -> Action:
        window = self._window
        return Action(
            "view", name, text, lambda on: window.show_pane(name, on), (key,), checked=lambda: window.shows_pane(name)
        )

    def _play(self) -> Iterator[Row]:
        do, player, transport = self._commands, self._player, self._window.transport
        loop = transport.loop
        yield Action("play", "play_pause", _("&Play or pause"), do.play, ("Space",), self._playable)
        yield Action("play", "play_selection", _("Play the sele&ction"), do.play_selection, ("S",), self._playable)
        yield Action("play", "to_start", _("To the &start"), transport.go_to_start, ("Ctrl+Home",), self._ready)
        yield Action("play", "to_end", _("To the &end"), transport.go_to_end, ("Ctrl+End",), self._ready)
        yield Action("play", "loop", _("&Loop"), loop.setChecked, ("L",), checked=loop.isChecked)
        yield Action(
            "play", "loop_rises", _("L&oops that speed up…"), transport.rising.open, ("Shift+L",), self._playable
        )
        yield Action("play", "slower", _("Slo&wer"), lambda: step_speed(player, -1), ("Ctrl+[",))
        yield Action("play", "faster", _("&Faster"), lambda: step_speed(player, 1), ("Ctrl+]",))

    def _label(self) -> Iterator[Row]:
        do, window, settings = self._commands, self._window, self._settings
        yield Action("label", "label_current", _("&Label recording"), do.label, ("Ctrl+L",), self._ready)
        yield Action("label", "label_all", _("Label &all open recordings"), do.label_all, ("Ctrl+Shift+L",), self._open)
        yield Action("label", "read_pitch", _("Read the p&itch"), self._readings.compute, enabled=self._ready)
        working = lambda: self._labelling.running or bool(self._tones.playing)  # noqa: E731
        yield Action("label", "cancel", _("&Cancel"), do.cancel, ("Esc",), working)
        yield Action("label", "review", _("Re&view segments"), window.review_segments, ("F4",), self._reviewable)
        yield Action("label", "give_label", _("Give a label by &name…"), window.give_label, ("F2",), self._reviewable)
        yield Action("label", "accept_whole", _("Acc&ept the verdict"), self._accept, ("Ctrl+Return",), self._ready)
        yield Action(
            "label", "label_whole", _("Label whole recordin&gs…"), self._label_whole, ("Shift+F2",), self._ready
        )
        yield Action("label", "reviewer", _("Revie&wer’s name…"), window.review.ask_who)
        yield Separator("label")
        yield Submenu("label", "predictors")
        yield Submenu("label", "device")
        add = window.top.predictors.ask_for_probe
        yield Action("label", "add_probe", _("Add a &probe file…"), add, ("Ctrl+P",))
        yield Action("label", "models", _("&Models…"), window.models.appear)
        yield Action(
            "label",
            "label_on_open",
            _("Label on &opening"),
            lambda on: settings.set("label_on_open", on),
            checked=lambda: bool(settings.get("label_on_open")),
        )
        yield Separator("label")
        yield Action("label", "trainer", _("&Trainer…"), window.trainer.appear, ("Ctrl+T",))

    def _accept(self) -> None:
        self._review.statements.accept_whole(self._window.sidebar.chosen())

    def _label_whole(self) -> None:
        items = self._window.sidebar.chosen()
        if items:
            self._window.sidebar.menu.name_wanted.emit(items, item_text.main_task(items[0]) or MODAL_TASKS[0])

    def _listen(self) -> Iterator[Row]:
        yield Action("listen", "live", _("&Live…"), self._window.live.appear, ("Ctrl+R",))
        yield Action("listen", "tuner", _("T&uning…"), self._window.tuner.appear, ("Ctrl+Shift+U",))
        yield Action("listen", "quiz", _("&Quiz by ear…"), self._window.quiz.appear, ("Ctrl+Shift+Q",))
        yield Action("listen", "score", _("&Score…"), self._window.score.appear, ("Ctrl+Shift+N",))
        yield Action("listen", "teacher", _("&Teacher’s screen"), self._window.teacher.appear, ("F11",))

    def _help(self) -> Iterator[Row]:
        window = self._window
        yield Action("help", "guide", _("User &guide"), lambda: guide_dialog(window).show())
        yield Action("help", "keys", _("&Keys and gestures"), self._show_keys, ("F1",))
        show_log = lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(log_dir())))  # noqa: E731
        yield Action("help", "log", _("Open the folder of the &log"), show_log)
        yield Action("help", "about", _("&About Persian MIR"), lambda: about_dialog(window).show())

    def _show_preferences(self) -> None:
        Preferences(self._settings, self._commands.choose, self._window).show()

    def _show_keys(self) -> None:
        keys_dialog(menu_titles(), self.rows(), self._window).show()
