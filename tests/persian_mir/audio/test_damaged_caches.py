"""Whatever happens to a kept file, it is computed again, and comes out as before."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from persian_mir.app_paths import cache_dir
from persian_mir.audio import open_audio
from persian_mir.audio.pyramid import build_pyramid, load_pyramid
from persian_mir.modal.pitch import load_track, track_pitch


@pytest.fixture(scope="module")
def song(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("song") / "song.wav"
    soundfile.write(path, 0.4 * np.sin(np.arange(16_000 * 6) / 6), 16_000)
    return path


def flags_of_encryption(raw: bytes) -> bytes:
    """Every entry of a zip claims to be encrypted."""
    damaged = bytearray(raw)
    for mark, place in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        at = damaged.find(mark)
        while at >= 0:
            damaged[at + place] |= 1
            at = damaged.find(mark, at + 4)
    return bytes(damaged)


def unknown_compression(raw: bytes) -> bytes:
    damaged = bytearray(raw)
    for mark, place in ((b"PK\3\4", 8), (b"PK\1\2", 10)):
        at = damaged.find(mark)
        while at >= 0:
            damaged[at + place] = 99
            at = damaged.find(mark, at + 4)
    return bytes(damaged)


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "encrypted": flags_of_encryption,
    "compression": unknown_compression,
    "empty": lambda raw: b"",
    "cut": lambda raw: raw[: len(raw) // 2],
    "other": lambda raw: b"\x89PNG" * 9999,
    "zeros": lambda raw: bytes(len(raw)),
}


def test_a_pitch_track(song):
    with open_audio(song) as source:
        right = track_pitch(source)
        (kept,) = (cache_dir() / "pitch").iterdir()
        raw = kept.read_bytes()
        rng = np.random.default_rng(3)
        for name, damage in DAMAGES.items():
            kept.write_bytes(damage(raw))
            assert load_track(source) is None, name
            np.testing.assert_array_equal(track_pitch(source).hz, right.hz)
        for _ in range(300):
            bad = bytearray(raw)
            for at in rng.integers(0, len(raw), 3):
                bad[at] = rng.integers(256)
            kept.write_bytes(bad)
            track = load_track(source)
            assert track is None or np.array_equal(track.hz, right.hz)
        np.savez_compressed(kept, hz=right.hz[:50], confidence=right.confidence[:50])
        assert load_track(source) is None  # of another length
        np.savez_compressed(kept, hz=np.full_like(right.hz, np.nan), confidence=right.confidence)
        assert load_track(source) is None


def test_a_waveform_whose_content_was_altered(song):
    with open_audio(song) as source:
        right = np.array(build_pyramid(source).bins)
        (kept,) = (cache_dir() / "pyramids").iterdir()
        raw = kept.read_bytes()
        for at in (16384, 20_000, len(raw) - 1):
            kept.write_bytes(raw[:at] + bytes([raw[at] ^ 0x40]) + raw[at + 1 :])
            assert load_pyramid(source.recording) is None
            np.testing.assert_array_equal(build_pyramid(source).bins, right)
            assert load_pyramid(source.recording) is not None
        for damage in DAMAGES.values():
            if damage(raw) != raw:
                kept.write_bytes(damage(raw))
                assert load_pyramid(source.recording) is None


@pytest.mark.parametrize("name", ["mp3", "vorbis"])
def test_decoded_sound(kinds, name):
    with open_audio(kinds[name][0]) as source:
        right = source.read(0, source.recording.frames)
    (kept,) = (cache_dir() / "decoded").iterdir()
    raw = kept.read_bytes()
    damages = [damage(raw) for damage in DAMAGES.values()]
    places = (16384, 400_000, len(raw) - 30)  # content, not the header
    damages += [raw[:at] + bytes([raw[at] ^ 0x40]) + raw[at + 1 :] for at in places]
    for bad in damages:
        kept.write_bytes(bad)
        with open_audio(kinds[name][0]) as source:
            np.testing.assert_array_equal(source.read(0, source.recording.frames), right)
            np.testing.assert_array_equal(source.read(5000, 100), right[:, 5000:5100])
