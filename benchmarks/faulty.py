"""Faulty recordings: each of ten faults done to real recordings, read as a file, beside the clean ones.

    python benchmarks/faulty.py --data FOLDER [--recordings 10] [--faults hum drift …]

FOLDER as for `modal.py`. The announcement needs espeak-ng; without it that fault is left out and said to be.
"""

from __future__ import annotations

import argparse
import csv
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
import soxr
from modal import label_id

from persian_mir.audio import open_audio
from persian_mir.modal.pitch import track_pitch
from persian_mir.modal.section_verdicts import verdict_on
from persian_mir.modal.sections import read_recording
from persian_mir.prediction import Verdict

RATE = 22_050
ANNOUNCEMENT = "You hear a recording from the archive of our radio, made in the year nineteen fifty-two. "


@dataclass(frozen=True, slots=True)
class Heard:
    """The verdict on one file, the remarks on it, and whether the Dastgah and the mode are right."""

    verdict: Verdict
    mode: Verdict
    remarks: tuple[str, ...]


def level(sound: np.ndarray) -> float:
    return float(np.sqrt(np.mean(sound**2)))


def hum(sound: np.ndarray, level_db: float) -> np.ndarray:
    """Mains of 50 Hz with harmonics, so many dB beside the sound."""
    times = np.arange(len(sound)) / RATE
    made = sum(np.sin(2 * np.pi * 50.02 * k * times + k) / k for k in range(1, 16))
    return made * level(sound) / level(made) * 10 ** (level_db / 20)


def drifting(sound: np.ndarray) -> np.ndarray:
    """60 cents down from beginning to end, as of a tape on a reel that pulls."""
    ratio = 2 ** (np.linspace(0, -60, len(sound)) / 1200)
    return np.interp(np.cumsum(ratio), np.arange(len(sound)), sound)


def applause(seconds: float, rng: np.random.Generator) -> np.ndarray:
    """Claps of many people: short bursts of noise, each in a band of its own."""
    made = np.zeros(round(seconds * RATE))
    burst = np.arange(RATE // 20) / RATE
    for _clap in range(round(150 * seconds)):
        hz, at = rng.uniform(500, 2500), rng.integers(0, len(made) - len(burst))
        ring = np.sin(2 * np.pi * hz * burst + rng.uniform(0, 6)) * rng.normal(0, 1, len(burst))
        made[at : at + len(burst)] += ring * np.exp(-burst * rng.uniform(80, 200)) * rng.uniform(0.3, 1)
    return made


def clapped(sound: np.ndarray) -> np.ndarray:
    rng = np.random.default_rng(3)
    before, after = (applause(seconds, rng) for seconds in (8.0, 15.0))
    loud = level(sound)
    return np.concatenate([before * loud / level(before), sound, after * loud / level(after)])


def announced(sound: np.ndarray) -> np.ndarray:
    """A minute of speech first."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "speech.wav"
        subprocess.run(["espeak-ng", "-v", "en+m3", "-w", str(path), ANNOUNCEMENT * 12], check=True)
        speech, rate = soundfile.read(path)
    speech = soxr.resample(speech, rate, RATE)[: 60 * RATE]
    return np.concatenate([speech * level(sound) / level(speech), np.zeros(RATE), sound])


FAULTS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "clean": lambda sound: sound,
    "opposed phase": lambda sound: np.stack([sound, -0.9 * sound], axis=1),
    "dead channel": lambda sound: np.stack([np.zeros_like(sound), sound], axis=1),
    "hum channel": lambda sound: np.stack([sound, hum(sound, 6)], axis=1),
    "hum": lambda sound: sound + hum(sound, -10),
    "offset": lambda sound: 0.02 * sound + 0.2,
    "clipped": lambda sound: np.clip(sound * 0.4 / np.quantile(np.abs(sound), 0.95), -0.4, 0.4),
    "quiet": lambda sound: sound * 0.01 / np.abs(sound).max(),
    "drift": drifting,
    "applause": clapped,
    "announcement": announced,
}


def listen(sound: np.ndarray, folder: Path) -> Heard:
    path = folder / "faulty.wav"
    soundfile.write(path, sound, RATE, subtype="PCM_16")
    with open_audio(path) as source:
        reading = read_recording(track_pitch(source))
        _known = source.condition
        return Heard(verdict_on(reading, "dastgah"), verdict_on(reading, "mode"), source.remarks)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--recordings", type=int, default=10, help="so many, evenly spaced in the manifest")
    parser.add_argument("--faults", nargs="+", choices=list(FAULTS), default=list(FAULTS))
    chosen = parser.parse_args()
    with (chosen.data / "manifest.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    rows = [rows[k] for k in np.linspace(0, len(rows) - 1, chosen.recordings).round().astype(int)]
    print("fault            Dastgah  mode  sure  sure and wrong  none heard  said")
    for name in chosen.faults:
        if name == "announcement" and shutil.which("espeak-ng") is None:
            print("announcement: espeak-ng is not installed")
            continue
        show(name, rows, chosen.data)


def show(name: str, rows: list[dict[str, str]], data: Path) -> None:
    right = modes = sure = wrong = none = said = 0
    with tempfile.TemporaryDirectory() as folder:
        for row in rows:
            sound, rate = soundfile.read(data / row["file"], always_2d=True)
            heard = listen(FAULTS[name](soxr.resample(sound.mean(axis=1), rate, RATE)), Path(folder))
            truth = label_id(row["dastgah"])
            hit = heard.verdict.label == truth
            right, modes = right + hit, modes + (heard.mode.label == (label_id(row["avaz"]) if row["avaz"] else truth))
            sure, wrong = sure + heard.verdict.sure, wrong + (heard.verdict.sure and not hit)
            none, said = none + heard.verdict.nothing, said + bool(heard.remarks)
    count = f"of {len(rows)}"
    print(f"{name:16s} {right:7d} {modes:5d} {sure:5d} {wrong:15d} {none:11d} {said:5d}  {count}", flush=True)


if __name__ == "__main__":
    main()
