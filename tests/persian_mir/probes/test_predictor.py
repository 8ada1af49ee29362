from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import soundfile

from persian_mir.audio import open_audio
from persian_mir.backbones import SIGNAL, load_backbone
from persian_mir.embeddings import EmbeddingCache, embed_recording
from persian_mir.errors import ModelError, ProbeError
from persian_mir.examples.synthesise import synthesise
from persian_mir.grid import Grid
from persian_mir.prediction import joined, pooled
from persian_mir.probes import ProbePredictor, load_predictor, probabilities, save_probe
from persian_mir.probes.ood_detector import OodDetector, distances
from persian_mir.probes.predictor import embed_together
from persian_mir.probes.probe import Head
from persian_mir.progress import Cancelled, Progress

OF_THE_HEAD = ("layers", "head", "mean", "std", "layer_weights", "novelty")


class Listener(Progress):
    def __init__(self, cancel: bool = False) -> None:
        self.parts: list = []
        self.cancel = cancel

    def step(self, fraction: float, note: str = "") -> None:
        if self.cancel:
            raise Cancelled

    def publish(self, value: object) -> None:
        self.parts.append(value)


@pytest.fixture
def recording(tmp_path):
    rng = np.random.default_rng(0)
    path = tmp_path / "tone.wav"
    soundfile.write(path, 0.1 * rng.standard_normal(16_000 * 10), 16_000)
    return path


@pytest.fixture
def signal_probe(make_probe):
    """A probe on `signal` whose head looks at the first feature only."""
    key = load_backbone(SIGNAL).key
    probe = make_probe((), guarded=False)
    weight = np.zeros((3, key.width), np.float32)
    weight[:, 0] = [1, 0, -1]
    mean, std = np.zeros((1, key.width), np.float32), np.ones((1, key.width), np.float32)
    head = type(probe.head)((weight,), (np.zeros(3, np.float32),))
    mix = np.ones(1, np.float32)
    return make_probe(backbone=key, layers=(0,), head=head, mean=mean, std=std, layer_weights=mix, novelty=None)


def test_it_says_what_the_probe_says(signal_probe, recording):
    predictor = ProbePredictor(signal_probe, load_backbone(SIGNAL))
    listener = Listener()
    with open_audio(recording) as source:
        (prediction,) = predictor.predict(source, listener)
        embedding = embed_recording(source, load_backbone(SIGNAL), signal_probe.grid, (0,))
    rows = probabilities(signal_probe, embedding.values)
    np.testing.assert_allclose(prediction.probabilities, rows, atol=1e-6)
    np.testing.assert_allclose(prediction.overall, pooled(rows, embedding.stops - embedding.starts), atol=1e-6)
    assert (prediction.task, prediction.labels) == ("instrument", ("ney", "setar", "tar"))
    parts = joined(listener.parts)
    np.testing.assert_array_equal(parts.starts, prediction.starts)
    np.testing.assert_allclose(parts.probabilities, prediction.probabilities, atol=1e-6)
    np.testing.assert_allclose(parts.overall, prediction.overall, atol=1e-6)


def test_it_is_named_and_says_who_it_is(signal_probe, recording):
    predictor = ProbePredictor(signal_probe, load_backbone(SIGNAL))
    assert predictor.id == f"probe:{signal_probe.hash[:12]}"
    assert predictor.name == "Instrument · Classical features, 3 s"
    assert predictor.tasks == ("instrument",)
    with open_audio(recording) as source:
        provenance = predictor.predict(source)[0].provenance
    assert provenance.predictor == predictor.id
    assert provenance.models[predictor.id] == signal_probe.hash
    assert SIGNAL in provenance.models


def test_from_the_cache_it_says_the_same(signal_probe, recording, tmp_path):
    predictor = ProbePredictor(signal_probe, load_backbone(SIGNAL), EmbeddingCache(tmp_path / "cache"))
    with open_audio(recording) as source:
        one, again = predictor.predict(source)[0], predictor.predict(source)[0]
    np.testing.assert_array_equal(one.probabilities, again.probabilities)


def test_it_can_be_cancelled(signal_probe, recording):
    predictor = ProbePredictor(signal_probe, load_backbone(SIGNAL))
    with open_audio(recording) as source, pytest.raises(Cancelled):
        predictor.predict(source, Listener(cancel=True))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"id": "m-a-p/MERT-v1-95M"}, "fitted on m-a-p/MERT-v1-95M, not on signal"),
        ({"revision": "0"}, "revision was 0"),
        ({"weights_hash": "00"}, "weights was 00"),
        ({"rate": 24_000}, "sampling rate was 24000, now it is 22050"),
        ({"normalise": False}, "normalisation was False"),
    ],
)
def test_another_backbone_is_refused_in_words(make_probe, signal_probe, change, words):
    parts = {name: getattr(signal_probe, name) for name in OF_THE_HEAD}
    probe = make_probe(backbone=replace(signal_probe.backbone, **change), **parts)
    with pytest.raises(ProbeError, match=words) as caught:
        ProbePredictor(probe, load_backbone(SIGNAL))
    assert caught.value.cure


def test_load_predictor(signal_probe, tmp_path):
    save_probe(signal_probe, tmp_path / "a.probe")
    assert load_predictor(tmp_path / "a.probe").id == f"probe:{signal_probe.hash[:12]}"


