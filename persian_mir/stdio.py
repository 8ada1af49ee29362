"""Standard output and error as commands use them: in UTF-8, and into a pipe whose reader may leave."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

READER_GONE = 128 + 13  # what a shell reports of a program that SIGPIPE ended


def speak_utf8() -> None:
    """File names and Persian words must never break the output, whatever the terminal's encoding."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def while_read(run: Callable[[], int]) -> int:
    """What `run` returns; READER_GONE, and not a word, once the reader of a pipe has seen enough, as in `| head`."""
    try:
        try:
            return run()
        finally:
            sys.stdout.flush()  # here, since Python complains of a pipe that it finds broken at its exit
    except BrokenPipeError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        for stream in (sys.stdout, sys.stderr):  # either may be the pipe, and hold words that nobody will read
            os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
        return READER_GONE
