"""The models that studies of this field name and that cannot be had, and why (looked for in November 2026)."""

from __future__ import annotations

from dataclasses import dataclass

from persian_mir.i18n import _


@dataclass(frozen=True, slots=True)
class Unavailable:
    """A model by its name, and why it is not among those that can be fetched."""

    name: str
    reason: str


def unavailable() -> tuple[Unavailable, ...]:
    """All of them, in the user's language."""
    return (
        Unavailable(
            "MusicHuBERT",
            _("It was never released under that name; its authors point to MERT v0. Pre-training makes one like it."),
        ),
        Unavailable("PASE", _("For music neither code nor weights were published; what there is, is for speech.")),
        Unavailable("PEMR", _("Neither code nor weights were found.")),
        Unavailable(
            "MERT v2",
            _("Its makers give it to people who ask them, and it runs by code of its own, which is never run here."),
        ),
    )
