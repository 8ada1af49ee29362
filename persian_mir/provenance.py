"""Who said so: with what, when, by which version of the program."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import MappingProxyType

from persian_mir import __version__


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


@dataclass(frozen=True, slots=True)
class Provenance:
    """The maker of a machine statement. `models` maps a model's or probe's id to its revision or hash."""

    predictor: str
    models: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    parameters: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
    program: str = f"persian-mir {__version__}"
    time: str = field(default_factory=_now)
