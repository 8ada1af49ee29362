"""What is counted, with its number in the digits of the language: `1 segment`, `14 segments`."""

from __future__ import annotations

from persian_mir.i18n import _, digits, ngettext


def segments(count: int) -> str:
    """`14 segments`."""
    return ngettext("{count} segment", "{count} segments", count).format(count=count)


def recordings(count: int) -> str:
    """`70 recordings`."""
    return ngettext("{count} recording", "{count} recordings", count).format(count=count)


def more_recordings(count: int) -> str:
    """`3 more recordings`."""
    return ngettext("{count} more recording", "{count} more recordings", count).format(count=count)


def own_passages(count: int) -> str:
    """`3 passages of your own`."""
    return ngettext("{count} passage of your own", "{count} passages of your own", count).format(count=count)


def semitones(count: int) -> str:
    """`2 semitones`."""
    return ngettext("{count} semitone", "{count} semitones", count).format(count=count)


def artists(count: int) -> str:
    """`12 artists`."""
    return ngettext("{count} artist", "{count} artists", count).format(count=count)


def labels(count: int) -> str:
    """`5 labels`."""
    return ngettext("{count} label", "{count} labels", count).format(count=count)


def epochs(count: int) -> str:
    """`50 epochs`."""
    return ngettext("{count} epoch", "{count} epochs", count).format(count=count)


def corrections(count: int) -> str:
    """`3 corrections`."""
    return ngettext("{count} correction", "{count} corrections", count).format(count=count)


def size(count: float) -> str:
    """`0.4 MB`, `45 MB`, `2.5 GB`: about so many bytes; what is not nothing is never `0.0`."""
    megabytes = count / 1e6
    if megabytes >= 999.5:
        return _("{number} GB").format(number=digits(f"{megabytes / 1000:.1f}"))
    whole = f"{max(megabytes, 0.1):.1f}" if megabytes < 9.95 else str(round(megabytes))
    return _("{number} MB").format(number=digits(whole))


def duration(seconds: float) -> str:
    """`50 seconds`, `12 minutes`, `30 hours`, `79 days`: about how long something takes."""
    if seconds < 90:
        count = max(1, round(seconds))
        return ngettext("{count} second", "{count} seconds", count).format(count=count)
    if seconds < 90 * 60:
        count = round(seconds / 60)
        return ngettext("{count} minute", "{count} minutes", count).format(count=count)
    if seconds < 48 * 3600:
        count = round(seconds / 3600)
        return ngettext("{count} hour", "{count} hours", count).format(count=count)
    count = round(seconds / 86400)
    return ngettext("{count} day", "{count} days", count).format(count=count)
