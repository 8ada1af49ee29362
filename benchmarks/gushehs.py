"""How often the gusheh timeline names the gusheh that is played: first, and among three.

    python benchmarks/gushehs.py [--data FOLDER] [--radif FOLDER] [--each 4]

Real: FOLDER (default ../shared/data/kdc-dev) holds recordings and a `manifest.csv` with the columns file, dastgah,
avaz, artist, gushe; all are daramads there, which are the most probable anyway, so this flatters. A name that begins
with that of the manifest is right, in the right mode. Share of time, averaged over recordings; 95 % of bootstraps.

Made up: `--each` performances a mode out of the radif's MIDI (default ../shared/data/radif), three gushehs that follow
each other, up to 40 s of each from anywhere in it, at 0.8 to 1.25 times the speed, notes off by 15 cents (one
deviation), each fifth note left out, on any pitch. The gushehs compared with come from the same notation: this
flatters too, and a performer who leaves it does worse.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Callable
from pathlib import Path

import numpy as np
from modal import label_id

from persian_mir.audio import open_audio
from persian_mir.modal.gushehs import GushehStretch, gusheh_timeline
from persian_mir.modal.pitch import HOP_S, PitchTrack, track_pitch
from persian_mir.modal.radif import Gusheh, load_radif
from persian_mir.modal.sections import read_recording
from trainer.theory import radif

SHARED = Path(__file__).parents[2] / "shared" / "data"
GUSHEH_S, PLAYED = 40.0, 3
Right = Callable[[Gusheh, float], bool]
Score = tuple[float, float, float]  # shares of time: first right, one of three right; mean probability of the first


def score(timeline: tuple[GushehStretch, ...], right: Right) -> Score:
    rows, seconds = [], []
    for one in timeline:
        for time_s in np.arange(one.start_s, one.stop_s):
            said = [right(gusheh, float(time_s)) for gusheh, _p in one.nearest] or [False]
            rows.append((said[0], any(said), one.nearest[0][1] if one.nearest else 0.0))
            seconds.append(1)
    first, three, probability = np.mean(rows, axis=0)
    return float(first), float(three), float(probability)


def show(name: str, scores: list[Score], chance: float) -> None:
    table, rng = np.array(scores), np.random.default_rng(0)
    drawn = np.array([table[rng.integers(len(table), size=len(table))].mean(axis=0) for _ in range(2000)])
    low, high = np.quantile(drawn, [0.025, 0.975], axis=0)
    first, three, probability = table.mean(axis=0)
    print(
        f"{name}, {len(scores)}: first right {first:.2f} ({low[0]:.2f} to {high[0]:.2f}), among three {three:.2f} "
        f"({low[1]:.2f} to {high[1]:.2f}), said {probability:.2f}; one gusheh of the right mode by chance {chance:.2f}",
        flush=True,
    )


def real(folder: Path) -> None:
    if not (folder / "manifest.csv").is_file():
        print(f"skipped: there are no recordings of known gusheh in {folder}")
        return
    with (folder / "manifest.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    scores, chances = [], []
    for row in rows:
        mode, name = label_id(row["avaz"] or row["dastgah"]), row["gushe"]
        with open_audio(folder / row["file"]) as source:
            track = track_pitch(source)
        scores.append(
            score(
                gusheh_timeline(read_recording(track)),
                lambda gusheh, _s, mode=mode, name=name: gusheh.mode == mode and gusheh.name.startswith(name),
            )
        )
        mine = [gusheh for gusheh in load_radif().gushehs if gusheh.mode == mode]
        chances.append(np.mean([gusheh.name.startswith(name) for gusheh in mine]))
    show("real daramads", scores, float(np.mean(chances)))


def perform(gushehs: list[radif.Gusheh], rng: np.random.Generator) -> tuple[PitchTrack, list[float]]:
    """The pitch track of several gushehs, and when each ends."""
    hz, ends = [], []
    moved, speed = rng.uniform(0, 12), rng.uniform(0.8, 1.25)
    for gusheh in gushehs:
        notes = gusheh.notes
        begin = rng.uniform(0, max(0.0, notes[-1, 1] - GUSHEH_S * speed))
        kept = notes[(notes[:, 0] >= begin) & (notes[:, 0] < begin + GUSHEH_S * speed)]
        kept = kept[rng.random(len(kept)) >= 0.2]
        line = np.zeros(int((kept[-1, 1] - kept[0, 0]) / speed / HOP_S) + 1, np.float32)
        for start, stop, pitch in kept:
            first, last = ((at - kept[0, 0]) / speed / HOP_S for at in (start, stop))
            line[int(first) : int(last)] = 440 * 2 ** ((pitch + moved - 69 + rng.normal(0, 0.15)) / 12)
        hz.append(line)
        ends.append(sum(map(len, hz)) * HOP_S)
    joined = np.concatenate(hz)
    return PitchTrack(joined, (joined > 0).astype(np.float32)), ends


def made_up(folder: Path, each: int) -> None:
    if not (folder / "IRMusic_Structure.JSON").is_file():
        print(f"skipped: the radif is not in {folder}")
        return
    rng, scores, chances = np.random.default_rng(0), [], []
    for mode, _scale, _shahed, gushehs in radif.modes(folder):
        for _ in range(each):
            first = int(rng.integers(len(gushehs) - PLAYED + 1))
            played = gushehs[first : first + PLAYED]
            track, ends = perform(played, rng)

            def right(gusheh: Gusheh, time_s: float, mode: str = mode, played=played, ends=ends) -> bool:  # type: ignore[no-untyped-def]
                now = played[min(int(np.searchsorted(ends, time_s, side="right")), len(played) - 1)]
                return gusheh.mode == mode and gusheh.name == now.name

            scores.append(score(gusheh_timeline(read_recording(track)), right))
            chances.append(1 / len(gushehs))
    show("made up", scores, float(np.mean(chances)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=SHARED / "kdc-dev")
    parser.add_argument("--radif", type=Path, default=SHARED / "radif")
    parser.add_argument("--each", type=int, default=4)
    chosen = parser.parse_args()
    real(chosen.data)
    made_up(chosen.radif, chosen.each)


if __name__ == "__main__":
    main()
