"""What is counted agrees with its number, in both languages."""

from __future__ import annotations

import pytest

from persian_mir import plurals
from persian_mir.i18n import percent

EACH = (plurals.segments, plurals.recordings, plurals.artists, plurals.labels, plurals.epochs, plurals.corrections)


@pytest.mark.parametrize("said", EACH, ids=lambda said: said.__name__)
def test_one_is_one(said):
    assert said(1) == f"1 {said.__name__[:-1]}"
    assert [said(number) for number in (0, 2, 21)] == [f"{number} {said.__name__}" for number in (0, 2, 21)]


@pytest.mark.parametrize("said", EACH, ids=lambda said: said.__name__)
def test_persian_has_one_form(said, monkeypatch):
    monkeypatch.setenv("LANGUAGE", "fa")
    assert said(1).replace("۱", "۲۱") == said(21)
    assert said(1).isascii() is False


@pytest.mark.parametrize(
    ("count", "told"),
    [
        (1, "0.1 MB"),
        (4.2e6, "4.2 MB"),
        (9.96e6, "10 MB"),
        (48e6, "48 MB"),
        (999.4e6, "999 MB"),
        (1e9, "1.0 GB"),
        (2.46e10, "24.6 GB"),
    ],
)
def test_little_memory_is_never_nothing(count: float, told: str) -> None:
    assert plurals.size(count) == told


def test_what_is_counted_has_the_digits_of_the_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "fa")
    assert plurals.size(4.2e6).startswith("۴٫۲ ")
    assert plurals.duration(3000).startswith("۵۰ ")
    assert percent(0.86) == "۸۶٪"
