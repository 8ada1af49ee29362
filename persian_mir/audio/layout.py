"""Where in a file its sound lies, and how much of it the header promises. Known by content, never by name.

One place for what several others ask: the decoders (what is cut off, what lies behind the stated end), and the hash of
the sound (what stays the same when another program rewrites the tags).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from persian_mir.audio.byte_spans import Span


@dataclass(frozen=True, slots=True)
class Layout:
    """The bytes of a file that are its sound.

    `magic` is how the file begins, behind an ID3v2 tag. `spans` are the sound, in order; `parts`, where files were
    joined, each of them with its header. `essence` is what else decides what is heard (format, rate, channels).
    `promised` is the length that the header states, in bytes of sound; `promised_s` in seconds; 0 where it states
    none. `most_frames` is what the bytes can hold at the utmost; 0 where that is not known. `misleads`:
    decoders that read the file as it is miss some of it; where it is to be `spliced` they read its `header` and spans.
    `unread` counts bytes behind the sound that are nothing known. `cut`: the container ends
    before it says; `damaged`: its checksums say that something is missing.
    """

    magic: bytes
    spans: tuple[Span, ...] = ()
    parts: tuple[Span, ...] = ()
    essence: bytes = b""
    promised: int = 0
    promised_s: float = 0.0
    most_frames: int = 0
    header: bytes = b""
    misleads: bool = False
    spliced: bool = False
    unread: int = 0
    cut: bool = False
    damaged: bool = False

    @property
    def held(self) -> int:
        """Bytes of sound that are there."""
        return sum(stop - start for start, stop in self.spans)

    def without_spans(self) -> Layout:
        """The same, without the places of the sound."""
        return replace(self, spans=())
