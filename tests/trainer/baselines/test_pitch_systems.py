"""Systems of pitch name scales that were built on other shaheds than those they learnt."""

from __future__ import annotations

import numpy as np
import pytest

from persian_mir.audio import open_audio
from persian_mir.modal.notes import HeldNote
from trainer.baselines.abdoli import fuzzy_notes
from trainer.baselines.fitted import load_baseline

PITCH_SYSTEMS = ("templates", "class-mean", "abdoli", "heydarian", "geravanchizadeh")


@pytest.mark.parametrize("name", PITCH_SYSTEMS)
def test_scales_on_an_unheard_shahed_are_named(name, scales, baseline, tmp_path):
    code, done = baseline(name, "--data", scales, "--task", "dastgah", "--window", 8)
    assert code == 0
    assert done["judgement"]["official"]["recordings"]["accuracy"] == 1
    assert done["judgement"]["official"]["recordings"]["count"] == 3
    fitted = load_baseline(tmp_path / f"{name}.baseline")
    for dastgah in ("mahour", "segah", "chahargah"):
        with open_audio(scales.parent / f"{dastgah} 4.wav") as source:
            (prediction,) = fitted.predict(source)
        assert prediction.verdict().label == dastgah
        assert len(prediction.starts) == 1


def test_a_pitch_system_refuses_a_task_of_timbre(scales, baseline):
    code, error = baseline("class-mean", "--data", scales, "--task", "instrument")
    assert code == 2
    assert error["event"] == "error"


def test_notes_an_octave_apart_are_one_fuzzy_note_and_a_quarter_tone_is_not():
    held = [HeldNote(k, k + 1, hz, 5) for k, hz in enumerate((220.0, 440.0, 442.0, 440 * 2 ** (2.5 / 12)))]
    notes = fuzzy_notes(tuple(held))
    np.testing.assert_allclose(notes.weights, [0.75, 0.25])
    peaks = notes.upper.argmax(axis=1) * 5
    assert peaks.tolist() == [5, 250]  # the mean of 0, 0 and 7.9 cents lies nearest to 5; two and a half semitones
    assert (notes.lower <= notes.upper).all()
