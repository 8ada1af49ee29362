"""Removing a folder that is known by a name: only where it proves to lie below the folder that it must lie in."""

from __future__ import annotations

import os
import shutil
from pathlib import Path


def remove_below(folder: Path, root: Path) -> None:
    """Remove `folder` with all that is in it. Raises ValueError unless it lies below `root`, links followed, and is no
    link itself; OSError where the disk refuses.
    """
    place, above = (Path(os.path.realpath(one)) for one in (folder, root))
    if above not in place.parents or folder.is_symlink():
        raise ValueError(f"{folder} is not below {root}")
    shutil.rmtree(place)
