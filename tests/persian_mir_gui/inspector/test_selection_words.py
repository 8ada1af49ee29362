"""What is said of the selection alone."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from persian_mir_gui.inspector.explanation_panel import selection_words


@pytest.mark.parametrize(
    ("chances", "words"),
    [
        ((0.14, 0.09), "In the selection, not sure: Shour 14% · next: Homayoun 9%"),
        ((0.85, 0.06), "In the selection, not sure: Shour 85% · next: Homayoun 6%"),
        ((0.93, 0.04), "In the selection: Shour 93% · next: Homayoun 4%"),
    ],
)
def test_what_is_not_sure_says_so(chances: tuple[float, float], words: str) -> None:
    """A selection was named by a mode with 14 % as if it were sure of it; the verdict says "not sure" then."""
    reading: Any = SimpleNamespace(heard=True, modes=tuple(zip(("shour", "homayoun"), chances, strict=True)))
    assert selection_words(reading) == words
