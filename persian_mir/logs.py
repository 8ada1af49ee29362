"""The log file: where the details of every error are, beside the sentence that the user reads."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path

from persian_mir.app_paths import log_dir
from persian_mir.visible import visible, visible_lines

MAX_BYTES = 1 << 20
KEPT = 3


def log_path() -> Path:
    """The file being written."""
    return log_dir() / "persian-mir.log"


@contextmanager
def logging_to_file() -> Iterator[None]:
    """Write everything from INFO upwards to the log file while the program runs."""
    handler = _LogFile(
        log_path(), maxBytes=MAX_BYTES, backupCount=KEPT, encoding="utf-8", delay=True, errors="backslashreplace"
    )
    handler.setFormatter(_Visible("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    try:
        yield
    finally:
        root.removeHandler(handler)
        with suppress(OSError):  # a full disk
            handler.close()


class _LogFile(RotatingFileHandler):
    """A disk that takes no log is no reason to write about it over what the user reads."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the name is logging's
        """Do without this line."""


class _Visible(logging.Formatter):
    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the name is logging's
        """One line: a name with a line break begins no other."""
        return visible(super().formatMessage(record))

    def format(self, record: logging.LogRecord) -> str:
        return visible_lines(super().format(record))
