"""`python -m trainer COMMAND`: the same for a person in a terminal and for the window, which reads `--json`.

With `--json` every event is one JSON object on a line of standard output (`event` names it: registered, progress,
skipped, epoch, done, error), and the line `stop` on standard input ends the fitting with the best probe so far, as
Ctrl+C does.
Exit codes: 0 done; 1 done, but some recordings were left out or the check found faults; 2 it could not be done; 130
stopped before there was anything to keep; 141 the reader of its output left.
"""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
import threading
from collections.abc import Sequence

from persian_mir.errors import PersianMirError
from persian_mir.i18n import _
from persian_mir.progress import Cancelled
from persian_mir.refusals import noticing_refusals
from persian_mir.stdio import while_read
from trainer.commands import (
    baseline,
    check,
    compare_backbones,
    curve,
    evaluate,
    experiment,
    features,
    fit,
    merge,
    mini_nava,
    pretrain,
    report,
    split,
    suspects,
)
from trainer.commands import map as embedding_map
from trainer.commands.reporter import Reporter

STDIN = 0

log = logging.getLogger(__name__)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    return while_read(lambda: _run(arguments))


def _run(arguments: Sequence[str] | None) -> int:
    args = parser().parse_args(arguments)
    reporter = Reporter(args.json)
    previous = signal.getsignal(signal.SIGINT)

    def interrupt(*_signal: object) -> None:
        """Ctrl+C asks to stop; a second one insists."""
        if reporter.stop.is_set():
            raise KeyboardInterrupt
        reporter.stop.set()

    signal.signal(signal.SIGINT, interrupt)
    if args.json:
        threading.Thread(target=_listen, args=(reporter.stop,), daemon=True).start()
    try:
        with noticing_refusals() as refusals:
            code: int = args.run(args, reporter)
        if (text := refusals.sentence()) and not args.json:
            print(f"trainer: {text}", file=sys.stderr)
        return code
    except (Cancelled, KeyboardInterrupt):
        reporter.event("error", _("Stopped before there was anything to keep."), what=_("Stopped."), path="", cure="")
        return 130
    except PersianMirError as error:
        path = str(error.path or "")
        reporter.event("error", f"trainer: {error}", what=error.what, path=path, cure=error.cure)
        return 2
    except BrokenPipeError:  # of standard output: see `while_read`
        raise
    except OSError as error:  # of a folder or file of the program's own, mostly
        if error.filename is None:  # of standard output
            raise
        log.info("the command failed", exc_info=True)
        what, path = _("A file could not be read or written: {reason}.").format(reason=error.strerror), error.filename
        told = PersianMirError(what, path=path, cure=_("Check the space on that disk, and the rights of the folder."))
        reporter.event("error", f"trainer: {told}", what=what, path=str(path or ""), cure=told.cure)
        return 2
    except Exception:
        log.exception("the command failed")
        what = _("It failed for a reason the program does not know.")
        above, logged = _("The lines above have the details."), _("Try again; the log has the details.")
        reporter.event("error", f"trainer: {what}", what=what, path="", cure=logged if args.json else above)
        return 2
    finally:
        signal.signal(signal.SIGINT, previous)


def parser() -> argparse.ArgumentParser:
    """The command line."""
    top = argparse.ArgumentParser(prog="python -m trainer", description=_("Fits probes on labelled recordings."))
    commands = top.add_subparsers(metavar=_("COMMAND"), required=True)
    for command in (
        fit,
        features,
        evaluate,
        check,
        split,
        experiment,
        report,
        suspects,
        embedding_map,
        curve,
        baseline,
        pretrain,
        merge,
        compare_backbones,
        mini_nava,
    ):
        command.add(commands)
    return top


def _listen(stop: threading.Event) -> None:
    """Wait for the line `stop`. Unbuffered: a lock of sys.stdin held by a daemon thread aborts Python at its exit."""
    seen = b""
    while (more := os.read(STDIN, 256)) and not stop.is_set():
        *lines, seen = (seen + more).split(b"\n")
        if any(line.strip() == b"stop" for line in lines):
            stop.set()


if __name__ == "__main__":
    sys.exit(main())
