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
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from persian_mir.commands.arguments import command_line
from persian_mir.errors import PersianMirError, file_failure
from persian_mir.i18n import _
from persian_mir.progress import Cancelled
from persian_mir.refusals import noticing_refusals
from persian_mir.stdio import of_output, while_read
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
    if args.json:
        threading.Thread(target=_listen, args=(reporter.stop,), daemon=True).start()
    with _interrupts(reporter.stop):
        try:
            with noticing_refusals() as refusals:
                code: int = args.run(args, reporter)
            if (text := refusals.sentence()) and not args.json:
                print(f"trainer: {text}", file=sys.stderr)
            return code
        except (Cancelled, KeyboardInterrupt):
            text, what = _("Stopped before there was anything to keep."), _("Stopped.")
            reporter.event("error", text, what=what, path="", cure="")
            return 130
        except Exception as error:
            if isinstance(error, OSError) and of_output(error):
                raise
            told = _in_words(error, args.json)
            reporter.event("error", f"trainer: {told}", what=told.what, path=str(told.path or ""), cure=told.cure)
            return 2


@contextmanager
def _interrupts(stop: threading.Event) -> Iterator[None]:
    """Ctrl+C asks to stop; a second one insists."""

    def interrupt(*_signal: object) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    previous = signal.signal(signal.SIGINT, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, previous)


def _in_words(error: Exception, as_json: bool) -> PersianMirError:
    """What is told of an error. Called in `except`: what nobody is meant to read is logged."""
    if isinstance(error, PersianMirError):
        return error
    if isinstance(error, OSError):
        log.info("the command failed", exc_info=True)
        return file_failure(error)
    log.exception("the command failed")
    above, logged = _("The lines above have the details."), _("Try again; the log has the details.")
    return PersianMirError(_("It failed for a reason the program does not know."), cure=logged if as_json else above)


def parser() -> argparse.ArgumentParser:
    """The command line."""
    top = command_line("python -m trainer", _("Fits probes on labelled recordings."))
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
