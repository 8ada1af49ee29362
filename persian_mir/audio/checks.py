"""What can be said of a file before a decoder touches it. Nothing here ever waits for a pipe or a device."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

from persian_mir.errors import AudioError
from persian_mir.i18n import _, digits

LOWEST_RATE, HIGHEST_RATE = 1_000, 768_000  # Hz
MOST_CHANNELS = 256


def check_file(path: Path) -> os.stat_result:
    """The file's state. Raises AudioError where it is no readable, ordinary file with something in it."""
    try:
        info = path.stat()
        if not stat.S_ISREG(info.st_mode):
            raise _not_a_file(path, info.st_mode)
        if info.st_size == 0:
            raise AudioError(_("The file is empty."), path=path, cure=_("Copy or download it again."))
        with path.open("rb") as file:
            file.read(1)
    except (OSError, ValueError) as error:
        raise unreadable(path, error) from error
    return info


def unreadable(path: Path, error: OSError | ValueError) -> AudioError:
    """What the system refused, in words."""
    number = error.errno if isinstance(error, OSError) else None
    if number in (errno.ENOENT, errno.ENOTDIR):
        return AudioError(
            _("The file does not exist."), path=path, cure=_("Check its name and whether its disk is connected.")
        )
    if number in (errno.EACCES, errno.EPERM):
        return AudioError(
            _("The file may not be read."),
            path=path,
            cure=_("Change its permissions, or copy it to a folder of yours."),
        )
    if number == errno.ENAMETOOLONG:
        return AudioError(_("The name is too long for this system."), path=path, cure=_("Check the name."))
    return AudioError(
        _("The file cannot be read: {reason}.").format(reason=os.strerror(number) if number else error),
        path=path,
        cure=_("Check its disk or network connection and try again."),
    )


def check_form(path: Path, rate: int, channels: int) -> None:
    """Refuse what no recording is, before anything is made as long or as wide as it says. Raises AudioError."""
    if rate < 1 or not 0 < channels <= MOST_CHANNELS:  # FFmpeg takes anything that is called so for FLAC, at 0 Hz
        raise not_sound(path)
    if not LOWEST_RATE <= rate <= HIGHEST_RATE:
        raise AudioError(
            _("Its sampling rate would be {rate} Hz; those from 1 kHz to 768 kHz can be read.").format(
                rate=digits(str(rate))
            ),
            path=path,
            cure=_("Its header is damaged, or it holds no sound: copy it again from where it came."),
        )


def not_sound(path: Path) -> AudioError:
    """No decoder knows this content."""
    return AudioError(
        _("This is not sound of a known kind, or it is damaged beyond reading."),
        path=path,
        cure=_("Open it in another player; if it plays there, save it as WAV or FLAC."),
    )


def no_sound(path: Path) -> AudioError:
    """The content is known, but holds no sample."""
    return AudioError(
        _("The file holds no sound."), path=path, cure=_("Record it again, or copy it again from where it came.")
    )


def broke_off(path: Path) -> AudioError:
    """The file was fine when it was opened, and is not any more."""
    return AudioError(
        _("The file changed, vanished or is damaged: a part of it could not be read."),
        path=path,
        cure=_("Check its disk or network connection, and open it again."),
    )


def _not_a_file(path: Path, mode: int) -> AudioError:
    if stat.S_ISDIR(mode):
        return AudioError(_("This is a folder, not a recording."), path=path, cure=_("Choose a file in it."))
    return AudioError(
        _("This is a pipe, a socket or a device, not a file."), path=path, cure=_("Save its sound to a file first.")
    )
