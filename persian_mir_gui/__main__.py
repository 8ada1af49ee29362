"""`python -m persian_mir_gui`, and the command `persian-mir-gui`: the way in that survives an absent Qt."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from persian_mir.i18n import _


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; where Qt or a system library of it is missing, say which and how to get it."""
    try:
        from persian_mir_gui.app import main as run
    except ImportError as error:
        sys.stderr.write(_("The window cannot be shown: {reason}").format(reason=error) + "\n")
        sys.stderr.write(_("Install it with: pip install 'persian-mir[gui]'") + "\n")
        sys.stderr.write(_("In the terminal, use: persian-mir label FILE…") + "\n")
        return 2
    return run(argv)


if __name__ == "__main__":
    sys.exit(main())
