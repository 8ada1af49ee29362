"""Reliability of the modal reading by length, over any labelled collection, and how often what it calls sure is right.

A window begins anywhere: they are read every 2.5 s. A grid of half a length, which programs use, is one draw of them,
and its calibration error depends on where it begins; beside the error of all windows stands the range over such grids.
Windows of one recording are right or wrong together: the last figure is the error that a perfectly calibrated reading
of the same confidences has on average where one number drawn for each recording decides all its windows.

    python benchmarks/modal_calibration.py --data FOLDER

FOLDER as for `modal.py`. Windows of 10, 20, 30 and 60 s, whole recordings, and those over five minutes.
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
STEP_S = 2.5
LONG_S = 300.0
EDGES = (0.0, 0.4, 0.6, 0.8, 0.95, 1.0)

Row = tuple[ModalReading, Case]


def windows(case: Case, length_s: float) -> Iterator[ModalReading]:
    last_s = case.track.stop_s - length_s
    for start_s in np.arange(0.0, last_s + 0.01, STEP_S) if last_s >= 0 else ():
        yield read_mode(case.track, start_s, start_s + length_s)


def show(name: str, rows: list[Row], grid_s: float | None = None) -> None:
    """One line of a length class: right, calibration, and a cell of n and share right for each band of confidence.

    `grid_s`: seconds between the windows of a grid; None where there are no windows.
    """
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
    rng = np.random.default_rng(0)
    together = [calibration_error(confidence, rng.random(len(rows))[recordings] < confidence) for _draw in range(400)]
    grids = "-"
    if grid_s is not None:
        places = np.round(np.array([one.track.start_s for one, _case in rows]) / STEP_S).astype(int)
        every = round(grid_s / STEP_S)
        errors = [
            calibration_error(confidence[mine], right[mine]) for mine in (places % every == k for k in range(every))
        ]
        grids = f"{min(errors):.3f}-{max(errors):.3f}"
    error = f"{calibration_error(confidence, right):.3f} ({grids}; {np.mean(together):.3f})"
    print(f"{name:14s} {len(rows):5d}  {right.mean():.3f}  {error:29s} {sureness:12s} {' | '.join(cells)}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    cases = load(parser.parse_args().data)[0]
    print("length             n  right  ECE (over grids; perfect, together)  sure, right")
    print("    and n and right of confidence <.4 | .6 | .8 | .95 | 1")
    for length_s in LENGTHS_S:
        rows = [(one, case) for case in cases for one in windows(case, length_s)]
        show(f"{length_s:.0f} s", rows, max(10.0, length_s / 2))
    whole = [(read_recording(case.track), case) for case in cases]
    show("whole", whole)
    show("over 5 min", [(one, case) for one, case in whole if case.track.stop_s > LONG_S])


if __name__ == "__main__":
    main()
