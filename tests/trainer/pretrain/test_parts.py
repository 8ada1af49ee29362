"""The parts of pre-training, each against what is known of it."""

import tracemalloc
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch
from hypothesis import given
from hypothesis import strategies as st

from persian_mir.audio import open_audio
from trainer.data.dataset import DataError
from trainer.pretrain.clip_cost import Cost
from trainer.pretrain.constant_q import AN_OCTAVE, BINS, LOWEST_HZ, constant_q
from trainer.pretrain.corpus import draw, read_corpus
from trainer.pretrain.cost import clip_flop
from trainer.pretrain.course import CURVE, Course, read_curve, write_course
from trainer.pretrain.hiding import hidden_frames, mixed
from trainer.pretrain.recipe import PretrainOptions
from trainer.pretrain.run import new_architecture
from trainer.pretrain.schedule import rates
from trainer.pretrain.teachers import FEATURES, fit_teacher, log_mel

RATE, HOP = 16_000, 320


def tone(hz: float, seconds: float = 2.0, rate: int = RATE) -> np.ndarray:
    return np.sin(2 * np.pi * hz * np.arange(round(seconds * rate)) / rate).astype(np.float32)


@pytest.mark.parametrize("hz", [65.4, 220.0, 225.0, 1000.0, 3500.0])
def test_a_tone_stands_in_its_bin_all_along(hz: float) -> None:
    clips = torch.from_numpy(tone(hz, rate=24_000)[None])
    spectrum = constant_q(clips, 24_000, 150)[0]
    assert spectrum.shape == (150, BINS)
    assert abs(int(spectrum.mean(dim=0).argmax()) - AN_OCTAVE * np.log2(hz / LOWEST_HZ)) < 0.75
    middle = spectrum[40:110, int(spectrum.mean(dim=0).argmax())]
    assert middle.std() < 0.05 * middle.mean()


def test_a_note_stands_when_it_sounds() -> None:
    sound = np.concatenate([np.zeros(24_000, np.float32), tone(880.0, 1.0, 24_000)])
    spectrum = constant_q(torch.from_numpy(sound[None]), 24_000, 150)[0]
    own = spectrum[:, round(AN_OCTAVE * np.log2(880 / LOWEST_HZ))]
    assert own[:60].mean() < 0.1 * own[90:140].mean()


@given(st.integers(40, 400), st.integers(0, 2**32))
def test_spans_hide_a_part_and_never_all(frames: int, seed: int) -> None:
    hidden = hidden_frames(frames, 0.8, 5, np.random.default_rng(seed))
    assert 0 < hidden.sum() < frames


def test_the_published_mask_hides_58_in_a_hundred() -> None:
    shares = [hidden_frames(374, 0.8, 5, np.random.default_rng(seed)).mean() for seed in range(200)]
    assert np.mean(shares) == pytest.approx(0.58, abs=0.02)


def test_pieces_of_others_are_laid_over_half_of_the_clips() -> None:
    clips = np.stack([tone(hz, 3.0) for hz in (200, 300, 400, 500)])
    changed = [
        not np.array_equal(mixed(clips, 0, 0.5, RATE, np.random.default_rng(seed)), clips[0]) for seed in range(200)
    ]
    assert 0.4 < np.mean(changed) < 0.6
    assert np.array_equal(mixed(clips[:1], 0, 1.0, RATE, np.random.default_rng(0)), clips[0])


def test_the_loudest_mel_band_is_that_of_the_tone() -> None:
    low, high = (log_mel(tone(hz), RATE, HOP)[20:80].mean(axis=0).argmax() for hz in (300.0, 3000.0))
    assert low < high < 128
    assert log_mel(tone(300.0), RATE, HOP).shape == (101, 128)


@pytest.mark.parametrize("kind", FEATURES)
def test_codes_tell_tones_apart_and_come_out_again(kind: str) -> None:
    clips = [tone(hz) for hz in (200.0, 400.0, 800.0, 1600.0)]
    teacher = fit_teacher(clips, kind, RATE, HOP, books=2, codes=4, seed=0)
    again = fit_teacher(clips, kind, RATE, HOP, books=2, codes=4, seed=0)
    assert np.array_equal(teacher.centres, again.centres)
    codes = [teacher.codes(clip[None], 99)[0, 10:-10, 0] for clip in clips]
    commonest = [np.bincount(one, minlength=4).argmax() for one in codes]
    assert len(set(commonest)) >= 3
    assert all((one == common).mean() > 0.9 for one, common in zip(codes, commonest, strict=True))


def test_each_book_says_more() -> None:
    rng = np.random.default_rng(0)
    clip = rng.normal(0, 0.1, 10 * RATE).astype(np.float32)
    teacher = fit_teacher([clip], "mel", RATE, HOP, books=3, codes=16, seed=0)
    heard = (log_mel(clip, RATE, HOP)[:400] - teacher.middle) / teacher.scale
    codes = teacher.codes(clip[None], 400)[0]
    left = [heard - sum(teacher.centres[book][codes[:, book]] for book in range(upto)) for upto in range(4)]
    sizes = [float((one**2).mean()) for one in left]
    assert sizes == sorted(sizes, reverse=True)


