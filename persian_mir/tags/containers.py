"""The sets of tags that files hold: read and changed by mutagen, RIFF INFO by our own hand."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, BinaryIO

from persian_mir.audio.video_layouts import asf_properties
from persian_mir.tags import riff_info
from persian_mir.tags.fields import FIELDS

_SEPARATOR = "; "  # between values of one field
_ID3_V1 = 128  # bytes of the old tag at the end of a file


class Tags(ABC):
    """One set of tags of an open file. `kind` is the column of `fields` that names its keys."""

    kind: str

    def keys(self) -> Mapping[str, str]:
        """What it calls the fields that it can hold."""
        return {name: key for name, row in FIELDS.items() if (key := getattr(row, self.kind))}

    @abstractmethod
    def get(self, key: str) -> str:
        """Return a value; several joined by a semicolon; empty where there is none."""

    @abstractmethod
    def put(self, key: str, text: str) -> None:
        """Set a value; an empty one takes it away."""

    @abstractmethod
    def rest(self) -> object:
        """Return all that is none of our fields, for comparing."""

    @abstractmethod
    def save(self, file: BinaryIO) -> None:
        """Write them into `file`, which holds what they were read from."""


class _Mutagen(Tags):
    """What mutagen reads. It raises errors of any kind on damaged files."""

    def __init__(self, made: Any) -> None:
        self.file = made
        if made.tags is None:
            made.add_tags()

    def save(self, file: BinaryIO) -> None:
        file.seek(0)
        self.file.save(file)

    def _drop(self, key: str) -> None:
        """Take a value away, if there is one."""
        if key in self.file.tags:
            del self.file.tags[key]

    def _rest(self) -> dict[str, Any]:
        ours = {key.casefold() for key in self.keys().values()}
        return {key: value for key, value in self.file.tags.items() if key.casefold() not in ours}

    def rest(self) -> object:
        return self._rest()


class _Id3(_Mutagen):
    """ID3v2 of an MP3, WAV or AIFF, in the version that it had. An ID3v1 tag, which has no Persian, is left alone."""

    kind = "id3"

    def __init__(self, made: Any) -> None:
        super().__init__(made)
        self._version = 3 if made.tags.version[:2] in ((2, 2), (2, 3)) else 4
        if made.tags.version[:2] == (2, 2):
            made.tags.update_to_v23()

    def get(self, key: str) -> str:
        return _SEPARATOR.join(str(text) for frame in self._frames(key) for text in frame.text)

    def put(self, key: str, text: str) -> None:
        from mutagen import id3

        name, _colon, description = key.partition(":")
        languages = [frame.lang for frame in self._frames(key) if name == "COMM"]
        for frame in self._frames(key):
            del self.file.tags[frame.HashKey]
        if not text:
            return
        more: dict[str, str] = {"desc": description} if name in ("TXXX", "COMM") else {}
        if name == "COMM":
            more["lang"] = next(iter(languages), "eng")
        encoding = id3.Encoding.UTF16 if self._version == 3 else id3.Encoding.UTF8
        self.file.tags.add(getattr(id3, name)(encoding=encoding, text=[text], **more))

    def rest(self) -> object:
        ours = {frame.HashKey for key in self.keys().values() for frame in self._frames(key)}
        return {key: frame for key, frame in self.file.tags.items() if key not in ours}, self.file.tags.unknown_frames

    def save(self, file: BinaryIO) -> None:
        old = _id3_v1(file)
        file.seek(0)
        self.file.save(file, v2_version=self._version, v23_sep=None)
        if old:
            file.seek(-_ID3_V1, os.SEEK_END)
            file.write(old)

    def _frames(self, key: str) -> list[Any]:
        """Return the frames of a key: comments in any language."""
        name, _colon, description = key.partition(":")
        frames = self.file.tags.getall(name)
        if name not in ("TXXX", "COMM"):
            return list(frames)
        return [frame for frame in frames if frame.desc.casefold() == description.casefold()]


class _Vorbis(_Mutagen):
    """Vorbis comments of FLAC, Ogg Vorbis, Opus and Speex."""

    kind = "vorbis"

    def get(self, key: str) -> str:
        return _SEPARATOR.join(self.file.tags.get(key, ()))

    def put(self, key: str, text: str) -> None:
        self._drop(key)
        if text:
            self.file.tags[key] = text

    def rest(self) -> object:
        return self._rest(), [(one.type, one.data) for one in getattr(self.file, "pictures", ())]


class _Ape(_Mutagen):
    """APEv2 at the end of ADTS and WavPack, before an ID3v1 tag, which is left alone."""

    kind = "ape"

    def get(self, key: str) -> str:
        value = self.file.tags.get(key)
        return "" if value is None or value.kind else _SEPARATOR.join(value)

    def put(self, key: str, text: str) -> None:
        self._drop(key)
        if text:
            self.file.tags[key] = text

    def save(self, file: BinaryIO) -> None:
        old = _id3_v1(file)
        super().save(file)
        if old and not _id3_v1(file):  # mutagen takes it away
            file.seek(0, os.SEEK_END)
            file.write(old)


class _Mp4(_Mutagen):
    """Atoms of MP4, M4A and ALAC."""

    kind = "mp4"

    def get(self, key: str) -> str:
        values = self.file.tags.get(key, ())
        return _SEPARATOR.join(one.decode(errors="replace") if isinstance(one, bytes) else str(one) for one in values)

    def put(self, key: str, text: str) -> None:
        from mutagen.mp4 import MP4FreeForm

        self._drop(key)
        if text:
            self.file.tags[key] = [MP4FreeForm(text.encode())] if key.startswith("----") else [text]


class _Asf(_Mutagen):
    """Attributes of WMA."""

    kind = "asf"

    def get(self, key: str) -> str:
        return _SEPARATOR.join(map(str, self.file.tags.get(key, ())))

    def put(self, key: str, text: str) -> None:
        self._drop(key)
        if text:
            self.file.tags[key] = text

    def save(self, file: BinaryIO) -> None:
        super().save(file)
        size, place = file.seek(0, os.SEEK_END), asf_properties(file, 0)
        if place is not None:  # the header tells the size of the file, which mutagen leaves as it was
            file.seek(place + 40)
            file.write(size.to_bytes(8, "little"))


class _Info(Tags):
    """RIFF INFO of a WAV file."""

    kind = "info"

    def __init__(self, file: BinaryIO) -> None:
        self._texts = riff_info.read_info(file)
        self._read = dict(self._texts)

    def get(self, key: str) -> str:
        return riff_info.text_of(self._texts.get(key.encode(), b""))

    def put(self, key: str, text: str) -> None:
        self._texts.pop(key.encode(), None)
        if text:
            self._texts[key.encode()] = text.encode(errors="replace") + b"\0"

    def rest(self) -> object:
        ours = {key.encode() for key in self.keys().values()} | {b"JUNK"}
        return {key: raw for key, raw in self._texts.items() if key not in ours}

    def save(self, file: BinaryIO) -> None:
        if self._texts != self._read:
            riff_info.write_info(file, self._texts)


def by_mutagen(kind: str, made: Any) -> Tags:
    """Return the tags of a file that mutagen has opened; `kind` is the column of `fields`."""
    return next(one for one in (_Id3, _Vorbis, _Ape, _Mp4, _Asf) if one.kind == kind)(made)


def riff_info_of(file: BinaryIO) -> Tags:
    """Return the RIFF INFO of a WAV file."""
    return _Info(file)


def _id3_v1(file: BinaryIO) -> bytes:
    """The old tag at the end of a file, if there is one."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - _ID3_V1))
    end = file.read(_ID3_V1)
    return end if end.startswith(b"TAG") else b""
