"""Run by test_real_playback.py in a process of its own, because PortAudio reads its environment when it is loaded.

    play_child.py PATH START STOP LOOP_S [SPEED]

Plays samples START to STOP once, or in a loop for LOOP_S seconds, and prints what it saw as one line of JSON.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QTimer

from persian_mir.audio import open_audio
from persian_mir_gui.app import leave_if_stuck
from persian_mir_gui.core.jobs import JobRunner
from persian_mir_gui.playback.player import Player


def main(path: str, start: str, stop: str, loop_s: str, speed: str = "1") -> None:
    app = QCoreApplication([])
    runner = JobRunner()
    player = Player(runner)
    moves: list[tuple[float, int]] = []
    errors: list[str] = []
    player.moved.connect(lambda sample: moves.append((time.monotonic(), sample)))
    player.failed.connect(lambda message: errors.append(f"{message.what} {message.cure}"))
    player.state_changed.connect(lambda state: state == "stopped" and app.quit())
    with open_audio(Path(path)) as source:
        player.load(source.recording)
    player.set_volume(1.0)
    player.set_speed(float(speed))
    if float(loop_s):
        player.set_loop(True)
        QTimer.singleShot(round(float(loop_s) * 1000), lambda: player.set_loop(False))
    QTimer.singleShot(40_000, app.quit)
    player.play_range(int(start), int(stop))
    app.exec()
    closed = player.close() and runner.close()
    saw = {"moves": moves, "errors": errors, "state": player.state, "closed": closed}
    print(json.dumps(saw | {"available": player.available, "reason": player.reason}), flush=True)
    leave_if_stuck(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
