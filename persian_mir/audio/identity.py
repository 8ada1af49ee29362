"""Which recording a file holds: known by its sound, so that tags, covers and names may change."""

from __future__ import annotations

import hashlib
import logging
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from persian_mir.audio.byte_spans import Span
from persian_mir.audio.checks import unreadable
from persian_mir.audio.file_state import FileState, check_unchanged
from persian_mir.audio.find_layout import find_layout
from persian_mir.audio.known_files import files_of, recall, remember
from persian_mir.audio.layout import Layout
from persian_mir.i18n import _
from persian_mir.progress import SILENT, Progress

log = logging.getLogger(__name__)

BLOCK_BYTES = 4 << 20
_MOST_SPANS = 64  # more are the pages of an Ogg file, which nobody needs once they are hashed
_VERSION = 1
_FLAC_VERSION = 2  # since its frames are counted


@dataclass(frozen=True, slots=True)
class Identity:
    """Hashes (BLAKE2b-128, in hex) of a file's sound and of all its bytes; and where in it the sound lies.

    `files` are the hashes of all files in which this sound was met, this one among them.
    """

    sound: str
    file: str
    layout: Layout
    files: tuple[str, ...]


def identify(path: Path, state: FileState, progress: Progress = SILENT, *, anew: bool = False) -> Identity:
    """The identity of the file at `path`. Raises AudioError where it cannot be read, or changes meanwhile.

    What is known of a file in this state is believed, unless its bytes are to be read `anew`.
    """
    known = None if anew else recall(path, state)
    if known is not None and known.get("version") == _version(bytes.fromhex(known["layout"]["magic"])):
        layout = _layout_of(known["layout"])
        return Identity(known["sound"], known["file"], layout, files_of(known["sound"]))
    try:
        layout = find_layout(path)
        file, sound = _hash(path, state.size, layout, progress)
    except OSError as error:
        raise unreadable(path, error) from error
    if not layout.spans:
        sound = _hash_packets(path, layout) or file
    check_unchanged(path, state)
    if len(layout.spans) > _MOST_SPANS and not layout.spliced:
        layout = layout.without_spans()
    values = {"version": _version(layout.magic), "sound": sound, "file": file, "layout": _told(layout)}
    remember(path, state, values, file, sound)
    return Identity(sound, file, layout, tuple({*files_of(sound), file}))


def _hash(path: Path, size: int, layout: Layout, progress: Progress) -> tuple[str, str]:
    """The hashes of all bytes, and of those that are sound. One reading; each hash on a thread of its own, since
    BLAKE2b lets them run, while the next block is read.
    """
    whole, sound = _new(), _Sound(layout)
    note, at = _("Reading {name}").format(name=path.name), 0
    buffers = [memoryview(bytearray(max(1, min(BLOCK_BYTES, size)))) for _number in range(2)]
    with path.open("rb", buffering=0) as file, ThreadPoolExecutor(2, "hash") as threads:
        running: list[Future[None]] = []
        while count := file.readinto(buffers[0]):
            for one in running:
                one.result()
            block = buffers[0][:count]
            running = [threads.submit(whole.update, block), threads.submit(sound.take, at, block)]
            buffers.reverse()
            at += count
            progress.step(min(1.0, at / max(1, size)), note)
        for one in running:
            one.result()
    return whole.hexdigest(), sound.digest.hexdigest()


class _Sound:
    """The hash of the bytes that are sound."""

    def __init__(self, layout: Layout) -> None:
        self.digest = _new(_form(layout))
        self._spans = iter(layout.spans)
        self._span = next(self._spans, None)

    def take(self, at: int, block: memoryview) -> None:
        """The next block of the file, which lies at `at`."""
        end = at + len(block)
        while self._span is not None and self._span[0] < end:
            self.digest.update(block[max(0, self._span[0] - at) : min(len(block), self._span[1] - at)])
            if self._span[1] > end:
                break
            self._span = next(self._spans, None)


def _hash_packets(path: Path, layout: Layout) -> str:
    """The hash of the packets of the default sound track, as FFmpeg finds them; empty where it finds none."""
    from persian_mir.audio.libav_track import LibavTrack, decode_errors
    from persian_mir.errors import AudioError

    try:
        track = LibavTrack(path, None, layout)
    except AudioError:
        return ""
    digest, first = _new(_form(layout)), None
    try:
        for packet in track.container.demux(track.stream):
            if first is None and packet.pts is not None:
                first = float(packet.pts * packet.time_base)
            digest.update(packet)
    except decode_errors() as error:  # damaged: what comes until here is the sound
        log.info("%s: %s", path, error)
    finally:
        track.close()
    codec = track.codec
    form = (codec.name, codec.sample_rate, codec.channels, first, track.indexed_s())
    digest.update(repr(form).encode() + bytes(codec.extradata or b""))
    return str(digest.hexdigest())


def _version(magic: bytes) -> int:
    """Of what is found out about files that begin so; what an earlier program found out is found out again."""
    return _FLAC_VERSION if magic == b"fLaC" else _VERSION


def _form(layout: Layout) -> bytes:
    """What decides, besides its bytes, what is heard."""
    return layout.magic[:4] + layout.essence


def _new(begin: bytes = b"") -> Any:
    return hashlib.blake2b(begin, digest_size=16)


def _told(layout: Layout) -> dict[str, Any]:
    """For JSON."""
    return {name: value.hex() if isinstance(value, bytes) else value for name, value in asdict(layout).items()}


def _layout_of(told: dict[str, Any]) -> Layout:
    """Out of JSON."""
    values = dict(told)
    for name in ("magic", "essence", "header"):
        values[name] = bytes.fromhex(values[name])
    for name in ("spans", "parts"):
        values[name] = tuple(_span(one) for one in values[name])
    return Layout(**values)


def _span(told: list[int]) -> Span:
    return told[0], told[1]
