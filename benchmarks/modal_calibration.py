"""Reliability of the modal reading by length, over any labelled collection, and how often what it calls sure is right.

Beside the calibration error stands what a perfectly calibrated reading of the same confidences has on average, and
stays under in 95 of 100 draws: a smaller error cannot be told from none by so many windows. Windows of one recording
are right or wrong together; the last figure is its average where one number drawn for each recording decides them all.

    python benchmarks/modal_calibration.py --data FOLDER

FOLDER as for `modal.py`. Windows of 10, 30 and 60 s every half length, whole recordings, and those over five minutes.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from modal import Case, calibration_error, load

from persian_mir.modal.reading import ModalReading, read_mode
from persian_mir.modal.sections import read_recording
from persian_mir.prediction import MODAL_SURE_MARGIN

LENGTHS_S = (10.0, 20.0, 30.0, 60.0)
LONG_S = 300.0
EDGES = (0.0, 0.4, 0.6, 0.8, 0.95, 1.0)


def windows(case: Case, length_s: float) -> Iterator[ModalReading]:
    last_s = case.track.stop_s - length_s
    for start_s in np.arange(0.0, last_s + 0.01, max(10.0, length_s / 2)) if last_s >= 0 else ():
        yield read_mode(case.track, start_s, start_s + length_s)


def show(name: str, rows: list[tuple[ModalReading, Case]]) -> None:
    """One line of a length class: right, calibration, and a cell of n and share right for each band of confidence."""
    if not rows:
        print(f"{name:14s} none")
        return
    sure = np.array([one.dastgahs[0][1] - one.dastgahs[1][1] >= MODAL_SURE_MARGIN for one, _case in rows])
    confidence = np.array([one.dastgahs[0][1] for one, _case in rows])
    right = np.array([one.dastgahs[0][0] == case.dastgah for one, case in rows])
    recordings = np.unique([id(case) for _one, case in rows], return_inverse=True)[1]
    bands = np.digitize(confidence, EDGES[1:-1])
    cells = [
        f"{(bands == k).sum():4d} {right[bands == k].mean() if (bands == k).any() else np.nan:4.2f}" for k in range(5)
    ]
    sureness = f"{right[sure].mean():.2f} of {sure.mean():.0%}" if sure.any() else "-"
    error = calibration_error(confidence, right)
    rng = np.random.default_rng(0)
    perfect = [calibration_error(confidence, rng.random(len(rows)) < confidence) for _draw in range(400)]
    together = [calibration_error(confidence, rng.random(len(rows))[recordings] < confidence) for _draw in range(400)]
    calibration = (
        f"{error:.3f} ({np.mean(perfect):.3f}, {np.quantile(perfect, 0.95):.3f}; together {np.mean(together):.3f})"
    )
    print(
        f"{name:14s} {len(rows):5d}  {right.mean():.3f}  {calibration}  {sureness:12s} {' | '.join(cells)}", flush=True
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    cases = load(parser.parse_args().data)[0]
    print("length             n  right  ECE (of a perfect reading: mean, 95 %; windows together)  sure, right")
    print("    and n and right of confidence <.4 | .6 | .8 | .95 | 1")
    for length_s in LENGTHS_S:
        show(f"{length_s:.0f} s", [(one, case) for case in cases for one in windows(case, length_s)])
    whole = [(read_recording(case.track), case) for case in cases]
    show("whole", whole)
    show("over 5 min", [(one, case) for one, case in whole if case.track.stop_s > LONG_S])


if __name__ == "__main__":
    main()
