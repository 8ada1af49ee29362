"""Cores that may be used are those that a process is bound to."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from persian_mir.cores import cores


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a process is not bound")
def test_a_process_bound_to_one_core_has_one() -> None:
    code = "import os; os.sched_setaffinity(0, {min(os.sched_getaffinity(0))}); from persian_mir.cores import cores"
    told = subprocess.run([sys.executable, "-c", f"{code}; print(cores())"], capture_output=True, text=True, check=True)
    assert told.stdout == "1\n"
    assert 1 <= cores() <= (os.cpu_count() or 1)
