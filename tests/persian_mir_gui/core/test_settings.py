from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QSettings

from persian_mir.app_paths import config_dir
from persian_mir_gui.core.settings import FILE_NAME, MAX_RECENT, SETTINGS, Settings


def test_defaults_are_allowed_values() -> None:
    settings = Settings()
    for row in SETTINGS:
        assert row.accepts(row.default)
        assert settings.get(row.key) == row.default


def test_values_survive_a_restart() -> None:
    settings = Settings()
    settings.set("volume", 0.25)
    settings.set("theme", "dark")
    settings.set("open_files", ['/موسیقی/سه‌گاه, "یک".flac', "b;c=%d"])
    settings.set("sidebar_visible", False)
    settings.save()
    again = Settings()
    assert again.get("volume") == 0.25
    assert again.get("theme") == "dark"
    assert again.get("open_files") == ['/موسیقی/سه‌گاه, "یک".flac', "b;c=%d"]
    assert again.get("sidebar_visible") is False


@pytest.mark.parametrize("stored", ["", "{", "[1, 2]", "null", "7", '"no such theme"', "true", "[" * 5000])
def test_what_makes_no_sense_reads_as_the_default(stored: str) -> None:
    file = QSettings(str(config_dir() / FILE_NAME), QSettings.Format.IniFormat)
    for key in ("theme", "open_files", "geometry"):
        file.setValue(key, stored)
    file.sync()
    settings = Settings()
    assert settings.get("theme") == "system"
    assert settings.get("open_files") == []
    assert isinstance(settings.get("geometry"), str)


@given(st.binary(max_size=200))
def test_a_damaged_file_does_no_harm(rubbish: bytes) -> None:
    (config_dir() / FILE_NAME).write_bytes(rubbish)
    settings = Settings()
    for row in SETTINGS:
        assert row.accepts(settings.get(row.key))


def test_changes_are_told_once(qapp) -> None:
    settings = Settings()
    seen: list[tuple[str, object]] = []
    settings.changed.connect(lambda key, value: seen.append((key, value)))
    settings.set("theme", "light")
    settings.set("theme", "light")
    assert seen == [("theme", "light")]


def test_wrong_values_are_refused() -> None:
    settings = Settings()
    for key, value in (("volume", 2.0), ("volume", True), ("theme", "pink"), ("recent", [1]), ("sidebar_visible", 1)):
        with pytest.raises(ValueError, match=key):
            settings.set(key, value)


def test_recent_paths_are_few_and_each_once() -> None:
    settings = Settings()
    for name in [str(k) for k in range(20)] + ["15"]:
        settings.add_recent(name)
    recent = settings.get("recent")
    assert len(recent) == MAX_RECENT
    assert recent[:2] == ["15", "19"]
    assert len(set(recent)) == MAX_RECENT
