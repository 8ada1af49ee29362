"""The one kind of error that a user is meant to read."""

from __future__ import annotations

import errno
import logging
from pathlib import Path

from persian_mir.i18n import _
from persian_mir.visible import visible

log = logging.getLogger(__name__)


class PersianMirError(Exception):
    """What happened, to which file, and what to do about it.

    `what` and `cure` are whole sentences, already translated. Anything else that escapes the engine is a defect.
    """

    def __init__(self, what: str, *, path: Path | str | None = None, cure: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.path = None if path is None else Path(path)
        self.cure = cure

    def __str__(self) -> str:
        where = "" if self.path is None else f"{visible(str(self.path))}: "
        return f"{where}{self.what}{' ' + self.cure if self.cure else ''}"


def writing_cure(error: OSError) -> str:
    """What to do where a file could not be written."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return _("Free some space, or choose another folder.")
    return _("Choose a folder you may write to.")


def file_failure(error: OSError) -> PersianMirError:
    """What is told where a folder or file refused, one of the program's own mostly."""
    what = _("A file could not be read or written: {reason}.").format(reason=error.strerror)
    return PersianMirError(
        what, path=error.filename, cure=_("Check the space on that disk, and the rights of the folder.")
    )


def unexpected(path: Path) -> PersianMirError:
    """What is told of a file where labelling it ran into a defect of the program."""
    what = _("Labelling failed for a reason the program does not know.")
    return PersianMirError(what, path=path, cure=_("The log has the details."))


def failure(path: Path, error: Exception) -> str:
    """Return in a line why a file failed. Called in `except`: an error that nobody is meant to read is logged."""
    if isinstance(error, PersianMirError):
        return f"{error.what} {error.cure}".strip()
    log.exception("labelling %s failed", path)
    return unexpected(path).what


class AudioError(PersianMirError):
    """A recording cannot be opened or decoded."""


class ModelError(PersianMirError):
    """A backbone is absent, damaged, refused or cannot be fetched."""


class NotInstalledError(ModelError):
    """A model that can be fetched is not here. `cure` says how in a terminal."""

    def __init__(self, what: str, model_id: str) -> None:
        super().__init__(what, cure=_("Fetch it with: persian-mir models fetch {id}").format(id=model_id))
        self.model_id = model_id


class ProbeError(PersianMirError):
    """A .probe file is damaged, or does not fit what it is asked to do."""
