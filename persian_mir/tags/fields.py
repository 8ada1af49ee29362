"""What may be written into a file, and how each kind of tag calls it. A new field is a row, a new kind a column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that tags tell; empty where a kind of tag has no place for it.

    `id3` is a frame (ID3v2), with its description behind a colon; `vorbis` a name of a Vorbis comment; `mp4` an atom,
    `----:` before a free one; `info` a chunk of RIFF INFO; `asf` an attribute.
    """

    id: str
    id3: str
    vorbis: str
    mp4: str
    info: str
    asf: str


_FREE = "----:com.apple.iTunes:"
_ROWS = (
    Field("title", "TIT2", "TITLE", "\xa9nam", "INAM", "Title"),
    Field("artist", "TPE1", "ARTIST", "\xa9ART", "IART", "Author"),
    Field("album", "TALB", "ALBUM", "\xa9alb", "IPRD", "WM/AlbumTitle"),
    Field("genre", "TCON", "GENRE", "\xa9gen", "IGNR", "WM/Genre"),
    Field("comment", "COMM", "COMMENT", "\xa9cmt", "ICMT", "Description"),
    Field("dastgah", "TXXX:DASTGAH", "DASTGAH", f"{_FREE}DASTGAH", "ISBJ", "PersianMIR/Dastgah"),
    Field("mode", "TXXX:MODE", "MODE", f"{_FREE}MODE", "IKEY", "PersianMIR/Mode"),
    Field("instrument", "TXXX:INSTRUMENT", "INSTRUMENT", f"{_FREE}INSTRUMENT", "", "PersianMIR/Instrument"),
    Field("performer", "TXXX:PERFORMER", "PERFORMER", f"{_FREE}PERFORMER", "ISTR", "PersianMIR/Performer"),
    Field("source", "TXXX:LABEL_SOURCE", "LABEL_SOURCE", f"{_FREE}LABEL_SOURCE", "", "PersianMIR/LabelSource"),
)
FIELDS: Mapping[str, Field] = MappingProxyType({row.id: row for row in _ROWS})
