"""Which files of a folder are recordings."""

from __future__ import annotations

import os
from pathlib import Path

from persian_mir.audio.formats import KNOWN_SUFFIXES, audio_files


def test_folder_is_scanned_sorted_without_hidden_and_foreign(tmp_path):
    for name in ("b.WAV", "a.flac", "c/ضبط\u200cها.mp3", ".hidden.wav", ".git/x.wav", "c/note.txt", "c/d/e.opus"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    found = [path.relative_to(tmp_path).as_posix() for path in audio_files(tmp_path)]
    assert found == ["a.flac", "b.WAV", "c/d/e.opus", "c/ضبط\u200cها.mp3"]


def test_a_folder_is_in_the_order_in_which_people_count(tmp_path):
    names = ["1.wav", "2.wav", "11.wav", "side 2/x.wav", "side 10/x.wav", "ضبط ۲.wav", "ضبط ۱۰.wav"]
    for name in reversed(names):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert [path.relative_to(tmp_path).as_posix() for path in audio_files(tmp_path)] == names


def test_loops_of_links_end(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.wav").touch()
    (tmp_path / "in" / "loop").symlink_to(tmp_path)
    (tmp_path / "gone").symlink_to(tmp_path / "absent")
    (tmp_path / "self").symlink_to(tmp_path / "self")
    assert [path.name for path in audio_files(tmp_path)] == ["a.wav"]


def test_a_folder_that_vanishes_is_passed_over(tmp_path, monkeypatch):
    (tmp_path / "a.wav").touch()
    (tmp_path / "sub").mkdir()
    real = os.walk

    def walk(top: Path, **options: bool):
        yield from real(top, **options)
        yield str(tmp_path / "absent"), [], ["b.wav"]

    monkeypatch.setattr(os, "walk", walk)
    assert [path.name for path in audio_files(tmp_path)] == ["a.wav"]


def test_a_file_is_itself(tmp_path):
    assert audio_files(tmp_path / "any.thing") == [tmp_path / "any.thing"]


def test_suffixes_are_lower_case_with_a_dot(makers):
    assert all(suffix.startswith(".") and suffix == suffix.lower() for suffix in KNOWN_SUFFIXES)
    assert {kind.suffix for kind in makers.KINDS} <= KNOWN_SUFFIXES  # what can be read is found in a folder
    assert {".wav", ".flac", ".mp3", ".m4a", ".opus", ".ogg", ".aiff", ".wma", ".mp4"} <= KNOWN_SUFFIXES
