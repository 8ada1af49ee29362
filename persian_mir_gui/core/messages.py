"""What the program has to say to its user, wherever it comes from."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QObject, Signal

from persian_mir.errors import NotInstalledError, PersianMirError
from persian_mir.i18n import _
from persian_mir.visible import visible, visible_lines

log = logging.getLogger(__name__)

Level = Literal["info", "warning", "error"]


@dataclass(frozen=True, slots=True)
class Message:
    """What happened, what to do about it, to which file. `details` is for those who ask for them.

    `offer`, where there is one, is what a button says, and `accept` what it does.
    """

    level: Level
    what: str
    cure: str = ""
    path: Path | None = None
    details: str = ""
    offer: str = ""
    accept: Callable[[], object] | None = None


def message_of(error: BaseException, title: str = "") -> Message:
    """An exception in plain words; `title` says what was being done, should the exception not be meant for users."""
    if isinstance(error, NotInstalledError):  # its own cure is for the terminal
        return Message("error", error.what, _("It can be fetched under Label, Models…"), error.path)
    if isinstance(error, PersianMirError):
        return Message("error", error.what, error.cure, error.path)
    details = "".join(traceback.format_exception(error))
    if isinstance(error, MemoryError):
        what, cure = _("There is not enough memory."), _("Close other programs or recordings, then try again.")
    else:
        what, cure = _("This should not have happened."), _("Try again; the log has the details.")
    return Message("error", f"{title}: {what}" if title else what, cure, None, details)


def line_of(error: BaseException) -> str:
    """The same as one text: what happened, to which file, what to do about it."""
    message = message_of(error)
    where = "" if message.path is None else f"(\u2068{visible(str(message.path))}\u2069)"
    return visible_lines(" ".join(filter(None, (message.what, where, message.cure))))


class Messages(QObject):
    """Collects messages for the message bar."""

    posted = Signal(object)  # Message

    def post(self, message: Message) -> None:
        """Show `message`; what would turn its lines around is spelt out."""
        what, cure, details = map(visible_lines, (message.what, message.cure, message.details))
        self.posted.emit(replace(message, what=what, cure=cure, details=details))

    def info(self, what: str, cure: str = "") -> None:
        """Show a piece of news."""
        self.post(Message("info", what, cure))

    def warning(self, what: str, cure: str = "", path: Path | None = None) -> None:
        """Show something that is not as it should be."""
        self.post(Message("warning", what, cure, path))

    def error(self, error: BaseException, title: str = "") -> None:
        """Show an exception in plain words and log it; one not meant for users with its traceback."""
        if isinstance(error, PersianMirError):
            log.info("%s: %s", title, error)
        else:
            log.error("%s failed", title or "something", exc_info=error)
        self.post(message_of(error, title))
