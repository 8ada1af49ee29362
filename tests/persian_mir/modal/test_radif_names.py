"""The gushehs' names in Persian."""

from __future__ import annotations

import re

import pytest

from persian_mir.modal.radif import load_radif

LATIN = re.compile("[A-Za-z0-9]")


def test_every_gusheh_is_named_in_the_users_script(monkeypatch: pytest.MonkeyPatch) -> None:
    gushehs = load_radif().gushehs
    monkeypatch.setenv("LANGUAGE", "fa")
    assert [gusheh.name for gusheh in gushehs if LATIN.search(gusheh.spoken)] == []
    assert gushehs[0].spoken == "درآمد"
    assert {gusheh.spoken for gusheh in gushehs if gusheh.name == "Daramad 1"} == {"درآمد ۱"}
    monkeypatch.setenv("LANGUAGE", "en")
    assert all(gusheh.spoken == gusheh.name for gusheh in gushehs)
