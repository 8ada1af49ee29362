from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from persian_mir.audio import open_audio
from persian_mir.backbones import SIGNAL, load_backbone
from persian_mir.embeddings import EmbeddingCache
from persian_mir.prediction import NEVER_SURE
from persian_mir.probes import ProbePredictor, load_probe, save_probe
from persian_mir.progress import Cancelled, Progress
from trainer.data import DataError, Entry, read_dataset
from trainer.features.segments import Remark, Skipped
from trainer.fitting.fit import fit_probe
from trainer.fitting.fit_options import FitOptions
from trainer.fitting.loop import Epoch
from trainer.fitting.split_masks import Started
from trainer.fitting.training_data import TrainingData

QUICK = FitOptions(hidden=(8,), epochs=40, lr=1e-2, task="instrument", window_s=2.0, views=0, others=4)


class Listener(Progress):
    def __init__(self, cancel_after: int = 10**9) -> None:
        self.values: list = []
        self.cancel_after = cancel_after

    def step(self, fraction: float, note: str = "") -> None:
        assert 0 <= fraction <= 1
        if sum(isinstance(value, Epoch) for value in self.values) >= self.cancel_after:
            raise Cancelled

    def publish(self, value: object) -> None:
        self.values.append(value)


def entries(corpus: Path) -> Sequence[Entry]:
    return read_dataset(corpus, "instrument").entries


def fit(examples, options=QUICK, dataset="", **settings):
    return fit_probe(TrainingData(examples, dataset), options, load_backbone(SIGNAL), **settings).probe


def test_a_probe_on_classical_features_names_recordings(corpus, tmp_path):
    listener = Listener()
    probe = fit(entries(corpus), dataset="synthesised", progress=listener)
    assert probe.labels == ("ney", "setar")
    assert all(isinstance(value, (Epoch, Remark, Started)) for value in listener.values)
    training = probe.training
    assert training["recordings"] == {"train": 6, "dev": 2, "test": 0}
    assert training["scores"]["dev"]["recording_accuracy"] == 1.0
    assert (training["dataset"], training["split"], training["options"]["seed"]) == ("synthesised", "recording", 0)
    save_probe(probe, tmp_path / "instrument.probe")
    predictor = ProbePredictor(load_probe(tmp_path / "instrument.probe"), load_backbone(SIGNAL))
    for path in sorted(corpus.rglob("*.wav")):
        with open_audio(path) as source:
            assert predictor.predict(source)[0].verdict().label == path.parent.name


def test_all_layers_of_a_transformer(corpus, tiny_hubert):
    backbone = load_backbone(str(tiny_hubert), "cpu")
    examples = entries(corpus)
    probe = fit_probe(TrainingData(examples), QUICK, backbone).probe
    assert probe.mean.shape == (3, 48)
    assert float(probe.layer_weights.sum()) == pytest.approx(1)
    with open_audio(examples[0].path) as source:
        prediction = ProbePredictor(probe, backbone).predict(source)[0]
    np.testing.assert_allclose(prediction.probabilities.sum(axis=1), 1, atol=1e-5)


@pytest.mark.parametrize("hidden", [(), (8,), (8, 7, 6, 5, 4)])
def test_same_seed_same_probe_also_from_the_cache(corpus, tmp_path, hidden):
    examples, cache = entries(corpus), EmbeddingCache(tmp_path / "cache")
    options = replace(QUICK, hidden=hidden, epochs=3, lr=1e-3)
    one, again = (fit(examples, options, cache=cache) for _ in range(2))
    assert one.hash == again.hash
    assert one.hash != fit(examples, replace(options, seed=1), cache=cache).hash
    assert one.head.hidden == hidden


def test_an_artist_is_never_on_both_sides(corpus):
    examples = [
        replace(example, artist=f"{example.labels['instrument']} {index % 2}")
        for index, example in enumerate(entries(corpus))
    ]
    assert fit(examples).training["split"] == "artist"


