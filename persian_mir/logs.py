"""The log file: where the details of every error are, beside the sentence that the user reads."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from logging.handlers import RotatingFileHandler
from pathlib import Path

from persian_mir.app_paths import log_dir

MAX_BYTES = 1 << 20
KEPT = 3


def log_path() -> Path:
    """The file being written."""
    return log_dir() / "persian-mir.log"


@contextmanager
def logging_to_file() -> Iterator[None]:
    """Write everything from INFO upwards to the log file while the program runs."""
    handler = RotatingFileHandler(log_path(), maxBytes=MAX_BYTES, backupCount=KEPT, encoding="utf-8", delay=True)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    try:
        yield
    finally:
        root.removeHandler(handler)
        handler.close()
