"""A row of the table of models, changed for one test."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest


@pytest.fixture
def pinned(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Changes fields of the table's row of facebook/hubert-base-ls960 for one test."""
    import dataclasses

    from persian_mir.models import table

    def change(**fields: Any) -> None:
        row = dataclasses.replace(next(r for r in table.MODELS if r.id == "facebook/hubert-base-ls960"), **fields)
        monkeypatch.setattr("persian_mir.models.fetch.find_row", lambda _id: row)

    return change
