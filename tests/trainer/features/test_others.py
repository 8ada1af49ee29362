from __future__ import annotations

import numpy as np

from persian_mir.backbones import SIGNAL, load_backbone
from persian_mir.embeddings import EmbeddingCache
from persian_mir.grid import Grid
from persian_mir.progress import SILENT
from trainer.features.extraction import all_layers
from trainer.features.others import ImaginedSource, others


def test_they_are_the_same_again_and_unlike_each_other():
    one = ImaginedSource(1)
    sound = one.mono(0, one.recording.frames)
    np.testing.assert_array_equal(sound, ImaginedSource(1).mono(0, one.recording.frames))
    np.testing.assert_array_equal(sound[100:300], one.mono(100, 200))
    assert not np.array_equal(sound, ImaginedSource(2).mono(0, one.recording.frames))


def test_each_is_one_segment_heard_once_and_kept(tmp_path, monkeypatch):
    backbone, cache = load_backbone(SIGNAL), EmbeddingCache(tmp_path)
    for grid in (Grid(5.0, 2.5), Grid(1.0, 1.0), Grid(20.0, 20.0)):
        extractor = all_layers(backbone, grid, cache)
        first = others(extractor, 3, SILENT)
        assert first.shape == (3, 1, backbone.key.width)
        assert np.isfinite(first).all()
        with monkeypatch.context() as patch:
            patch.setattr(ImaginedSource, "mono", None)  # what is kept is not played again
            np.testing.assert_array_equal(others(extractor, 3, SILENT), first)