@pytest.mark.parametrize("artists", [2, 4])
def test_artists_that_chose_the_epoch_are_no_strangers(corpus, artists):
    examples = [
        replace(example, artist=f"artist {index % artists}")
        for index, example in enumerate(sorted(entries(corpus), key=lambda one: one.path.name))
    ]
    outcome = fit_probe(TrainingData(examples), QUICK, load_backbone(SIGNAL), strangers=True)
    scores = outcome.probe.training["scores"]
    if artists == 2:  # each plays one instrument: nobody can be set aside
        assert set(outcome.judged.evaluations) == {"official"}
        return
    assert outcome.probe.training["split"] == "artist"
    assert set(outcome.judged.evaluations) == {"official", "grouped"}
    assert scores["grouped"]["recordings"] == 8  # all, each by a head that did not hear its artist
    assert scores["dev"]["recordings"] < 8


def test_what_new_players_are_not_named_by_is_never_called_sure(corpus):
    """Each name is played by no other than its own artist's sound: whoever comes new is named by chance."""
    paths = sorted(one.path for one in entries(corpus))
    examples = [replace(one, artist=f"artist {paths.index(one.path) % 4}") for one in entries(corpus)]
    swapped = [
        replace(one, labels={"instrument": ("ney", "setar")[int(one.artist in ("artist 0", "artist 2"))]})
        for one in examples
    ]
    probes = [
        fit_probe(TrainingData(given), QUICK, load_backbone(SIGNAL), strangers=True).probe
        for given in (examples, swapped)
    ]
    assert [one.training["sure"]["by"] for one in probes] == ["grouped", "grouped"]
    assert probes[0].sure_margin < 1
    assert probes[1].sure_margin == NEVER_SURE
    with open_audio(paths[0]) as source:
        verdicts = [ProbePredictor(one, load_backbone(SIGNAL)).predict(source)[0].verdict() for one in probes]
    assert verdicts[0].sure
    assert not verdicts[1].sure


def learnt(probe) -> list[np.ndarray]:
    """All numbers of a probe that labelling goes by."""
    guard = probe.novelty
    numbers = [getattr(guard, field.name) for field in fields(guard)]
    layers = [*probe.head.weights, *probe.head.biases]
    return [*layers, probe.mean, probe.std, probe.layer_weights, np.array(probe.temperature), *map(np.asarray, numbers)]


def test_what_judges_is_never_learnt_from(corpus):
    parts = ["train", "dev", "test", "train"] * 2
    examples = [replace(e, split=part) for e, part in zip(entries(corpus), parts, strict=True)]
    tested = [k for k, part in enumerate(parts) if part == "test"]
    assert {examples[k].labels["instrument"] for k in tested} == {"ney", "setar"}
    probe = fit(examples)
    swapped = list(examples)
    for k, other in zip(tested, reversed(tested), strict=True):  # other labels on the same sound
        swapped[k] = replace(examples[k], labels=examples[other].labels)
    wrong = fit(swapped)
    assert wrong.training["scores"]["test"] != probe.training["scores"]["test"]
    without = fit([one for one in examples if one.split != "test"])  # no such sound at all
    for other in (wrong, without):
        assert all(np.array_equal(a, b) for a, b in zip(learnt(probe), learnt(other), strict=True))
    relabelled = [replace(e, labels=swapped[tested[0]].labels) if e.split == "dev" else e for e in examples]
    chosen = fit(relabelled)  # dev chooses the epoch and sets temperature and guard, and standardises nothing
    assert chosen.training["scores"]["dev"] != probe.training["scores"]["dev"]
    assert np.array_equal(chosen.mean, probe.mean)
    assert np.array_equal(chosen.std, probe.std)


def test_a_given_split_stands(corpus):
    parts = ["train", "dev", "test", "train"] * 2
    examples = [replace(example, split=part) for example, part in zip(entries(corpus), parts, strict=True)]
    training = fit(examples).training
    assert training["recordings"] == {"train": 4, "dev": 2, "test": 2}
    assert set(training["scores"]) == {"train", "dev", "test"}


