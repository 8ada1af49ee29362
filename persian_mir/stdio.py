"""Standard output and error as commands use them: in UTF-8, without what would steer a terminal, into a pipe whose
reader may leave or a disk that may be full.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, TextIO

from persian_mir.i18n import _
from persian_mir.visible import visible_lines

UNWRITTEN = 2
READER_GONE = 128 + 13  # what a shell reports of a program that SIGPIPE ended


def speak_utf8() -> None:
    """File names and Persian words must never break the output, whatever the terminal's encoding."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


class VisibleStream:
    """A text stream on which what would steer a terminal is spelt out."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write all of it."""
        self._stream.write(visible_lines(text))
        return len(text)

    def clear_line(self) -> None:
        """Take away what stands in the line, on a terminal."""
        self._stream.write("\r\x1b[K")

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


@contextmanager
def speaking() -> Iterator[None]:
    """Let standard output and error be such streams."""
    speak_utf8()
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = map(VisibleStream, before)
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before


def clear_line() -> None:
    """Take away what stands in the line of standard error, which is a terminal."""
    stream = sys.stderr
    (stream if isinstance(stream, VisibleStream) else VisibleStream(stream)).clear_line()


def of_output(error: OSError) -> bool:
    """Whether it is of standard output, which has no name: see `while_read`. What is not found is something else."""
    return error.filename is None and error.errno != errno.ENOENT


def while_read(run: Callable[[], int]) -> int:
    """What `run` returns; READER_GONE, and not a word, once the reader of a pipe has seen enough, as in `| head`;
    UNWRITTEN, and why, where what is printed could not be written.
    """
    try:
        with speaking():
            try:
                return run()
            finally:
                sys.stdout.flush()  # here, since Python complains of a pipe that it finds broken at its exit
    except BrokenPipeError:
        _give_up(sys.stdout, sys.stderr)  # either may be the pipe, and hold words that nobody will read
        return READER_GONE
    except OSError as error:
        _give_up(sys.stdout)
        with suppress(OSError):
            what = _("What is printed could not be written: {reason}.").format(reason=error.strerror)
            sys.stderr.write(what + "\n")
            sys.stderr.flush()
            return UNWRITTEN
        _give_up(sys.stderr)
        return UNWRITTEN


def _give_up(*streams: TextIO) -> None:
    """What they still hold goes nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in streams:
        os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
