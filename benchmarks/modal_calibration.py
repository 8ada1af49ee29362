"""Reliability of the modal reading by length, over any labelled collection, and how often what it calls sure is right.

A window begins anywhere: they are read every 2.5 s. A grid of half a length, which programs use, is one draw of them,
and its calibration error depends on where it begins; beside the error of all windows stands the range over such grids.
Windows of one recording are right or wrong together: the last figure is the error that a perfectly calibrated reading
of the same confidences has on average where one number drawn for each recording decides all its windows. "Each once" is
the error, and the log loss, in which the windows of a recording count as one together.

    python benchmarks/modal_calibration.py --data FOLDER [--radif FOLDER [--each 3]]

FOLDER as for `modal.py`. Windows of 10, 20, 30 and 60 s, whole recordings, and those over five minutes. With `--radif`
the same of performances out of it whose gushehs are left out of what is compared with (`modal_simulated.py`).
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

import modal_simulated as simulated
import numpy as np
from modal import calibration_error, load

from persian_mir.labels import dastgah_of
from persian_mir.modal.pitch import PitchTrack, join_tracks
from persian_mir.modal.reading import ModalReading, read_mode
from persian_mir.modal.sections import read_recording
from persian_mir.prediction import MODAL_SURE_MARGIN

LENGTHS_S = (10.0, 20.0, 30.0, 60.0)
STEP_S = 2.5
LONG_S = 300.0
LEAST = 1e-9  # probability, for the log loss
EDGES = (0.0, 0.4, 0.6, 0.8, 0.95, 1.0)


@dataclass(frozen=True, slots=True)
class Row:
    """What was read, the recording it is of, and its Dastgah."""

    said: ModalReading
    recording: int
    dastgah: str


def windows(track: PitchTrack, length_s: float) -> Iterator[ModalReading]:
    last_s = track.stop_s - length_s
    for start_s in np.arange(0.0, last_s + 0.01, STEP_S) if last_s >= 0 else ():
        yield read_mode(track, start_s, start_s + length_s)


def show(name: str, rows: list[Row], grid_s: float | None = None) -> None:
    """One line of a length class: right, calibration, and a cell of n and share right for each band of confidence.

    `grid_s`: seconds between the windows of a grid; None where there are no windows.
    """
    if not rows:
        print(f"{name:14s} none")
        return
    ranked = [row.said.dastgahs for row in rows]
    sure = np.array([first[1] - second[1] >= MODAL_SURE_MARGIN for first, second, *_rest in ranked])
    confidence = np.array([one[0][1] for one in ranked])
    right = np.array([row.said.dastgahs[0][0] == row.dastgah for row in rows])
    loss = -np.log([max(dict(row.said.dastgahs)[row.dastgah], LEAST) for row in rows])
    recordings = np.unique([row.recording for row in rows], return_inverse=True)[1]
    once = 1 / np.bincount(recordings)[recordings] / (recordings.max() + 1)
    bands = np.digitize(confidence, EDGES[1:-1])
    cells = [
        f"{(bands == k).sum():4d} {right[bands == k].mean() if (bands == k).any() else np.nan:4.2f}" for k in range(5)
    ]
    sureness = f"{right[sure].mean():.2f} of {sure.mean():.0%}" if sure.any() else "-"
    rng = np.random.default_rng(0)
    together = [calibration_error(confidence, rng.random(len(rows))[recordings] < confidence) for _draw in range(400)]
    grids = "-"
    if grid_s is not None:
        places = np.round(np.array([row.said.track.start_s for row in rows]) / STEP_S).astype(int)
        every = round(grid_s / STEP_S)
        errors = [
            calibration_error(confidence[mine], right[mine]) for mine in (places % every == k for k in range(every))
        ]
        grids = f"{min(errors):.3f}-{max(errors):.3f}"
    error = f"{calibration_error(confidence, right):.3f} ({grids}; {np.mean(together):.3f})"
    each = f"{right @ once:.3f} {loss @ once:.3f} {calibration_error(confidence, right, once):.3f}"
    print(
        f"{name:10s} {len(rows):5d}  {right.mean():.3f} {loss.mean():.3f} {error:28s} {each}  {sureness:12s} "
        f"{' | '.join(cells)}",
        flush=True,
    )


def table(recordings: Iterable[tuple[PitchTrack, str, range]]) -> None:
    """Read all of them, each without the gushehs in its range of places, and show what came of it."""
    read: dict[str, list[Row]] = defaultdict(list)
    for number, (track, dastgah, without) in enumerate(recordings):
        with simulated.left_out(without) if without else nullcontext():
            for length_s in LENGTHS_S:
                read[f"{length_s:.0f} s"] += [Row(said, number, dastgah) for said in windows(track, length_s)]
            read["whole"].append(Row(read_recording(track), number, dastgah))
    print(
        "length         n  right, log loss, ECE (over grids; perfect, together); each once right, log loss, ECE; sure"
    )
    print("    and n and right of confidence <.4 | .6 | .8 | .95 | 1")
    for length_s in LENGTHS_S:
        show(f"{length_s:.0f} s", read[f"{length_s:.0f} s"], max(10.0, length_s / 2))
    show("whole", read["whole"])
    show("over 5 min", [row for row in read["whole"] if row.said.track.stop_s > LONG_S])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--radif", type=Path)
    parser.add_argument("--each", type=int, default=3, help="performances of a mode out of the radif")
    args = parser.parse_args()
    print("recordings")
    table((case.track, case.dastgah, range(0)) for case in load(args.data)[0])
    if args.radif is not None:
        print("out of the radif, gushehs left out")
        known = simulated.modes(args.radif)
        played = simulated.performances(known, args.each)
        table((join_tracks(parts), dastgah_of(mode.name), places) for mode, places, parts in played)


if __name__ == "__main__":
    main()
