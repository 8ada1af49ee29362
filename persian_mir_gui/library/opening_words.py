"""What is said once files have been opened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QLocale

from persian_mir.errors import PersianMirError
from persian_mir.i18n import _
from persian_mir_gui.core.messages import Messages


def tell_of_opening(
    messages: Messages, files: int, errors: Sequence[PersianMirError], problems: Mapping[Path, tuple[str, ...]]
) -> None:
    """Say which of so many `files` could not be opened, and what is wrong with those that could.

    One is told by its own words; of several the list tells.
    """
    if len(errors) == 1:
        messages.error(errors[0])
    elif errors:
        what = _("{failed} of {all} files could not be opened.")
        what = what.format(failed=_number(len(errors)), all=_number(files))
        messages.warning(what, _("The list says why, file by file."))
    if len(problems) == 1:
        for path, told in problems.items():
            for problem in told:
                messages.warning(problem, path=path)
    elif problems:
        what = _("Something is to be known of {number} of {all} files.")
        what = what.format(number=_number(len(problems)), all=_number(files))
        messages.warning(what, _("The list says why, file by file."))


def _number(count: int) -> str:
    return QLocale().toString(count)
