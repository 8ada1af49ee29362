"""Files of chunks and plain headers: WAV, RF64, AIFF, W64, AU, CAF."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO

from persian_mir.audio.byte_spans import Span, content
from persian_mir.audio.chunks import (
    UNKNOWN,
    Coding,
    Order,
    chunks,
    follows,
    goes_on,
    sound_end,
    unknown_tail,
    whole_frames,
)
from persian_mir.audio.layout import Layout

_PCM, _FLOAT, _EXTENSIBLE = 1, 3, 0xFFFE
_MPEG = (0x50, 0x55)
_LONGEST = 0xFFFFFFF0  # bytes that 32 bits can tell of


def layout(file: BinaryIO, base: int, size: int, head: bytes) -> Layout | None:
    """The layout of a file of one of these kinds, which begins at `base` with `head`; None for another."""
    match head[:4]:
        case b"RIFF" | b"RF64" | b"RIFX" if head[8:12] == b"WAVE":
            return _wave(file, base, size, head)
        case b"FORM" if head[8:12] in (b"AIFF", b"AIFC"):
            return _aiff(file, base, size)
        case b"riff" if head[24:28] == b"wave":
            return _by_chunks(b"riff", file, _w64_chunks(file, base + 40, size), size)
        case b"caff":
            return _by_chunks(b"caff", file, _caf_chunks(file, base + 8, size), size)
        case b".snd":
            return _au(file, base, size, head)
    return None


def _wave(file: BinaryIO, base: int, size: int, head: bytes) -> Layout:
    order: Order = "big" if head[:4] == b"RIFX" else "little"
    instead = int.from_bytes(head[28:36], "little") if head[12:16] == b"ds64" else 0
    form = fact = b""
    coding = Coding(order, 1, 0)
    spans: list[Span] = []
    promised, unread = 0, 0
    mended = base > 0 and head[:4] == b"RF64"  # which libsndfile reads only at the beginning of a file
    for name, at, stated in chunks(file, base + 12, size, order):
        if name == b"fmt " and not form:
            form = content(file, at, min(stated, 4096))
            coding = _wave_coding(form, order)
        elif name == b"fact":
            fact = content(file, at, min(stated, 64))
        elif name == b"data":
            length = instead if stated in UNKNOWN else stated
            open_end = length in UNKNOWN and not (stated == 0 and follows(file, at, size, order))
            stop = size if open_end else at + length
            promised += 0 if open_end else length
            end = sound_end(file, at, stop, size, coding)
            unread += 0 if end > stop or follows(file, stop, size, order) else unknown_tail(file, stop, size)
            mended = mended or bool(spans) or end > stop or open_end
            spans.append((at, whole_frames(at, min(end, size), coding.frame)))
            if end > stop or end >= size:
                break
    spans = [span for span in spans if span[0] < span[1]]
    is_mpeg = _wave_tag(form, order) in _MPEG  # FFmpeg reads the bare frames better, libsndfile half of them
    held = sum(stop - start for start, stop in spans)
    return Layout(
        b"RIFF",
        tuple(spans),
        essence=_wave_essence(form, order),
        promised=promised,
        header=b"" if is_mpeg else _wave_header(form, fact, held, order),
        misleads=mended or is_mpeg,
        spliced=bool(spans) and (mended or is_mpeg),
        unread=unread,
    )


def _wave_header(form: bytes, fact: bytes, held: int, order: Order) -> bytes:
    """A header that tells of all `held` bytes of sound."""
    given = ((b"fmt ", form), *([(b"fact", fact)] if fact else []))
    told = b"".join(name + len(text).to_bytes(4, order) + text + bytes(len(text) % 2) for name, text in given)
    size = len(told) + held + 48
    if size < _LONGEST:
        magic = b"RIFX" if order == "big" else b"RIFF"
        return magic + (len(told) + held + 12).to_bytes(4, order) + b"WAVE" + told + b"data" + held.to_bytes(4, order)
    sizes = (size, held, 0)
    long = b"ds64" + (28).to_bytes(4, "little") + b"".join(one.to_bytes(8, "little") for one in sizes) + bytes(4)
    return b"RF64" + b"\xff" * 4 + b"WAVE" + long + told + b"data" + b"\xff" * 4


def _wave_essence(form: bytes, order: Order) -> bytes:
    """Coding, channels, rate and bits, the same for a short `fmt ` and a long one."""
    return order.encode() + _wave_tag(form, order).to_bytes(2, "big") + form[2:8] + form[12:16]


def _wave_tag(form: bytes, order: Order) -> int:
    """The number of the coding, out of the extension where it stands there."""
    tag = int.from_bytes(form[:2], order)
    return int.from_bytes(form[24:26], order) if tag == _EXTENSIBLE else tag


def _wave_coding(form: bytes, order: Order) -> Coding:
    if len(form) < 16:
        return Coding(order, 1, 0)
    channels, block, bits = (int.from_bytes(form[at : at + 2], order) for at in (2, 12, 14))
    tag = _wave_tag(form, order)
    width = block // max(1, channels)
    plain = width in {_PCM: (1, 2, 3, 4), _FLOAT: (4, 8)}.get(tag, ())
    if not plain or width * channels != block or bits > 8 * width:
        return Coding(order, 1, 0)
    return Coding(order, width, block, tag == _FLOAT, unsigned=width == 1)


def _aiff(file: BinaryIO, base: int, size: int) -> Layout:
    comm, promised, extra = b"", 0, 0
    spans: list[Span] = []
    for name, at, stated in chunks(file, base + 12, size, "big"):
        if name == b"COMM" and not comm:
            comm = content(file, at, min(stated, 4096))
        elif name == b"SSND" and not spans:
            first = at + 8 + int.from_bytes(content(file, at, 4), "big")
            stop, end = at + stated, at + stated
            if comm and stated not in UNKNOWN:
                end = sound_end(file, first, stop, size, _aiff_coding(comm))
            extra = 0 if end > stop or follows(file, stop, size, "big") else unknown_tail(file, stop, size)
            spans = [(min(first, size), min(end, size))]
            promised = 0 if stated in UNKNOWN else stated - (first - at)
            if end >= size:
                break
    frame = _aiff_coding(comm).frame
    spans = [(start, whole_frames(start, stop, frame)) for start, stop in spans if start < stop]
    promised = max(promised, frame * int.from_bytes(comm[2:6], "big"))
    essence = comm[:2] + comm[6:22]
    found = Layout(b"FORM", tuple(spans), essence=essence, promised=promised, unread=extra)
    if not frame or found.held <= promised:
        return found
    return replace(found, header=_aiff_header(comm, found.held, frame), misleads=True, spliced=True)


def _aiff_header(comm: bytes, held: int, frame: int) -> bytes:
    """A header that tells of all `held` bytes of sound."""
    comm = comm[:2] + (held // frame).to_bytes(4, "big") + comm[6:]
    kind = b"AIFC" if len(comm) > 18 else b"AIFF"
    form = b"COMM" + len(comm).to_bytes(4, "big") + comm + b"\0" * (len(comm) % 2)
    form += b"SSND" + min(held + 8, 0xFFFFFFFE).to_bytes(4, "big") + bytes(8)
    version = b"FVER" + (4).to_bytes(4, "big") + b"\xa2\x80\x51\x40" if kind == b"AIFC" else b""
    return b"FORM" + min(len(form) + len(version) + 4 + held, 0xFFFFFFFE).to_bytes(4, "big") + kind + version + form


def _aiff_coding(comm: bytes) -> Coding:
    channels, bits = int.from_bytes(comm[:2], "big"), int.from_bytes(comm[6:8], "big")
    kind, width = comm[18:22].lower() or b"none", -(-bits // 8)
    order: Order = "little" if kind == b"sowt" else "big"
    if kind in (b"none", b"twos", b"sowt", b"in24", b"in32") and 1 <= width <= 4:
        return Coding(order, width, width * channels)
    widths = {b"fl32": 4, b"fl64": 8}
    return Coding("big", widths[kind], widths[kind] * channels, True) if kind in widths else Coding("big", 1, 0)


def _au(file: BinaryIO, base: int, size: int, head: bytes) -> Layout:
    first, stated, encoding, _rate, channels = (int.from_bytes(head[at : at + 4], "big") for at in range(4, 24, 4))
    first += base
    widths = {2: 1, 3: 2, 4: 3, 5: 4, 6: 4, 7: 8}
    width = widths.get(encoding, 1)
    coding = Coding("big", width, width * channels if encoding in widths else 0, encoding in (6, 7))
    stop = size if stated in UNKNOWN else first + stated
    samples = goes_on(file, first, stop, size, coding)
    end = size if samples else min(stop, size)
    header = head[:8] + b"\xff" * 4 + head[12:24] + bytes(max(0, min(first - base - 24, 4096))) if samples else b""
    if header:
        header = header[:4] + len(header).to_bytes(4, "big") + header[8:]
    spans = ((first, whole_frames(first, end, coding.frame)),) if first < end else ()
    unread = 0 if samples else unknown_tail(file, stop, size)
    promised = 0 if stated in UNKNOWN else stated
    return Layout(
        b".snd",
        spans,
        essence=head[12:24],
        promised=promised,
        header=header,
        misleads=samples,
        spliced=samples,
        unread=unread,
    )


def _by_chunks(magic: bytes, file: BinaryIO, found: Iterator[tuple[bytes, int, int]], size: int) -> Layout:
    """A kind whose chunks give 64-bit lengths, which do not wrap."""
    form, spans, promised = b"", [], 0
    for name, at, stated in found:
        if name in (b"fmt ", b"desc"):
            form = content(file, at, min(stated, 4096))
        elif name == b"data":
            at += 4 if magic == b"caff" else 0
            stated = -1 if stated < 0 else stated - (4 if magic == b"caff" else 0)
            stop = size if stated <= 0 else min(at + stated, size)
            spans, promised = [(at, stop)] if at < stop else [], max(0, stated)
            break
    return Layout(
        magic, tuple(spans), essence=_wave_essence(form, "little") if magic == b"riff" else form[:32], promised=promised
    )


def _w64_chunks(file: BinaryIO, at: int, size: int) -> Iterator[tuple[bytes, int, int]]:
    while at < size:
        head = content(file, at, 24)
        length = int.from_bytes(head[16:24], "little")
        if len(head) < 24 or length < 24:
            return
        yield head[:4], at + 24, length - 24
        at += -(-length // 8) * 8


def _caf_chunks(file: BinaryIO, at: int, size: int) -> Iterator[tuple[bytes, int, int]]:
    while at < size:
        head = content(file, at, 12)
        length = int.from_bytes(head[4:12], "big", signed=True)
        if len(head) < 12:
            return
        yield head[:4], at + 12, length
        if length < 0:
            return
        at += 12 + length
