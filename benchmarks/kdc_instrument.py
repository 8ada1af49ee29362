"""An instrument probe (setar, ney) on real recordings with classical features, and what it says of other sounds.

    python benchmarks/kdc_instrument.py --data FOLDER [--variants 24] [--seed 7] [--views 2]

FOLDER holds recordings and a `manifest.csv` with the columns file, instrument, artist. Nothing is written there; the
manifest that is read lies in a temporary folder, embeddings in the cache of the program.

1. Five folds by recording: how many of the recordings, each judged by a probe that has not heard it, are named right.
2. The same recordings with white noise added, in another room, coded as MP3, at lower sampling rates, without what lies
   above 5 kHz, from a tape that runs too fast, and in two views that no fit draws: named rightly and surely, or not.
3. What those five probes say of synthesised tar, santoor, kamancheh and voice-like tones, of which they know nothing:
   named surely (a wrong name with confidence) or "not sure" (the first label leads by less than the probe's margin).
   Variants differ in pitch, mode, detuning, seed, tilt of the spectrum and noise.
4. The learning curve over 2, 4, 8, 16 labelled recordings.
"""

from __future__ import annotations

import argparse
import csv
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray
from scipy.signal import butter, sosfilt

from persian_mir.app_paths import cache_dir
from persian_mir.audio import open_audio
from persian_mir.backbones import Backbone, load_backbone
from persian_mir.embeddings import Embedding, EmbeddingCache, embed_recording
from persian_mir.examples.room import room
from persian_mir.examples.synthesise import synthesise
from persian_mir.grid import Grid
from persian_mir.prediction import Verdict
from persian_mir.probes.predictor import prediction_of
from persian_mir.probes.probe import Probe
from persian_mir.progress import SILENT
from persian_mir.provenance import Provenance
from trainer.data import Dataset, read_dataset
from trainer.data.splits import apply, grouped
from trainer.experiments.learning_curve import learning_curve
from trainer.features.extraction import all_layers
from trainer.features.views import drawn
from trainer.fitting.fit import fit_probe
from trainer.fitting.fit_options import FitOptions
from trainer.fitting.training_data import TrainingData

TASK = "instrument"
RATE, SECONDS = 44_100, 15.0
MODES = ("shour", "mahour", "segah", "homayoun")
NOISE_DB = (None, -45.0, -30.0, -20.0)
STRANGERS = ("tar", "santoor", "kamancheh", "voice")
ALTERED_S = 30  # of the middle of each recording
ALTERED = (
    *("clean", "noise 40 dB", "noise 30 dB", "noise 20 dB", "room 0.2", "room 0.5", "MP3"),
    *("16000 Hz", "11025 Hz", "below 5000 Hz", "speed 1.06", "view 101", "view 102"),
)


