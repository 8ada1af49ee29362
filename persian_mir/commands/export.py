"""`persian-mir export`: what is known of recordings, in everybody's formats."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from persian_mir.commands.catalogue_file import add_catalogue, open_catalogue
from persian_mir.commands.files import expand
from persian_mir.commands.label import label_file
from persian_mir.commands.progress_line import ProgressLine
from persian_mir.errors import PersianMirError
from persian_mir.i18n import _
from persian_mir.output_guard import guard_outputs
from persian_mir.predictors import predictors

if TYPE_CHECKING:
    from persian_mir.catalogue.catalogue import Catalogue
    from persian_mir.catalogue.model import Described
    from persian_mir.exchange.formats import Format, Write


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    from persian_mir.exchange.clips import TEMPLATE
    from persian_mir.exchange.formats import FORMATS

    parser = commands.add_parser(
        "export",
        help=_("write what is known of recordings for other programs"),
        description=_(
            "Writes what the catalogue knows of recordings, in the formats of other programs and archives. A recording "
            "that it does not know is read first."
        ),
    )
    parser.add_argument("files", nargs="*", metavar="FILE", help=_("recordings, or folders of them"))
    parser.add_argument("--as", dest="format", choices=[one.id for one in FORMATS], required=True, help=_("the format"))
    parser.add_argument(
        *("--out",), type=Path, required=True, metavar="PATH", help=_("the file, or the folder where there are several")
    )
    parser.add_argument("--collection", metavar="NAME", help=_("all recordings of this collection"))
    add_catalogue(parser)
    parser.add_argument(
        "--label", action="append", default=[], metavar="L", help=_("clips: of these labels only, as mode=segah")
    )
    named = _("clips: how they are called (default: {template})").format(template=TEMPLATE)
    parser.add_argument("--template", default=TEMPLATE, metavar="T", help=named)
    parser.add_argument("--base-url", metavar="URL", help=_("IIIF: where the manifest will stand"))
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Gather, write, and print the name of each file that was written."""
    from persian_mir.exchange.formats import format_of, output_files

    format_ = format_of(args.format)
    if bool(args.files) == bool(args.collection):
        raise PersianMirError(_("Name either recordings or a collection."))
    paths = expand(args.files)
    if format_.extension:
        guard_outputs(output_files(format_, args.out, paths), paths)
    with open_catalogue(args) as catalogue:
        told = _of_collection(catalogue, args.collection) if args.collection else _of_files(catalogue, paths)
        found = list(told)
    described = [one for one in found if not isinstance(one, str)]
    for problem in (one for one in found if isinstance(one, str)):
        print(f"persian-mir: {problem}", file=sys.stderr)
    if not described:
        raise PersianMirError(_("There is nothing to export."))
    _write(format_, args, described)
    return 1 if len(described) < len(found) else 0


def _write(format_: Format, args: argparse.Namespace, described: Sequence[Described]) -> None:
    from persian_mir.exchange.formats import output_files

    write = _with_options(format_, args)
    recordings = [Path(one.path) for one in described]
    outputs = output_files(format_, args.out, recordings)
    if format_.extension:
        guard_outputs(outputs, recordings)
    if format_.many:
        write(args.out, described)
    else:
        for path, one in zip(outputs, described, strict=True):
            write(path, [one])
    for path in outputs:
        print(path)


def _with_options(format_: Format, args: argparse.Namespace) -> Write:
    from persian_mir.exchange import clips, iiif

    if format_.id == "clips":
        return partial(clips.write, labels=args.label, template=args.template)
    if format_.id == "iiif" and args.base_url:
        return partial(iiif.write, base=args.base_url)
    return format_.write


def _of_collection(catalogue: Catalogue, name: str) -> Iterator[Described]:
    known = [one.name for one, _number in catalogue.collections()]
    if name not in known:
        cure = _("Known are: {names}.").format(names=", ".join(known) or "–")
        raise PersianMirError(_("There is no collection of this name: {name}.").format(name=name), cure=cure)
    for content_hash in catalogue.members(name):
        one = catalogue.describe(content_hash)
        yield replace(one, collection=catalogue.collection(name))


def _of_files(catalogue: Catalogue, paths: Iterable[Path]) -> Iterator[Described | str]:
    """What is known of each file, or the sentence that says why there is nothing."""
    from persian_mir.audio import open_audio

    for path in paths:
        line = ProgressLine(path.name)
        try:
            with open_audio(path) as source:
                recording = source.recording
            known = catalogue.recording(recording.content_hash)
            if known is None:
                yield _read_now(path, line)
            else:
                told = catalogue.describe(known.content_hash)
                yield replace(told, path=str(path), rate=recording.rate, frames=recording.frames)
        except PersianMirError as error:
            yield str(error)
        finally:
            line.close()


def _read_now(path: Path, line: ProgressLine) -> Described | str:
    """What the modal reading says of a recording that the catalogue does not hold; nothing of it is kept."""
    from persian_mir.catalogue.model import Described
    from persian_mir.catalogue.statement_rows import statements_from

    labelled = label_file(predictors(True, []), path, line)
    recording = labelled.recording
    if recording is None:
        return labelled.error or str(path)
    told = (
        statement
        for speaker, answers in labelled.answers
        for prediction in answers
        for statement in statements_from(prediction, speaker.id, recording.frames)
    )
    place = str(path), recording.content_hash, recording.rate, recording.frames, recording.file_hash
    return Described(*place, statements=tuple(told))
