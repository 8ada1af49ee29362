"""Catalogue and corrections.csv tell the same of what people said."""

from __future__ import annotations

from pathlib import Path

import pytest

from persian_mir.catalogue.catalogue import Catalogue
from persian_mir.catalogue.correction_rows import Correction, new_id, now
from persian_mir.catalogue.corrections import Corrections
from persian_mir.catalogue.handback import hand_back
from persian_mir.catalogue.model import Statement
from persian_mir.recording import Recording

RECORDING = Recording(Path("/music/a.flac"), "a" * 64, 8000, 80_000, 1, "FLAC", "sndfile")


@pytest.fixture
def store() -> Corrections:
    made = Corrections()
    made.refresh()
    return made


def said(label: str, status: str = "corrected") -> Statement:
    return Statement("dastgah", 0, 80_000, label, status, "Sara", when=now(), id=new_id())  # type: ignore[arg-type]


def test_what_is_said_undone_and_said_again_is_the_same_in_both(store: Corrections) -> None:
    with Catalogue.open() as catalogue:
        catalogue.put_recording(RECORDING)
        machine = Statement("dastgah", 0, 80_000, "shour", "machine", "modal", probability=0.8)
        catalogue.add_statements(RECORDING.content_hash, [machine])
        with catalogue.step("label"):
            catalogue.add_statements(RECORDING.content_hash, [said("segah")])
        assert hand_back(catalogue, store, [RECORDING.content_hash]) == 1
        (one,) = store.in_force()
        assert (one.label, one.was, one.confidence, one.predictor, one.by) == ("segah", "shour", 0.8, "modal", "Sara")
        assert hand_back(catalogue, store, catalogue.undo()) == 1
        assert store.in_force() == ()
        assert hand_back(catalogue, store, catalogue.redo()) == 1
        assert [one.label for one in store.in_force()] == ["segah"]
        assert hand_back(catalogue, store, [RECORDING.content_hash]) == 0
        before = catalogue.statements_of(RECORDING.content_hash)
        assert catalogue.take_over_corrections() == 0  # all of it is known here
        assert catalogue.statements_of(RECORDING.content_hash) == before


def test_what_the_file_tells_is_not_told_back(store: Corrections) -> None:
    told = Correction(RECORDING.path, RECORDING.content_hash, 8000, 0, 80_000, "dastgah", "corrected", "nava", by="Ali")
    store.add(told)
    store.undo(told)
    store.add(Correction(RECORDING.path, RECORDING.content_hash, 8000, 0, 8000, "mode", "rejected", "", was="shour"))
    with Catalogue.open() as catalogue:
        assert len(catalogue.statements_of(RECORDING.content_hash)) == 3
        assert hand_back(catalogue, store, [RECORDING.content_hash]) == 0
