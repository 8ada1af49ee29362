"""Cancels, closes and quits at random moments while it decodes, labels and plays. Each moment is a process of its own.

    python tests/persian_mir_gui/shell/random_stops.py [--moments 50] [--seed 0] [--window] [FILES…]

Without files it makes its own sound. Prints one line a moment and a summary; exit status 1 if a process crashed, wrote
to stderr or logged a defect, or took more than two seconds to end, to answer or to let cancelled work go. `--window`
does it with the whole window instead of the services. It plays on PortAudio's default output; without a card, start a
sound server with a null sink first.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

from persian_mir.logs import logging_to_file

HANG_S = 2.0
WATCH_MS = 20
OF_THE_PLATFORM = "This plugin does not support propagateSizeHints()"  # said by Qt's offscreen screen, of itself
ACTIONS = ("quit", "cancel", "close", "seek", "relabel", "speed")


@dataclass(frozen=True, slots=True)
class Outcome:
    moment: int
    status: int
    ending_s: float
    still_s: float  # the longest time in which the GUI thread answered nothing
    cancelling_s: float  # the longest time in which cancelled work went on
    stderr: str

    @property
    def sound(self) -> bool:
        slowest = max(self.ending_s, self.still_s, self.cancelling_s)
        return self.status == 0 and slowest <= HANG_S and not self.stderr

    def __str__(self) -> str:
        verdict = "ok" if self.sound else f"FAILED status {self.status}: {self.stderr[-2000:]}"
        times = f"ended in {self.ending_s:.2f} s, still for {self.still_s:.2f} s, let go in {self.cancelling_s:.2f} s"
        return f"moment {self.moment}: {times}, {verdict}"


def child(seed: int, window: bool, files: list[Path]) -> None:
    """One life: open, label and play, be disturbed at random, quit at random. Prints the time at which it quits."""
    import faulthandler

    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    from persian_mir_gui.app import build_program, leave_if_stuck, parse
    from persian_mir_gui.core.jobs import Job
    from persian_mir_gui.shell.services import build_services, close_services

    faulthandler.enable()
    chance = random.Random(seed)
    app = QApplication([])
    if window:
        program = build_program(app, parse([]))
        main_window = program.window
        services = program.services
        main_window.show()
    else:
        services = build_services(app)
    session, labelling, player = services.session, services.labelling, services.player

    def disturb() -> None:
        item = chance.choice(session.items) if session.items else None
        match chance.choice(ACTIONS):
            case "cancel":
                labelling.cancel(chance.choice([item, None]))
                for job in services.io.jobs:
                    if chance.random() < 0.3:
                        job.cancel()
            case "close" if item is not None:
                session.close(item)
            case "seek" if services.timeline.frames:
                player.seek(chance.randrange(services.timeline.frames))
                player.toggle()
            case "speed":
                player.set_speed(chance.choice([0.25, 0.5, 1.0, 1.5]))
            case "relabel":
                labelling.label(session.items)
            case _:
                session.open_paths(files)

    seen, cancelled = [time.monotonic()], dict[Job, float]()
    still, cancelling = [0.0], [0.0]

    def watch() -> None:
        now = time.monotonic()
        still.append(now - seen[-1])
        seen[-1] = now
        jobs = [job for runner in services.runners for job in runner.jobs if job.cancelling]
        cancelling.extend(now - cancelled.setdefault(job, now) for job in jobs)

    def quit_now() -> None:
        watch()
        print(time.time(), max(still), max(cancelling), flush=True)
        if window:
            main_window.close()  # the last window: its end is the program's
        else:
            app.quit()

    def ready(item: object) -> None:
        labelling.label(session.items)
        player.play()

    session.changed.connect(ready)
    ticking = QTimer(app, interval=WATCH_MS)
    ticking.timeout.connect(watch)
    ticking.start()
    session.open_paths(files)
    for _ in range(chance.randrange(8)):
        QTimer.singleShot(chance.randrange(1, 3000), disturb)
    QTimer.singleShot(chance.randrange(1, chance.choice([100, 1000, 4000])), quit_now)
    code = app.exec()
    if window:  # its closing has closed the services
        leave_if_stuck(code)
    elif not close_services(services):
        sys.stdout.flush()
        os._exit(0)  # as the program does: what cannot be interrupted must not keep the user waiting


def observe(moment: int, seed: int, window: bool, files: list[Path], folder: Path) -> Outcome:
    """Run one life and look at how it ends."""
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "PERSIAN_MIR_HOME": str(folder / f"home-{moment}")}
    command = [sys.executable, __file__, "--child", str(seed + moment), *(["--window"] if window else [])]
    process = subprocess.Popen(
        [*command, *map(str, files)], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        out, err = process.communicate(timeout=60)
    except subprocess.TimeoutExpired:
        process.kill()
        out, err = process.communicate()
        return Outcome(moment, -9, 60.0, 0.0, 0.0, f"never ended\n{err}")
    ended = time.time()
    quit_at, still, cancelling = map(float, out.split()[:3]) if out else (ended, 0.0, 0.0)
    log = folder / f"home-{moment}" / "log" / "persian-mir.log"
    logged = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
    lines = [line for line in err.splitlines() if line != OF_THE_PLATFORM]
    err = "\n".join(lines + [line for line in logged if " ERROR " in line])
    return Outcome(moment, process.returncode, ended - quit_at, still, cancelling, err)


def make_sound(folder: Path) -> list[Path]:
    """Three recordings with enough in them to be busy with."""
    import numpy as np
    import soundfile

    paths = []
    for k, (rate, seconds) in enumerate(((44100, 60), (96000, 40), (8000, 20))):
        paths.append(folder / f"sound {k}.flac")
        time_s = np.arange(rate * seconds) / rate
        note = 220 * 2 ** (np.floor(time_s * 3) % 7 / 5)
        soundfile.write(paths[-1], 0.3 * np.sin(2 * np.pi * np.cumsum(note) / rate), rate)
    return paths


def run(moments: int, seed: int, window: bool, files: list[Path]) -> list[Outcome]:
    """As many lives as asked for, one after another."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = files or make_sound(folder)
        outcomes = []
        for moment in range(moments):
            outcomes.append(observe(moment, seed, window, files, folder))
            print(outcomes[-1], flush=True)
        return outcomes


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--moments", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--window", action="store_true")
    parser.add_argument("--child", type=int, help=argparse.SUPPRESS)
    parser.add_argument("files", type=Path, nargs="*")
    args = parser.parse_args()
    if args.child is not None:
        with logging_to_file() if args.window else nullcontext():  # as the program does; without it stderr has it all
            child(args.child, args.window, args.files)
        return 0
    outcomes = run(args.moments, args.seed, args.window, args.files)
    bad = [outcome for outcome in outcomes if not outcome.sound]
    ending, still, cancelling = (
        max(getattr(outcome, name) for outcome in outcomes) for name in ("ending_s", "still_s", "cancelling_s")
    )
    print(f"{len(outcomes)} moments, {len(bad)} failed; slowest: ended in {ending:.2f} s, ", end="")
    print(f"still for {still:.2f} s, let go in {cancelling:.2f} s")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
