"""A recording as the rest of the program knows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Recording:
    """A file of sound that could be opened. Positions everywhere are samples at its own `rate`.

    `content_hash` is the BLAKE2b-128 of the file's bytes, in hex; `frames` counts samples a channel as the decoder
    delivers them (never the header's claim); `decoder` names library and version, since decoders differ in padding.
    """

    path: Path
    content_hash: str
    rate: int
    frames: int
    channels: int
    format: str
    decoder: str
    tags: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return self.frames / self.rate
