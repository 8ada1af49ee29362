"""The user's folders. `PERSIAN_MIR_HOME` moves all of them under one, for tests and portable use."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import platformdirs

_APP = "persian-mir"


def _place(kind: str, default: str) -> Path:
    home = os.environ.get("PERSIAN_MIR_HOME")
    folder = Path(home) / kind if home else Path(default)
    with suppress(OSError):  # whoever writes there says so in words; to read there is nothing
        folder.mkdir(parents=True, exist_ok=True)
    return folder


def data_dir() -> Path:
    """Models, probes and example recordings: what the user would miss."""
    return _place("data", platformdirs.user_data_dir(_APP, appauthor=False))


def cache_dir() -> Path:
    """Pyramids and embeddings: what can be computed again."""
    return _place("cache", platformdirs.user_cache_dir(_APP, appauthor=False))


def config_dir() -> Path:
    """Settings."""
    return _place("config", platformdirs.user_config_dir(_APP, appauthor=False))


def log_dir() -> Path:
    """The log, where the details of every error are."""
    return _place("log", platformdirs.user_log_dir(_APP, appauthor=False))
