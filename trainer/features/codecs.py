"""What a lossy codec leaves of a sound: coded and decoded again by FFmpeg's libraries, in memory."""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np

from persian_mir.audio.resample import resample
from trainer.features.segments import Floats

FULL = 32767  # 16-bit samples of a full-scale sound


@dataclass(frozen=True, slots=True)
class Codec:
    """An encoder, the container that keeps where its sound begins, the rate it is given, and bit rates, in kbit/s."""

    encoder: str
    container: str
    rate: int
    kbits: tuple[int, ...]


CODECS = {
    "mp3": Codec("libmp3lame", "mp3", 44_100, (32, 48, 64, 96)),
    "aac": Codec("aac", "mp4", 44_100, (32, 48, 64, 96)),
    "opus": Codec("libopus", "ogg", 48_000, (12, 16, 24, 48)),
}


def available() -> tuple[str, ...]:
    """Return the names of those that this build of the libraries can write."""
    import av

    return tuple(name for name, one in CODECS.items() if one.encoder in av.codecs_available)


def coded(sound: Floats, rate: int, name: str, kbit: int) -> Floats:
    """Return `sound` [n] within -1..1 at `rate` Hz as codec `name` hands it back from a file of `kbit` kbit/s."""
    codec = CODECS[name]
    file = _written(resample(sound, rate, codec.rate), codec, kbit)
    back = resample(_read(file), codec.rate, rate)[: len(sound)]
    return np.pad(back, (0, len(sound) - len(back)))


def _written(sound: Floats, codec: Codec, kbit: int) -> io.BytesIO:
    import av

    file = io.BytesIO()
    with av.open(file, "w", format=codec.container) as out:
        track = out.add_stream(codec.encoder, rate=codec.rate, layout="mono")
        track.bit_rate = 1000 * kbit
        frame = av.AudioFrame.from_ndarray(
            (sound.clip(-1, 1) * FULL).round().astype(np.int16)[None], format="s16", layout="mono"
        )
        frame.sample_rate, frame.pts = codec.rate, 0
        out.mux(track.encode(frame))
        out.mux(track.encode())
    file.seek(0)
    return file


def _read(file: io.BytesIO) -> Floats:
    import av

    with av.open(file) as given:
        to_float = av.AudioResampler(format="flt", layout="mono")
        frames = [part for one in given.decode(audio=0) for part in to_float.resample(one)]
    return np.concatenate([part.to_ndarray()[0] for part in frames])
