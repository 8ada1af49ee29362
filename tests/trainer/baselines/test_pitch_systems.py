"""Systems of pitch name scales that were built on other shaheds than those they learnt."""

from __future__ import annotations

import pytest

from persian_mir.audio import open_audio
from trainer.baselines.fitted import load_baseline

PITCH_SYSTEMS = ("class-mean",)


@pytest.mark.parametrize("name", PITCH_SYSTEMS)
def test_scales_on_an_unheard_shahed_are_named(name, scales, baseline, tmp_path):
    code, done = baseline(name, "--data", scales, "--task", "dastgah", "--window", 8)
    assert code == 0
    assert done["judgement"]["official"]["recordings"]["accuracy"] == 1
    assert done["judgement"]["official"]["recordings"]["count"] == 3
    fitted = load_baseline(tmp_path / f"{name}.baseline")
    for dastgah in ("mahour", "segah", "chahargah"):
        with open_audio(scales.parent / f"{dastgah} 2.wav") as source:
            (prediction,) = fitted.predict(source)
        assert prediction.verdict().label == dastgah
        assert len(prediction.starts) == 1


def test_a_pitch_system_refuses_a_task_of_timbre(scales, baseline):
    code, error = baseline("class-mean", "--data", scales, "--task", "instrument")
    assert code == 2
    assert error["event"] == "error"
