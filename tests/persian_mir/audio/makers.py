"""Sound files of every kind, made on the spot."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Kind:
    """One format: how it is called and who writes it."""

    name: str
    suffix: str
    container: str
    codec: str
    rate: int = 44100
    channels: int = 2
    lossless: bool = False
    writer: str = "soundfile"


KINDS = (
    Kind("wav16", ".wav", "WAV", "PCM_16", lossless=True),
    Kind("wav24-96k", ".wav", "WAV", "PCM_24", rate=96000, lossless=True),
    Kind("wav-float", ".wav", "WAV", "FLOAT", lossless=True),
    Kind("wav-double", ".wav", "WAV", "DOUBLE", lossless=True),
    Kind("wav-8k-u8", ".wav", "WAV", "PCM_U8", rate=8000, channels=1),
    Kind("wav-adpcm", ".wav", "WAV", "IMA_ADPCM", channels=1),
    Kind("wav-30ch", ".wav", "WAVEX", "PCM_16", channels=30, lossless=True),
    Kind("rf64", ".wav", "RF64", "PCM_16", lossless=True),
    Kind("w64", ".w64", "W64", "PCM_16", lossless=True),
    Kind("aiff", ".aiff", "AIFF", "PCM_24", lossless=True),
    Kind("caf", ".caf", "CAF", "PCM_16", lossless=True),
    Kind("au", ".au", "AU", "PCM_16", lossless=True),
    Kind("flac16", ".flac", "FLAC", "PCM_16", lossless=True),
    Kind("flac24", ".flac", "FLAC", "PCM_24", rate=96000, lossless=True),
    Kind("vorbis", ".ogg", "OGG", "VORBIS"),
    Kind("flac-in-ogg", ".ogg", "ogg", "flac", lossless=True, writer="av"),
    Kind("opus", ".opus", "OGG", "OPUS", rate=48000),
    Kind("mp3", ".mp3", "MP3", "MPEG_LAYER_III"),
    Kind("mp3-mono-16k", ".mp3", "MP3", "MPEG_LAYER_III", rate=16000, channels=1),
    Kind("m4a", ".m4a", "ipod", "aac", writer="av"),
    Kind("adts", ".aac", "adts", "aac", writer="av"),
    Kind("wavpack", ".wv", "wv", "wavpack", writer="av", lossless=True),
    Kind("tta", ".tta", "tta", "tta", writer="av", lossless=True),
    Kind("alac", ".m4a", "ipod", "alac", writer="av", lossless=True),
    Kind("wma", ".wma", "asf", "wmav2", writer="av"),
    Kind("webm", ".webm", "webm", "libopus", rate=48000, writer="av"),
    Kind("video", ".mp4", "mp4", "aac", writer="video"),
    Kind("mkv-ac3", ".mkv", "matroska", "ac3", writer="video"),
)


SIXTEEN_BITS = {"wavpack": "s16p", "tta": "s16"}  # of encoders that would take eight


def tone(rate: int, channels: int, seconds: float, seed: int = 0) -> NDArray[np.float32]:
    """Decaying tones in noise, `[n, channels]`: tonal and restless enough to exercise a codec."""
    rng = np.random.default_rng(seed)
    t = np.arange(round(rate * seconds)) / rate
    decay = np.exp(-3 * (t % 0.5))
    waves = [0.4 * decay * np.sin(2 * np.pi * (220 + 40 * k) * t) for k in range(channels)]
    return (np.stack(waves, 1) + 0.02 * rng.standard_normal((len(t), channels))).astype(np.float32)


def make(kind: Kind, folder: Path, seconds: float = 3.0) -> tuple[Path, NDArray[np.float32]]:
    """The file, and the samples that went in, `[channels, n]`."""
    path = folder / f"{kind.name}{kind.suffix}"
    sound = tone(kind.rate, kind.channels, seconds)
    if kind.writer == "soundfile":
        import soundfile

        with soundfile.SoundFile(path, "w", kind.rate, kind.channels, kind.codec, format=kind.container) as file:
            for start in range(0, len(sound), 4096):
                file.write(sound[start : start + 4096])
    else:
        _by_av(path, kind, sound, with_video=kind.writer == "video")
    return path, sound.T


def _by_av(path: Path, kind: Kind, sound: NDArray[np.float32], with_video: bool) -> None:
    import av

    layout = "stereo" if kind.channels == 2 else "mono"
    with av.open(path, "w", format=kind.container) as out:
        track = out.add_stream(kind.codec, rate=kind.rate, layout=layout)
        track.bit_rate = 128_000  # the WMA encoder insists on one
        if kind.codec in SIXTEEN_BITS:
            track.codec_context.format = SIXTEEN_BITS[kind.codec]
        if with_video:
            picture = out.add_stream("mpeg4", rate=10)
            picture.width, picture.height, picture.pix_fmt = 64, 48, "yuv420p"
            for _ in range(20):
                out.mux(picture.encode(av.VideoFrame.from_ndarray(np.zeros((48, 64, 3), np.uint8), format="rgb24")))
            out.mux(picture.encode())
        for start in range(0, len(sound), 1024):
            pcm = (sound[start : start + 1024] * 32767).round().astype(np.int16).reshape(1, -1)
            frame = av.AudioFrame.from_ndarray(pcm, format="s16", layout=layout)
            frame.sample_rate, frame.pts = kind.rate, start
            out.mux(track.encode(frame))
        out.mux(track.encode())


def remux(path: Path, target: Path, kind: str, **metadata: str) -> Path:
    """The packets of `path` in a new file of container `kind`: what `ffmpeg -c copy -metadata …` writes."""
    import av

    with av.open(path) as given, av.open(target, "w", format=kind) as out:
        tracks = {track.index: out.add_stream_from_template(track) for track in given.streams}
        out.metadata.update(metadata)
        for packet in given.demux():
            if packet.dts is not None:
                packet.stream = tracks[packet.stream_index]
                out.mux(packet)
    return target


ID3 = b"ID3\3\0\0\0\0\1\0" + b"TIT2\0\0\0\5\0\0\0abcd".ljust(128, b"\0")
ID3_V1 = b"TAG".ljust(128, b"\0")
APE = b"APETAGEX" + (2000).to_bytes(4, "little") + (32).to_bytes(4, "little") + bytes(16)
