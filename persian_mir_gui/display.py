"""Whether a window can be shown here at all, asked before Qt, which would abort; and what to do if not. No Qt."""

from __future__ import annotations

import ctypes
import os
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from persian_mir.i18n import _

NO_SCREEN = ""  # in the place of a missing library's name: the display itself is missing
UNUSABLE = 2


def has_display(environment: Mapping[str, str] = os.environ, platform: str = sys.platform) -> bool:
    """Whether there is a screen. On Linux that is what the environment says; elsewhere there always is one."""
    if not platform.startswith(("linux", "freebsd")) or environment.get("QT_QPA_PLATFORM"):
        return True
    return bool(environment.get("WAYLAND_DISPLAY")) or _answers(environment.get("DISPLAY", ""))


def _answers(display: str) -> bool:
    """Whether there is an X server. `DISPLAY` may name one that is gone; one on another machine is believed.

    Nothing is sent to it: a server whose last visitor leaves starts afresh, and would refuse Qt meanwhile.
    """
    local = re.fullmatch(r"(?:unix)?:(\d+)(?:\.\d+)?", display)
    if local is None:
        return bool(display)
    path = Path("/tmp/.X11-unix") / f"X{local[1]}"  # noqa: S108 - where X servers listen
    listening = Path("/proc/net/unix")
    return path.exists() or (listening.is_file() and f"@{path}\n" in listening.read_text(encoding="utf-8"))


def missing_library(environment: Mapping[str, str] = os.environ, platform: str = sys.platform) -> str:
    """The Debian name of the library without which Qt's X11 plugin aborts, if it is missing; else empty."""
    needed = platform.startswith("linux") and not environment.get("QT_QPA_PLATFORM")
    if not needed or environment.get("WAYLAND_DISPLAY") or not environment.get("DISPLAY"):
        return ""
    try:
        ctypes.CDLL("libxcb-cursor.so.0")
    except OSError:
        return "libxcb-cursor0"
    return ""


def label_in_terminal(files: Sequence[Path], examples: bool, library: str) -> int:
    """Say why there is no window, and give the labels of the same recordings in the terminal. Returns the exit code."""
    if library:
        sys.stdout.write(
            _("The window needs the system library {name}; please install it.").format(name=library) + "\n"
        )
        sys.stdout.write(_("Labelling in the terminal instead.") + "\n")
    else:
        sys.stdout.write(_("No display here: labelling in the terminal instead.") + "\n")
    paths = [str(path) for path in files]
    if examples:
        from persian_mir.examples.examples import ensure_examples

        paths += [str(path) for path in ensure_examples()]
    if not paths:
        sys.stderr.write(_("Name the recordings to label: persian-mir label FILE…") + "\n")
        return UNUSABLE
    from persian_mir.commands.main import main

    sys.stdout.flush()
    return main(["label", "--modal", *paths])
