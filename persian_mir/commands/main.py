"""`persian-mir`: one file a command, all of one shape (`add` declares it, `run` does it).

Exit codes: 0 everything was done; 1 some files or checks failed, the others were done; 2 nothing could be done (wrong
usage, a probe or model that cannot be used); 130 interrupted; 141 the reader of its output left.
"""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Sequence

from persian_mir.commands import (
    align,
    batch,
    check_files,
    doctor,
    embed,
    examples,
    export,
    import_file,
    label,
    models,
    read,
    recommend,
    search,
    similar,
    tags,
    transcribe,
)
from persian_mir.commands.arguments import command_line
from persian_mir.errors import PersianMirError, file_failure
from persian_mir.i18n import _
from persian_mir.logs import logging_to_file
from persian_mir.refusals import noticing_refusals
from persian_mir.stdio import of_output, while_read

COMMANDS = (
    *(
        label,
        batch,
        read,
        transcribe,
        align,
        search,
        similar,
        recommend,
        export,
        import_file,
        check_files,
        tags,
        embed,
        models,
    ),
    *(examples, doctor),
)
FAILED, UNUSABLE, INTERRUPTED = 1, 2, 130

log = logging.getLogger(__name__)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    return while_read(lambda: _run(arguments))


def _run(arguments: Sequence[str] | None) -> int:
    args = parser().parse_args(arguments)
    try:
        with logging_to_file(), noticing_refusals() as refusals:
            code = _in_words(args)
        if text := refusals.sentence():
            print(f"persian-mir: {text}", file=sys.stderr)
        return code
    except (PersianMirError, OSError) as error:
        if isinstance(error, OSError) and of_output(error):
            raise
        told = file_failure(error) if isinstance(error, OSError) else error
        print(f"persian-mir: {told}", file=sys.stderr)
        return UNUSABLE
    except KeyboardInterrupt:
        print(_("Interrupted."), file=sys.stderr)
        return INTERRUPTED


def _in_words(args: argparse.Namespace) -> int:
    """Do what is asked. Whatever else goes wrong is a defect: the log has it, and the user a sentence."""
    try:
        return int(args.run(args))
    except (PersianMirError, OSError):
        raise
    except Exception as error:
        log.exception("the command failed")
        what = _("It failed for a reason the program does not know.")
        raise PersianMirError(what, cure=_("The log has the details.")) from error


def parser() -> argparse.ArgumentParser:
    """The command line."""
    top = command_line("persian-mir", _("Listens to Persian traditional music and labels it."))
    commands = top.add_subparsers(metavar=_("COMMAND"), required=True)
    for command in COMMANDS:
        command.add(commands)
    return top


if __name__ == "__main__":
    sys.exit(main())
