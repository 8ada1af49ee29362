"""One performance, made from nothing but a seed."""

from __future__ import annotations

from persian_mir.examples.performance import Performance


def synthesise(
    mode: str,
    instrument: str,
    seed: int,
    seconds: float,
    tonic_hz: float,
    rate: int = 44100,
    detune_cents: float = 0.0,
) -> Performance:
    """A free-metre improvisation in `mode` on `instrument`, the same for the same arguments.

    `tonic_hz` is the pitch of the mode's shahed, moved by whole octaves into the instrument's register;
    `detune_cents` shifts everything. KeyError for an unknown mode or instrument.
    """
    raise NotImplementedError
