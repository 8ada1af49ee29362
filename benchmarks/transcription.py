"""Notes written down against those that were played, and scores found in recordings of them.

    python benchmarks/transcription.py [--radif FOLDER] [--pieces 20] [--seconds 40]

First the synthesiser's improvisations, all instruments. With FOLDER (the radif's MIDI) its gushehs, rendered: notes
transcribed back, whether koron and sori are written where the score has them, and the score aligned to renderings at
0.7, 1 and 1.3 times its pace, with one note in twenty left out. F1 as `mir_eval.transcription` has it: onset within
50 ms, pitch within 50 or 25 cents, the end not looked at.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import mir_eval
import numpy as np

from persian_mir.examples.performance import Note
from persian_mir.examples.synthesise import INSTRUMENTS, perform, synthesise
from persian_mir.modal.pitch import RATE, PitchTrack, detect_pitch
from persian_mir.transcription.align import Alignment, align
from persian_mir.transcription.midi import read_midi
from persian_mir.transcription.onsets import onsets_of
from persian_mir.transcription.played_notes import PlayedNote, played_notes
from persian_mir.transcription.score import Score
from persian_mir.transcription.write_score import write_score

MODES = ("shour", "mahour", "segah", "chahargah")
PACES = (0.7, 1.0, 1.3)
LEFT_OUT = 0.05
HIGHEST_HZ = 900.0  # the radif is written an octave above where setar and tar play it


@dataclass(frozen=True, slots=True)
class Heard:
    """What is heard of a sound."""

    track: PitchTrack
    onsets: np.ndarray
    notes: tuple[PlayedNote, ...]


def hear(sound: np.ndarray) -> Heard:
    track, onsets = detect_pitch(sound), onsets_of([sound])
    return Heard(track, onsets, played_notes(track, onsets))


def f1(truth: Sequence[Note], found: Sequence[PlayedNote], cents: float) -> float:
    if not truth or not found:
        return 0.0
    spans = [np.array([[note.start_s, note.stop_s] for note in notes]) for notes in (truth, found)]
    pitches = [np.array([note.hz for note in notes]) for notes in (truth, found)]
    scores = mir_eval.transcription.precision_recall_f1_overlap(
        spans[0], pitches[0], spans[1], pitches[1], onset_tolerance=0.05, pitch_tolerance=cents, offset_ratio=None
    )
    return float(scores[2])


def improvisations(seconds: float) -> None:
    print(f"improvisations of {seconds:.0f} s, {len(MODES)} modes    F1 at 50 cents   25 cents")
    for instrument in INSTRUMENTS:
        rows = []
        for seed, mode in enumerate(MODES):
            made = synthesise(mode, instrument, seed, seconds, 220.0, RATE)
            notes = hear(made.samples).notes
            rows.append([f1(made.truth.notes, notes, cents) for cents in (50.0, 25.0)])
        wide, narrow = np.mean(rows, axis=0)
        print(f"  {instrument:<12}{wide:>38.3f}{narrow:>11.3f}")


def rendered(score: Score, pace: float, seconds: float, rng: np.random.Generator) -> tuple[list[Note], list[int]]:
    """The score's notes at a pace, with some left out, until `seconds`; and the places of those that are played."""
    now, played, places = 0.2, [], []
    for place, note in enumerate(score.notes()):
        lasts = (note.stop_s - note.start_s) * pace
        if now + lasts > seconds:
            break
        if rng.random() < LEFT_OUT:
            continue
        hz = note.name.hz if note.name is not None else 0.0
        while hz > HIGHEST_HZ:
            hz /= 2
        played.append(Note(now, now + lasts, hz, 0.0, 1))
        places.append(place)
        now += lasts
    return played, places


