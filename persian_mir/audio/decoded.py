"""Sound that was decoded once and lies on the disk, since its format cannot be read exactly from the middle.

After a seek, lossy decoders deliver samples that differ a little (MP3, Opus, AAC with noise substitution), or lie at
another place (Vorbis in libsndfile 1.2.2). So such a file is decoded from its beginning, in one go, into the cache;
its length is then known instead of believed, and every range is exact. Kept as float32, frame by frame, after a
header; thrown away oldest first.
"""

from __future__ import annotations

import logging
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import Any, BinaryIO, Protocol

import numpy as np
from numpy.typing import NDArray

from persian_mir.atomic_write import atomic_write
from persian_mir.audio.checks import broke_off
from persian_mir.audio.decoder import Problem, Samples, Tags
from persian_mir.audio.file_state import FileState, check_unchanged
from persian_mir.cache_files import HEADER_BYTES, header, load_kept, read_header, trim
from persian_mir.errors import AudioError
from persian_mir.i18n import _
from persian_mir.progress import Progress

log = logging.getLogger(__name__)

VERSION = 2
UNSUMMED = 1  # of earlier versions, which kept no checksums
BLOCK_BYTES = 1 << 18  # that one checksum is of
LIMIT_BYTES = 8 << 30  # about seven hours in stereo at 44.1 kHz


class DecodedFile:
    """A decoder that reads what was decoded before."""

    reads_file = False

    def __init__(self, path: Path, file: BinaryIO, values: dict[str, Any]) -> None:
        """Raises KeyError, ValueError or TypeError for values that are none, or do not fit `file`."""
        self._path, self._file = path, file
        self.rate = int(values["rate"])
        self.channels = int(values["channels"])
        self.frames = int(values["frames"])
        self.format = str(values["format"])
        self.name = str(values["decoder"])
        self.file_hash = str(values.get("file", ""))  # of the file that was decoded
        self.tags: Tags = MappingProxyType(values["tags"])
        self.problems: tuple[Problem, ...] = tuple(map(_problem, values["problems"]))
        self._bytes = 4 * self.channels * self.frames
        self._sums = self._read_sums(summed=values["version"] != UNSUMMED)
        self._sound: set[int] = set()  # blocks that were found to be what was written

    def read(self, start: int, frames: int) -> Samples:
        """See Decoder. Raises AudioError also where what was kept has changed on the disk."""
        first = 4 * self.channels * start
        count = min(4 * self.channels * frames, self._bytes - first)
        try:
            for block in range(first // BLOCK_BYTES, -(-(first + count) // BLOCK_BYTES)):
                self._check(block)
            flat = np.frombuffer(self._at(first, count), "<f4")
        except OSError as error:
            raise broke_off(self._path) from error
        whole = flat[: len(flat) // self.channels * self.channels]
        return np.ascontiguousarray(whole.reshape(-1, self.channels).T)

    def _at(self, place: int, count: int) -> bytes:
        self._file.seek(HEADER_BYTES + place)
        return self._file.read(count)

    def _read_sums(self, *, summed: bool) -> NDArray[np.uint32] | None:
        """The checksums of the blocks, if any were kept. Raises ValueError where the file has another length."""
        blocks = -(-self._bytes // BLOCK_BYTES) if summed else 0
        if self._file.seek(0, 2) != HEADER_BYTES + self._bytes + 4 * blocks:
            raise ValueError("it is cut off")
        return np.frombuffer(self._at(self._bytes, 4 * blocks), "<u4") if summed else None

    def _check(self, block: int) -> None:
        """Raise AudioError where a block, read for the first time, is not what was written."""
        if self._sums is None or block in self._sound:
            return
        place = block * BLOCK_BYTES
        if zlib.crc32(self._at(place, min(BLOCK_BYTES, self._bytes - place))) != self._sums[block]:
            log.info("the decoded sound of %s was altered on the disk", self._path)
            raise broke_off(self._path)
        self._sound.add(block)

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
        return load_kept(self._stored(content_hash), partial(_load, path, decoders))

    def fill(
        self, path: Path, content_hash: str, file_hash: str, state: FileState, stream: Stream, progress: Progress
    ) -> DecodedFile | None:
        """Decode `stream` into the store; None where not a single sample came.

        Raises AudioError when out of disk, and where the file at `path` is not in `state` any more.
        """
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
                    "file": file_hash,
                    "problems": [[problem.kind, problem.details] for problem in stream.found(frames)],
                }  # fmt: skip
                check_unchanged(path, state)
                file.seek(0)
                file.write(header(values))
            opened = stored.open("rb")
        except OSError as error:
            raise AudioError(
                _("The sound cannot be decoded into the cache {folder}: {reason}.").format(
                    folder=self.folder, reason=error.strerror or error
                ),
                path=path,
                cure=_("Free some space there, or make that folder writable."),
            ) from error
        trim(self.folder, self.limit_bytes)
        return DecodedFile(path, opened, values)

    def _stored(self, content_hash: str) -> Path:
        return self.folder / f"{content_hash}.f32"


def _load(path: Path, decoders: tuple[str, ...], stored: Path) -> DecodedFile:
    """What is stored. Raises ValueError, and much else, where it is damaged or of another decoder."""
    file = stored.open("rb")
    try:
        values = read_header(file.read(HEADER_BYTES)) or {}
        if values["version"] not in (VERSION, UNSUMMED) or values["decoder"] not in decoders:
            raise ValueError("it is of another decoder")
        return DecodedFile(path, file, values)
    except Exception:
        file.close()
        raise


def _write(file: BinaryIO, blocks: Iterable[Samples]) -> int:
    """Frames written after a place left for the header; behind them the checksums of all blocks of bytes."""
    file.write(bytes(HEADER_BYTES))
    frames, sums, last = 0, [], b""
    for samples in blocks:
        raw = samples.T.astype("<f4", order="C", copy=False).tobytes()
        file.write(raw)
        frames += samples.shape[1]
        last += raw
        while len(last) >= BLOCK_BYTES:
            sums.append(zlib.crc32(last[:BLOCK_BYTES]))
            last = last[BLOCK_BYTES:]
    if last:
        sums.append(zlib.crc32(last))
    file.write(np.array(sums, "<u4").tobytes())
    return frames


def _problem(kept: Any) -> Problem:
    """A problem out of a header; those kept by earlier versions had no details."""
    kind: Any = kept if isinstance(kept, str) else kept[0]
    return Problem(kind, () if isinstance(kept, str) else tuple(kept[1]))
