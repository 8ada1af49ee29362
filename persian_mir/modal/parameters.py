"""The few constants of the modal reading, each with where it comes from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Parameters:
    """Chosen for theory or flatness, none fitted to a recording or a performer."""

    voiced: float = 0.5  # swift-f0's own threshold of confidence
    track_spread_cents: float = 25.0  # smoothing of the sound; 15 to 35 differ little
    radif_spread_cents: float = 30.0  # of the notation: how far a played degree lies from its quarter tone
    profile_weight: float = 0.5  # the rest is the surfaces'
    sharpness: float = 60.0  # of the log-mean-exp over a mode's gushehs: 40 to 80 differ little
    least_voiced_s: float = 3.0  # with less pitch there is nothing to say
    temperature: float = 1.0  # of the final probabilities

    def as_dict(self) -> dict[str, object]:
        """For the provenance."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


DEFAULT = Parameters()
