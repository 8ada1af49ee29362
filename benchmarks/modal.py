"""Accuracy of the modal reading on recordings with known modes.

    python benchmarks/modal.py --data FOLDER

FOLDER holds the recordings and a `manifest.csv` with the columns file, dastgah, avaz, instrument, artist, shahed_hz.
A row without avaz counts as the mode of its Dastgah's own name. Nothing is fitted here.
"""

from __future__ import annotations

import argparse
import csv
import math
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from swift_f0 import SwiftF0

from persian_mir.audio import open_audio
from persian_mir.audio.resample import mono_blocks
from persian_mir.labels import label_ids, vocabulary
from persian_mir.modal.parameters import DEFAULT, Parameters
from persian_mir.modal.pitch import RATE, PitchTrack, clean, detect_pitch, track_pitch
from persian_mir.modal.reading import ModalReading, read_mode

WITHIN_CENTS = 25.0
BLOCK = 1111  # samples, as no sound card and no window divides them
ABLATIONS = {
    "as shipped": DEFAULT,
    "profile only": replace(DEFAULT, profile_weight=1.0, shahed_weight=0.0, daramad_share=0.0),
    "surfaces only": replace(DEFAULT, profile_weight=0.0, shahed_weight=0.0, daramad_share=0.0),
    "both": replace(DEFAULT, shahed_weight=0.0, daramad_share=0.0),
    "both, shahed": replace(DEFAULT, daramad_share=0.0),
    "both, daramad": replace(DEFAULT, shahed_weight=0.0),
    "shahed 0.03": replace(DEFAULT, shahed_weight=0.03),
    "shahed 0.12": replace(DEFAULT, shahed_weight=0.12),
    "sharpness 30": replace(DEFAULT, sharpness=30.0),
    "sharpness 60": replace(DEFAULT, sharpness=60.0),
    "daramad 0.2": replace(DEFAULT, daramad_share=0.2),
    "daramad 0.5": replace(DEFAULT, daramad_share=0.5),
    "crowding 0.25": replace(DEFAULT, crowding=0.25),
    "crowding 0.75": replace(DEFAULT, crowding=0.75),
    "spread 15, 20": replace(DEFAULT, track_spread_cents=15.0, radif_spread_cents=20.0),
    "spread 25, 30": replace(DEFAULT, track_spread_cents=25.0, radif_spread_cents=30.0),
    "spread 30, 35": replace(DEFAULT, track_spread_cents=30.0, radif_spread_cents=35.0),
    "temperature 0.4": replace(DEFAULT, temperature=0.4),
    "temperature 0.7": replace(DEFAULT, temperature=0.7),
}


@dataclass(frozen=True, slots=True)
class Case:
    dastgah: str
    mode: str
    avaz: bool
    instrument: str
    artist: str
    shahed_hz: float
    track: PitchTrack


def label_id(name: str) -> str:
    known = {label.name.lower(): label.id for label in vocabulary("mode")}
    return next(known[key] for key in (name.lower(), f"bayat-e {name.lower()}") if key in known)


