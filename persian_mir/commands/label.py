"""`persian-mir label`: recordings in, labels out."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from persian_mir import plurals
from persian_mir.audio import open_audio
from persian_mir.commands.computing import add_predictors, predictors_asked_for
from persian_mir.commands.files import expand
from persian_mir.commands.labelled import LabelledFile
from persian_mir.commands.progress_line import ProgressLine
from persian_mir.commands.writers import WRITERS
from persian_mir.csv_text import MARK
from persian_mir.errors import PersianMirError, unexpected
from persian_mir.i18n import _
from persian_mir.predictor import Predictor
from persian_mir.progress import SILENT, Cancelled, Progress
from persian_mir.side_by_side import side_by_side

if TYPE_CHECKING:
    from persian_mir.catalogue.corrections import Corrections

log = logging.getLogger(__name__)


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "label",
        help=_("label recordings, segment by segment and as a whole"),
        description=_("Labels recordings. Without --probe it gives the modal reading, which needs no download."),
    )
    parser.add_argument("files", nargs="+", metavar="FILE", help=_("recordings, or folders of them"))
    add_predictors(parser)
    parser.add_argument("--format", choices=sorted(WRITERS), default="table", help=_("how to print (default: table)"))
    parser.add_argument(
        "--excel", action="store_true", help=_("begin a CSV with the mark by which Excel knows UTF-8; implies CSV")
    )
    parser.add_argument(
        "--machine-only", action="store_true", help=_("leave out what people accepted, corrected or rejected")
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Label every file, say what failed, and print the result on standard output."""
    chosen = predictors_asked_for(args)
    paths = expand(args.files)
    kind = "csv" if args.excel else args.format
    sys.stdout.write(MARK if args.excel else "")
    writer = WRITERS[kind](sys.stdout)
    failed = 0
    statements = None if args.machine_only else statements_of_people()
    for labelled in labelled_files(paths, chosen, statements):
        writer.write(labelled)
        if labelled.error:
            failed += 1
            if kind != "table":  # the table says it where the reader is looking
                print(f"persian-mir: {labelled.error}", file=sys.stderr)
    writer.close()
    for text in dict.fromkeys(text for one in chosen for text in getattr(one, "remarks", ())):
        print(f"persian-mir: {text}", file=sys.stderr)
    if failed:
        print(
            _("{failed} of {recordings} could not be labelled.").format(
                failed=failed, recordings=plurals.recordings(len(paths))
            ),
            file=sys.stderr,
        )
    return 1 if failed else 0


def statements_of_people() -> Corrections:
    """What people said. A file of theirs that cannot be read ends the command: their word must not go missing."""
    from persian_mir.catalogue.corrections import Corrections

    store = Corrections()
    store.refresh()
    return store


def labelled_files(
    paths: Sequence[Path], chosen: Sequence[Predictor], said: Corrections | None
) -> Iterator[LabelledFile]:
    """What the predictors, and people where they are wanted, say of each file, in order; several at work at once."""
    line = ProgressLine(plurals.recordings(len(paths)) if len(paths) > 1 else "")
    try:
        for labelled in side_by_side(paths, partial(label_file, chosen), line, lambda path: path.name):
            line.close()  # whoever takes it may print
            known = labelled.recording
            yield labelled if said is None or known is None else replace(labelled, said=said.of(known))
    finally:
        line.close()


def label_file(chosen: Sequence[Predictor], path: Path, progress: Progress = SILENT) -> LabelledFile:
    """Everything the predictors say of one file; whatever goes wrong with it stays with it."""
    try:
        with open_audio(path, progress.part(0.0, 0.0)) as source:
            answers = []
            for number, predictor in enumerate(chosen):
                part = progress.part(number / len(chosen), 1 / len(chosen))
                answers.append((predictor, predictor.predict(source, part)))
            return LabelledFile(path, source.recording, source.remarks_on_sound(), answers)
    except PersianMirError as error:
        return LabelledFile(path, error=str(error))
    except Cancelled:
        raise
    except Exception:
        log.exception("labelling %s failed", path)
        return LabelledFile(path, error=str(unexpected(path)))
