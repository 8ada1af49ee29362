from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).with_name("random_stops.py")


def test_quitting_at_random_moments_is_clean() -> None:
    """A few moments here; `random_stops.py` itself runs as many as wanted."""
    done = subprocess.run(
        [sys.executable, str(SCRIPT), "--moments", "4", "--seed", "7"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
