"""Files that are not what they should be: an AudioError that names them, or what is left of their sound."""

from __future__ import annotations

import contextlib
import os
import socket
import struct
from pathlib import Path

import numpy as np
import pytest
import soundfile

from persian_mir.audio import open_audio
from persian_mir.errors import AudioError
from persian_mir.progress import Cancelled, Progress


def refused(path: Path) -> AudioError:
    with pytest.raises(AudioError) as caught:
        open_audio(path)
    assert caught.value.path == path
    assert caught.value.what.endswith(".")
    assert caught.value.cure.endswith(".")
    return caught.value


def frames_of(path: Path) -> tuple[int, int]:
    """Frames, and the number of problems told."""
    with open_audio(path) as source:
        assert source.read(0, source.recording.frames).shape[1] == source.recording.frames
        return source.recording.frames, len(source.problems)


@pytest.mark.parametrize(
    "content",
    [
        b"This is a letter, not sound.\n" * 40,
        b"\0" * 50_000,
        np.random.default_rng(3).bytes(50_000),
        b"PK\3\4" + bytes(3000),
        b"RIFF\xff\xff\xff\xffWAVE",
        b"fLaC" + bytes(100),
        b"OggS" + bytes(200),
        b"ID3\3\0\0\0\0\0\0",
        b"#EXTM3U\n#EXTINF:10,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n",
        b"ffconcat version 1.0\nfile /etc/hostname\n",
    ],
    ids=["text", "zeros", "noise", "zip", "riff", "flac", "ogg", "id3", "playlist", "concat"],
)
@pytest.mark.parametrize("name", ["a.wav", "a.mp3", "a.flac"])
def test_no_sound_at_all(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    refused(path)


def test_empty(tmp_path):
    path = tmp_path / "empty.wav"
    path.touch()
    assert "empty" in refused(path).what


def test_absent_and_odd_names(tmp_path, wav):
    assert "not exist" in refused(tmp_path / "absent.wav").what
    assert "not exist" in refused(wav / "below-a-file.wav").what
    assert "too long" in refused(tmp_path / ("ا" * 300 + ".wav")).what
    refused(tmp_path / "nul\0.wav")


def test_zero_width_non_joiner_and_long_names(tmp_path, wav):
    for name in ("نی\u200cنوازی ها.wav", "x" * 251 + ".wav", "new\nline.wav", "-f.wav", "http:a.wav", "%s {}.wav"):
        path = tmp_path / name
        path.write_bytes(wav.read_bytes())
        assert frames_of(path) == (132300, 0)


def test_name_that_is_no_unicode(tmp_path, kinds):
    for kind in ("wav16", "mp3"):
        path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff\xfe.sound"))
        path.write_bytes(kinds[kind][0].read_bytes())
        assert frames_of(path)[0] == 132300


def test_not_a_file(tmp_path):
    assert "folder" in refused(tmp_path).what
    os.mkfifo(tmp_path / "fifo.wav")
    assert "pipe" in refused(tmp_path / "fifo.wav").what
    assert "device" in refused(Path("/dev/zero")).what
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "s.wav"))
        assert "socket" in refused(tmp_path / "s.wav").what
    (tmp_path / "loop.wav").symlink_to(tmp_path / "loop.wav")
    refused(tmp_path / "loop.wav")


def test_may_not_be_read(tmp_path, wav, monkeypatch):
    def denied(self: Path, *args: object, **kwargs: object) -> object:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "open", denied)  # root may read everything, so chmod would prove nothing
    assert "may not be read" in refused(wav).what


