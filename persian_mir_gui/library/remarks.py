"""What is known of a recording once it was listened to, and not when it was opened."""

from __future__ import annotations

from dataclasses import dataclass

from persian_mir.audio.source import AudioSource


@dataclass(frozen=True, slots=True)
class Remarks:
    """Translated sentences on a recording, `all` of them; which of these are `damage`."""

    all: tuple[str, ...]
    damage: tuple[str, ...]


def remarks_on(source: AudioSource) -> Remarks:
    """What is known of `source` by now; and its condition, which excerpts tell."""
    return Remarks(source.remarks_on_sound(), source.problems)
