from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from persian_mir.audio import open_audio
from persian_mir.backbones import load_backbone
from persian_mir.embeddings import EmbeddingCache
from persian_mir.grid import Grid
from persian_mir.progress import SILENT
from trainer.data import Entry
from trainer.features import views
from trainer.features.codecs import CODECS, available, coded
from trainer.features.extraction import FeatureExtractor
from trainer.features.gather import gather
from trainer.features.segments import Features
from trainer.features.views import View, ViewedSource, drawn

RATE = 22_050
PLAIN = View(0, 1.0, 0.0, 9.0, (0.0,) * 9, 200.0, 0.0, 24_000, 0.0, "", 0)


def tone(hz: float, seconds: float = 4.0) -> np.ndarray:
    time = np.arange(round(seconds * RATE)) / RATE
    sound = sum(np.sin(2 * np.pi * k * hz * time) / k**2 for k in range(1, 12)) * (1.2 + np.sin(time))
    return (0.2 * sound).astype(np.float32)


def above(sound: np.ndarray, hz: float) -> float:
    """The share of the power above `hz`."""
    power = np.abs(np.fft.rfft(sound * np.hanning(len(sound)))) ** 2
    return float(power[np.fft.rfftfreq(len(sound), 1 / RATE) > hz].sum() / power.sum())


def heard(folder: Path, count: int, cache: EmbeddingCache | None = None) -> Features:
    entries = []
    for label, hz in (("ney", 440.0), ("setar", 220.0)):
        soundfile.write(folder / f"{label}.wav", tone(hz, 12.0), RATE)
        entries.append(Entry(folder / f"{label}.wav", {"instrument": label}))
    extractor = FeatureExtractor(load_backbone("signal", "cpu"), Grid(), (0,), cache, views=count)
    return gather(entries, "instrument", ("setar", "ney"), extractor, SILENT)


def test_a_plain_view_is_the_sound_itself():
    sound = tone(220.0)
    np.testing.assert_allclose(PLAIN.of(sound, RATE, 0), sound, atol=1e-5)


@pytest.mark.parametrize(
    ("change", "decibels"), [({"noise_db": 20.0}, -20.0), ({"noise_db": 40.0, "noise_slope": 6.0}, -40.0)]
)
def test_noise_lies_as_far_below_as_it_says(change, decibels):
    sound = tone(220.0)
    added = replace(PLAIN, **change).of(sound, RATE, 0) - sound
    assert 20 * np.log10(np.std(added) / np.std(sound)) == pytest.approx(decibels, abs=0.2)


def test_nothing_is_left_above_its_bandwidth():
    noisy = replace(PLAIN, noise_db=0.0)
    assert above(noisy.of(tone(220.0), RATE, 0), 4100) > 0.1
    assert above(replace(noisy, below_hz=4000).of(tone(220.0), RATE, 0), 4100) < 1e-6


def test_the_equaliser_lifts_what_its_knob_stands_at():
    knobs = replace(PLAIN, knobs_db=(0.0,) * 4 + (12.0,) + (0.0,) * 4)  # 1 kHz
    low, lifted = tone(125.0), np.sin(2 * np.pi * 1000 * np.arange(4 * RATE) / RATE).astype(np.float32) * 0.1
    assert np.std(knobs.of(lifted, RATE, 0)) / np.std(lifted) == pytest.approx(10 ** (12 / 20), rel=0.01)
    assert np.std(knobs.of(low, RATE, 0)) / np.std(low) == pytest.approx(1.0, rel=0.05)


def test_a_faster_tape_is_shorter_and_higher():
    faster = replace(PLAIN, speed=1.04).of(tone(500.0), RATE, 0)
    assert len(faster) == pytest.approx(4 * RATE / 1.04, abs=2)
    assert np.argmax(np.abs(np.fft.rfft(faster))) * RATE / len(faster) == pytest.approx(520, abs=1)


def test_a_room_rings_on():
    click = np.zeros(RATE, np.float32)
    click[100] = 0.5
    assert not np.abs(PLAIN.of(click, RATE, 0)[RATE // 4 :]).max() > 1e-3
    assert np.abs(replace(PLAIN, wetness=0.6, fall=5.0).of(click, RATE, 0)[RATE // 4 :]).max() > 1e-3


@pytest.mark.parametrize("name", available())
@pytest.mark.parametrize("samples", [RATE // 10, 4 * RATE])
def test_a_codec_hands_the_sound_back_where_it_was(name, samples):
    sound = tone(220.0)[:samples]
    for kbit in CODECS[name].kbits:
        back = coded(sound, RATE, name, kbit)
        assert len(back) == len(sound)
        if samples > RATE:
            assert np.corrcoef(sound, back)[0, 1] > 0.9
            assert not np.array_equal(sound, back)


def test_the_libraries_here_know_all_codecs():
    assert available() == tuple(CODECS)


def test_views_are_drawn_by_recording_number_and_seed():
    assert drawn("a", 1, 0) == drawn("a", 1, 0)
    others = [drawn("a", 1, 0), drawn("b", 1, 0), drawn("a", 2, 0), drawn("a", 1, 1)]
    assert len({one.name for one in others}) == len(others)


def test_what_was_heard_goes_by_all_that_the_view_depends_on(tmp_path):
    soundfile.write(tmp_path / "a.wav", tone(220.0), RATE)
    with open_audio(tmp_path / "a.wav") as source:
        hashes = {ViewedSource(source, one).recording.content_hash for one in (PLAIN, replace(PLAIN, gain_db=-3.0))}
        assert len(hashes | {source.recording.content_hash}) == 3


def test_each_segment_is_heard_in_so_many_further_ways(tmp_path):
    plain, viewed = heard(tmp_path, 0), heard(tmp_path, 2)
    assert plain.recorded.all()
    assert len(viewed.targets) == 3 * len(plain.targets)
    np.testing.assert_array_equal(viewed.values[viewed.recorded], plain.values)
    assert viewed.views is not None
    for number in (1, 2):
        mine = viewed.views == number
        np.testing.assert_array_equal(viewed.spans[mine], plain.spans)
        np.testing.assert_array_equal(viewed.targets[mine], plain.targets)
        assert np.abs(viewed.values[mine] - plain.values).max(axis=(1, 2)).min() > 0.1


def test_a_view_is_heard_once_and_then_kept(tmp_path, monkeypatch):
    cache = EmbeddingCache(tmp_path / "cache")
    first = heard(tmp_path, 2, cache)
    monkeypatch.setattr(views.View, "of", None)  # nothing can be heard in another way any more
    np.testing.assert_array_equal(heard(tmp_path, 2, cache).values, first.values)
