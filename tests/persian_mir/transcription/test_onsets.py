import numpy as np
import pytest

from persian_mir.examples.synthesise import synthesise
from persian_mir.modal.pitch import RATE
from persian_mir.transcription.onsets import onsets_of


@pytest.fixture(scope="module")
def setar() -> tuple[np.ndarray, np.ndarray]:
    performance = synthesise("shour", "setar", seed=5, seconds=20.0, tonic_hz=220.0, rate=RATE)
    plain = [note.start_s for note in performance.truth.notes if note.stroke == "plain"]
    return performance.samples, np.array(plain)


def test_every_stroke_is_found_where_it_is(setar: tuple[np.ndarray, np.ndarray]) -> None:
    sound, strokes = setar
    apart = np.abs(onsets_of([sound])[:, None] - strokes).min(axis=0)
    assert (apart < 0.05).mean() > 0.95
    assert np.median(apart) < 0.015


def test_blocks_of_any_length_give_the_same(setar: tuple[np.ndarray, np.ndarray]) -> None:
    sound, _strokes = setar
    whole = onsets_of([sound])
    for length in (100, 4096, 33_333):
        blocks = [sound[at : at + length] for at in range(0, len(sound), length)]
        assert np.array_equal(onsets_of(blocks), whole)


def test_level_makes_no_difference(setar: tuple[np.ndarray, np.ndarray]) -> None:
    sound, strokes = setar
    quiet = onsets_of([sound * np.float32(0.01)])
    assert (np.abs(quiet[:, None] - strokes).min(axis=0) < 0.05).mean() > 0.95


@pytest.mark.parametrize("seconds", [0.0, 0.01, 3.0])
def test_nothing_is_struck_in_silence_or_a_held_tone_with_vibrato(seconds: float) -> None:
    assert not len(onsets_of([np.zeros(round(seconds * RATE), np.float32)]))
    time = np.arange(round(seconds * RATE)) / RATE
    swell = np.clip(np.minimum(time, seconds - time), 0.0, 1.0)
    tone = swell * np.sin(2 * np.pi * 300 * time + 3 * np.sin(2 * np.pi * 5 * time))
    assert not len(onsets_of([0.3 * tone.astype(np.float32)]))
