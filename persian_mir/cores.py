"""How many processor cores this process may use."""

from __future__ import annotations

import os
import sys


def cores() -> int:
    """Return at least 1: those that it is bound to, as in a container or a batch system, not all that there are."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
