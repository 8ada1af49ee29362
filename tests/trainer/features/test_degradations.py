from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from persian_mir.backbones import load_backbone
from persian_mir.embeddings import EmbeddingCache
from persian_mir.grid import Grid
from persian_mir.progress import SILENT
from trainer.data import Entry
from trainer.features import degradations
from trainer.features.extraction import FeatureExtractor
from trainer.features.gather import gather
from trainer.features.segments import Features
from trainer.fitting import calibrate

RATE = 22_050


@pytest.fixture
def features(tmp_path: Path) -> Features:
    """Two tones of 20 s, four segments each."""
    time, entries = np.arange(20 * RATE) / RATE, []
    for label, hz in (("ney", 440.0), ("setar", 220.0)):
        sound = sum(np.sin(2 * np.pi * k * hz * time) / k**2 for k in range(1, 12)) * (1.2 + np.sin(time))
        soundfile.write(tmp_path / f"{label}.wav", 0.2 * sound, RATE)
        entries.append(Entry(tmp_path / f"{label}.wav", {"instrument": label}))
    backbone = load_backbone("signal", "cpu")
    return gather(entries, "instrument", ("setar", "ney"), FeatureExtractor(backbone, Grid(), (0,)), SILENT)


def moves(features: Features, part: np.ndarray, cache: EmbeddingCache | None = None) -> np.ndarray:
    return degradations.measured_shifts(
        features, part, FeatureExtractor(load_backbone("signal", "cpu"), Grid(), (0,), cache), SILENT
    )


def test_each_segment_of_the_part_is_moved_by_hiss_and_by_a_lower_rate(features: Features):
    part = features.groups == 0
    found = moves(features, part)
    assert len(found) == 2 * part.sum()
    assert np.abs(found).max(axis=(1, 2)).min() > 0.1


def test_hiss_lies_as_far_below_as_it_says():
    sound = np.sin(np.arange(RATE) / 7).astype(np.float32)
    added = degradations.with_hiss(sound, RATE) - sound
    assert 20 * np.log10(np.std(added) / np.std(sound)) == pytest.approx(-degradations.BELOW_DB, abs=0.1)


@pytest.mark.parametrize("samples", [1, 100, RATE, RATE + 1])
def test_nothing_is_left_above_half_the_lower_rate(samples: int):
    rng = np.random.default_rng(0)
    sound = degradations.narrowed(rng.standard_normal(samples, np.float32), RATE)
    assert len(sound) == samples
    power = np.abs(np.fft.rfft(sound * np.hanning(samples))) ** 2
    hz = np.fft.rfftfreq(samples, 1 / RATE)
    if samples >= RATE:
        assert power[hz > 8200].sum() < 1e-4 * power.sum()
        assert power[hz < 7000].sum() > 0.9 * power.sum()


def test_a_backbone_that_hears_no_more_is_moved_by_hiss_only():
    assert [*degradations.degradations(16_000)] == ["hiss 40 dB"]
    assert [*degradations.degradations(22_050)] == ["hiss 40 dB", "narrow 16000 Hz"]


def test_it_is_heard_once_and_then_kept(features: Features, tmp_path: Path, monkeypatch):
    cache, part = EmbeddingCache(tmp_path / "cache"), np.ones(len(features.targets), bool)
    first = moves(features, part, cache)
    monkeypatch.setattr(degradations, "with_hiss", None)  # nothing can be made poorer any more
    monkeypatch.setattr(degradations, "narrowed", None)
    np.testing.assert_array_equal(moves(features, part, cache), first)


def test_a_recording_more_leaves_most_of_the_chosen_segments(features: Features, monkeypatch):
    monkeypatch.setattr(degradations, "MOST_SEGMENTS", 3)
    every = np.ones(len(features.targets), bool)
    few, all_of_them = (degradations._drawn(features, part) for part in (features.groups == 0, every))
    assert len(few) == len(all_of_them) == 3
    assert [place for place in all_of_them if features.groups[place] == 0] == [
        place for place in few if place in all_of_them
    ]


def test_a_recording_that_is_gone_is_done_without(features: Features):
    gone = replace(features, paths=(features.paths[0], features.paths[1].with_name("gone.wav")))
    assert len(moves(gone, np.ones(len(features.targets), bool))) == 2 * int((features.groups == 0).sum())


def test_the_guard_lets_pass_what_a_poorer_recording_moves_and_nothing_else():
    rng = np.random.default_rng(1)
    targets, width = np.arange(200) % 2, 20
    own = (3 * targets[:, None] + rng.standard_normal((200, width))).astype(np.float32)
    held_out = (3 * targets[:, None] + rng.standard_normal((200, width))).astype(np.float32)
    measured_shifts = np.zeros((8, width), np.float32)
    measured_shifts[:, 4] = 9.0
    strict, lenient = (calibrate.novelty(own, targets, 2, held_out, shift) for shift in (None, measured_shifts))

    def strange(guard, column: int) -> float:
        degraded = held_out.copy()
        degraded[:, column] += 9.0
        return float((calibrate.distances(guard.centres, guard.whitening, degraded) > guard.near).mean())

    assert strange(strict, 4) > 0.9 > 0.2 > strange(lenient, 4)
    assert strange(lenient, 5) > 0.9
