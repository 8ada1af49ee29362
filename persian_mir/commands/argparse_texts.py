"""The texts of argparse in the user's language, which it asks of gettext's own domain: that becomes ours.

`persian_mir.commands.arguments` sets it before a command line is declared.
"""

from __future__ import annotations

import gettext

from persian_mir.i18n import DOMAIN, TRANSLATIONS, _, ngettext


def translate_argparse() -> None:
    """Let what argparse says be looked up in our translations; what is not there stays English."""
    gettext.bindtextdomain(DOMAIN, TRANSLATIONS)
    gettext.textdomain(DOMAIN)


def texts() -> tuple[str, ...]:
    """All that it may say to a user, in the words of Python 3.11 to 3.15, so that translators find them."""
    return (
        _("usage: "),
        _("positional arguments"),
        _("options"),
        _("%(heading)s:"),
        _("show this help message and exit"),
        _("show program's version number and exit"),
        _(" (default: %(default)s)"),
        _("%(prog)s: error: %(message)s\n"),
        _("argument %(argument_name)s: %(message)s"),
        _("the following arguments are required: %s"),
        _("one of the arguments %s is required"),
        _("unrecognized arguments: %s"),
        _("not allowed with argument %s"),
        _("ignored explicit argument %r"),
        _("expected one argument"),
        _("expected at most one argument"),
        _("expected at least one argument"),
        ngettext("expected %s argument", "expected %s arguments", 1),
        _("ambiguous option: %(option)s could match %(matches)s"),
        _("unexpected option string: %s"),
        _("invalid %(type)s value: %(value)r"),
        _("invalid choice: %(value)r (choose from %(choices)s)"),
        _("invalid choice: %(value)r, maybe you meant %(closest)r? (choose from %(choices)s)"),
        _("unknown parser %(parser_name)r (choices: %(choices)s)"),
    )
