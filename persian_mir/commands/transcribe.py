"""`persian-mir transcribe`: a recording of one line as a score with quarter tones."""

from __future__ import annotations

import argparse
from pathlib import Path

from persian_mir.audio import open_audio
from persian_mir.commands.progress_line import ProgressLine
from persian_mir.commands.stretch import add_stretch, stretch_of
from persian_mir.errors import PersianMirError
from persian_mir.i18n import _
from persian_mir.modal.note_entry import parse_pitch
from persian_mir.output_guard import guard_new
from persian_mir.visible import visible
from persian_mir.whole_file import whole_file

FORMATS = ("musicxml", "mei", "lilypond", "midi", "scl")


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "transcribe",
        help=_("write a recording of one instrument or voice as a score"),
        description=_(
            "Writes what one instrument or voice plays as notes with koron and sori, in free metre or by its pulse. "
            "It is a first draft for a musician to correct: several lines at once are not told apart."
        ),
    )
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument(
        "--as",
        dest="format",
        choices=FORMATS,
        required=True,
        help=_("the format of the score; scl: its measured scale"),
    )
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help=_("write it here"))
    parser.add_argument("--tonic", metavar="PITCH", help=_("the shahed, if you know it: 220, A3, 'E koron 4'"))
    add_stretch(parser, _("from here: 65, 1:05.5"), _("up to here"))
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Hear, write, and say what was written."""
    from persian_mir.transcription.formats import score_format
    from persian_mir.transcription.score_words import score_words
    from persian_mir.transcription.transcribe import transcribe

    stretch_of(args)
    guard_new(args.out, [args.file])
    tonic_hz = None if args.tonic is None else parse_pitch(args.tonic)
    line = ProgressLine(args.file.name)
    with open_audio(args.file) as source:
        ends_s = stretch_of(args, source.recording.duration_s)
        score = transcribe(source, visible(args.file.stem), ends_s, tonic_hz, line)
        remarks = source.remarks_on_sound()
    line.close()
    if not any(score.notes()):
        raise PersianMirError(
            _("No note was heard."), path=args.file, cure=_("Choose a stretch in which one instrument or voice sounds.")
        )
    with whole_file(args.out) as file:
        file.write(score_format(args.format).written(score))
    print(
        "\n".join(
            [visible(args.file.name), *(f"  {_('note')}: {remark}" for remark in remarks), f"  {score_words(score)}"]
        )
    )
    return 0
