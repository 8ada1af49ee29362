"""How long a file is: what its header says, what is there, and what the user is told where the two differ."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
import soundfile

from persian_mir.audio import open_audio
from persian_mir.audio.decoder import Problem
from persian_mir.audio.find_layout import find_layout
from persian_mir.audio.problem_texts import sentence

RATE, FRAMES = 44100, 132300  # of the files made by `kinds`


def heard(path: Path) -> tuple[np.ndarray, tuple[str, ...]]:
    """All samples, and what the user is told."""
    with open_audio(path) as source:
        return source.read(0, source.recording.frames), source.remarks


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def test_a_flac_that_breaks_off_says_how_much_is_there(tmp_path):
    path = tmp_path / "cut.flac"
    soundfile.write(path, np.random.default_rng(0).normal(0, 0.1, (RATE * 20, 2)).clip(-0.9, 0.9), RATE)
    path.write_bytes(path.read_bytes()[:40_000])
    sound, told = heard(path)
    assert 4096 <= sound.shape[1] < 0.3 * RATE
    assert told == ("The file is damaged: 0.2 s of 20 s are there, the rest is missing.",)


@pytest.mark.parametrize(
    "name", ["wav16", "wav-float", "rf64", "w64", "aiff", "caf", "au", "flac16", "mp3", "wma", "webm", "mkv-ac3"]
)
def test_a_header_that_promises_more_says_how_much_is_there(tmp_path, kinds, name):
    whole = kinds[name][0].read_bytes()
    sound, told = heard(written(tmp_path / kinds[name][0].name, whole[: len(whole) // 3]))
    seconds = sound.shape[1] / (48000 if name == "webm" else RATE)
    assert 0.7 < seconds < 1.05
    assert told == (f"The file is damaged: {seconds:.1f} s of 3.0 s are there, the rest is missing.",)


@pytest.mark.parametrize(
    ("have", "promised", "words"),
    [
        (19.7, 20.02, "the last 0.3 s of 20 s are missing"),
        (19.98, 20.01, "the last 30 ms of 20 s are missing"),
        (2520.0, 2531.0, "the last 11 s of 42 min are missing"),
        (19.4, 20.02, "19 s of 20 s are there, the rest is missing"),
    ],
)
def test_what_is_missing_is_not_rounded_away(have, promised, words):
    assert sentence(Problem("ends early", (have, promised))) == f"The file is damaged: {words}."


@pytest.mark.parametrize("name", ["vorbis", "opus", "flac-in-ogg"])
def test_an_ogg_that_breaks_off_does_not_know_how_long_it_was(tmp_path, kinds, name):
    whole = kinds[name][0].read_bytes()
    _sound, told = heard(written(tmp_path / kinds[name][0].name, whole[: len(whole) // 2]))
    assert len(told) == 1
    assert "the rest is missing" in told[0]


def test_an_mp4_whose_index_stands_first_may_break_off(tmp_path, kinds):
    whole = kinds["m4a"][0].read_bytes()
    at = whole.index(b"moov") - 4
    moov, mdat = bytearray(whole[at:]), whole[:at]
    for offset_box in (b"stco",):
        place = moov.index(offset_box) + 12
        for entry in range(struct.unpack(">I", moov[place - 4 : place])[0]):
            spot = place + 4 * entry
            moov[spot : spot + 4] = struct.pack(">I", struct.unpack(">I", moov[spot : spot + 4])[0] + len(moov))
    head = mdat[: mdat.index(b"mdat") - 4]
    front = written(tmp_path / "front.m4a", head + bytes(moov) + mdat[len(head) :])
    sound, told = heard(front)
    assert told == ()
    assert abs(sound.shape[1] - FRAMES) <= 2048
    front.write_bytes(front.read_bytes()[: len(whole) // 2])
    sound, told = heard(front)
    assert len(told) == 1
    assert "of 3.0 s are there" in told[0]


@pytest.mark.parametrize("name", ["vorbis", "opus", "flac-in-ogg", "flac16", "mp3", "adts"])
def test_files_joined_to_each_other_are_as_long_as_both(tmp_path, kinds, name):
    one = kinds[name][0].read_bytes()
    alone, _told = heard(kinds[name][0])
    sound, told = heard(written(tmp_path / kinds[name][0].name, one + one))
    assert told == ()
    assert abs(sound.shape[1] - 2 * alone.shape[1]) <= 3 * 1152
    np.testing.assert_allclose(sound[:, :RATE], alone[:, :RATE], atol=1e-4)
    assert np.abs(sound[:, -RATE:]).max() > 0.1


@pytest.mark.parametrize("between", ["id3", "id3v1", "ape", "picture"])
def test_joined_mp3s_with_tags_between_are_whole(tmp_path, kinds, makers, between):
    one, rng = kinds["mp3"][0].read_bytes(), np.random.default_rng(1)
    tags = {
        "id3": makers.ID3,
        "id3v1": makers.ID3_V1,
        "ape": makers.APE + makers.ID3_V1 + makers.ID3,
        "picture": b"ID3\3\0\0\0\1\0\0" + rng.bytes(1 << 14),
    }[between]
    sound, told = heard(written(tmp_path / "joined.mp3", makers.ID3 + one + tags + one + makers.ID3_V1))
    assert told == ()
    assert abs(sound.shape[1] - 2 * FRAMES) <= 3 * 1152


def test_an_mp3_in_a_wav_is_whole(tmp_path, kinds, makers):
    alone, _told = heard(kinds["mp3"][0])
    sound, told = heard(makers.remux(kinds["mp3"][0], tmp_path / "mp3.wav", "wav"))
    assert told == ()
    assert alone.shape[1] <= sound.shape[1] <= alone.shape[1] + 2304  # what a player would leave out at both ends


@pytest.mark.parametrize("stated", [0, 4, 400, 100_000, 528_000])
@pytest.mark.parametrize("name", ["wav16", "wav-float"])
def test_a_wav_goes_on_behind_its_stated_end(tmp_path, kinds, name, stated):
    good = kinds[name][0].read_bytes()
    at = good.index(b"data") + 4
    whole, _told = heard(kinds[name][0])
    sound, told = heard(written(tmp_path / "a.wav", good[:at] + struct.pack("<I", stated) + good[at + 4 :]))
    assert told == ()
    np.testing.assert_array_equal(sound, whole)


def test_chunks_behind_the_sound_are_no_sound(tmp_path, kinds):
    good = kinds["wav16"][0].read_bytes()
    whole, _told = heard(kinds["wav16"][0])
    for tail in (b"LIST" + struct.pack("<I", 4000) + bytes(4000), b"id3 " + struct.pack("<I", 3) + b"abc\0", bytes(50)):
        sound, told = heard(written(tmp_path / "a.wav", good + tail))
        assert told == ()
        np.testing.assert_array_equal(sound, whole)


def test_what_lies_behind_the_sound_and_is_none_is_told(tmp_path, kinds):
    good = kinds["wav16"][0].read_bytes()
    sound, told = heard(written(tmp_path / "a.wav", good + np.random.default_rng(0).bytes(2_000_000)))
    assert sound.shape[1] == FRAMES
    assert told == ("Behind the sound lie 2.0 MB that are nothing the program knows: they were not read.",)


def test_two_data_chunks_are_one_sound(tmp_path, kinds):
    good = kinds["wav16"][0].read_bytes()
    whole, _told = heard(kinds["wav16"][0])
    at = good.index(b"data") + 8
    first, second = good[at : at + 200_000], good[at + 200_000 :]
    chunks = b"".join(b"data" + struct.pack("<I", len(part)) + part for part in (first, second))
    sound, told = heard(written(tmp_path / "two.wav", good[: at - 8] + chunks))
    assert told == ()
    np.testing.assert_array_equal(sound, whole)


def test_a_wav_over_4_gb_whose_size_wrapped(tmp_path):
    """The bytes are not hashed and decoded here, which would take a minute: where they lie is what was wrong."""
    path = tmp_path / "long.wav"
    soundfile.write(path, np.full((1000, 2), 0.25), 96000)
    head = path.read_bytes()[:44]
    length = (1 << 32) + 4_000_000
    with path.open("wb") as file:
        file.write(head[:40] + struct.pack("<I", length & 0xFFFFFFFF))
        file.truncate(44 + length)
    layout = find_layout(path)
    assert layout.spans == ((44, 44 + length),)
    assert layout.spliced
    assert layout.header[:4] == b"RF64"
    with path.open("ab") as file:
        file.write(b"LIST" + struct.pack("<I", 4) + b"INFO")
    assert find_layout(path).spans == ((44, 44 + length),)
    import os

    from persian_mir.audio.byte_spans import SplicedFile

    with soundfile.SoundFile(SplicedFile(path, layout.spans, layout.header)) as file:
        assert file.frames == length // 4
        file.seek(length // 4 - 10)
        assert len(file.read(20)) == 10
    os.truncate(path, 0)


def test_an_aiff_whose_sizes_are_too_small(tmp_path, kinds):
    good = bytearray(kinds["aiff"][0].read_bytes())
    whole, _told = heard(kinds["aiff"][0])
    comm, ssnd = good.index(b"COMM"), good.index(b"SSND")
    good[comm + 10 : comm + 14] = struct.pack(">I", FRAMES // 2)
    sound, told = heard(written(tmp_path / "a.aiff", bytes(good)))
    assert told == ()
    np.testing.assert_array_equal(sound, whole)
    good[ssnd + 4 : ssnd + 8] = struct.pack(">I", FRAMES // 2 * 6 + 8)
    sound, told = heard(written(tmp_path / "b.aiff", bytes(good)))
    assert told == ()
    np.testing.assert_array_equal(sound, whole)


def test_an_au_whose_size_is_too_small(tmp_path, kinds):
    good = kinds["au"][0].read_bytes()
    whole, _told = heard(kinds["au"][0])
    sound, told = heard(written(tmp_path / "a.au", good[:8] + struct.pack(">I", 1000) + good[12:]))
    assert told == ()
    np.testing.assert_array_equal(sound, whole)


@pytest.mark.parametrize("total", [FRAMES // 2, 0])
def test_a_flac_whose_total_is_too_small(tmp_path, kinds, total):
    good = bytearray(kinds["flac16"][0].read_bytes())
    whole, _told = heard(kinds["flac16"][0])
    good[21], good[22:26] = good[21] & 0xF0, struct.pack(">I", total)
    sound, told = heard(written(tmp_path / "a.flac", bytes(good)))
    assert told == ()
    np.testing.assert_array_equal(sound, whole)


@pytest.mark.parametrize("name", ["wav16", "wav-float", "rf64", "aiff", "flac16", "mp3", "adts", "vorbis"])
def test_an_id3_tag_before_the_sound(tmp_path, kinds, makers, name):
    whole, _told = heard(kinds[name][0])
    sound, told = heard(written(tmp_path / kinds[name][0].name, makers.ID3 + kinds[name][0].read_bytes()))
    assert told == ()
    assert sound.shape[1] - whole.shape[1] in range(1153)  # FFmpeg's Vorbis begins a little earlier
    if name != "vorbis":
        np.testing.assert_array_equal(sound, whole)
