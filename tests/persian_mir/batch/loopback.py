"""A Dask scheduler and its workers on this machine, each a process of its own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[3]
START_S = 60.0
Tls = tuple[Path, Path, Path]


class Loopback:
    """`folder` holds the homes and logs of the processes, where they also run. A file may cost two workers."""

    def __init__(self, folder: Path, tls: Tls | None = None) -> None:
        self.folder, self._tls = folder, tls
        self._processes: list[subprocess.Popen[bytes]] = []
        self.scheduler = self._begin("", "dask_scheduler", ["--port", "0"])
        self.address = self._told(r"Scheduler at: +(\S+)")

    def worker(self, before: str = "") -> subprocess.Popen[bytes]:
        """Begin a worker of one thread; its process does this code `before`."""
        begun = self._begin(before, "dask_worker", [self.address, "--nthreads", "1", "--no-nanny"])
        self._told(r"Registered to: +(\S+)")
        return begun

    def close(self) -> None:
        for one in self._processes:
            one.kill()
            one.wait()

    def _begin(self, before: str, module: str, more: Sequence[str]) -> subprocess.Popen[bytes]:
        code = f"{before}\nimport sys\nfrom distributed.cli.{module} import main\nmain(sys.argv[1:])"
        command = [sys.executable, "-c", code, "--host", "127.0.0.1", "--no-dashboard", *more]
        for name, path in zip(("ca-file", "cert", "key"), self._tls or (), strict=False):
            command += [f"--tls-{name}", str(path)]
        home = self.folder / f"{len(self._processes)} {module}"
        home.mkdir(parents=True)
        own = {"PERSIAN_MIR_HOME": str(home), "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
        own["DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES"] = "1"
        self._log = home / "log"
        with self._log.open("wb") as log:
            begun = subprocess.Popen(command, env=os.environ | own, cwd=home, stdout=log, stderr=log)
        self._processes.append(begun)
        return begun

    def _told(self, pattern: str) -> str:
        end = time.monotonic() + START_S
        while time.monotonic() < end and self._processes[-1].poll() is None:
            if found := re.search(pattern, self._log.read_text()):
                return found[1]
            time.sleep(0.02)
        raise AssertionError(self._log.read_text())