def load(folder: Path) -> tuple[list[Case], float, float]:
    """The cases, seconds of sound, seconds the pitch tracks took."""
    cases, sound, started = [], 0.0, time.perf_counter()
    with (folder / "manifest.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        with open_audio(folder / row["file"]) as source:
            track, sound = track_pitch(source), sound + source.recording.duration_s
        dastgah = label_id(row["dastgah"])
        mode = label_id(row["avaz"]) if row["avaz"] else dastgah
        shahed = float(row["shahed_hz"] or "nan")
        cases.append(Case(dastgah, mode, bool(row["avaz"]), row["instrument"], row["artist"], shahed, track))
    return cases, sound, time.perf_counter() - started


def off_cents(reading: ModalReading, case: Case) -> float:
    return apart_cents(reading.shahed_hz, case)


def apart_cents(hz: float | None, case: Case) -> float:
    return math.inf if hz is None else (1200 * math.log2(hz / case.shahed_hz) + 600) % 1200 - 600


def calibration_error(confidence: np.ndarray, right: np.ndarray, weights: np.ndarray | None = None) -> float:
    """Expected calibration error over five bins of equal width. `weights` [n] come to 1 together; usually all alike."""
    shares = np.full(len(right), 1 / len(right)) if weights is None else weights
    bins = np.minimum((confidence * 5).astype(int), 4)
    return float(np.abs(np.bincount(bins, shares * (confidence - right), minlength=5)).sum())


def interval(confidence: np.ndarray, right: np.ndarray) -> str:
    """95 % of bootstraps over recordings."""
    rng = np.random.default_rng(0)
    drawn = [rng.integers(len(right), size=len(right)) for _ in range(1000)]
    low, high = np.quantile([calibration_error(confidence[draw], right[draw]) for draw in drawn], [0.025, 0.975])
    return f"{low:.2f} to {high:.2f}"


def summary(cases: list[Case], parameters: Parameters) -> tuple[str, list[ModalReading]]:
    readings = [read_mode(case.track, parameters=parameters) for case in cases]
    pairs = list(zip(cases, readings, strict=True))
    own = [reading.dastgahs[0][0] == case.dastgah for case, reading in pairs if not case.avaz]
    folded = np.array([reading.dastgahs[0][0] == case.dastgah for case, reading in pairs])
    modes = [reading.modes[0][0] == case.mode for case, reading in pairs]
    shahed = [abs(off_cents(reading, case)) <= WITHIN_CENTS for case, reading in pairs]
    tonic = [abs(apart_cents(reading.tonic_hz, case)) <= WITHIN_CENTS for case, reading in pairs]
    loss = -np.mean([math.log(max(dict(r.dastgahs)[c.dastgah], 1e-9)) for c, r in pairs])
    confidence = np.array([reading.dastgahs[0][1] for reading in readings])
    line = (
        f"seven Dastgahs {sum(own)}/{len(own)}, avaz folded {folded.sum()}/{len(cases)}, "
        f"13 modes {sum(modes)}/{len(cases)}, shahed {sum(shahed)}/{len(cases)} (of the mode {sum(tonic)}), "
        f"log loss {loss:.2f}, confidence {confidence.mean():.2f}, "
        f"ECE {calibration_error(confidence, folded):.2f} ({interval(confidence, folded)})"
    )
    return line, readings


def confusion(cases: list[Case], readings: list[ModalReading]) -> None:
    counts = Counter((c.dastgah, r.dastgahs[0][0]) for c, r in zip(cases, readings, strict=True) if not c.avaz)
    labels = label_ids("dastgah")
    print(" " * 14 + " ".join(f"{label[:9]:>9s}" for label in labels))
    for truth in labels:
        print(f"{truth:14s}" + " ".join(f"{counts[truth, said] or '·':>9}" for said in labels))


def by(cases: list[Case], readings: list[ModalReading], field: str) -> None:
    right: dict[str, list[bool]] = defaultdict(list)
    for case, reading in zip(cases, readings, strict=True):
        right[getattr(case, field)].append(reading.modes[0][0] == case.mode)
    print(f"mode right by {field}: " + ", ".join(f"{k} {sum(v)}/{len(v)}" for k, v in sorted(right.items())))


def streaming(folder: Path) -> None:
    """Every recording's pitch once block by block and once at once, and both readings."""
    apart, confidence, modes, shahed, count = 0.0, 0.0, 0, 0, 0
    with (folder / "manifest.csv").open(encoding="utf-8", newline="") as file:
        names = [row["file"] for row in csv.DictReader(file)]
    for name in names:
        with open_audio(folder / name) as source:
            blocks = list(mono_blocks(source, RATE, 20.0))
        whole = detect_pitch(np.concatenate(blocks))
        sound = np.concatenate(blocks)
        stream = SwiftF0(threads=1, spin=False).stream()
        pieces = [stream.push(clean(sound[k : k + BLOCK]), RATE) for k in range(0, len(sound), BLOCK)] + [
            stream.flush()
        ]
        live = PitchTrack(
            np.concatenate([piece.pitch_hz for piece in pieces]).astype(np.float32),
            np.concatenate([piece.confidence for piece in pieces]).astype(np.float32),
        )
        both = (whole.confidence >= 0.5) & (live.confidence >= 0.5)
        cents = 1200 * np.abs(np.log2(live.hz[both] / whole.hz[both]))
        apart, confidence = max(apart, cents.max()), max(confidence, np.abs(live.confidence - whole.confidence).max())
        first, second = read_mode(whole), read_mode(live)
        modes += first.modes[0][0] == second.modes[0][0]
        shahed += abs(math.log2(first.tonic_hz / second.tonic_hz)) < 1e-4
        count += 1
    print(f"streamed by {BLOCK} samples against at once, {count} recordings: pitch at most {apart:.3f} cents apart,")
    print(f"confidence {confidence:.5f}; the same mode in {modes}, the same shahed in {shahed}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--ablations", action="store_true", help="also with parts left out and constants moved")
    parser.add_argument("--streaming", action="store_true", help="instead: block by block against at once")
    chosen = parser.parse_args()
    if chosen.streaming:
        streaming(chosen.data)
        return
    cases, sound, pitch_s = load(chosen.data)
    started = time.perf_counter()
    line, readings = summary(cases, DEFAULT)
    read_s = time.perf_counter() - started
    print(line)
    confusion(cases, readings)
    for field in ("instrument", "artist", "mode"):
        by(cases, readings, field)
    for case, reading in zip(cases, readings, strict=True):
        if reading.modes[0][0] != case.mode or abs(off_cents(reading, case)) > WITHIN_CENTS:
            said = ", ".join(f"{mode} {p:.2f}" for mode, p in reading.modes[:3])
            print(f"  {case.mode} {case.instrument}: {said}; shahed off {off_cents(reading, case):.0f} cents")
    print(f"{sound:.0f} s of sound: pitch x{sound / pitch_s:.0f} (cached or not), reading x{sound / read_s:.0f}")
    for name, parameters in ABLATIONS.items() if chosen.ablations else ():
        print(f"{name:16s} {summary(cases, parameters)[0]}", flush=True)


if __name__ == "__main__":
    main()
