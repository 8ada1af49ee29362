"""A recording is known by its sound: other tags, covers and names leave it what it is; other sound does not."""

from __future__ import annotations

import hashlib
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import soundfile

from persian_mir.app_paths import cache_dir
from persian_mir.audio import identity, open_audio
from persian_mir.audio.file_state import FileState, file_state
from persian_mir.audio.identity import Identity, identify
from persian_mir.catalogue.correction_rows import Correction
from persian_mir.catalogue.corrections import Corrections, training_manifest
from persian_mir.errors import AudioError
from persian_mir.modal.pitch import load_track, track_pitch
from persian_mir.recording import Recording
from tests.persian_mir.audio.test_caches import settled

CONTAINERS = {"WAVEX": "wav", "RF64": "wav", "OGG": "ogg", "ipod": "ipod"}


class Hashed:
    """Counts how often a file is really read."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.count, real = 0, identity._hash

        def counted(*args: object) -> tuple[str, str]:
            self.count += 1
            return real(*args)  # type: ignore[arg-type]

        monkeypatch.setattr(identity, "_hash", counted)


def known(path: Path) -> Identity:
    return identify(path, file_state(path))


def recording_of(path: Path) -> Recording:
    with open_audio(path) as source:
        return source.recording


def retagged(path: Path, kind: object, makers: object, folder: Path) -> Path:
    """What `ffmpeg -c copy -metadata title=x` makes of it."""
    folder.mkdir(exist_ok=True)
    box = {"opus": "opus"}.get(kind.name, CONTAINERS.get(kind.container, kind.container.lower()))
    if kind.name == "adts":
        (folder / path.name).write_bytes(makers.ID3 + path.read_bytes())
        return folder / path.name
    return makers.remux(path, folder / path.name, box, title="دشتی", artist="نوازنده")


def test_another_programs_tags_leave_a_recording_what_it_is(tmp_path, kind, kinds, makers):
    path = kinds[kind.name][0]
    copy = retagged(path, kind, makers, tmp_path / "tagged")
    first, second = recording_of(path), recording_of(copy)
    assert first.file_hash == hashlib.blake2b(path.read_bytes(), digest_size=16).hexdigest()
    assert first.file_hash != second.file_hash or kind.name == "w64"  # which holds no tags
    assert first.content_hash == second.content_hash
    assert set(second.earlier_hashes) == {first.file_hash, second.file_hash}
    with open_audio(path) as one, open_audio(copy) as other:
        np.testing.assert_array_equal(one.read(0, first.frames), other.read(0, second.frames))
    if kind.name in ("mp3", "m4a", "flac16", "vorbis", "opus", "wma"):
        assert second.tags["title"] == "دشتی"  # its own tags, though the sound comes out of the cache
        assert "title" not in first.tags
        assert "title" not in recording_of(path).tags


def test_tags_that_leave_the_header_of_a_wma_wrong_leave_the_recording_what_it_is(tmp_path, makers):
    """FFmpeg then estimates the length from the size of the file, which tags change."""
    from mutagen.asf import ASF

    kind = next(one for one in makers.KINDS if one.name == "wma")
    path, _sound = makers.make(kind, tmp_path, 1.0)
    before = known(path).sound
    tags = ASF(path)
    tags["Title"] = "دشتی " * 1000
    tags.save()
    assert known(path).sound == before
    assert recording_of(path).duration_s == pytest.approx(1.0, abs=0.1)


def test_other_sound_is_another_recording(tmp_path, kinds):
    for name in ("wav16", "flac16", "aiff", "vorbis", "mp3", "m4a", "wma", "webm"):
        good = kinds[name][0].read_bytes()
        bad = bytearray(good)
        bad[len(bad) // 2] ^= 1
        path = tmp_path / kinds[name][0].name
        path.write_bytes(bad)
        assert known(path).sound != known(kinds[name][0]).sound
        path.write_bytes(good)
        assert known(path).sound == known(kinds[name][0]).sound


def test_the_same_bytes_at_another_rate_are_another_recording(tmp_path):
    sound = np.random.default_rng(0).uniform(-0.5, 0.5, (1000, 1))
    for rate, channels in ((44100, 1), (48000, 1), (44100, 2)):
        soundfile.write(tmp_path / f"{rate}-{channels}.wav", sound.reshape(-1, channels), rate)
    assert len({known(path).sound for path in tmp_path.iterdir()}) == 3


def test_what_was_computed_is_found_again_after_retagging(tmp_path, kinds, makers, monkeypatch):
    path = tmp_path / "a.mp3"
    shutil.copy(kinds["mp3"][0], path)
    with open_audio(path) as source:
        track = track_pitch(source)
    makers.remux(kinds["mp3"][0], path, "mp3", title="x")
    monkeypatch.setattr("persian_mir.audio.open_decoder._Decoding._fill", None)  # calling it would fail
    with open_audio(path) as source:
        assert source.recording.tags["title"] == "x"
        np.testing.assert_array_equal(load_track(source).hz, track.hz)


def correction(path: Path, content_hash: str, start: int, label: str) -> Correction:
    told = ("accepted", label) if label else ("rejected", "")
    return Correction(path, content_hash, 44100, start, start + 44100, "dastgah", *told)


def test_statements_of_earlier_versions_are_found_by_the_files_hash(tmp_path, kinds, makers):
    path = tmp_path / "a.flac"
    shutil.copy(kinds["flac16"][0], path)
    old = hashlib.blake2b(path.read_bytes(), digest_size=16).hexdigest()
    store = Corrections()
    store.add(correction(path, old, 0, "shour"), correction(path, old, 44100, "nava"))
    recording = recording_of(path)
    assert recording.content_hash != old
    assert [one.label for one in store.of(recording).values()] == ["shour", "nava"]
    makers.remux(kinds["flac16"][0], path, "flac", title="x")
    tagged = recording_of(path)
    assert tagged.file_hash != old
    assert [one.label for one in store.of(tagged).values()] == ["shour", "nava"]
    store.add(correction(path, tagged.content_hash, 0, "segah"))  # said today: it holds
    about = {(one.start, one.label) for one in store.of(tagged).values()}
    assert about == {(0, "segah"), (44100, "nava")}
    assert {key[0] for key in store.of(tagged)} == {tagged.content_hash}
    assert [(one.start, one.label) for one in store.in_force()] == [(44100, "nava"), (0, "segah")]
    assert training_manifest(store, "dastgah").read_text(encoding="utf-8").count("a.flac") == 2
    store.undo(store.of(tagged)[tagged.content_hash, "dastgah", 0, 44100])
    assert {(one.start, one.label) for one in store.of(tagged).values()} == {(0, "shour"), (44100, "nava")}


def test_is_remembered_until_the_file_changes(tmp_path, monkeypatch):
    hashed = Hashed(monkeypatch)
    path = settled(tmp_path / "a", b"one")
    assert known(path) == known(path)
    assert hashed.count == 1
    first = known(path).sound
    settled(path, b"two", age_s=50)
    assert known(path).sound != first
    assert hashed.count == 2


def test_a_file_just_written_is_not_trusted(tmp_path, monkeypatch):
    hashed = Hashed(monkeypatch)
    path = settled(tmp_path / "a", b"one", age_s=0)
    known(path)
    known(path)
    assert hashed.count == 2


@pytest.mark.parametrize("damage", ["file", "row"])
def test_a_damaged_memo_is_begun_anew(tmp_path, monkeypatch, damage):
    hashed = Hashed(monkeypatch)
    path = settled(tmp_path / "a", b"one" * 99)
    first = known(path)
    memo = cache_dir() / "hashes.sqlite"
    if damage == "file":
        memo.write_bytes(b"no database" * 1000)
    else:
        raw = memo.read_bytes()
        memo.write_bytes(raw.replace(first.sound.encode(), first.sound[::-1].encode()))
    assert known(path).sound == first.sound
    assert hashed.count == 2
    assert known(path).sound == first.sound
    assert known(path).sound == first.sound
    assert hashed.count == (2 if damage == "row" else 3)


def test_many_threads_share_the_memo(tmp_path):
    paths = [settled(tmp_path / str(k), str(k).encode()) for k in range(40)]
    with ThreadPoolExecutor(8) as pool:
        first, second = list(pool.map(known, paths)), list(pool.map(known, paths))
    assert [one.file for one in first] == [one.file for one in second]
    assert len({one.sound for one in first}) == 40


def test_vanished(tmp_path):
    with pytest.raises(AudioError, match="does not exist"):
        identify(tmp_path / "absent", FileState(1, 2, 3))


def test_a_joined_mp3_of_many_parts_is_read_the_same_when_it_is_remembered(tmp_path, kinds, makers):
    path = settled(tmp_path / "a.mp3", (makers.ID3 + kinds["mp3-mono-16k"][0].read_bytes()) * 70)
    first = recording_of(path)
    shutil.rmtree(cache_dir() / "decoded")
    assert recording_of(path).frames == first.frames