def test_stages_follow_each_other() -> None:
    all_rates = [rates(step, 1000, 5e-5, from_nothing=False) for step in range(1000)]
    assert all(one.front == one.rest == 0 < one.heads for one in all_rates[:100])
    assert all(one.rest == 0 < one.front for one in all_rates[100:350])
    assert max(one.rest for one in all_rates) == pytest.approx(5e-5)
    assert all_rates[-1].rest < 2e-6
    assert all(rates(step, 1000, 5e-5, from_nothing=True).rest > 0 for step in (0, 99, 999))


def test_the_corpus_has_each_content_once_and_keeps_some_apart(tones: Path, tmp_path: Path) -> None:
    for path in tones.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
        (tmp_path / f"again {path.name}").write_bytes(path.read_bytes())
    (tmp_path / "broken.flac").write_bytes(b"no sound")
    corpus = read_corpus(tmp_path, 1.0)
    assert len(corpus.learnt) + len(corpus.judged) == 6
    assert {one.hash for one in corpus.learnt}.isdisjoint(one.hash for one in corpus.judged)
    assert corpus.hash == read_corpus(tones, 1.0).hash


def test_clips_are_the_same_for_a_seed_and_never_silent(tones: Path) -> None:
    corpus = read_corpus(tones, 1.0)
    first = list(draw(corpus.learnt, (1, 0), range(5), 1.0, RATE))
    again = list(draw(corpus.learnt, (1, 0), range(5), 1.0, RATE))
    other = list(draw(corpus.learnt, (1, 1), range(5), 1.0, RATE))
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
    assert not any(np.array_equal(a, b) for a, b in zip(first, other, strict=True))
    assert all(len(one) == RATE and one.std() > 1e-3 for one in first)


def test_a_clip_is_mixed_as_the_recording_is_everywhere(tmp_path: Path) -> None:
    """Two opposed channels would cancel: they are subtracted, in the first clip and in those after it."""
    sound = tone(330.0, 6.0)
    soundfile.write(tmp_path / "opposed.wav", np.stack([sound, -sound], axis=1), RATE, "FLOAT")
    corpus = read_corpus(tmp_path, 1.0)
    with open_audio(tmp_path / "opposed.wav") as source:
        whole = source.mono(0, source.recording.frames)
    for clip in draw(corpus.learnt, (1, 0), range(3), 1.0, RATE):
        places = np.lib.stride_tricks.sliding_window_view(whole, RATE)[:, ::97]
        assert np.abs(places - clip[::97]).max(axis=1).min() < 1e-6
        assert clip.std() > 0.5


def test_a_recording_that_goes_is_drawn_around(tones: Path, tmp_path: Path) -> None:
    for path in tones.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    corpus = read_corpus(tmp_path, 1.0)
    corpus.learnt[0].path.unlink()
    assert all(one.std() > 1e-3 for one in draw(corpus.learnt, (1, 0), range(20), 1.0, RATE))


def test_an_empty_folder_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no recording"):
        read_corpus(tmp_path, 5.0)


def test_a_curve_that_a_kill_cut_off_is_read_and_gone_on_with(tmp_path: Path) -> None:
    one = Course(10, 30, 5.0, 0.5, (3.0, 1.5), 0.25, 0.4, 2.0)
    write_course(tmp_path, one)
    with (tmp_path / CURVE).open("ab") as file:
        file.write(b'\n{"step": 20, "of": 3')
    write_course(tmp_path, replace(one, step=30))
    write_course(tmp_path, replace(one, step=20))
    assert read_curve(tmp_path) == (one, replace(one, step=20), replace(one, step=30))
    assert read_curve(tmp_path / "nowhere") == ()


def test_the_arithmetic_of_mert_is_109_gflop_a_clip() -> None:
    flop = clip_flop(new_architecture("mert"), PretrainOptions())
    assert flop == pytest.approx(109e9, rel=0.02)
    cost = Cost(10.0, flop, 20 * 95e6, 1e9)
    clips = 960 * 720
    assert cost.card_s(clips) / 3600 == pytest.approx(2.1, rel=0.02)  # twice what the products take at 60 TFLOP/s
    assert cost.seconds(clips) / 3600 == 1920
    assert cost.bytes(24) == pytest.approx(25.9e9)


def test_many_recordings_take_no_more_memory_to_draw_from(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    for number in range(400):
        soundfile.write(tmp_path / f"{number}.wav", rng.normal(0, 0.1, 2 * RATE), RATE)  # 25 MB in all
    corpus = read_corpus(tmp_path, 1.0)
    assert len(corpus.learnt) + len(corpus.judged) == 400
    next(draw(corpus.learnt, (0,), range(1), 1.0, RATE))
    tracemalloc.start()
    next(draw(corpus.learnt, (0,), range(100, 101), 1.0, RATE))  # of a recording that was not looked at yet
    _now, of_one = tracemalloc.get_traced_memory()
    for number in range(100):
        next(draw(corpus.learnt, (0,), range(number, number + 1), 1.0, RATE))
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < of_one + (1 << 20)  # a hundred clips are 6 MB