@pytest.mark.parametrize(
    ("model", "cure"), [("m-a-p/MERT-v1-95M", "models fetch m-a-p/MERT-v1-95M"), ("local/mine", "models add")]
)
def test_a_model_that_is_not_here_is_named_with_the_cure(make_probe, signal_probe, tmp_path, model, cure):
    parts = {name: getattr(signal_probe, name) for name in OF_THE_HEAD}
    save_probe(make_probe(backbone=replace(signal_probe.backbone, id=model), **parts), tmp_path / "a.probe")
    with pytest.raises(ModelError, match=model) as caught:
        load_predictor(tmp_path / "a.probe")
    assert cure in caught.value.cure
    assert caught.value.path == tmp_path / "a.probe"


def test_a_probe_of_an_older_signal_backbone_is_refused_with_its_path(make_probe, signal_probe, tmp_path):
    parts = {name: getattr(signal_probe, name) for name in OF_THE_HEAD}
    save_probe(make_probe(backbone=replace(signal_probe.backbone, revision="0"), **parts), tmp_path / "a.probe")
    with pytest.raises(ProbeError, match="another version of signal") as caught:
        load_predictor(tmp_path / "a.probe")
    assert caught.value.path == tmp_path / "a.probe"


@pytest.fixture
def instruments(tmp_path, make_probe):
    """A probe on `signal` that knows synthesised ney and setar, one mean each, guarded as by a fit; its files."""
    backbone, values = load_backbone(SIGNAL), []
    for name in ("ney", "setar"):
        path = tmp_path / f"{name}.wav"
        soundfile.write(path, synthesise("segah", name, 1, 30.0, 300.0, 16_000).samples, 16_000)
        with open_audio(path) as source:
            values.append(embed_recording(source, backbone, Grid(), (0,)).values[:, 0])
    means = np.stack([rows.mean(axis=0) for rows in values])
    inner = np.concatenate([rows - mean for rows, mean in zip(values, means, strict=True)])
    whitening = np.diag(1 / (inner.std(axis=0) + 0.1)).astype(np.float32)
    near = float(distances(means, whitening, np.concatenate(values)).max())
    head = Head((2 * means,), (-(means**2).sum(axis=1),))
    probe = make_probe(
        (),
        labels=("ney", "setar"),
        backbone=backbone.key,
        grid=Grid(),
        layers=(0,),
        layer_weights=np.ones(1, np.float32),
        head=head,
        mean=np.zeros((1, backbone.key.width), np.float32),
        std=np.ones((1, backbone.key.width), np.float32),
        novelty=OodDetector(means, whitening, near, 1.25 * near),
    )
    return ProbePredictor(probe, backbone), tmp_path


def test_noise_is_none_of_the_instruments_and_the_reason_is_given(instruments):
    predictor, folder = instruments
    noise = folder / "noise.wav"
    soundfile.write(noise, 0.1 * np.random.default_rng(0).standard_normal(16_000 * 20), 16_000)
    with open_audio(noise) as source:
        (said,) = predictor.predict(source)
    assert (said.verdict().label, said.verdict().runner_up) == ("", "")
    assert "unlike" in said.verdict().reason
    for k in range(len(said.starts)):
        assert said.segment(k).nothing
        assert said.segment(k).reason


def test_what_the_probe_knows_is_named(instruments):
    predictor, folder = instruments
    for name in ("ney", "setar"):
        with open_audio(folder / f"{name}.wav") as source:
            (said,) = predictor.predict(source)
        assert (said.verdict().label, said.verdict().reason) == (name, "")
        assert {said.segment(k).label for k in range(len(said.starts))} == {name}


def test_parts_that_are_published_know_it_too(instruments):
    predictor, folder = instruments
    noise = folder / "noise.wav"
    soundfile.write(noise, 0.1 * np.random.default_rng(0).standard_normal(16_000 * 20), 16_000)
    listener = Listener()
    with open_audio(noise) as source:
        (said,) = predictor.predict(source, listener)
    assert joined(listener.parts).reasons == said.reasons


def test_probes_on_one_backbone_are_computed_in_one_pass(make_probe, recording, tiny_hubert, tmp_path, monkeypatch):
    backbone = load_backbone(str(tiny_hubert), "cpu", engine="torch")
    width, asked = backbone.key.width, []
    rng, real = np.random.default_rng(4), type(backbone).embed
    monkeypatch.setattr(type(backbone), "embed", lambda self, *args: asked.append(args[1]) or real(self, *args))

    def predictor(layers: tuple[int, ...], window_s: float = 3.0) -> ProbePredictor:
        head = Head((rng.standard_normal((3, width)).astype(np.float32),), (np.zeros(3, np.float32),))
        scale = {"mean": np.zeros((len(layers), width), np.float32), "std": np.ones((len(layers), width), np.float32)}
        weights = np.full(len(layers), 1 / len(layers), np.float32)
        same = {"layers": layers, "layer_weights": weights, "novelty": None, **scale}
        probe = make_probe((), guarded=False, backbone=backbone.key, grid=Grid(window_s, window_s), head=head, **same)
        return ProbePredictor(probe, backbone, EmbeddingCache(tmp_path / "cache"))

    several = [predictor((0, 2)), predictor((1,)), predictor((1,), window_s=5.0)]
    with open_audio(recording) as source:
        alone = [ProbePredictor(one.probe, backbone).predict(source)[0].probabilities for one in several]
        asked.clear()
        embed_together(several)
        together = [one.predict(source)[0].probabilities for one in several]
    for one, other in zip(alone, together, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-6)
    assert asked == [(0, 1, 2)] * 4 + [(1,)] * 2  # 10 s in windows of 3 s, and of 5 s for the one of another grid