def sound(kind: str, number: int, seed: int) -> NDArray[np.float64]:
    """One variant of santoor, kamancheh or voice; the same for the same arguments."""
    rng = np.random.default_rng([seed, number, len(kind)])
    tonic, detune = float(rng.uniform(150, 420)), float(rng.uniform(-45, 45))
    mode, own = MODES[number // len(NOISE_DB) % len(MODES)], int(rng.integers(2**31))
    samples = synthesise(mode, kind, own, SECONDS, tonic, RATE, detune).samples.astype(np.float64)
    tilt = float(rng.uniform(-0.5, 0.5))
    samples = samples + tilt * np.concatenate([samples[:1], samples[:-1]])
    noise = NOISE_DB[number % len(NOISE_DB)]
    if noise is not None:
        samples = samples + np.sqrt(np.mean(samples**2)) * 10 ** (noise / 20) * rng.standard_normal(len(samples))
    return np.asarray(0.7 * samples / np.abs(samples).max())


def manifest(data: Path, folder: Path) -> Path:
    """A manifest of the instruments in a temporary folder, with absolute paths."""
    out = folder / "instruments.csv"
    with (data / "manifest.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    with out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["file", "instrument", "artist"])
        writer.writerows((str((data / row["file"]).absolute()), row["instrument"], row["artist"]) for row in rows)
    return out


def embedded(path: Path, backbone: Backbone, cache: EmbeddingCache | None) -> Embedding:
    with open_audio(path) as source:
        return embed_recording(source, backbone, Grid(), (0,), SILENT, cache)


def said_of(probe: Probe, heard: Embedding) -> tuple[Verdict, list[Verdict]]:
    """What the probe says of the whole and of each segment."""
    said = prediction_of(probe, heard, Provenance("probe"))
    return said.verdict(), [said.segment(k) for k in range(len(said.starts))]


def strangers(folder: Path, backbone: Backbone, variants: int, seed: int) -> dict[str, list[Embedding]]:
    """So many variants of each of the `STRANGERS`, heard from files in `folder`."""
    heard: dict[str, list[Embedding]] = defaultdict(list)
    for kind in STRANGERS:
        for number in range(variants):
            path = folder / f"{kind}{number}.wav"
            soundfile.write(path, sound(kind, number, seed), RATE)
            heard[kind].append(embedded(path, backbone, None))
    return heard


def altered(path: Path, folder: Path, backbone: Backbone, seed: int) -> dict[str, Embedding]:
    """The middle of a recording in each of the `ALTERED` ways."""
    samples, rate = soundfile.read(path, always_2d=True)
    start = max(0, (len(samples) - ALTERED_S * rate) // 2)
    middle = samples[start : start + ALTERED_S * rate].mean(axis=1)
    rng, found = np.random.default_rng(seed), {}
    for how in ALTERED:
        target = folder / ("altered.mp3" if how == "MP3" else "altered.wav")
        sound, own = changed_as(how, middle, rate, rng)
        soundfile.write(target, 0.7 * sound / np.abs(sound).max(), own)
        found[how] = embedded(target, backbone, None)
    return found


def changed_as(how: str, sound: NDArray[np.float64], rate: int, rng: np.random.Generator) -> tuple[Any, int]:
    """The sound in one of the `ALTERED` ways, and its sampling rate."""
    match how.split():
        case ["noise", below, "dB"]:
            loudness = np.sqrt(np.mean(sound**2)) * 10 ** (-float(below) / 20)
            return sound + loudness * rng.standard_normal(len(sound)), rate
        case ["room", amount]:
            return room(sound, float(amount), rate, rng), rate
        case ["below", hz, "Hz"]:
            return sosfilt(butter(6, float(hz), fs=rate, output="sos"), sound), rate
        case ["speed", times]:
            return soxr.resample(sound, rate, rate / float(times)), rate
        case ["view", number]:  # which no fit draws
            return drawn(f"{np.abs(sound).sum():.6f}", int(number), 1).of(sound.astype(np.float32), rate, 0), rate
        case [hz, "Hz"]:
            return soxr.resample(sound, rate, int(hz)), int(hz)
    return sound, rate


def fold_probes(
    dataset: Dataset, backbone: Backbone, cache: EmbeddingCache, seed: int, views: int
) -> Iterator[tuple[Probe, list[tuple[Path, str]]]]:
    """For each fold its probe and the recordings it has not heard, with their labels."""
    splits = grouped(dataset, TASK, "recording", seed, 5)
    for fold in splits.folds:
        entries = apply(dataset, fold).entries
        taught = [one for one in entries if one.split != "test"]  # what judges has no say in what is sure, either
        material = TrainingData(taught, dataset.name, splits)
        probe = fit_probe(material, FitOptions(task=TASK, epochs=100, views=views), backbone, cache=cache).probe
        yield probe, [(one.path, one.labels[TASK]) for one in entries if one.split == "test"]


def main() -> None:
    top = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    top.add_argument("--data", type=Path, required=True)
    top.add_argument("--variants", type=int, default=24, help="of each unknown sound")
    top.add_argument("--seed", type=int, default=7)
    top.add_argument("--views", type=int, default=2)
    top.add_argument("--no-curve", action="store_true")
    args = top.parse_args()
    backbone, cache = load_backbone("signal", "cpu"), EmbeddingCache(cache_dir() / "embeddings")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        dataset = read_dataset(manifest(args.data, folder))
        strange = strangers(folder, backbone, args.variants, args.seed)
        known: list[tuple[bool, bool]] = []
        segments: list[bool] = []
        changed: dict[str, list[tuple[bool, bool]]] = defaultdict(list)
        said: dict[str, list[bool]] = defaultdict(list)
        for probe, heard in fold_probes(dataset, backbone, cache, args.seed, args.views):
            for path, label in heard:
                whole, each = said_of(probe, embedded(path, backbone, cache))
                known.append((whole.label == label, whole.sure))
                segments += [one.label == label for one in each]
                for how, sounds in altered(path, folder, backbone, args.seed).items():
                    verdict = said_of(probe, sounds)[0]
                    changed[how].append((verdict.label == label, verdict.sure))
            for kind, all_sounds in strange.items():
                for number, sounds in enumerate(all_sounds):
                    whole, each = said_of(probe, sounds)
                    said[kind].append(whole.sure)
                    said[f"  {kind}, noise {NOISE_DB[number % len(NOISE_DB)]} dB"].append(whole.sure)
                    said[f"  {kind}, segments"] += [one.sure for one in each]
        right, sure = sum(one for one, _sure in known), sum(sure for _right, sure in known)
        print(f"five folds by recording: {right} of {len(known)} recordings right, {np.mean(segments):.1%} of segments")
        print(f"named surely: {sure} of {len(known)}; surely and wrongly: {sum(s and not r for r, s in known)}")
        print(f"the same recordings altered, {ALTERED_S} s of each:")
        for how, verdicts in changed.items():
            rights, sures = (np.mean([one[k] for one in verdicts]) for k in (0, 1))
            wrongly = sum(is_sure and not is_right for is_right, is_sure in verdicts)
            print(f"  {how}: right {rights:.1%}, named surely {sures:.1%}, surely and wrongly: {wrongly}")
        print("unknown sounds, a probe of each fold:")
        for kind in sorted(said, key=str.lstrip):
            print(f"  {kind}: not sure {np.mean(~np.array(said[kind])):.1%} of {len(said[kind])}")
        if not args.no_curve:
            curve = learning_curve(dataset, TASK, all_layers(backbone, Grid(), cache))
            for p in curve.points:
                print(
                    f"{p.size} labelled: segments {p.segments:.1%} ({p.segments_low:.1%} to {p.segments_high:.1%}), "
                    f"recordings {p.recordings:.1%} ({p.recordings_low:.1%} to {p.recordings_high:.1%})"
                )
            print(*curve.notes, sep="\n")
        print(
            "Two musicians, one instrument each: a probe that knew the player, his room or his microphone instead of "
            "the instrument would get the same figures. Only a third musician on one of the instruments can tell."
        )


if __name__ == "__main__":
    main()
