"""A file that another program writes to while it is read: nothing mixed is kept, and nothing mixed is answered."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
import soundfile

from persian_mir.app_paths import cache_dir
from persian_mir.audio import open_audio
from persian_mir.audio.pyramid import build_pyramid, load_pyramid
from persian_mir.errors import AudioError
from persian_mir.modal.pitch import load_track, track_pitch
from persian_mir.progress import Progress


class Overwrite(Progress):
    """Writes other content of the same length into the file, at the given step."""

    def __init__(self, path: Path, at: int) -> None:
        self._path, self._left = path, at

    def step(self, fraction: float, note: str = "") -> None:
        self._left -= 1
        if self._left == 0:
            raw = self._path.read_bytes()
            middle = len(raw) // 2
            with self._path.open("r+b") as file:
                file.seek(middle)
                file.write(raw[middle - 20_000 : middle - 10_000])


def kept() -> list[Path]:
    return [path for path in cache_dir().rglob("*") if path.is_file() and path.name != "hashes.sqlite"]


@pytest.mark.parametrize("at", [1, 2, 3])
@pytest.mark.parametrize("name", ["mp3", "vorbis", "m4a", "wma"])
def test_decoding_a_file_that_is_written_to_keeps_nothing(tmp_path, kinds, name, at):
    good = kinds[name][0].read_bytes()
    path = tmp_path / kinds[name][0].name
    path.write_bytes(good)
    os.utime(path, (1e9, 1e9))
    with open_audio(kinds[name][0]) as source:
        right = source.read(0, source.recording.frames)
    for stored in kept():
        stored.unlink()
    with pytest.raises(AudioError, match="changed since it was opened"):
        open_audio(path, Overwrite(path, at))
    assert kept() == []
    path.write_bytes(good)
    with open_audio(path) as source:
        np.testing.assert_array_equal(source.read(0, source.recording.frames), right)


@pytest.mark.parametrize("kind_of_file", ["WAV", "FLAC"])
def test_what_is_computed_of_a_file_that_is_written_to_is_not_kept(tmp_path, kind_of_file):
    path = tmp_path / f"a.{kind_of_file.lower()}"
    soundfile.write(path, np.random.default_rng(0).uniform(-0.2, 0.2, 3_000_000), 44100)
    os.utime(path, (1e9, 1e9))
    with open_audio(path) as source:
        with pytest.raises(AudioError, match="changed since it was opened"):
            build_pyramid(source, Overwrite(path, 2))
        assert load_pyramid(source.recording) is None
        with pytest.raises(AudioError, match="changed since it was opened"):
            track_pitch(source)
        assert load_track(source) is None
    assert not [path for path in kept() if path.parent.name != "cache"]


def test_another_file_in_its_place_is_noticed(tmp_path, wav):
    path = tmp_path / "a.wav"
    path.write_bytes(wav.read_bytes())
    with open_audio(path) as source:
        source.read(0, 10)
        (tmp_path / "b.wav").write_bytes(wav.read_bytes())
        (tmp_path / "b.wav").replace(path)
        with pytest.raises(AudioError, match="changed since it was opened"):
            source.read(10, 10)


def test_what_was_decoded_goes_on_when_the_file_is_retagged(tmp_path, kinds, makers):
    path = tmp_path / "a.mp3"
    path.write_bytes(kinds["mp3"][0].read_bytes())
    with open_audio(path) as source:
        path.write_bytes(makers.ID3 + kinds["mp3"][0].read_bytes())
        assert source.read(0, 1000).shape == (2, 1000)
