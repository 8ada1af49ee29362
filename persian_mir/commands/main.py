"""`persian-mir`: one file a command, all of one shape (`add` declares it, `run` does it).

Exit codes: 0 everything was done; 1 some files or checks failed, the others were done; 2 nothing could be done (wrong
usage, a probe or model that cannot be used); 130 interrupted.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from persian_mir import __version__
from persian_mir.commands import doctor, embed, examples, label, models, read
from persian_mir.errors import PersianMirError
from persian_mir.i18n import _
from persian_mir.logs import logging_to_file

COMMANDS = (label, read, embed, models, examples, doctor)
FAILED, UNUSABLE, INTERRUPTED = 1, 2, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    _speak_utf8()
    args = _parser().parse_args(arguments)
    with logging_to_file():
        return _run(args)


def _run(args: argparse.Namespace) -> int:
    try:
        return int(args.run(args))
    except PersianMirError as error:
        print(f"persian-mir: {error}", file=sys.stderr)
        return UNUSABLE
    except KeyboardInterrupt:
        print(_("Interrupted."), file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:  # the reader of a pipe has seen enough, as in `| head`
        sys.stderr.close()
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="persian-mir", description=_("Listens to Persian traditional music and labels it.")
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = parser.add_subparsers(metavar=_("COMMAND"), required=True)
    for command in COMMANDS:
        command.add(commands)
    return parser


def _speak_utf8() -> None:
    """File names and Persian words must never break the output, whatever the terminal's encoding."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


if __name__ == "__main__":
    sys.exit(main())
