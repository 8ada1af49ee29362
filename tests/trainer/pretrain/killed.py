"""A run that is killed on its way, and goes on."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path


def kill_and_go_on(line: Sequence[str], kept: Path) -> None:
    """Run the trainer's command `line`, kill it (SIGKILL) once the file `kept` is there, and let it go on to its end.

    It must not have ended before: then `kept` is gone. How long it takes to get there is not judged.
    """
    call = [sys.executable, "-m", "trainer", *line]
    running = subprocess.Popen(call, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while not kept.exists() and running.poll() is None:
            time.sleep(0.02)
    finally:
        running.kill()
        running.wait()
    assert kept.exists()
    subprocess.run(call, check=True, capture_output=True)
