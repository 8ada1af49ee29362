"""Accuracy of the modal reading over the length of the excerpt.

    python benchmarks/modal_length.py --data FOLDER

FOLDER as in `modal.py`. Excerpts of each length are taken every half length (every 10 s at most) from all recordings;
every recording counts the same, however many excerpts it gives.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from modal import Case, load

from persian_mir.modal.reading import read_mode

LENGTHS_S = (5.0, 10.0, 20.0, 30.0, 60.0, float("inf"))


def excerpts(case: Case, length_s: float) -> list[tuple[float, float]]:
    whole = case.track.stop_s - case.track.start_s
    if length_s >= whole:
        return [(case.track.start_s, case.track.stop_s)]
    hop = min(10.0, length_s / 2)
    return [(case.track.start_s + k, case.track.start_s + k + length_s) for k in np.arange(0, whole - length_s, hop)]


def scores(case: Case, length_s: float) -> np.ndarray:
    """Shares of this recording's excerpts: Dastgah right, mode right, among the first two, sure and wrong, heard."""
    rows = []
    for start, stop in excerpts(case, length_s):
        reading = read_mode(case.track, start, stop)
        (first, p), (second, q) = reading.dastgahs[:2]
        heard = reading.heard
        rows.append(
            (
                heard and first == case.dastgah,
                heard and reading.modes[0][0] == case.mode,
                heard and case.dastgah in (first, second),
                p - q >= 0.15 and first != case.dastgah,
                heard,
            )
        )
    return np.mean(rows, axis=0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    cases = load(parser.parse_args().data)[0]
    print("seconds  recordings  seven  avaz folded  mode  first two  sure and wrong  heard")
    for length_s in LENGTHS_S:
        long = [case for case in cases if length_s == float("inf") or case.track.stop_s >= length_s]
        table = np.array([scores(case, length_s) for case in long])
        plain = np.array([not case.avaz for case in long])
        dastgah, mode, two, wrong, heard = table.mean(axis=0)
        seven = table[plain, 0].mean()
        print(
            f"{length_s:7g}  {len(long):10d}  {seven:5.1%}  {dastgah:11.1%} {mode:5.1%} {two:10.1%} {wrong:15.1%} "
            f"{heard:6.1%}",
            flush=True,
        )


if __name__ == "__main__":
    main()
