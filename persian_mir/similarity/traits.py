"""What a recommendation goes by, of each recording of the catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from persian_mir.catalogue.catalogue import Catalogue

PLAYERS = ("instrumentalist", "singer-avaz", "singer-tarane")


@dataclass(frozen=True, slots=True)
class Traits:
    """A recording as others may be like it. `modes`, `instruments`: how probable each label is; what people said is 1.

    `artists`: who plays or sings, by folded names; empty where nobody knows.
    """

    content_hash: str
    file: Path
    title: str
    modes: Mapping[str, float]
    instruments: Mapping[str, float]
    artists: frozenset[str]


def traits_of(catalogue: Catalogue) -> list[Traits]:
    """Return the traits of every recording that is not taken off the list."""
    from persian_mir.catalogue.fold import joined
    from persian_mir.similarity.from_catalogue import all_rows

    players = _players(catalogue)
    found = []
    for row in all_rows(catalogue):
        labels: dict[str, dict[str, float]] = {"mode": {}, "instrument": {}, "artist": {}}
        for task, label, _status, probability in row.labels:
            labels.setdefault(task, {})[label] = 1.0 if probability is None else probability
        tagged = [value for name, value in row.tags.items() if name.casefold() == "artist"]
        names = {joined(name) for name in (*labels["artist"], *tagged)} | players.get(row.id, set())
        artists = frozenset(names - {""})
        found.append(Traits(row.content_hash, row.path, row.title, labels["mode"], labels["instrument"], artists))
    return found


def _players(catalogue: Catalogue) -> dict[int, set[str]]:
    """Folded names in both scripts of those credited with playing or singing; one without a name by its number."""
    found: dict[int, set[str]] = {}
    for recording, role, person, *keys in catalogue.rows(
        "SELECT DISTINCT c.recording, c.role, p.id, p.key_fa, p.key_latin FROM credits c JOIN persons p ON p.id = "
        "c.person"
    ):
        if role in PLAYERS:
            found.setdefault(recording, set()).update(filter(None, keys) if any(keys) else [f"#{person}"])
    return found
