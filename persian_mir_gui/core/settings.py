"""What the program remembers between starts."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, QSettings, Signal

from persian_mir.app_paths import config_dir
from persian_mir.checked_json import RecordError, parsed, plain
from persian_mir.computing import DEVICES, ENGINES, PRECISIONS

FILE_NAME = "settings.ini"


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing to remember. `choices`, where given, are all values allowed; a float lies within 0 and 1."""

    key: str
    kind: type
    default: Any
    description: str
    choices: tuple[Any, ...] = ()

    def accepts(self, value: object) -> bool:
        """Whether `value` may be stored."""
        if self.kind is float:
            return type(value) in (int, float) and 0.0 <= value <= 1.0  # type: ignore[operator]
        if self.kind is list:
            return isinstance(value, list) and all(isinstance(entry, str) for entry in value)
        return type(value) is self.kind and (not self.choices or value in self.choices)


SETTINGS = (
    Setting("language", str, "", "language of the window; empty: that of the system", ("", "en", "fa")),
    Setting("theme", str, "system", "colours", ("system", "light", "dark")),
    Setting("device", str, "auto", "where models run", DEVICES),
    Setting("precision", str, "auto", "how exactly models compute", PRECISIONS),
    Setting("engine", str, "auto", "what computes models on the CPU", ENGINES),
    Setting("volume", float, 0.8, "loudness of playback, 0 to 1"),
    Setting("loop_rises", bool, False, "loops begin slowly and speed up"),
    Setting("loop_start", float, 0.5, "speed at which such a loop begins"),
    Setting("loop_step", float, 0.05, "by which it is faster after some repeats"),
    Setting("loop_repeats", int, 3, "after how many repeats", tuple(range(1, 21))),
    Setting("loop_end", float, 1.0, "speed up to which it rises"),
    Setting("tuner_instrument", str, "setar", "instrument that was tuned last"),
    Setting("tuner_mode", str, "", "for which mode"),
    Setting("tuner_choice", int, 0, "which of its tunings"),
    Setting("tuner_a", int, 4400, "what A sounds at, tenths of Hz"),
    Setting("tuner_transposed", int, 0, "semitones that it sounds higher than it is called"),
    Setting("recent", list, [], "paths opened lately, newest first"),
    Setting("open_files", list, [], "paths open when the program ended"),
    Setting("predictors", list, ["modal"], "ids of the predictors chosen"),
    Setting("modal_window", int, 30, "seconds that a segment of the modal reading hears", (10, 15, 20, 30, 45, 60)),
    Setting("place", str, "", "what was looked at when the program ended, JSON"),
    Setting("geometry", str, "", "place and size of the window, base64"),
    Setting("splitter_state", str, "", "widths of the panes, base64"),
    Setting("last_folder", str, "", "folder of the last open dialog"),
    Setting("export_folder", str, "", "folder of the last export, or of the score that was opened after it"),
    Setting("catalogue_columns", list, [], "columns of the catalogue in their order, with widths: mode 88"),
    Setting("batch_folders", list, [], "folders, or recordings, that a batch labelled last"),
    Setting("batch_patterns", str, "", "which of their files"),
    Setting("batch_collection", str, "", "into which collection"),
    Setting("batch_watch", bool, False, "whether it went on with files that came later"),
    Setting("batch_report", str, "", "folder of the report about it"),
    Setting("csv_for_excel", bool, False, "labels exported as CSV begin with the mark that Excel knows UTF-8 by"),
    Setting("sidebar_visible", bool, True, "list of recordings shown"),
    Setting("inspector_visible", bool, True, "inspector shown"),
    Setting("pitch_visible", bool, True, "pitch shown below the waveform"),
    Setting("notes_over_pitch", bool, True, "notes of a score drawn over the pitch"),
    Setting("score_balance", float, 0.5, "of the notes beside their recording: 0 this alone, 1 those alone"),
    Setting("open_parts", list, ["why", "profile", "tonic"], "parts of the inspector that are not folded away"),
    Setting("label_on_open", bool, True, "label a recording as soon as it is open"),
    Setting("trainer_data", str, "", "what the trainer fitted on last"),
    Setting("trainer_plan", str, "", "how the trainer fitted last, JSON"),
    Setting("trainer_pretraining", str, "", "how a model was pre-trained last, JSON"),
    Setting("reviewer", str, "", "who reviews; empty: the login name"),
    Setting("review_order", str, "doubt", "which segment is reviewed next", ("doubt", "time")),
    Setting("review_heard", bool, False, "hear each segment that is reviewed"),
    Setting("mert_card_dismissed", bool, False, "the card about MERT was put away"),
)
MAX_RECENT = 12


class Settings(QObject):
    """Reads and writes the settings. What is stored but makes no sense reads as the default."""

    changed = Signal(str, object)  # key, value

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._file = QSettings(str(config_dir() / FILE_NAME), QSettings.Format.IniFormat)
        self._rows = {setting.key: setting for setting in SETTINGS}

    def get(self, key: str) -> Any:
        """The value of `key`. KeyError for a key that is not in the table."""
        row = self._rows[key]
        try:
            value = parsed(str(self._file.value(key, "")), plain)
        except RecordError:
            value = None
        if not row.accepts(value):
            value = row.default
        return list(value) if row.kind is list else row.kind(value)

    def set(self, key: str, value: Any) -> None:
        """Store `value` and tell everyone, unless it is what is stored. ValueError for a value that is not allowed."""
        if not self._rows[key].accepts(value):
            raise ValueError(f"{key} cannot be {value!r}")
        if value != self.get(key):
            self._file.setValue(key, json.dumps(value))
            self.changed.emit(key, value)

    def add_recent(self, path: str) -> None:
        """Put `path` first among the recent ones."""
        others = [entry for entry in self.get("recent") if entry != path]
        self.set("recent", [path, *others][:MAX_RECENT])

    def drop_recent(self, path: str) -> None:
        """Take `path` off the recent ones."""
        self.set("recent", [entry for entry in self.get("recent") if entry != path])

    def save(self) -> None:
        """Write to disk now."""
        self._file.sync()
