"""A recording as the rest of the program knows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Recording:
    """A file of sound that could be opened. Positions everywhere are samples at its own `rate`.

    `content_hash` is the BLAKE2b-128 of the bytes that are its sound, in hex, so that tags and names may change;
    `file_hash` that of all bytes. By the `earlier_hashes`, of files with this sound, it was known to earlier versions.
    `frames` counts samples a channel as the decoder delivers them (never the header's claim); `decoder` names library
    and version, since decoders differ in padding.
    """

    path: Path
    content_hash: str
    rate: int
    frames: int
    channels: int
    format: str
    decoder: str
    tags: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    file_hash: str = ""
    earlier_hashes: tuple[str, ...] = ()

    @property
    def hashes(self) -> tuple[str, ...]:
        """All by which something of this sound may have been kept, today's first."""
        return (self.content_hash, *self.earlier_hashes)

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return self.frames / self.rate
