"""Clips are cut from the recording, sample by sample, and nothing is written over."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from persian_mir.audio import open_audio
from persian_mir.catalogue.model import Described, Programme, Statement
from persian_mir.errors import PersianMirError
from persian_mir.exchange import clips
from tests.persian_mir.exchange.described import LATER, machine

RATE = 8000


@pytest.fixture
def one(tmp_path: Path) -> Described:
    path = tmp_path / "take: 1.wav".replace(":", "")
    soundfile.write(path, np.random.default_rng(0).integers(-9000, 9000, (4 * RATE, 2), np.int16), RATE)
    with open_audio(path) as source:
        recording = source.recording
    told = (
        machine("mode", 0, 4 * RATE, "segah", 0.9, "a"),
        machine("mode", 0, RATE, "segah", 0.9, "b"),
        machine("mode", RATE, 3 * RATE + 7, "shour", 0.6, "c"),
        Statement("mode", RATE, 3 * RATE + 7, "dashti", "corrected", "Sara", when=LATER, id="d"),
        Statement("instrument", 0, 4 * RATE, "ney", "corrected", "Sara", when=LATER, id="e"),
    )
    return Described(str(path), recording.content_hash, RATE, 4 * RATE, programme=Programme("7/8"), statements=told)


def made(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_each_segment_of_a_label_is_a_clip(one: Described, tmp_path: Path) -> None:
    clips.write(tmp_path / "out", [one], ["mode=segah", "dashti"])
    dashti = "dashti/take 1 00001.000-00003.001.wav"
    assert made(tmp_path / "out") == [dashti, "segah/take 1 00000.000-00001.000.wav"]
    whole, _rate = soundfile.read(one.path, dtype="int16")
    clip, rate = soundfile.read(tmp_path / "out" / dashti, dtype="int16")
    assert rate == RATE
    np.testing.assert_array_equal(clip, whole[RATE : 3 * RATE + 7])


def test_nothing_is_written_over_and_two_recordings_of_a_name_stay_apart(one: Described, tmp_path: Path) -> None:
    for _time in range(2):
        clips.write(tmp_path / "out", [one, one], ["ney"], "{label}")
    assert made(tmp_path / "out") == ["ney (2).wav", "ney (3).wav", "ney (4).wav", "ney.wav"]


def test_a_field_makes_no_folder(one: Described, tmp_path: Path) -> None:
    odd = replace(one, programme=Programme("../../7/8"))
    clips.write(tmp_path / "out", [odd], ["ney"], "x/{number}")
    assert made(tmp_path) == ["out/x/_.._7_8.wav", "take 1.wav"]


@pytest.mark.parametrize(
    "template", ["{sex}", "{label!r}", "{label:99999999}", "{", "plain", "{label.__class__}", "x" * 300]
)
def test_odd_templates_are_refused(template: str) -> None:
    with pytest.raises(PersianMirError, match="template"):
        clips.check_template(template)


def test_another_sound_is_not_cut(one: Described, tmp_path: Path) -> None:
    with pytest.raises(PersianMirError, match="another sound"):
        clips.write(tmp_path / "out", [replace(one, content_hash="0" * 32)])
    with pytest.raises(PersianMirError, match="no segment"):
        clips.write(tmp_path / "out", [one], ["mode=nava"])
    assert not (tmp_path / "out").exists()
