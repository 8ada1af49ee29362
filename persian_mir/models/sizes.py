"""What is asked of the description of every model, whatever its graph."""

from __future__ import annotations

from typing import Protocol

USUAL_WINDOWS_S = (5.0,)


class Sizes(Protocol):
    """The sizes of one model: `family` names its graph, `rate` is in Hz, `width` is that of a hidden state."""

    @property
    def family(self) -> str:
        """Whose graph it has: see `persian_mir.backbones.families`."""

    @property
    def rate(self) -> int:
        """Samples a second that it hears."""

    @property
    def normalise(self) -> bool:
        """Whether each window is brought to zero mean and unit variance first."""

    @property
    def width(self) -> int:
        """Values of one hidden state."""

    @property
    def states(self) -> int:
        """Hidden states."""

    @property
    def receptive_field(self) -> int:
        """Samples of the shortest window that can be embedded."""

    @property
    def parameters(self) -> int:
        """About how many values the weights hold."""


def windows_of(model: object) -> tuple[float, ...]:
    """Lengths of window, in seconds, that a description or backbone is asked with: 5, and what it learnt from if that
    is longer (its `windows_s`).
    """
    found: tuple[float, ...] = getattr(model, "windows_s", USUAL_WINDOWS_S)
    return found
