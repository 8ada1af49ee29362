"""Bare MPEG audio (MP3, ADTS): the frames, without the tags before, between and behind them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from persian_mir.audio.byte_spans import Span, content, find
from persian_mir.audio.layout import Layout

_TABLES = {  # bit rates in kbit/s by (MPEG 1 or not, layer)
    (True, 3): (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (True, 2): (0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (False, 3): (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (False, 2): (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}  # by the version's bits
_MOST_TAGS = 1000
_ZEROS = 1 << 16  # padding that some writers leave behind a tag


def layout(file: BinaryIO, base: int, size: int, head: bytes) -> Layout | None:
    """The layout of an MP3 or ADTS file whose first frame begins at `base`, or after a little padding."""
    if not head.strip(b"\0"):
        file.seek(base)
        base += len(zeros := file.read(_ZEROS)) - len(zeros.lstrip(b"\0"))
        file.seek(base)
        head = file.read(36)
    if _is_adts(head):
        return Layout(b"ADTS", tuple(_between_tags(file, base, size)), essence=head[1:4])
    if not _frame_bytes(head):
        return None
    stated, skipped = _info(file, base, head)
    spans = list(_between_tags(file, base, size))
    essence = skipped + head[1:2] + bytes([head[2] & 0x0C])
    header = b""
    if spans and stated is not None:  # other programs write this frame anew
        first = min(spans[0][0] + _frame_bytes(head), spans[0][1])
        file.seek(base)
        header = file.read(first - base)
        spans[0] = (first, spans[0][1])
    joined = len(spans) > 1
    return Layout(
        b"MPEG",
        tuple(span for span in spans if span[0] < span[1]),
        essence=essence,
        promised_s=(stated or 0) / _rate(head),
        header=header,
        misleads=joined,
        spliced=joined,
    )


def after_id3(file: BinaryIO, at: int) -> int:
    """Where the ID3v2 tags at `at`, if there are any, end."""
    for _tag in range(_MOST_TAGS):
        file.seek(at)
        length = _id3_bytes(file.read(10))
        if not length:
            return at
        at += length
    return at


def before_tags(file: BinaryIO, start: int, stop: int) -> int:
    """Where the ID3v1, APE and Lyrics3 tags that end at `stop`, if there are any, begin."""
    for _tag in range(_MOST_TAGS):
        file.seek(max(start, stop - 128))
        last = file.read(stop - max(start, stop - 128))
        if len(last) == 128 and last[:3] == b"TAG":
            stop -= 128
        elif last[-9:] in (b"LYRICS200", b"LYRICSEND") and len(last) >= 15 and last[-15:-9].isdigit():
            stop -= int(last[-15:-9]) + 15
        elif last[-32:-24] == b"APETAGEX" and (length := _ape_bytes(last[-32:])) <= stop - start:
            stop -= length
        else:
            return max(start, stop)
    return stop


def _between_tags(file: BinaryIO, start: int, size: int) -> Iterator[Span]:
    """The stretches between tags, also those of files that were joined."""
    at = start
    while at < size:
        tag, after = _next_tag(file, at, size)
        stop = before_tags(file, at, tag)
        if at < stop:
            yield at, stop
        at = after


def _next_tag(file: BinaryIO, at: int, size: int) -> tuple[int, int]:
    """Where the next ID3v2 tag with a frame behind it begins, and where that frame does; else the end, twice."""
    while (at := find(file, b"ID3", at)) >= 0:
        after = after_id3(file, at)
        head = content(file, after, 4)
        if after > at and (after >= size or _frame_bytes(head) or _is_adts(head)):
            return at, min(after, size)
        at += 1
    return size, size


def _id3_bytes(head: bytes) -> int:
    """The length of the ID3v2 tag that begins with these 10 bytes; 0 for no tag."""
    if len(head) < 10 or head[:3] != b"ID3" or head[3] > 4 or head[4] == 0xFF or any(part > 127 for part in head[6:10]):
        return 0
    length = head[6] << 21 | head[7] << 14 | head[8] << 7 | head[9]
    return length + 10 + (10 if head[5] & 0x10 else 0)


def _ape_bytes(footer: bytes) -> int:
    return int.from_bytes(footer[12:16], "little") + (32 if footer[23] & 0x80 else 0)


def _is_adts(head: bytes) -> bool:
    return len(head) >= 4 and head[0] == 0xFF and head[1] & 0xF6 == 0xF0 and (head[2] >> 2 & 15) < 13


def _frame_bytes(head: bytes) -> int:
    """The length of the MP2 or MP3 frame that begins so; 0 where none does."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return 0
    version, layer, rate, kbit = head[1] >> 3 & 3, 4 - (head[1] >> 1 & 3), head[2] >> 2 & 3, head[2] >> 4
    if version == 1 or layer not in (2, 3) or rate == 3 or kbit in (0, 15):
        return 0
    samples = 1152 if version == 3 or layer == 2 else 576
    bits = _TABLES[version == 3, layer][kbit] * 1000
    return samples // 8 * bits // _rate(head) + (head[2] >> 1 & 1)


def _rate(head: bytes) -> int:
    return _RATES[head[1] >> 3 & 3][head[2] >> 2 & 3]


def _info(file: BinaryIO, at: int, head: bytes) -> tuple[int | None, bytes]:
    """Samples that the Xing or Info frame at `at` promises, and its bytes on the silence to be left out at both ends.

    None where the first frame is sound.
    """
    file.seek(at)
    frame = file.read(_frame_bytes(head))
    mono, first = head[3] >> 6 == 3, head[1] >> 3 & 3 == 3
    place = 4 + ((17 if mono else 32) if first else (9 if mono else 17))
    if frame[36:40] == b"VBRI":
        return int.from_bytes(frame[50:54], "big") * (1152 if first else 576), b""
    if frame[place : place + 4] not in (b"Xing", b"Info"):
        return None, b""
    flags = int.from_bytes(frame[place + 4 : place + 8], "big")
    count = int.from_bytes(frame[place + 8 : place + 12], "big") if flags & 1 else 0
    lame = place + 8 + 4 * (flags & 1) + 4 * (flags >> 1 & 1) + 100 * (flags >> 2 & 1) + 4 * (flags >> 3 & 1)
    return count * (1152 if first else 576), frame[lame + 21 : lame + 24]
