"""Every format: what it is, how long, and that a position holds the same sound however it is reached."""

from __future__ import annotations

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from persian_mir.audio import open_audio

quick = settings(max_examples=30)  # the folders of a test stay the same while its examples run


def test_is_opened_as_what_it_is(kind, kinds):
    path, original = kinds[kind.name]
    with open_audio(path) as source:
        recording = source.recording
        assert (recording.rate, recording.channels) == (kind.rate, kind.channels)
        sound = source.read(0, recording.frames)
        assert sound.dtype == np.float32
        assert sound.shape == (kind.channels, recording.frames)
        assert source.problems == ()
        assert abs(recording.frames - original.shape[1]) <= 6144  # codecs pad to whole blocks
        if kind.lossless:
            np.testing.assert_allclose(sound, original, atol=1.01 / 32767)


@pytest.mark.parametrize("name", ["mp3", "mp3-mono-16k", "vorbis", "opus", "m4a", "webm", "video", "wav-8k-u8"])
def test_lossy_sound_lies_where_it_was(name, kinds):
    path, original = kinds[name]
    with open_audio(path) as source:
        sound = source.read(0, source.recording.frames)
    length = min(sound.shape[1], original.shape[1]) - 200
    here = original[0, 100 : 100 + length - 100]
    fits = [np.dot(here, sound[0, 100 + lag : length + lag]) for lag in range(-100, 101)]
    assert abs(int(np.argmax(fits)) - 100) <= 1


@quick
@given(data=st.data())
def test_any_range_equals_the_slice(kind, kinds, data):
    with open_audio(kinds[kind.name][0]) as whole, open_audio(kinds[kind.name][0]) as source:
        frames = whole.recording.frames
        sound = whole.read(0, frames)
        for _ in range(4):
            start = data.draw(st.integers(-50, frames + 50))
            count = data.draw(st.integers(0, 9000))
            np.testing.assert_array_equal(source.read(start, count), sound[:, max(0, start) : max(0, start + count)])


def test_blocks_join_to_the_whole(kind, kinds):
    with open_audio(kinds[kind.name][0]) as source:
        whole = source.read(0, source.recording.frames)
        np.testing.assert_array_equal(np.concatenate(list(source.blocks(frames=4001)), axis=1), whole)
        np.testing.assert_array_equal(np.concatenate(list(source.blocks(777, 9999, 100)), axis=1), whole[:, 777:9999])
        assert list(source.blocks(5, 5)) == []


def test_mp3_agrees_with_libsndfile(kinds):
    path, _original = kinds["mp3"]
    theirs, _rate = soundfile.read(path, dtype="float32")
    with open_audio(path) as source:
        np.testing.assert_allclose(source.read(0, source.recording.frames), theirs.T, atol=1e-4)


def test_content_decides_not_the_name(kinds, tmp_path):
    for name, wrong in (("mp3", "a.wav"), ("flac16", "a.raw"), ("wav16", "a.mp3"), ("m4a", "a.flac"), ("opus", "a")):
        path = tmp_path / wrong
        path.write_bytes(kinds[name][0].read_bytes())
        with open_audio(path) as source, open_audio(kinds[name][0]) as right:
            assert source.recording.format.upper().split()[-1] in right.recording.format.upper() or wrong == "a.raw"
            assert source.recording.frames == right.recording.frames
            assert source.recording.content_hash == right.recording.content_hash


def test_opened_again_decodes_nothing(kinds, monkeypatch):
    path = kinds["mp3"][0]
    with open_audio(path) as source:
        first = source.read(0, 99999)
    monkeypatch.setattr("persian_mir.audio.open_decoder.LibavStream", None)  # calling it would fail
    with open_audio(path) as source:
        np.testing.assert_array_equal(source.read(0, 99999), first)
        assert source.recording.decoder.startswith("PyAV")


def test_a_damaged_store_is_decoded_anew(kinds):
    from persian_mir.app_paths import cache_dir

    path = kinds["vorbis"][0]
    with open_audio(path) as source:
        first = source.read(0, 99999)
    (stored,) = (cache_dir() / "decoded").iterdir()
    for damage in (b"", b"rubbish" * 9, stored.read_bytes()[:-8], bytes(20000)):
        stored.write_bytes(damage)
        with open_audio(path) as source:
            np.testing.assert_array_equal(source.read(0, 99999), first)


def test_tags(tmp_path):
    path = tmp_path / "tagged.flac"
    with soundfile.SoundFile(path, "w", 44100, 1, "PCM_16") as file:
        file.title = "آواز دشتی"
        file.artist = "ناشناس"
        file.write(np.zeros(1000))
    with open_audio(path) as source:
        assert source.recording.tags["title"] == "آواز دشتی"
        assert source.recording.tags["artist"] == "ناشناس"
