"""What people said in the catalogue, told to `corrections.csv`, from which probes are taught and the window speaks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from persian_mir.catalogue.catalogue import Catalogue
from persian_mir.catalogue.correction_rows import ID_DIGITS, Correction
from persian_mir.catalogue.corrections import Corrections
from persian_mir.catalogue.model import Statement
from persian_mir.catalogue.statement_rows import MACHINE


def hand_back(catalogue: Catalogue, store: Corrections, content_hashes: Iterable[str]) -> int:
    """Add those statements of people about these recordings that the file lacks, by their ids; return their number.

    The file and the catalogue hold the same statements afterwards. Raises PersianMirError where it cannot be written.
    """
    store.refresh()
    new = [one for content_hash in content_hashes for one in _new(catalogue, store, content_hash)]
    if new:
        store.add(*new)
    return len(new)


def _new(catalogue: Catalogue, store: Corrections, content_hash: str) -> Iterator[Correction]:
    known = catalogue.recording(content_hash)
    statements = catalogue.statements_of(content_hash, live=True)
    machine = {(one.task, one.start, one.stop): one for one in statements if one.status in MACHINE}
    for one in statements:
        if known is None or one.status in MACHINE or len(one.id) != ID_DIGITS or store.knows(one.id):
            continue
        was = machine.get((one.task, one.start, one.stop))
        yield Correction(
            *(known.path, content_hash, known.rate, one.start, one.stop, one.task, one.status, one.label),  # type: ignore[arg-type]
            **_heard(one, was),
            by=one.who,
            when=one.when,
            undone=one.supersedes if one.status == "undone" else "",
            id=one.id,
        )


def _heard(one: Statement, was: Statement | None) -> dict[str, Any]:
    """What the machine had said of the same."""
    if was is None or one.status == "undone":
        return {}
    return {"was": was.label, "confidence": was.probability, "predictor": was.who, "version": was.version}
