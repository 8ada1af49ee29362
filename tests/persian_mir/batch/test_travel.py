"""What travels between the owner of a catalogue and a worker arrives as it was."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path
from types import MappingProxyType

import numpy as np

from persian_mir.batch.travel import packed, prediction_of, provenance_of, recording_of
from persian_mir.prediction import Prediction, Section, Verdict
from persian_mir.provenance import Provenance
from persian_mir.recording import Recording

MADE_BY = Provenance("modal", MappingProxyType({"radif": "4f"}), {"window_s": 30.0, "layers": (1, 2)})


def test_a_recording_arrives_as_it_was() -> None:
    path = Path("/radio/\udcff سه‌گاه.flac")  # not every name is text
    tags = MappingProxyType({"title": "گل‌ها"})
    recording = Recording(path, "a" * 32, 44_100, 5, 2, "FLAC", "sndfile", tags, "b" * 32, ("c", "d"))
    text = packed(recording)
    assert text.isascii()
    assert recording_of(json.loads(text)) == recording


def test_a_prediction_arrives_with_every_bit() -> None:
    rows = np.random.default_rng(0).dirichlet(np.ones(3), 4).astype(np.float32)
    verdict = Verdict("mode", "shur", 0.7, "nava", 0.2, (("shur", 0.7), ("nava", 0.3)), family="shur")
    sections = (Section(0, 9, verdict, 220.1), Section(9, 20, verdict))
    starts, stops = np.arange(4) * (1 << 40), np.arange(1, 5) * (1 << 40)
    labels, reasons = ("shur", "nava", "mahur"), ("", "noise", "", "")
    sent = Prediction("mode", labels, starts, stops, rows, rows[0], MADE_BY, reasons, "no", sections, 0.7)
    came = prediction_of(json.loads(packed(sent)))
    for field in fields(Prediction):
        before, after = getattr(sent, field.name), getattr(came, field.name)
        if isinstance(before, np.ndarray):
            assert after.dtype == before.dtype
            np.testing.assert_array_equal(after, before)
        elif field.name != "provenance":
            assert after == before
    assert came.provenance.time == MADE_BY.time
    assert came.provenance.models == MADE_BY.models


def test_a_prediction_of_no_segments_arrives() -> None:
    none = np.zeros(0, np.int64)
    sent = Prediction("mode", ("a", "b"), none, none, np.zeros((0, 2), np.float32), np.ones(2, np.float32), MADE_BY)
    assert prediction_of(json.loads(packed(sent))).probabilities.shape == (0, 2)


def test_a_provenance_is_told_as_the_catalogue_tells_it() -> None:
    told = provenance_of(json.loads(packed(MADE_BY)))
    assert json.dumps(told.parameters) == json.dumps(dict(MADE_BY.parameters))
