"""A batch on a Dask cluster on this machine: two workers beside one, and two of which one is killed in the middle.

    python benchmarks/cluster.py [--files 60] [--seconds 60] [--json FILE]

A scheduler and workers of one thread each, all processes of their own on loopback, label synthesised recordings by the
modal reading. How much two are faster than one depends on the cores: on a machine of two, the owner of the catalogue,
the scheduler and both workers share them. After each run: is every recording there exactly once, with as many rows?
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from contextlib import closing
from pathlib import Path

import numpy as np
import soundfile

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.report import timed, write
from persian_mir.cores import cores
from tests.persian_mir.batch.loopback import Loopback

RATE = 22_050


def write_files(folder: Path, count: int, seconds: float) -> None:
    from persian_mir.examples.synthesise import synthesise

    pool = np.asarray(synthesise("segah", "tar", 1, 2 * seconds, 260.0, RATE).samples, np.float32).ravel()
    for number in range(count):
        start = number * len(pool) // (2 * count)
        soundfile.write(folder / f"{number:04}.flac", pool[start : start + round(seconds * RATE)], RATE)


def run(home: Path, name: str, workers: int, kill: bool = False) -> tuple[float, tuple[int, ...]]:
    """Seconds of a batch; how many recordings and rows are in the catalogue then. A worker is killed half way."""
    from persian_mir.batch.presets import Preset
    from persian_mir.batch.roster import Cluster
    from persian_mir.batch.run import Batch, run_batch
    from persian_mir.batch.sources import Sources
    from persian_mir.catalogue.catalogue import Catalogue
    from persian_mir.predictors import predictors
    from persian_mir.progress import Progress

    place = Loopback(home / name)
    begun = [place.worker() for _one in range(workers)]

    class Killer(Progress):
        def step(self, fraction: float, note: str = "") -> None:  # noqa: ARG002
            if kill and fraction > 0.5:
                begun[0].kill()

    sources, cluster = Sources((home / "files",)), Cluster(place.address, Preset())
    batch = Batch(home / f"{name}.sqlite", tuple(predictors(True, ())), sources, cluster=cluster)
    try:
        status = run_batch(batch, Killer())
        died = ", one of which was killed" if begun[0].poll() is not None else ""
    finally:
        place.close()
    with closing(Catalogue.open(batch.catalogue)) as opened:
        rows = opened.row("SELECT count(DISTINCT recording), sum(live), count(*) FROM runs")
    counts = {state.name.lower(): count for state, count in status.counts.items()}
    print(
        f"{workers} workers{died}: {status.elapsed_s:.1f} s, {counts}; recordings, rows that hold, rows: {tuple(rows)}"
    )
    return status.elapsed_s, tuple(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=60)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the rows there, too")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        os.environ["PERSIAN_MIR_HOME"] = str(home / "home")
        (home / "files").mkdir()
        write_files(home / "files", args.files, args.seconds)
        one, expected = run(home, "one", 1)
        two, found = run(home, "two", 2)
        _killed, after = run(home, "killed", 2, kill=True)
    assert expected == found == after == (args.files, 2 * args.files, 2 * args.files)
    print(f"each exactly once in all three; two workers are {one / two:.2f} times as fast, on {cores()} cores")
    if args.json:
        write(args.json, [timed("cluster", f"{args.files} files, two workers", "one worker", [two], [one])])


if __name__ == "__main__":
    main()
