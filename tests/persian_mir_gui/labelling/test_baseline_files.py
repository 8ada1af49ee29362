"""The system of an earlier study among the predictors: chosen, named, labelling, and refused when damaged."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from persian_mir.audio import open_audio
from persian_mir.computing import AUTOMATIC
from persian_mir.errors import ProbeError
from persian_mir.progress import SILENT
from persian_mir_gui.labelling.predictors import add_probe, make_predictor, take_stock
from tests.trainer.baselines.conftest import RATE, scale, tones
from trainer.baselines import templates
from trainer.baselines.baseline import Examples
from trainer.baselines.fitted import FittedBaseline

soundfile = pytest.importorskip("soundfile")


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Notation templates for two Dastgahs; they need no training."""
    monkeypatch.setenv("PERSIAN_MIR_HOME", str(tmp_path / "home"))
    labels, path = ("mahour", "segah"), tmp_path / "mine.baseline"
    arrays = templates.fit(Examples(np.zeros((2, templates.MODES), np.float32), np.array([0, 1]), labels, "dastgah"))
    FittedBaseline(templates.BASELINE, "dastgah", labels, 8.0, arrays).save(path)
    return path


def test_it_stands_among_the_predictors_and_labels(file, tmp_path):
    added = add_probe(file, SILENT)
    assert add_probe(file, SILENT) == added  # once
    (choice,) = (one for one in take_stock(SILENT).choices if one.id == added)
    assert (choice.tasks, choice.problem, choice.path and choice.path.suffix) == (("dastgah",), "", ".baseline")
    assert choice.name == "Dastgah · Notation templates"
    soundfile.write(tmp_path / "a.wav", tones(scale("segah", 240, 1)), RATE)
    with open_audio(tmp_path / "a.wav") as source:
        (said,) = make_predictor(choice, AUTOMATIC).predict(source)
    assert said.verdict().label == "segah"
    assert said.provenance.parameters["baseline"] == "templates"


def test_a_damaged_one_is_told_of(file):
    data = bytearray(file.read_bytes())
    data[-3] ^= 0x41
    file.write_bytes(data)
    with pytest.raises(ProbeError):
        add_probe(file, SILENT)
