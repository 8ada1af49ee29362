"""What a probe makes of sounds that are none of its labels: recordings so labelled, silence, noise, speech, and other
instruments, as the project's own synthesiser plays them.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from persian_mir.audio import open_audio
from persian_mir.errors import AudioError, ModelError
from persian_mir.examples.instruments import ALL, OTHERS
from persian_mir.examples.synthesise import synthesise
from persian_mir.examples.voice import Voice
from persian_mir.prediction import Verdict
from persian_mir.predictor import Predictor
from persian_mir.progress import SILENT, Progress
from trainer.features.segments import Floats

RATE = 22_050
SOUNDS = ("silence", "noise", "hum", "speech")
SPOKEN = replace(OTHERS["voice"], sounding=Voice(vowel_s=0.12, vibrato_cents=0.0, glide_s=0.15), pace_s=0.12)


def answer_of(verdict: Verdict) -> str:
    """Return whether it names none of the labels, is not sure of one, or is."""
    if verdict.nothing:
        return "refused"
    return "named" if verdict.sure else "unsure"


def answers_to_recordings(predictor: Predictor, paths: Iterable[Path], progress: Progress = SILENT) -> Counter[str]:
    """How often each answer is given to recordings; those that cannot be read are left out. Raises Cancelled."""
    count, all_paths = Counter[str](), list(paths)
    for number, path in enumerate(all_paths):
        progress.step(number / len(all_paths), path.name)
        try:
            with open_audio(path) as source:
                count[answer_of(predictor.predict(source)[0].verdict())] += 1
        except (AudioError, ModelError):
            continue
    return count


def answers_to_sounds(predictor: Predictor, task: str, labels: Iterable[str], seconds: float) -> dict[str, str]:
    """By name of the sound: `refused`, `unsure`, or the label that is surely given to it. Each lasts `seconds`."""
    names = [*SOUNDS, *(name for name in ALL if name not in set(labels))] if task == "instrument" else SOUNDS
    said: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as folder:
        for name in names:
            path = Path(folder) / f"{name}.wav"
            soundfile.write(path, sound_of(name, seconds), RATE)
            with open_audio(path) as source:
                verdict = predictor.predict(source)[0].verdict()
            answer = answer_of(verdict)
            said[name] = verdict.label if answer == "named" else answer
    return said


def sound_of(name: str, seconds: float) -> Floats:
    """Return it at `RATE`: the same each time."""
    rng, time = np.random.default_rng(0), np.arange(round(seconds * RATE)) / RATE
    plain: Mapping[str, NDArray[np.float64]] = {
        "silence": np.zeros(len(time)),
        "noise": 0.1 * rng.standard_normal(len(time)),
        "hum": 0.1 * np.sum([np.sin(2 * np.pi * 50 * k * time) / k for k in range(1, 8)], axis=0),
    }
    if name in plain:
        return plain[name].astype(np.float32)
    player = SPOKEN if name == "speech" else ALL[name]
    return synthesise("shour", "voice" if name == "speech" else name, 1, seconds, 250.0, RATE, player=player).samples
