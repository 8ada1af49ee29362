"""Statements to test with, for this process and, imported, for others."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from persian_mir.catalogue.catalogue import Catalogue
from persian_mir.catalogue.corrections import Correction, Corrections

HASH = "0123456789abcdef0123456789abcdef"


def said(status: str, label: str, at: int = 0, number: int = 10, **other: object) -> Correction:
    values: dict[str, object] = {
        "path": Path("/sounds/سه‌گاه، درآمد.wav"),
        "content_hash": HASH,
        "rate": 44_100,
        "start": at * 220_500,
        "stop": (at + 1) * 220_500,
        "task": "instrument",
        "status": status,
        "label": label,
        "was": "setar",
        "confidence": 0.8125,
        "predictor": "probe:0a1b2c3d4e5f",
        "version": "0a1b2c3d4e5f6a7b",
        "by": "=cmd()",
        "when": "2026-11-22T12:00:00+00:00",
        "id": f"{number:016x}",
    }
    return Correction(**(values | other))  # type: ignore[arg-type]


def three() -> list[Correction]:
    return [
        said("accepted", "setar"),
        said("corrected", "ney", 1, 11, confidence=0.5),
        said("rejected", "", 0, 12),
    ]


def states(store: Corrections) -> dict[tuple[int, str], tuple[str, str]]:
    return {(one.start, one.task): (one.status, one.label) for one in store.in_force()}


@pytest.fixture(scope="session", name="said")
def _said() -> Callable[..., Correction]:
    return said


@pytest.fixture(scope="session", name="three")
def _three() -> Callable[[], list[Correction]]:
    return three


@pytest.fixture(scope="session", name="states")
def _states() -> Callable[[Corrections], dict[tuple[int, str], tuple[str, str]]]:
    return states


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    with Catalogue.open(tmp_path / "catalogue.sqlite") as opened:
        yield opened