@pytest.mark.parametrize(
    "name", ["wav16", "rf64", "aiff", "w64", "au", "flac16", "vorbis", "opus", "mp3", "adts", "webm"]
)
def test_cut_off(tmp_path, kinds, name):
    whole = kinds[name][0].read_bytes()
    path = tmp_path / kinds[name][0].name
    path.write_bytes(whole[: len(whole) * 6 // 10])
    with open_audio(kinds[name][0]) as source:
        frames = source.recording.frames
        sound = source.read(0, frames)
    with open_audio(path) as source:
        left = source.recording.frames
        assert 0.3 * frames < left < 0.8 * frames
        assert any("rest is missing" in problem for problem in source.problems)
        np.testing.assert_allclose(source.read(0, left - 5000), sound[:, : left - 5000], atol=1e-6)


def test_cut_off_before_its_index_is_refused(tmp_path, kinds):
    path = tmp_path / "a.m4a"
    path.write_bytes(kinds["m4a"][0].read_bytes()[:9000])
    refused(path)


def test_holes(tmp_path, kinds):
    for name in ("mp3", "m4a", "adts"):
        whole = bytearray(kinds[name][0].read_bytes())
        middle = len(whole) // 2
        whole[middle : middle + 3000] = bytes(3000)
        path = tmp_path / name
        path.write_bytes(whole)
        frames, problems = frames_of(path)
        assert 80_000 < frames < 140_000
        assert problems == (2 if name == "mp3" else 1)  # its header says how long it should be


@pytest.mark.parametrize("seconds", [6, 90])
@pytest.mark.parametrize("bits", [16, 24])
def test_a_hole_in_flac_is_silence_and_the_rest_stays_in_its_place(tmp_path, seconds, bits):
    """A short file cannot be sought in any more, a long one fails only where it is read."""
    rate, path = 16_000, tmp_path / "hole.flac"
    noise = np.random.default_rng(4).normal(0, 0.1, rate * seconds).clip(-0.9, 0.9)
    soundfile.write(path, noise, rate, subtype=f"PCM_{bits}")
    with open_audio(path) as source:
        whole = source.read(0, source.recording.frames)
    damaged = bytearray(path.read_bytes())
    middle = len(damaged) // 2
    damaged[middle : middle + 3000] = bytes(3000)
    path.write_bytes(damaged)
    with open_audio(path) as source:
        assert source.recording.frames == whole.shape[1]
        sound = np.concatenate(list(source.blocks()), axis=1)
        assert any("silence stands" in problem for problem in source.problems)
    missing = np.flatnonzero((sound != whole)[0])
    assert 0 < len(missing) < 2 * rate
    assert not sound[0, missing].any()
    assert missing[-1] - missing[0] < 2 * rate
    with open_audio(path) as source:  # from now on said at once
        assert any("silence stands" in problem for problem in source.problems)
        np.testing.assert_array_equal(
            source.read(rate * seconds // 2, 3 * rate), sound[:, rate * seconds // 2 :][:, : 3 * rate]
        )


def test_wav_headers_that_lie(tmp_path, wav):
    good = wav.read_bytes()
    path = tmp_path / "lies.wav"

    def with_word(at: int, form: str, value: int) -> None:
        path.write_bytes(good[:at] + struct.pack(form, value) + good[at + struct.calcsize(form) :])

    with_word(40, "<I", 0xF0000000)  # four gigabytes of data
    assert frames_of(path) == (132300, 1)
    with_word(40, "<I", 0xFFFFFFFF)  # a recorder that did not know
    assert frames_of(path) == (132300, 0)
    with_word(40, "<I", 0)  # a recorder that crashed
    assert frames_of(path) == (132300, 0)
    for at, form, value in ((24, "<I", 0), (24, "<I", 0xFFFFFFFF), (22, "<H", 0), (22, "<H", 65535), (34, "<H", 999)):
        with_word(at, form, value)
        refused(path)


def test_rf64_that_lies(tmp_path, kinds):
    good = kinds["rf64"][0].read_bytes()
    at = good.index(b"ds64") + 8
    path = tmp_path / "lies.wav"
    path.write_bytes(good[:at] + struct.pack("<QQQ", 1 << 62, 1 << 62, 1 << 60) + good[at + 24 :])
    assert frames_of(path) == (132300, 1)


@pytest.mark.parametrize("suffix", ["wav", "aiff", "ogg"])
def test_zero_length(tmp_path, suffix):
    path = tmp_path / f"nothing.{suffix}"
    soundfile.write(path, np.zeros((0, 2)), 44100)
    assert "no sound" in refused(path).what


def test_three_samples(tmp_path):
    path = tmp_path / "three.wav"
    soundfile.write(path, np.array([0.5, -0.5, 0.25]), 8000)
    with open_audio(path) as source:
        assert source.recording.rate == 8000
        np.testing.assert_array_equal(source.read(-5, 99), [[0.5, -0.5, 0.25]])


def test_samples_that_are_no_numbers(tmp_path):
    path = tmp_path / "nan.wav"
    sound = np.full((1000, 2), 0.25, np.float32)
    sound[5, 0], sound[6, 1], sound[7, 0] = np.nan, -np.inf, 1e30
    soundfile.write(path, sound, 44100, subtype="FLOAT")
    with open_audio(path) as source:
        assert source.problems == ()
        read = source.read(0, 1000)
        assert source.non_finite == 3
        assert len(source.problems) == 1
        assert np.count_nonzero(read == 0) == 3
        assert np.isfinite(read).all()


def test_shrinks_while_open(tmp_path, kinds):
    path = tmp_path / "shrinks.wav"
    path.write_bytes(kinds["wav16"][0].read_bytes())
    with open_audio(path) as source:
        os.truncate(path, 2000)
        with pytest.raises(AudioError) as caught:
            source.read(100_000, 1000)
    assert caught.value.path == path


def test_cancelled_while_decoding_leaves_nothing(kinds):
    from persian_mir.app_paths import cache_dir

    class Stop(Progress):
        steps = 0

        def step(self, fraction: float, note: str = "") -> None:
            self.steps += 1
            if self.steps == 4:
                raise Cancelled

    for name in ("mp3", "vorbis", "m4a"):
        with pytest.raises(Cancelled):
            open_audio(kinds[name][0], Stop())
    assert list((cache_dir() / "decoded").iterdir()) == []


def test_no_room_for_decoding(kinds, monkeypatch):
    def full(*args: object) -> tuple[int, int]:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("persian_mir.audio.decoded._write", full)
    error = refused(kinds["mp3"][0])
    assert "No space left on device" in error.what
    assert "cache/decoded" in error.what
    assert "Free some space" in error.cure


@pytest.mark.parametrize(
    "name", ["wav16", "rf64", "aiff", "flac16", "vorbis", "opus", "mp3", "m4a", "adts", "wma", "webm"]
)
def test_random_damage_is_an_audio_error_or_sound(tmp_path, kinds, name):
    good = kinds[name][0].read_bytes()
    rng = np.random.default_rng(11)
    path = tmp_path / "damaged"
    for _ in range(25):
        damaged = bytearray(good[: rng.integers(1, len(good)) if rng.random() < 0.3 else None])
        for at in rng.integers(0, min(len(damaged), int(rng.choice([60, 400, len(good)]))), 8):
            damaged[at] = rng.choice([0, 127, 128, 255])
        path.write_bytes(damaged)
        with contextlib.suppress(AudioError), open_audio(path) as source:
            assert all(np.isfinite(block).all() for block in source.blocks())


def test_thirty_channels_without_libsndfile(tmp_path, kinds):
    path = tmp_path / "many.raw"  # a suffix at which soundfile asks for parameters, so FFmpeg reads it
    path.write_bytes(kinds["wav-30ch"][0].read_bytes())
    with open_audio(path) as source, open_audio(kinds["wav-30ch"][0]) as direct:
        assert source.recording.decoder.startswith("PyAV")
        np.testing.assert_array_equal(source.read(0, 5000), direct.read(0, 5000))
