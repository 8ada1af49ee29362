"""Sound that is lost inside a file: the user is told, and what is left lies where it was, if the file says where."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from persian_mir.audio import open_audio
from persian_mir.audio.flac_layout import _crc8
from persian_mir.errors import AudioError


def damaged(path: Path, target: Path, how: str) -> Path:
    raw = bytearray(path.read_bytes())
    middle = len(raw) // 2
    if how == "zeros":
        raw[middle : middle + 2000] = bytes(2000)
    elif how == "noise":
        raw[middle : middle + 2000] = np.random.default_rng(2).bytes(2000)
    elif how == "removed":
        del raw[middle : middle + 2000]
    else:
        for at in np.random.default_rng(1).integers(middle, middle + 4000, 20):
            raw[at] ^= 0xFF
    target.write_bytes(raw)
    return target


@pytest.mark.parametrize("how", ["zeros", "noise", "removed", "bits"])
@pytest.mark.parametrize("name", ["opus", "vorbis", "flac-in-ogg", "wma", "flac16"])
def test_lost_sound_is_told_and_the_rest_keeps_its_place(tmp_path, kinds, name, how):
    path = kinds[name][0]
    with open_audio(path) as source:
        assert source.problems == ()
        whole = source.read(0, source.recording.frames)
        rate = source.recording.rate
    with open_audio(damaged(path, tmp_path / path.name, how)) as source:
        sound = np.concatenate(list(source.blocks()), axis=1)
        told = source.problems
    assert "silence stands in their place" in told[0]
    assert len(told) == 1 or (name, how) == ("wma", "removed")  # its header states the length of the file
    assert abs(sound.shape[1] - whole.shape[1]) < 0.15 * rate
    at, reach = int(2.6 * rate), int(0.03 * rate)
    off = [np.abs(sound[0, at : at + 9000] - whole[0, at + k : at + k + 9000]).max() for k in range(-reach, reach)]
    assert min(off) < 0.05
    assert (sound[0, rate // 2 :] == 0).sum() > 200


def frame_starts(raw: bytes) -> list[int]:
    """Where the frames of a FLAC file lie, of which there are fewer than 128: each numbered in a byte of its own."""
    starts = [raw.index(b"\xff\xf8")]
    at, kind = starts[0], raw[starts[0] : starts[0] + 3]
    while (at := raw.find(kind, at + 1)) >= 0:
        if raw[at + 4] == len(starts):
            starts.append(at)
    return starts


@pytest.mark.parametrize(("first", "behind"), [(5, 20), (10, 11), (0, 4), (30, 31)])
def test_frames_that_were_cut_out_of_a_flac_are_told(tmp_path, first, behind):
    """Nothing is damaged then, and decoders say nothing of the silence which they put there."""
    path, rate, block = tmp_path / "a.flac", 44100, 4096
    sound = np.random.default_rng(3).normal(0, 0.1, 33 * block).clip(-0.9, 0.9)
    soundfile.write(path, sound, rate)
    whole, starts = path.read_bytes(), frame_starts(path.read_bytes())
    assert len(starts) == 33
    path.write_bytes(whole[: starts[first]] + whole[starts[behind] :])
    with open_audio(path) as source:
        found, told = source.read(0, source.recording.frames), source.problems
    missing = (behind - first) * block
    text = f"{1000 * missing / rate:.0f} ms" if missing / rate < 0.095 else f"{missing / rate:.1f} s"
    assert told == (f"Parts of the file are damaged, {text} in all: silence stands in their place, and all else is "
                    "where it was.",)  # fmt: skip
    left = np.ones(len(sound), bool)
    left[first * block : behind * block] = False
    assert found.shape == (1, len(sound))
    np.testing.assert_allclose(found[0, left], sound[left], atol=1e-4)
    assert not found[0, ~left].any()


def test_sound_that_looks_like_a_header_is_no_gap(tmp_path):
    """A frame of plain samples in which the header of frame 90 stands, checksum and all."""
    rate, block = 44100, 4096
    rng = np.random.default_rng(4)
    path = tmp_path / "a.flac"
    soundfile.write(path, rng.integers(-32768, 32767, block * 20, np.int16), rate)
    raw = path.read_bytes()
    head = bytearray(raw[raw.index(b"\xff\xf8") :][:5])
    head[4] = 90
    fake = bytes(head) + _crc8(bytes(head))
    samples = rng.integers(-32768, 32767, block * 20, np.int16)
    at = 10 * block + 100
    samples[at : at + 3] = np.frombuffer(fake, ">i2")
    soundfile.write(path, samples, rate)
    assert fake in path.read_bytes()
    with open_audio(path) as source:
        assert (source.problems, source.recording.decoder[:10]) == ((), "libsndfile")


@pytest.mark.parametrize("how", ["zeros", "removed", "noise"])
@pytest.mark.parametrize("name", ["webm", "mkv-ac3", "alac", "mp3", "adts"])
def test_lost_sound_is_told(tmp_path, kinds, name, how):
    """Kinds without checksums: told where the decoder stumbles."""
    path = kinds[name][0]
    with open_audio(path) as source:
        frames = source.recording.frames
    if (name, how) == ("alac", "removed"):
        with pytest.raises(AudioError):  # its index stands at the end, and is not found any more
            open_audio(damaged(path, tmp_path / path.name, how))
        return
    with open_audio(damaged(path, tmp_path / path.name, how)) as source:
        lost = frames - sum(block.shape[1] for block in source.blocks())
        assert source.problems or lost == 0


def test_what_ffmpeg_only_logs_of_one_file_is_heard_of_the_next_as_well(tmp_path, kinds):
    """FFmpeg's log swallows a message that equals the one before."""
    for number in range(3):
        path = damaged(kinds["mkv-ac3"][0], tmp_path / f"{number}.mkv", "bits")
        path.write_bytes(path.read_bytes() + bytes(number))  # not out of the cache
        with open_audio(path) as source:
            assert any("not what was recorded" in problem for problem in source.problems)


@pytest.mark.parametrize("name", ["vorbis", "opus", "flac-in-ogg"])
def test_a_lost_beginning_is_told(tmp_path, kinds, name):
    """The first page of sound, behind the headers, is damaged."""
    raw = bytearray(kinds[name][0].read_bytes())
    pages = [at for at in range(len(raw)) if raw[at : at + 4] == b"OggS"]
    first = next(at for at in pages if int.from_bytes(raw[at + 6 : at + 14], "little") > 0)
    raw[first + 300] ^= 0xFF
    path = tmp_path / kinds[name][0].name
    path.write_bytes(raw)
    with open_audio(path) as source:
        assert source.recording.frames < 3.1 * source.recording.rate
        assert any("The file is damaged" in told or "silence stands" in told for told in source.problems)
