"""Whether another program has a file open: what it still writes would be lost with the file that is replaced."""

from __future__ import annotations

import errno
import signal
import sys
from pathlib import Path


def is_open_elsewhere(path: Path) -> bool:
    """Whether anybody has the file at `path` open; False where the system cannot tell. Raises OSError.

    Linux gives a write lease only for a file that nobody else has open. It is given back at once; whoever opens the
    file between the two makes the kernel send a signal, which is set to one that does nothing. Windows itself refuses
    to replace an open file.
    """
    if sys.platform != "linux":
        return False
    import fcntl

    with path.open("rb") as file:
        try:
            fcntl.fcntl(file, fcntl.F_SETSIG, signal.SIGURG)
            fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_WRLCK)
        except OSError as error:
            return error.errno == errno.EAGAIN  # else the file system, or the owner, has no leases
        fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    return False
