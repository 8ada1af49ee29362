"""What is no Dastgah: silence, noise, drums, speech and twelve-tone melodies must give no confident one.

    python benchmarks/modal_negatives.py [--held-out]

Speech needs espeak-ng; without it that part is left out and said to be. `--held-out`: instead, melodies of further
scales of other traditions; by the thaats nothing was chosen. Some share their notes with a Dastgah: Mahour
is Bilaval, but for a comma.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import soundfile
import soxr

from persian_mir.examples.performance import Note
from persian_mir.examples.synthesise import perform
from persian_mir.modal.pitch import RATE, detect_pitch
from persian_mir.modal.reading import read_mode
from persian_mir.prediction import MODAL_SURE_MARGIN

SECONDS = 60
SCALES = {
    "major": (0, 2, 4, 5, 7, 9, 11),
    "minor": (0, 2, 3, 5, 7, 8, 10),
    "harmonic minor": (0, 2, 3, 5, 7, 8, 11),
    "pentatonic": (0, 2, 4, 7, 9),
    "chromatic": tuple(range(12)),
}
# Cents, after the tables of measured tunings in J. Kunst, "Music in Java" (1949), D. Morton, "The Traditional Music of
# Thailand" (1976), and H. S. Arel's intervals of makams whose scale no Dastgah has.
OTHER_TUNINGS = {
    "slendro": (0, 231, 474, 717, 955),
    "pelog": (0, 137, 446, 575, 687),
    "Thai": (0, 171, 343, 514, 686, 857, 1029),
    "makam Hicaz": (0, 114, 385, 498, 702, 792, 996),
    "makam Saba": (0, 180, 294, 408, 702, 792, 996),
    "makam Nikriz": (0, 204, 317, 588, 702, 906, 996),
}
# Cents. Makams after the Arel-Ezgi-Uzdilek table, maqams in 24 equal steps, thaats in pure intervals.
HELD_OUT = {
    "makam Karcigar": (0, 180, 294, 498, 612, 883, 996),
    "makam Suzinak": (0, 204, 385, 498, 702, 816, 1087),
    "makam Hicazkar": (0, 114, 385, 498, 702, 816, 1087),
    "makam Kurdi": (0, 90, 294, 498, 702, 792, 996),
    "makam Huzzam": (0, 114, 317, 430, 702, 816, 1087),
    "makam Neveser": (0, 204, 317, 588, 702, 816, 1087),
    "maqam Hijaz": (0, 100, 400, 500, 700, 800, 1000),
    "maqam Saba": (0, 150, 300, 400, 700, 800, 1000),
    "maqam Rast": (0, 200, 350, 500, 700, 900, 1050),
    "maqam Huzam": (0, 150, 350, 450, 750, 850, 1050),
    "maqam Nawa Athar": (0, 200, 300, 600, 700, 800, 1100),
    "thaat Bhairav": (0, 112, 386, 498, 702, 814, 1088),
    "thaat Todi": (0, 112, 316, 590, 702, 814, 1088),
    "thaat Purvi": (0, 112, 386, 590, 702, 814, 1088),
    "thaat Marva": (0, 112, 386, 590, 702, 884, 1088),
    "thaat Bhairavi": (0, 112, 316, 498, 702, 814, 1018),
    "thaat Kafi": (0, 204, 316, 498, 702, 906, 1018),
    "thaat Khamaj": (0, 204, 386, 498, 702, 906, 1018),
    "thaat Bilaval": (0, 204, 386, 498, 702, 906, 1088),
    "thaat Asavari": (0, 204, 316, 498, 702, 814, 1018),
    "thaat Kalyan": (0, 204, 386, 590, 702, 906, 1088),
}
TUNES = {
    "Ode to Joy": (4, 4, 5, 7, 7, 5, 4, 2, 0, 0, 2, 4, 4, 2, 2),
    "Twinkle": (0, 0, 7, 7, 9, 9, 7, 5, 5, 4, 4, 2, 2, 0, 7, 7, 5, 5, 4, 4, 2, 7, 7, 5, 5, 4, 4, 2),
    "Frère Jacques": (0, 2, 4, 0, 0, 2, 4, 0, 4, 5, 7, 4, 5, 7, 7, 9, 7, 5, 4, 0, 7, 9, 7, 5, 4, 0, 0, -5, 0, 0, -5, 0),
    "Jingle Bells": (4, 4, 4, 4, 4, 4, 4, 7, 0, 2, 4, 4, 5, 5, 5, 5, 5, 4, 4, 4, 4, 2, 2, 4, 2, 7),
    "Auld Lang Syne": (-5, 0, 0, 0, 4, 2, 0, 2, 4, 0, 0, 4, 7, 9, 9, 9, 7, 4, 4, 0, 2, 0, 2, 4, 0, -3, -3, -5, 0),
    "God Save the King": (0, 0, 2, -1, 0, 2, 4, 4, 5, 4, 2, 0, 2, 0, -1, 0, 7, 7, 7, 7, 5, 4, 5, 5, 5, 5, 4, 2, 4, 5),
    "Greensleeves": (0, 3, 5, 7, 8, 7, 5, 2, -2, 0, 2, 3, 0, 0, -1, 0, 2, -1, -5, 0, 3, 5, 7, 8, 7, 5, 2, -2, 0, 2, 3),
    "Amazing Grace": (-5, 0, 4, 0, 4, 2, 0, -3, -5, -5, 0, 4, 0, 4, 2, 7, 4, 7, 4, 0, -5, -3, 0, 0, -3, -5),
    "Happy Birthday": (-5, -5, -3, -5, 0, -1, -5, -5, -3, -5, 2, 0, -5, -5, 7, 4, 0, -1, -3, 5, 5, 4, 0, 2, 0),
    "Scarborough Fair": (0, 0, 7, 7, 2, 3, 2, 0, 7, 10, 12, 10, 7, 9, 5, 7, 12, 12, 12, 10, 7, 7, 5, 3, 2, -2, 0),
}
UNSEEN = {  # written down after the thresholds had been chosen in sight of the tunes above
    "Silent Night": (7, 9, 7, 4, 7, 9, 7, 4, 14, 14, 11, 12, 12, 7, 9, 9, 12, 11, 9, 7, 9, 7, 4),
    "When the Saints": (
        0,
        4,
        5,
        7,
        0,
        4,
        5,
        7,
        0,
        4,
        5,
        7,
        4,
        0,
        4,
        2,
        4,
        4,
        2,
        0,
        0,
        4,
        7,
        7,
        7,
        5,
        4,
        5,
        7,
        4,
        0,
        2,
        0,
    ),
    "Bella Ciao": (-5, 0, 2, 3, 0, -5, 0, 2, 3, 0, -5, 0, 2, 3, 2, 0, 3, 2, 0, 7, 7, 7, 5, 7, 8, 8, 8, 7, 5, 8, 7),
    "Yankee Doodle": (0, 0, 2, 4, 0, 4, 2, -5, 0, 0, 2, 4, 0, -1, 0, 0, 2, 4, 5, 4, 2, 0, -1, -5, -3, -1, 0, 0),
    "Oh Susanna": (0, 2, 4, 7, 7, 9, 7, 4, 0, 2, 4, 4, 2, 0, 2, 0, 2, 4, 7, 7, 9, 7, 4, 0, 2, 4, 4, 2, 2, 0),
    "La Paloma": (0, 4, 7, 7, 7, 9, 7, 5, 4, 5, 2, 5, 9, 9, 9, 11, 9, 7, 5, 4, 7, 5, 4, 2, 0),
    "Kalinka": (7, 5, 3, 2, 3, 5, 3, 2, 0, 7, 8, 7, 5, 3, 5, 7, 5, 3, 2, 3, 5, 3, 2, 0),
    "Dona Nobis": (0, -5, 4, 2, -5, 5, 4, 4, 2, 9, 7, 7, 5, 5, 4, 5, 2, 4, 0, 7, 7, 12, 7, 7, 9, 9, 11, 12),
}
TEXTS = {
    "en": "When we listen to a recording we first hear the voice, and then the room in which it was made. ",
    "fa": "در این برنامه درباره موسیقی ایرانی و دستگاه‌های آن صحبت می‌کنیم. شنونده عزیز، به صدای ساز گوش کنید. ",
}
VOICES = ("en", "en+f3", "en+m7", "fa", "fa+f2")


def sounds() -> Iterator[tuple[str, np.ndarray]]:
    rng = np.random.default_rng(5)
    samples = SECONDS * RATE
    yield "silence", np.zeros(samples)
    yield "white noise", rng.normal(0, 0.1, samples)
    pink = np.fft.irfft(np.fft.rfft(rng.normal(0, 1, samples)) / np.sqrt(np.arange(samples // 2 + 1) + 1), samples)
    yield "pink noise", 0.5 * pink / np.abs(pink).max()
    for seed in range(3):
        yield "drums", drums(np.random.default_rng(seed))
    yield from speech()
    yield "applause", clapping(np.random.default_rng(1))
    yield from tuned(OTHER_TUNINGS)
    for seed in range(3):
        yield "chant", chant(np.random.default_rng(seed))
    for name, scale in SCALES.items():
        for seed, instrument in ((0, "setar"), (1, "kamancheh"), (2, "ney"), (3, "santoor")):
            yield f"{name} melody", melody(scale, instrument, seed)
    for name, steps in (TUNES | UNSEEN).items():
        for instrument in ("setar", "ney", "santoor"):
            yield f"tune: {name}", tune(steps, instrument)


def tuned(scales: dict[str, tuple[int, ...]]) -> Iterator[tuple[str, np.ndarray]]:
    for name, cents in scales.items():
        for seed, instrument in ((0, "setar"), (1, "kamancheh"), (2, "ney"), (3, "santoor")):
            yield f"{name} melody", melody(tuple(value / 100 for value in cents), instrument, seed)


def drums(rng: np.random.Generator) -> np.ndarray:
    sound, at = np.zeros(SECONDS * RATE), 0
    times = np.arange(RATE // 2) / RATE
    while at < len(sound) - RATE:
        tone = np.sin(2 * np.pi * rng.choice([55.0, 90.0, 150.0, 200.0]) * times * (1 - 0.2 * times))
        hit = tone * np.exp(-9 * times) + 0.4 * rng.normal(0, 1, len(times)) * np.exp(-rng.uniform(20, 60) * times)
        sound[at : at + len(times)] += hit
        at += int(RATE * rng.choice([0.125, 0.25, 0.25, 0.5]))
    return 0.7 * sound / np.abs(sound).max()


def speech() -> Iterator[tuple[str, np.ndarray]]:
    if shutil.which("espeak-ng") is None:
        print("espeak-ng is not installed: no speech")
        return
    with tempfile.TemporaryDirectory() as folder:
        for voice in VOICES:
            path = Path(folder) / "speech.wav"
            subprocess.run(["espeak-ng", "-v", voice, "-w", str(path), TEXTS[voice[:2]] * 8], check=True)
            sound, rate = soundfile.read(path, dtype="float32")
            spoken = soxr.resample(sound, rate, RATE)[: SECONDS * RATE]
            yield f"speech {voice}", spoken
            times = np.arange(len(spoken)) / RATE
            drone = sum(np.sin(2 * np.pi * 110 * k * times) / k**2 for k in range(1, 8))
            yield f"speech {voice}, drone", 0.5 * spoken + 0.05 * drone


def clapping(rng: np.random.Generator) -> np.ndarray:
    sound, times = np.zeros(SECONDS * RATE), np.arange(RATE // 20) / RATE
    for at in rng.integers(0, len(sound) - len(times), 100 * SECONDS):
        sound[at : at + len(times)] += rng.normal(0, 1, len(times)) * np.exp(-rng.uniform(80, 200) * times)
    return 0.3 * sound / np.abs(sound).max()


def chant(rng: np.random.Generator) -> np.ndarray:
    """A voice that recites on one note, and rises to it and falls from it by the steps of a Western mode."""
    steps = [0, 2, *[3] * 12, 5, *[3] * 10, 2, 3, 0, 0]
    notes, at = [], 0.2
    while at < SECONDS - 2:
        step, length = steps[len(notes) % len(steps)], float(rng.choice([0.2, 0.3, 0.5]))
        notes.append(Note(at, at + 0.95 * length, 196 * 2 ** (step / 12), 0.0, 1))
        at += length
    return perform(notes, "kamancheh", SECONDS * RATE, RATE, rng)


def melody(scale: tuple[float, ...], instrument: str, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    heights = [note + 12 * octave for octave in (-1, 0, 1) for note in scale]
    place, at, notes = len(scale), 0.2, []
    while at < SECONDS - 2:
        length = float(rng.choice([0.25, 0.5, 0.5, 1.0]))
        notes.append(Note(at, at + 0.95 * length, 262 * 2 ** (heights[place] / 12), 0.0, 1))
        place = int(np.clip(place + rng.choice([-2, -1, -1, 0, 1, 1, 2]), 0, len(heights) - 1))
        at += length
    return perform(notes, instrument, SECONDS * RATE, RATE, rng)


def tune(steps: tuple[int, ...], instrument: str) -> np.ndarray:
    line = (steps * 20)[: 2 * SECONDS - 6]
    notes = [Note(0.2 + k / 2, 0.67 + k / 2, 262 * 2 ** (step / 12), 0.0, 1) for k, step in enumerate(line)]
    return perform(notes, instrument, SECONDS * RATE, RATE, np.random.default_rng(0))


def kind_of(name: str) -> str:
    """What a sound is one of several of, by the name of it."""
    return name.split(" ")[0].rstrip(":") if name.startswith(("speech", "tune")) else name.removesuffix(" melody")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--held-out", action="store_true", help="further scales of other traditions")
    kinds: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for name, sound in tuned(HELD_OUT) if parser.parse_args().held_out else sounds():
        reading = read_mode(detect_pitch(np.asarray(sound, dtype=np.float32)))
        (first, p), (second, q) = reading.dastgahs[:2]
        sure, doubted = p - q >= MODAL_SURE_MARGIN, reading.heard and bool(reading.reason)
        kinds[kind_of(name)].update(n=1, heard=reading.heard, doubted=doubted, sure=sure)
        print(f"{name:24s} {f'{first} {p:.2f}, {second} {q:.2f}' if reading.heard else reading.reason}", flush=True)
    print("\nkind                  n  a mode heard  of those doubted  sure")
    kinds["all"] = sum(kinds.values(), Counter())
    for kind, count in kinds.items():
        print(f"{kind:18s} {count['n']:4d} {count['heard']:13d} {count['doubted']:17d} {count['sure']:5d}")


if __name__ == "__main__":
    main()
