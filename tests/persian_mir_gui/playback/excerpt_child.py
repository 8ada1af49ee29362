"""Run by test_real_excerpts.py in a process of its own, because PortAudio reads its environment when it is loaded.

Plays seconds START to STOP of PATH as an excerpt and prints what it saw as one line of JSON.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QTimer

from persian_mir_gui.core.jobs import JobRunner
from persian_mir_gui.core.settings import Settings
from persian_mir_gui.playback.excerpts import Excerpt, Excerpts
from persian_mir_gui.playback.player import Player


def main(path: str, start: str, stop: str) -> None:
    app = QCoreApplication([])
    runner, settings = JobRunner(), Settings()
    settings.set("volume", 1.0)
    player = Player(runner)
    excerpts = Excerpts(runner, player, settings)
    errors: list[str] = []
    excerpts.failed.connect(lambda message: errors.append(f"{message.what} {message.cure}"))
    excerpts.changed.connect(lambda: excerpts.playing is None and app.quit())
    QTimer.singleShot(20_000, app.quit)
    excerpts.play([Excerpt(Path(path), float(start), float(stop))])
    app.exec()
    silent = excerpts.playing is None
    closed = excerpts.close() and player.close() and runner.close()
    print(json.dumps({"errors": errors, "silent": silent, "closed": closed}))


if __name__ == "__main__":
    main(*sys.argv[1:])
