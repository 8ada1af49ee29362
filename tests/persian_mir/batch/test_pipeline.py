"""Many files at once give what each alone gives: windows of several are embedded together, on a real network."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from persian_mir.audio import open_audio
from persian_mir.backbones import Backbone, load_backbone
from persian_mir.backbones.backbone import Floats
from persian_mir.batch import stages
from persian_mir.batch.run import Batch, run_batch
from persian_mir.batch.sources import Sources
from persian_mir.catalogue.catalogue import Catalogue
from persian_mir.catalogue.statement_rows import statements_from
from persian_mir.embeddings import SharedBackbone
from persian_mir.grid import Grid
from persian_mir.modal.predictor import ModalPredictor
from persian_mir.probes.predictor import ProbePredictor
from persian_mir.probes.probe import Head, Probe


class Wide:
    """A backbone of which eight windows go into a call; notes how many there were in each."""

    batch, engine, remark = 8, "torch", ""

    def __init__(self, inner: Backbone) -> None:
        self._inner = inner
        self.key, self.precision, self.device = inner.key, inner.precision, "cpu"
        self.calls: list[int] = []

    def embed(self, batch: Floats, layers: Sequence[int]) -> Floats:
        self.calls.append(len(batch))
        return self._inner.embed(batch, layers)


@pytest.fixture
def wide(tiny_hubert: Path) -> Wide:
    return Wide(load_backbone(str(tiny_hubert), "cpu", engine="torch"))


def probe_on(backbone: Wide, window_s: float = 0.25) -> Probe:
    rng, width = np.random.default_rng(3), backbone.key.width
    head = Head((rng.standard_normal((3, width)).astype(np.float32),), (np.zeros(3, np.float32),))
    mean, std = np.zeros((1, width), np.float32), np.ones((1, width), np.float32)
    weights = np.ones(1, np.float32)
    return Probe(
        "instrument", ("ney", "setar", "tar"), backbone.key, Grid(window_s, window_s), (2,), weights, head, mean, std
    )


def alone(predictor: ProbePredictor, folder: Path) -> dict[str, dict[tuple[int, int], tuple[str, float | None]]]:
    """What it says of each good file, one after another: label and probability, by the sound and the segment."""
    found = {}
    for path in folder.rglob("take *"):
        with open_audio(path) as source:
            (prediction,) = predictor.predict(source)
        told = statements_from(prediction, predictor.id, source.recording.frames)
        found[source.recording.content_hash] = {(one.start, one.stop): (one.label, one.probability) for one in told}
    return found


def test_a_batch_says_what_each_file_alone_says(
    wide: Wide, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stages, "files_at_once", lambda: 4)
    predictor = ProbePredictor(probe_on(wide), SharedBackbone(wide))
    batch = Batch(tmp_path / "c.sqlite", (ModalPredictor(), predictor), Sources((folder,)))
    status = run_batch(batch)
    assert status.utilisation is not None
    assert 0 < status.utilisation <= 1
    assert sum(wide.calls) == 6 * 8
    with Catalogue.open(batch.catalogue) as catalogue:
        expected = alone(ProbePredictor(probe_on(wide), wide), folder)
        assert len(expected) == 6
        for sound, segments in expected.items():
            told = catalogue.statements_of(sound, "instrument")
            assert {(one.start, one.stop): one.label for one in told} == {at: one[0] for at, one in segments.items()}
            for one in told:
                assert one.probability == pytest.approx(segments[one.start, one.stop][1], abs=1e-5)
