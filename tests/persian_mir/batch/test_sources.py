from __future__ import annotations

import os
import time
import unicodedata
from pathlib import Path

import pytest

from persian_mir.batch.sources import SETTLED_S, Sources, settled
from persian_mir.errors import PersianMirError


def names(*places: Path, patterns: tuple[str, ...] = ()) -> list[str]:
    return [one.path.name for one in Sources(places, patterns).found()]


def test_a_folder_is_all_that_is_in_it(folder: Path) -> None:
    assert len(names(folder)) == 9
    assert len(names(folder, folder / "1343", folder / "1343" / "take 0.wav")) == 9  # each once
    assert names(folder / "1343" / "take 0.wav", folder)[0] == "take 0.wav"


def test_patterns_choose_and_leave_out(folder: Path) -> None:
    assert names(folder, patterns=("*.FLAC",)) == ["take 1.flac", "header.flac", "take 4.flac"]
    assert names(folder, patterns=("1343/*",)) == ["take 0.wav", "take 1.flac", "take 2.ogg"]
    assert names(folder, patterns=("*.flac", "!header*")) == ["take 1.flac", "take 4.flac"]
    assert len(names(folder, patterns=("!1343/*",))) == 6
    assert names(folder / "empty.wav", patterns=("*.flac",)) == ["empty.wav"]  # named itself


def test_a_folder_may_be_spelt_in_another_form_of_unicode(folder: Path) -> None:
    stored = folder / unicodedata.normalize("NFD", "آواز")
    stored.mkdir()
    (folder / "take 3.wav").rename(stored / "take 3.wav")
    asked = folder / unicodedata.normalize("NFC", "آواز")
    assert asked != stored
    Sources((asked,)).check()
    assert names(asked, patterns=("*.wav",)) == ["take 3.wav"]


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(PersianMirError, match="does not exist"):
        Sources((tmp_path / "none",)).check()


def test_a_file_that_is_still_written_is_not_settled(folder: Path) -> None:
    path = folder / "take 3.wav"
    (found,) = Sources((path,)).found()
    assert not settled(found)
    then = time.time() - SETTLED_S - 1
    os.utime(path, (then, then))
    (found,) = Sources((path,)).found()
    assert settled(found)
