"""A night's batch, as bad as a night can be: short files of all kinds, bad ones among them, and kill -9 at random.

    python benchmarks/batch.py [--files 2000] [--bad 40] [--kills 10] [--seconds 3]

Makes the files, each with a sound of its own, and a tiny probe on the spectral signal features. Then, each with a
catalogue of its own: (1) the batch in peace: files an hour, peak memory, and the time left that it told beside the
truth; (2) killed with -9 at random and begun again; (3) by two programs at once. After each: is every file there
exactly once, with as many statements as in peace, and every bad file with the right reason?
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.report import peak_mb

ROOT = Path(__file__).parents[1]
sys.path.insert(1, str(ROOT / "tests" / "persian_mir" / "audio"))
BAD = {  # how a bad file begins, and words of why it must fail, by the decoder that its name leads to
    b"": "empty",
    b"no sound at all " * 40: "not sound",
    b"fLaC" + b"\xff" * 300: "not sound",
    b"RIFF\x24\0\0\0WAVEfmt " + b"\0" * 20: "header is damaged|not sound",
}
SHARES = (0.1, 0.25, 0.5, 0.75)


def make_files(folder: Path, count: int, bad: int, seconds: float) -> dict[Path, str]:
    """Files with sounds of their own; return the bad ones with the word of their reason."""
    import makers  # of the tests

    rng = np.random.default_rng(0)

    def tone(rate: int, channels: int, length_s: float, seed: int = 0) -> np.ndarray:  # noqa: ARG001
        t = np.arange(round(rate * length_s)) / rate
        notes = 220 * 2 ** (rng.integers(0, 24, 8) * 50 / 1200)
        hz = notes[np.minimum((t / length_s * 8).astype(int), 7)]
        wave = 0.3 * np.sin(2 * np.pi * np.cumsum(hz) / rate) + 0.01 * rng.standard_normal(len(t))
        return np.repeat(wave[:, None], channels, 1).astype(np.float32)

    makers.tone = tone
    kinds = [kind for kind in makers.KINDS if kind.name not in ("wav-30ch", "wav-double")]
    for number in range(count - bad):
        place = folder / f"{number // 100:03}" / f"{number:05}"
        place.mkdir(parents=True)
        makers.make(kinds[number % len(kinds)], place, seconds * rng.uniform(0.5, 1.5))
    reasons = {}
    for number in range(bad):
        place = folder / f"{number:03}"
        place.mkdir(exist_ok=True)
        path = place / f"bad {number}{rng.choice(['.mp3', '.wav', '.flac', '.m4a'])}"
        content, word = list(BAD.items())[number % len(BAD)]
        path.write_bytes(content)
        reasons[path] = word
    return reasons


def make_probe(path: Path) -> None:
    """A probe of random weights: what it says is nothing, how it is run is all."""
    from persian_mir.backbones import load_backbone
    from persian_mir.grid import Grid
    from persian_mir.probes.file import save_probe
    from persian_mir.probes.probe import Head, Probe

    key = load_backbone("signal", "cpu").key
    rng = np.random.default_rng(1)
    draw = lambda *shape: rng.standard_normal(shape).astype(np.float32)  # noqa: E731
    sizes = list(pairwise((key.width, 3)))
    probe = Probe(
        task="instrument",
        labels=("ney", "setar", "tar"),
        backbone=key,
        grid=Grid(5.0, 5.0),
        layers=(0,),
        layer_weights=np.ones(1, np.float32),
        head=Head(tuple(draw(outer, inner) for inner, outer in sizes), tuple(draw(outer) for _, outer in sizes)),
        mean=draw(1, key.width),
        std=np.abs(draw(1, key.width)) + 0.5,
        temperature=1.0,
        novelty=None,
        training={},
    )
    save_probe(probe, path)


def batch_of(home: Path, catalogue: str) -> Any:
    from persian_mir.batch.run import Batch
    from persian_mir.batch.sources import Sources
    from persian_mir.computing import Computing
    from persian_mir.predictors import predictors

    chosen = predictors(True, [str(home / "tiny.probe")], Computing("cpu"))
    return Batch(home / catalogue, tuple(chosen), Sources((home / "files",)))


def peace(home: Path) -> None:
    """Run it, and say what it told of the time left."""
    from persian_mir.batch.run import run_batch
    from persian_mir.progress import Progress

    told: list[tuple[float, float, float | None]] = []

    class Listener(Progress):
        def publish(self, value: Any) -> None:
            told.append((value.elapsed_s, value.share, value.left_s))

    status = run_batch(batch_of(home, "peace.sqlite"), Listener())
    counts = {state.name.lower(): count for state, count in status.counts.items()}
    files = sum(counts.values())
    print(f"{counts} in {status.elapsed_s:.1f} s: {3600 * files / status.elapsed_s:.0f} files an hour")
    for share in SHARES:
        at, done, left = next(one for one in told if one[1] >= share)
        truth = status.elapsed_s - at
        error = "nothing told" if left is None else f"told {left:.0f} s, truth {truth:.0f} s ({left / truth - 1:+.0%})"
        print(f"  at {done:.0%} of the work: {error}")
    print(f"  peak memory {peak_mb()} MiB", flush=True)


def start(home: Path, catalogue: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "persian_mir", "batch", home / "files", "--catalogue", home / catalogue]
    command += ["--modal", "--probe", home / "tiny.probe"]
    own = os.environ | {"PERSIAN_MIR_HOME": str(home / f"home of {catalogue}"), "PYTHONPATH": str(ROOT)}  # no cache
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT, env=own)


def kill_again_and_again(home: Path, kills: int, whole_s: float) -> None:
    rng, killed = random.Random(0), 0
    for _kill in range(kills):
        child = start(home, "killed.sqlite")
        time.sleep(3.0 + rng.uniform(0, whole_s / kills))  # it takes about 3 s to begin
        if child.poll() is None:
            child.send_signal(signal.SIGKILL)
            killed += 1
        child.wait()
    started = time.monotonic()
    start(home, "killed.sqlite").wait()
    print(f"killed {killed} times, then {time.monotonic() - started:.0f} s to the end", flush=True)


def two_at_once(home: Path) -> None:
    started = time.monotonic()
    both = [start(home, "two.sqlite") for _one in range(2)]
    for one in both:
        one.wait()
    print(f"two programs: {time.monotonic() - started:.0f} s", flush=True)


def shape(home: Path, catalogue: str) -> dict[str, tuple[Any, ...]]:
    """Of every sound: how often each predictor labelled each task, and in how many statements."""
    from persian_mir.catalogue.catalogue import Catalogue

    with closing(Catalogue.open(home / catalogue)) as opened:
        rows = opened.rows(
            "SELECT c.content_hash, r.task, m.who, count(DISTINCT r.id), count(s.id) FROM recordings c "
            "JOIN runs r ON r.recording = c.id JOIN makers m ON m.id = r.maker JOIN statements s ON s.run = r.id "
            "GROUP BY c.content_hash, r.task, m.who ORDER BY 1, 2, 3"
        )
    found: dict[str, tuple[Any, ...]] = {}
    for sound, *told in rows:
        found[sound] = (*found.get(sound, ()), tuple(told))
    return found


def check(home: Path, catalogue: str, reasons: dict[Path, str]) -> None:
    from persian_mir.batch.queue import Queue
    from persian_mir.batch.queue_rows import State
    from persian_mir.batch.report import lines
    from persian_mir.catalogue.catalogue import Catalogue

    with closing(Catalogue.open(home / catalogue)) as opened:
        jobs = [job for job, _held in lines(opened, Queue(opened, batch_of(home, catalogue).work))]
    states = Counter(job.state.name for job in jobs)
    failed = {job.path: job.reason for job in jobs if job.state is State.FAILED}
    right = sum(
        path in reasons and any(word in reason for word in reasons[path].split("|")) for path, reason in failed.items()
    )
    mine, peaceful = shape(home, catalogue), shape(home, "peace.sqlite")
    twice = sum(any(told[2] != 1 for told in one) for one in mine.values())
    once = "once" if len(jobs) == len({job.path for job in jobs}) else "NOT ONCE"
    print(f"  {dict(states)}; {len({job.path for job in jobs})} files, each {once}")
    print(f"  {right} of {len(reasons)} failures with the right reason, {len(failed) - right} others")
    print(f"  {len(mine)} sounds, {twice} labelled twice, rows as in peace: {mine == peaceful}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=2000)
    parser.add_argument("--bad", type=int, default=40)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=3.0)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        os.environ["PERSIAN_MIR_HOME"] = str(home / "home")
        reasons = make_files(home / "files", args.files, args.bad, args.seconds)
        make_probe(home / "tiny.probe")
        started = time.monotonic()
        child = os.fork()
        if not child:
            peace(home)
            os._exit(0)
        assert os.waitpid(child, 0)[1] == 0
        check(home, "peace.sqlite", reasons)
        kill_again_and_again(home, args.kills, time.monotonic() - started)
        check(home, "killed.sqlite", reasons)
        two_at_once(home)
        check(home, "two.sqlite", reasons)


if __name__ == "__main__":
    main()
