"""What may be written into a file, and how each kind of tag calls it. A new field is a row, a new kind a column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that tags tell; empty where a kind of tag has no place for it.

    `id3` is a frame (ID3v2), with its description behind a colon; `vorbis` a name of a Vorbis comment; `mp4` an atom,
    `----:` before a free one; `info` a chunk of RIFF INFO; `asf` an attribute; `ape` an item
    of APEv2.
    """

    id: str
    id3: str
    vorbis: str
    mp4: str
    info: str
    asf: str
    ape: str


_FREE = "----:com.apple.iTunes:"
_ROWS = (
    Field("title", "TIT2", "TITLE", "\xa9nam", "INAM", "Title", "Title"),
    Field("artist", "TPE1", "ARTIST", "\xa9ART", "IART", "Author", "Artist"),
    Field("album", "TALB", "ALBUM", "\xa9alb", "IPRD", "WM/AlbumTitle", "Album"),
    Field("genre", "TCON", "GENRE", "\xa9gen", "IGNR", "WM/Genre", "Genre"),
    Field("comment", "COMM", "COMMENT", "\xa9cmt", "ICMT", "Description", "Comment"),
    Field("dastgah", "TXXX:DASTGAH", "DASTGAH", f"{_FREE}DASTGAH", "ISBJ", "PersianMIR/Dastgah", "DASTGAH"),
    Field("mode", "TXXX:MODE", "MODE", f"{_FREE}MODE", "IKEY", "PersianMIR/Mode", "MODE"),
    Field(
        "instrument", "TXXX:INSTRUMENT", "INSTRUMENT", f"{_FREE}INSTRUMENT", "", "PersianMIR/Instrument", "INSTRUMENT"
    ),
    Field("performer", "TXXX:PERFORMER", "PERFORMER", f"{_FREE}PERFORMER", "ISTR", "PersianMIR/Performer", "PERFORMER"),
    Field(
        "source",
        "TXXX:LABEL_SOURCE",
        "LABEL_SOURCE",
        f"{_FREE}LABEL_SOURCE",
        "",
        "PersianMIR/LabelSource",
        "LABEL_SOURCE",
    ),
)
FIELDS: Mapping[str, Field] = MappingProxyType({row.id: row for row in _ROWS})
