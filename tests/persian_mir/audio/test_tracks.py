"""Which of several sound tracks is read, and that the others are named."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest
from av.stream import Disposition

from persian_mir.audio import open_audio

RATE = 44100


def two_tracks(path: Path, kind: str, codec: str, default: int) -> Path:
    """A silent track and one that sounds."""
    with av.open(path, "w", format=kind) as out:
        tracks = [out.add_stream(codec, rate=RATE, layout="mono") for _ in range(2)]
        for number, track in enumerate(tracks):
            track.bit_rate = 96_000
            track.metadata.update({"language": ("eng", "fas")[number], "title": ("Commentary", "Concert")[number]})
            track.disposition = Disposition.default if number == default else Disposition(0)
        for number, track in enumerate(tracks):
            loud = 9000 * number * np.sin(np.arange(RATE * 2) / 10)
            for start in range(0, len(loud), 1024):
                frame = av.AudioFrame.from_ndarray(loud[None, start : start + 1024].astype(np.int16), "s16", "mono")
                frame.sample_rate, frame.pts = RATE, start
                out.mux(track.encode(frame))
            out.mux(track.encode())
    return path


@pytest.mark.parametrize("default", [0, 1])
@pytest.mark.parametrize(("box", "codec"), [("matroska", "aac"), ("matroska", "flac"), ("mp4", "aac")])
def test_the_default_track_is_read_and_the_other_named(tmp_path, box, codec, default):
    path = two_tracks(tmp_path / "two.mkv", box, codec, default)
    with open_audio(path) as source:
        loudest = np.abs(source.read(0, source.recording.frames)).max()
        assert (loudest > 0.2) == (default == 1)
        assert source.problems == ()
        (told,) = source.remarks
    chosen, other = (("eng", "fas"), ("fas", "eng"))[default]
    assert told.startswith("The file holds several sound tracks. This is ")
    assert told.index(chosen) < told.index("not read") < told.index(other)
    with open_audio(path) as source:  # out of the cache
        assert source.remarks == (told,)


def test_one_track_is_worth_no_word(kinds):
    for name in ("video", "m4a"):
        with open_audio(kinds[name][0]) as source:
            assert source.remarks == ()
