"""Translation of everything a user reads: English source, `resources/translations/<language>`.

The language is what the environment says (`LANGUAGE`, `LC_ALL`, `LC_MESSAGES`, `LANG`); the window sets `LANGUAGE`
from its own setting before anything is shown. Write `_("Sentence about {file}.").format(file=...)`: the literal is
what translators see.
"""

from __future__ import annotations

import gettext

from persian_mir.resources import RESOURCES

DOMAIN = "persian_mir"

gettext.bindtextdomain(DOMAIN, str(RESOURCES / "translations"))


def _(text: str) -> str:
    """`text` in the user's language, or unchanged where no translation is known."""
    return gettext.dgettext(DOMAIN, text)