def test_stretches_of_a_recording_teach_their_own_label(corpus):
    first, *rest = entries(corpus)
    stretches = [replace(first, start_s=0.0, stop_s=4.0), replace(first, start_s=4.0, stop_s=6.0)]
    training = fit([*stretches, *rest]).training
    assert sum(training["segments"].values()) == 3 + 7 * 4
    assert sum(training["recordings"].values()) == 8


def test_a_segment_counts_once_as_the_last_row_has_it(corpus):
    examples = entries(corpus)
    first = examples[0]
    other = replace(first, labels={"instrument": "setar" if first.labels["instrument"] == "ney" else "ney"})
    once = fit(examples)
    assert fit([*examples, first]).hash == fit([other, *examples]).hash == once.hash
    assert fit([*examples, other]).hash != once.hash
    assert fit([*examples, other]).training["segments"] == once.training["segments"]


def test_a_bad_recording_is_left_out_and_told(corpus, tmp_path):
    empty = tmp_path / "empty.wav"
    empty.touch()
    listener = Listener()
    probe = fit([*entries(corpus), Entry(empty, {"instrument": "ney"})], progress=listener)
    (skipped,) = [value for value in listener.values if isinstance(value, Skipped)]
    assert skipped.path == empty
    assert probe.training["skipped"] == 1


def test_copies_of_a_recording_count_as_one(corpus, tmp_path):
    examples = entries(corpus)
    copy = tmp_path / "copy.wav"
    shutil.copy(examples[0].path, copy)
    assert sum(fit([*examples, replace(examples[0], path=copy)]).training["recordings"].values()) == 8
    split = [replace(examples[0], split="train"), replace(examples[0], path=copy, split="dev"), *examples[1:]]
    with pytest.raises(DataError, match="two splits"):
        fit(split)


def test_one_recording_a_class_is_enough_to_fit_but_not_to_judge(corpus):
    examples = entries(corpus)
    training = fit([examples[0], examples[-1]]).training
    assert set(training["scores"]) == {"train"}


def test_data_that_cannot_teach(corpus, tmp_path):
    examples = entries(corpus)
    with pytest.raises(DataError, match="1 label of"):
        fit([example for example in examples if example.labels["instrument"] == "ney"])
    with pytest.raises(DataError, match="0 labels"):
        fit_probe(TrainingData(examples), FitOptions(task="dastgah"), load_backbone(SIGNAL))
    with pytest.raises(DataError, match="unknown"):
        fit_probe(TrainingData(examples), FitOptions(task="genre"), load_backbone(SIGNAL))
    with pytest.raises(DataError, match="None of the recordings"):
        fit([replace(example, path=tmp_path / f"{i}.wav") for i, example in enumerate(examples)])
    with pytest.raises(DataError, match="No training segment is left for: ney"):
        fit([replace(example, split="dev" if example.labels["instrument"] == "ney" else "") for example in examples])
    named = [replace(example, labels={"artist": f"<{i}>"}) for i, example in enumerate(examples)]
    with pytest.raises(DataError, match="cannot be a name"):
        fit_probe(TrainingData(named), FitOptions(task="artist"), load_backbone(SIGNAL))


def test_stopping_keeps_the_best_so_far_or_nothing(corpus):
    examples = entries(corpus)
    training = fit(examples, progress=Listener(cancel_after=2)).training
    assert (training["stopped"], training["epochs_run"]) == (True, 2)
    with pytest.raises(Cancelled):
        fit(examples, progress=Listener(cancel_after=0))


def test_provenance_is_plain_json_without_paths(corpus):
    training = fit(entries(corpus), replace(QUICK, split=str(corpus / "drawn.json"))).training
    text = json.dumps(training)
    assert str(Path(corpus).parent) not in text
    assert {"program", "date", "options", "classes", "segments"} <= set(training)
    assert training["options"]["split"] == "drawn.json"
