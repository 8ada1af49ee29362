"""An hour of live input: memory, sound dropped, rankings a second.

    python benchmarks/live_hour.py [MINUTES]                  a made-up card that waits for room: as fast as can be read
    python benchmarks/live_hour.py [MINUTES] --real FOLDER    PortAudio over PulseAudio plays the recordings of FOLDER
                                                              and hears them, in real time; see live_real.py

The whole way from the card's callback to the FLAC file and the ranking.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import threading
import time
from pathlib import Path

import numpy as np

from persian_mir_gui.live.input import Input
from persian_mir_gui.live.listener import Listener

RATE, BLOCK = 44_100, 512
DEGREES = (0, 135, 390, 500, 700, 835, 1090, 835, 700, 500, 390, 135)  # Chahargah


def resident_mb() -> float:
    """Memory of this process, MB (Linux)."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def phrase() -> np.ndarray:
    """Some seconds of melody, float32 [samples, 1]."""
    hz = np.repeat([262.0 * 2 ** (cents / 1200) for cents in DEGREES], RATE // 2)
    phase = 2 * np.pi * np.cumsum(hz) / RATE
    return (0.2 * sum(np.sin(k * phase) / k for k in (1, 2, 3))).astype(np.float32)[:, None]


def play(card: Input, minutes: float) -> None:
    """The card's thread."""
    sound = phrase()
    whole = len(sound) // BLOCK
    for k in range(int(minutes * 60 * RATE / BLOCK)):
        while card.ring.room < RATE:
            time.sleep(0.002)
        at = k % whole * BLOCK
        card.deliver(sound[at : at + BLOCK], BLOCK, None, None)


def main(minutes: float) -> None:
    card = Input("made up", RATE, 1)
    with tempfile.TemporaryDirectory() as folder:
        begin = time.perf_counter()
        listener = Listener(lambda _anew: card, Path(folder))
        listener.recording = True
        player = threading.Thread(target=play, args=(card, minutes))
        player.start()
        mark = 1.0
        while player.is_alive():
            state = listener.news.state
            if state is not None and state.seconds / 60 >= mark:
                print(
                    f"{mark:5.0f} min  {resident_mb():7.1f} MB  {state.reading.dastgahs[0] if state.reading else ''}",
                    flush=True,
                )
                mark = 10.0 if mark == 1.0 else mark + 10.0
            time.sleep(0.02)
        while not card.ring.empty:
            time.sleep(0.02)
        taken = time.perf_counter() - begin
        listener.stop()
        listener.join(30)
        size = sum(path.stat().st_size for path in Path(folder).glob("*.flac"))
    print(f"{minutes:5.0f} min  {resident_mb():7.1f} MB  dropped {card.dropped / RATE:.3f} s  take {size / 1e6:.0f} MB")
    print(f"{minutes * 60 / taken:.1f} times as fast as real time")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("minutes", type=float, nargs="?", default=60.0)
    parser.add_argument("--real", type=Path, metavar="FOLDER")
    arguments = parser.parse_args()
    if arguments.real is None:
        main(arguments.minutes)
    else:
        from live_real import listen

        print(json.dumps(listen(arguments.real, arguments.minutes, resident_mb), indent=1))
