"""PANNs CNN14 (Q. Kong and others, 2020), which comes as one file without a description: all its sizes are fixed."""

from __future__ import annotations

from dataclasses import dataclass

FILE = "Cnn14_mAP=0.431.pth"  # as its makers call it, after what it reaches on AudioSet


@dataclass(frozen=True, slots=True)
class Cnn14:
    """One vector of a window, that of the last layer but one."""

    channels: tuple[int, ...] = (64, 128, 256, 512, 1024, 2048)

    family = "cnn14"
    rate = 32_000
    normalise = False
    states = 1
    receptive_field = 31 * 320  # of 32 frames, of which five halvings leave one
    parameters = 80_000_000

    @property
    def width(self) -> int:
        """Of the last layer but one."""
        return self.channels[-1]
