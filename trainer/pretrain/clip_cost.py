"""What clips take once that was measured, and reckoned for a graphics card. Without torch: the window asks, too.

A step back costs twice the step on, so a clip costs three times what hearing it does. A card is reckoned to reach
`CARD_FLOPS` in the products and to need as long again for what is bound by its memory, the convolutions' front end.
"""

from __future__ import annotations

from dataclasses import dataclass

CARD_FLOPS = 60e12  # a second, in bfloat16, that a card of 24 GB really reaches
MEMORY_BOUND = 2.0  # times what the products take
BACK = 3  # a step on and a step back, in steps on


@dataclass(frozen=True, slots=True)
class Cost:
    """`clip_s`: seconds a clip takes here. `flop`: of hearing it once. `weights_bytes`, and `clip_bytes` more for each
    clip that is computed at once.
    """

    clip_s: float
    flop: float
    weights_bytes: float
    clip_bytes: float

    def seconds(self, clips: int) -> float:
        """Of a run that learns from so many clips here."""
        return clips * self.clip_s

    def card_s(self, clips: int) -> float:
        """The same on one graphics card of 24 GB: a calculation."""
        return clips * BACK * self.flop / CARD_FLOPS * MEMORY_BOUND

    def bytes(self, together: int) -> float:
        """Memory that so many clips at once need."""
        return self.weights_bytes + together * self.clip_bytes
