"""What the disk refused to keep: the work goes on without, and the user is told once, in a sentence, at its end."""

from __future__ import annotations

import errno
import logging
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from persian_mir.app_paths import cache_dir, config_dir, data_dir, log_dir
from persian_mir.i18n import _

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS)
WATCHED = ("persian_mir", "trainer.data", "trainer.features")
TOLD_ELSEWHERE = "persian_mir.embeddings"  # in words of its own


class Refusals(logging.Handler):
    """Hears, among what is logged, the first error of a disk that is full, or of a folder of the program's own."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.reason, self.told = "", False

    def emit(self, record: logging.LogRecord) -> None:
        """Take note of a refusal; what nobody else would tell of is told as it was without this."""
        args = record.args if isinstance(record.args, tuple) else ()
        reasons = [reason for arg in args if (reason := _refused(arg))]
        if reasons:
            self.told = self.told or record.name.startswith(TOLD_ELSEWHERE)
            self.reason = self.reason or reasons[0]
        elif record.levelno >= logging.WARNING and not logging.getLogger().handlers:
            assert logging.lastResort is not None  # noqa: S101
            logging.lastResort.handle(record)

    def sentence(self) -> str:
        """For the user; empty where nothing was refused."""
        if not self.reason or self.told:
            return ""
        text = _(
            "Not everything could be kept in {folder}: {reason}. The next run computes it again. Free some space "
            "there, or make that folder writable."
        )
        return text.format(folder=cache_dir(), reason=self.reason)


@contextmanager
def noticing_refusals() -> Iterator[Refusals]:
    """Listen while a command runs."""
    heard, loggers = Refusals(), [logging.getLogger(name) for name in WATCHED]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.addHandler(heard)
        logger.setLevel(logging.INFO)
    try:
        yield heard
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.removeHandler(heard)
            logger.setLevel(level)


def _refused(error: object) -> str:
    """Why the disk refused; empty for all else."""
    if isinstance(error, sqlite3.OperationalError) and "disk is full" in str(error):
        return os.strerror(errno.ENOSPC)
    if not isinstance(error, OSError):
        return ""
    own = (cache_dir, data_dir, config_dir, log_dir)
    path = Path(error.filename) if isinstance(error.filename, str) else None
    ours = path is not None and any(path.is_relative_to(folder()) for folder in own)
    return (error.strerror or str(error)) if ours or error.errno in FULL else ""
