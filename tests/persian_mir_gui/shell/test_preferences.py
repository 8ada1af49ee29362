"""The preferences are the declared settings: each has words, takes effect at once, and follows other hands."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QLineEdit, QSlider
from pytestqt.qtbot import QtBot

from persian_mir_gui.core.settings import SETTINGS, Settings
from persian_mir_gui.shell.preferences import Preferences, setting_words

# What the program remembers by itself, or where another place is the right one to change it.
NOT_FOR_HANDS = {
    "recent", "open_files", "predictors", "place", "geometry", "splitter_state", "last_folder", "export_folder",
    "open_parts",
    "trainer_data", "trainer_plan", "trainer_pretraining", "mert_card_dismissed", "catalogue_columns",
    "batch_folders", "batch_patterns", "batch_collection", "batch_watch", "batch_report",
    "loop_rises", "loop_start", "loop_step", "loop_repeats", "loop_end",
    "tuner_instrument", "tuner_mode", "tuner_choice", "tuner_a", "tuner_transposed",
    "score_balance",
}  # fmt: skip


@pytest.fixture
def settings(qapp: object) -> Settings:
    return Settings()


@pytest.fixture
def preferences(settings: Settings, qtbot: QtBot) -> Preferences:
    made = Preferences(settings, settings.set)
    qtbot.addWidget(made)
    return made


def test_every_setting_is_offered_or_said_to_be_the_programs_own(preferences: Preferences) -> None:
    offered = {key for rows in setting_words().values() for key in rows}
    assert offered == set(preferences.fields)
    assert offered | NOT_FOR_HANDS == {setting.key for setting in SETTINGS}
    assert not offered & NOT_FOR_HANDS


@pytest.mark.parametrize(("key", "value"), [("theme", "dark"), ("modal_window", 45), ("review_order", "time")])
def test_a_choice_is_set_and_followed(preferences: Preferences, settings: Settings, key: str, value: Any) -> None:
    box = preferences.fields[key]
    assert isinstance(box, QComboBox)
    box.setCurrentIndex(box.findData(value))
    box.activated.emit(box.currentIndex())
    assert settings.get(key) == value
    first = next(setting.choices[0] for setting in SETTINGS if setting.key == key)
    settings.set(key, first)
    assert box.currentData() == first


def test_ticks_lines_and_sliders_are_set(preferences: Preferences, settings: Settings) -> None:
    tick, line, slider = (preferences.fields[key] for key in ("label_on_open", "reviewer", "volume"))
    assert isinstance(tick, QCheckBox)
    assert isinstance(line, QLineEdit)
    assert isinstance(slider, QSlider)
    tick.click()
    line.setText(" Sara ")
    line.editingFinished.emit()
    slider.setValue(35)
    assert (settings.get("label_on_open"), settings.get("reviewer"), settings.get("volume")) == (False, "Sara", 0.35)


def test_a_hint_stands_close_to_its_field(preferences: Preferences, qtbot: QtBot) -> None:
    preferences.resize(900, 600)
    with qtbot.waitExposed(preferences):
        preferences.show()
    hints = {words.hint: key for rows in setting_words().values() for key, words in rows.items() if words.hint}
    for label in preferences.findChildren(QLabel):
        if label.text() in hints:
            field = preferences.fields[hints[label.text()]]
            assert 0 <= label.y() - field.geometry().bottom() < 12
            assert label.height() < 2.5 * label.fontMetrics().height()
