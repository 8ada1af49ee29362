"""Sound that was decoded once and lies on the disk, since its format cannot be read exactly from the middle.

After a seek, lossy decoders deliver samples that differ a little (MP3, Opus, AAC with noise substitution), or lie at
another place (Vorbis in libsndfile 1.2.2). So such a file is decoded from its beginning, in one go, into the cache;
its length is then known instead of believed, and every range is exact. Kept as float32, frame by frame, after a
header; thrown away oldest first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import Any, BinaryIO, Protocol

import numpy as np

from persian_mir.app_paths import cache_dir
from persian_mir.atomic_write import atomic_write
from persian_mir.audio.checks import broke_off
from persian_mir.audio.decoder import Problem, Samples, Tags
from persian_mir.cache_files import HEADER_BYTES, header, read_header, touch, trim
from persian_mir.errors import AudioError
from persian_mir.i18n import _
from persian_mir.progress import Progress

VERSION = 1
LIMIT_BYTES = 8 << 30  # about seven hours in stereo at 44.1 kHz


class DecodedFile:
    """A decoder that reads what was decoded before."""

    def __init__(self, path: Path, file: BinaryIO, values: dict[str, Any]) -> None:
        self._path, self._file = path, file
        self.rate: int = values["rate"]
        self.channels: int = values["channels"]
        self.frames: int = values["frames"]
        self.format: str = values["format"]
        self.name: str = values["decoder"]
        self.tags: Tags = MappingProxyType(values["tags"])
        self.problems: tuple[Problem, ...] = tuple(map(_problem, values["problems"]))

    def read(self, start: int, frames: int) -> Samples:
        """See Decoder."""
        try:
            self._file.seek(HEADER_BYTES + 4 * self.channels * start)
            flat = np.frombuffer(self._file.read(4 * self.channels * frames), "<f4")
        except OSError as error:
            raise broke_off(self._path) from error
        whole = flat[: len(flat) // self.channels * self.channels]
        return np.ascontiguousarray(whole.reshape(-1, self.channels).T)

    def close(self) -> None:
        """See Decoder."""
        self._file.close()


class Stream(Protocol):
    """A file being decoded from beginning to end."""

    rate: int
    format: str
    name: str
    tags: Tags

    def stream(self, progress: Progress) -> Iterator[Samples]:
        """All samples in order, `[channels, n]` at a time, as far as they can be decoded."""

    def found(self, frames: int) -> tuple[Problem, ...]:
        """What is wrong with the file, `frames` having been delivered."""


@dataclass(frozen=True, slots=True)
class DecodedStore:
    """The folder of decoded files."""

    folder: Path
    limit_bytes: int = LIMIT_BYTES

    def find(self, path: Path, content_hash: str, decoders: tuple[str, ...]) -> DecodedFile | None:
        """What one of `decoders` made of this content before; None where there is none, or it is damaged."""
        stored = self._stored(content_hash)
        try:
            file = stored.open("rb")
        except OSError:
            return None
        values = read_header(file.read(HEADER_BYTES))
        if not values or values["version"] != VERSION or values["decoder"] not in decoders or not _fits(file, values):
            file.close()
            return None
        touch(stored)
        return DecodedFile(path, file, values)

    def fill(self, path: Path, content_hash: str, stream: Stream, progress: Progress) -> DecodedFile | None:
        """Decode `stream` into the store; None where not a single sample came. Raises AudioError when out of disk."""
        stored = self._stored(content_hash)
        try:
            blocks = (samples for samples in stream.stream(progress) if samples.size)
            first = next(blocks, None)
            if first is None:
                return None
            with atomic_write(stored, durable=False) as file:
                frames = _write(file, chain([first], blocks))
                values = {
                    "version": VERSION, "decoder": stream.name, "format": stream.format, "rate": stream.rate,
                    "channels": len(first), "frames": frames, "tags": dict(stream.tags),
                    "problems": [[problem.kind, problem.details] for problem in stream.found(frames)],
                }  # fmt: skip
                file.seek(0)
                file.write(header(values))
            opened = stored.open("rb")
        except OSError as error:
            raise AudioError(
                _("The sound cannot be decoded: there is no room for it in the cache."),
                path=path,
                cure=_("Free some space on the disk of {folder}.").format(folder=cache_dir()),
            ) from error
        trim(self.folder, self.limit_bytes)
        return DecodedFile(path, opened, values)

    def _stored(self, content_hash: str) -> Path:
        return self.folder / f"{content_hash}.f32"


def _write(file: BinaryIO, blocks: Iterable[Samples]) -> int:
    """Frames written after a place left for the header."""
    file.write(bytes(HEADER_BYTES))
    frames = 0
    for samples in blocks:
        file.write(samples.T.astype("<f4", order="C", copy=False).tobytes())
        frames += samples.shape[1]
    return frames


def _problem(kept: Any) -> Problem:
    """A problem out of a header; those kept by earlier versions had no details."""
    kind: Any = kept if isinstance(kept, str) else kept[0]
    return Problem(kind, () if isinstance(kept, str) else tuple(kept[1]))


def _fits(file: BinaryIO, values: dict[str, Any]) -> bool:
    return file.seek(0, 2) == HEADER_BYTES + 4 * int(values["channels"]) * int(values["frames"])