def signs_right(score: Score, truth: Sequence[Note], places: Sequence[int], notes: Sequence[PlayedNote]) -> np.ndarray:
    """Of the score's notes with koron or sori that were found: [right, all]; and of those with neither."""
    written = [note.name.sign for note in score.notes() if note.name is not None]
    spelled = list(write_score(notes, "").notes())
    counts = np.zeros((2, 2))
    for note, place in zip(truth, places, strict=True):
        near = min(spelled, key=lambda one: abs(one.start_s - note.start_s), default=None)
        if near is None or near.name is None or abs(near.start_s - note.start_s) > 0.05:
            continue
        quarter = written[place] in ("koron", "sori")
        counts[int(quarter)] += [(near.name.sign in ("koron", "sori")) == quarter, 1]
    return counts


def radif(folder: Path, pieces: int, seconds: float) -> None:
    paths = np.random.default_rng(0).permutation(sorted(folder.rglob("*.mid")))[:pieces]
    by_instrument: dict[str, list[list[float]]] = {name: [] for name in INSTRUMENTS}
    by_pace: dict[float, list[float]] = {pace: [] for pace in PACES}
    told_out = {pace: np.zeros(4) for pace in PACES}
    signs = np.zeros((2, 2))
    for number, path in enumerate(paths):
        score, instrument = read_midi(Path(path)), INSTRUMENTS[number % len(INSTRUMENTS)]
        for pace in PACES:
            rng = np.random.default_rng(number)
            truth, places = rendered(score, pace, seconds, rng)
            if not truth:
                continue
            heard = hear(perform(truth, instrument, round((truth[-1].stop_s + 1) * RATE), RATE, rng))
            found = align(score, heard.track, heard.onsets)
            by_pace[pace] += errors(found, truth, places)
            told_out[pace] += told_left_out(found, places)
            if pace == 1.0:
                by_instrument[instrument].append([f1(truth, heard.notes, cents) for cents in (50.0, 25.0)])
                signs += signs_right(score, truth, places, heard.notes)
    print(f"\n{len(paths)} gushehs of the radif, {seconds:.0f} s of each    F1 at 50 cents   25 cents")
    for name, rows in by_instrument.items():
        if rows:
            print(f"  {name:<12}{np.mean(rows, axis=0)[0]:>38.3f}{np.mean(rows, axis=0)[1]:>11.3f}")
    plain, quarter = signs
    print(f"  koron or sori written where the score has one: {quarter[0] / quarter[1]:.1%} of {quarter[1]:.0f} notes")
    print(f"  none where it has none: {plain[0] / plain[1]:.1%} of {plain[1]:.0f}")
    print("\nscore aligned, pace   median error ms   within 0.3 s   left out: told   wrongly told")
    for pace, off in by_pace.items():
        told, missing, wrong, played = told_out[pace]
        print(
            f"  {pace:<22}{1000 * np.median(off):>13.0f}{np.mean(np.array(off) < 0.3):>15.1%}"
            f"{told / max(missing, 1):>17.1%}{wrong / max(played, 1):>15.1%}"
        )


def errors(found: Alignment, truth: Sequence[Note], places: Sequence[int]) -> list[float]:
    """Seconds between where each played note begins and where the alignment has it; infinity where it has it not."""
    starts: dict[int, list[float]] = {}
    for one in found.notes:
        starts.setdefault(one.place, []).append(one.start_s)
    pairs = zip(truth, places, strict=True)
    return [min((abs(at - note.start_s) for at in starts.get(place, ())), default=np.inf) for note, place in pairs]


def told_left_out(found: Alignment, places: Sequence[int]) -> list[int]:
    """Of the notes up to the last that is played: how many left out are told, of how many; wrongly, of how many."""
    told, played = {one.place for one in found.left_out}, set(places)
    missing = set(range(max(played))) - played
    return [len(told & missing), len(missing), len(told & played), len(played)]


def main() -> None:
    parser = argparse.ArgumentParser(description="Notes written down, and scores found.")
    parser.add_argument("--radif", type=Path, help="folder of the radif's MIDI files")
    parser.add_argument("--pieces", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=40.0)
    chosen = parser.parse_args()
    improvisations(chosen.seconds)
    if chosen.radif is not None:
        radif(chosen.radif, chosen.pieces, chosen.seconds)


if __name__ == "__main__":
    main()
