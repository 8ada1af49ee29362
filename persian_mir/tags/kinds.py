"""Which sets of tags a file holds, by its content; the name of a file says nothing."""

from __future__ import annotations

from typing import Any, BinaryIO

from persian_mir.audio.mpeg_layout import after_id3
from persian_mir.tags.containers import Tags, by_mutagen, riff_info_of

_ASF = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")
_WITHOUT = {  # how files begin into which no tags are written, and what they are called
    b"RF64": "RF64",
    b"BW64": "BW64",
    b"riff": "Wave64",
    b"caff": "CAF",
    b".snd": "AU",
    b"\x1a\x45\xdf\xa3": "Matroska / WebM",
    b"MAC ": "Monkey's Audio",
    b"MPCK": "Musepack",
    b"TTA1": "True Audio",
    b"DSD ": "DSF",
    b"#!AM": "AMR",
    b"\x0b\x77": "AC-3",
    b"\0\0\1\xba": "MPEG",
    b"FLV": "FLV",
    b".RMF": "RealMedia",
    b"Crea": "VOC",
}


def open_tags(file: BinaryIO) -> list[Tags]:
    """Return the sets of tags of an open file: WAV has two, other kinds one, and none those that cannot hold any.

    Raises whatever mutagen does for damaged ones.
    """
    head = _head(file)
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        from mutagen.wave import WAVE

        return [by_mutagen("id3", _read(WAVE, file, **_id3_options(file))), riff_info_of(file)]
    if _is_adts(head):
        return _of_adts(file)
    known = _single(file, head)
    return [] if known is None else [known]


def kind_without_tags(file: BinaryIO) -> str:
    """Return what a file is called into which no tags can be written; empty where that is not known."""
    head = _head(file)
    if head[:4] == b"RIFF":
        return "AVI" if head[8:12] == b"AVI " else ""
    if head[:1] == b"\x47" and head[188:189] == b"\x47":
        return "MPEG-TS"
    return next((name for begin, name in _WITHOUT.items() if head.startswith(begin)), "")


def _single(file: BinaryIO, head: bytes) -> Tags | None:
    if head[:4] == b"FORM" and head[8:12] in (b"AIFF", b"AIFC"):
        from mutagen.aiff import AIFF

        return by_mutagen("id3", _read(AIFF, file, **_id3_options(file)))
    if head[:4] == b"fLaC":
        from mutagen.flac import FLAC

        return by_mutagen("vorbis", _read(FLAC, file))
    if head[4:8] == b"ftyp":
        from mutagen.mp4 import MP4

        return by_mutagen("mp4", _read(MP4, file))
    if head.startswith(_ASF):
        from mutagen.asf import ASF

        return by_mutagen("asf", _read(ASF, file))
    if head[:4] == b"wvpk":
        from mutagen.wavpack import WavPack

        return by_mutagen("ape", _read(WavPack, file))
    if head[:4] == b"OggS":
        kind = _ogg_kind(head[27 + head[26] :])
        return None if kind is None else by_mutagen("vorbis", _read(kind, file))
    if head[:1] == b"\xff" and head[1:2] >= b"\xe0" and head[1] & 6:  # a frame of layer I, II or III
        from mutagen.mp3 import MP3

        return by_mutagen("id3", _read(MP3, file, **_id3_options(file)))
    return None


def _of_adts(file: BinaryIO) -> list[Tags]:
    """Return APEv2, which FFmpeg, mutagen and players read there; also ID3v2, where another program began with that."""
    from mutagen.apev2 import APEv2File
    from mutagen.id3 import ID3FileType

    found: list[Tags] = [by_mutagen("ape", _read(APEv2File, file))]
    file.seek(0)
    if file.read(3) == b"ID3":
        found.append(by_mutagen("id3", _read(ID3FileType, file, **_id3_options(file))))
    return found


def _is_adts(head: bytes) -> bool:
    return head[:1] == b"\xff" and head[1:2] >= b"\xf0" and not head[1] & 6


def _ogg_kind(packet: bytes) -> type[Any] | None:
    from mutagen import oggflac, oggopus, oggspeex, oggvorbis

    kinds: dict[bytes, type[Any]] = {
        b"\x01vorbis": oggvorbis.OggVorbis,
        b"OpusHead": oggopus.OggOpus,
        b"\x7fFLAC": oggflac.OggFLAC,
        b"Speex   ": oggspeex.OggSpeex,
    }
    return next((kind for begin, kind in kinds.items() if packet.startswith(begin)), None)


def _read(kind: type[Any], file: BinaryIO, **options: Any) -> Any:
    file.seek(0)
    return kind(file, **options)


def _head(file: BinaryIO) -> bytes:
    """The first bytes behind ID3v2 tags."""
    file.seek(after_id3(file, 0))
    return file.read(512)


def _id3_options(file: BinaryIO) -> dict[str, Any]:
    """Frames stay as they are, but for those of version 2.2, which nothing writes any more."""
    file.seek(0)
    return {"translate": file.read(4) == b"ID3\2"}
