"""`persian-mir align`: where the notes of a score are in a recording of it."""

from __future__ import annotations

import argparse
import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING

from persian_mir.audio import open_audio
from persian_mir.commands.progress_line import ProgressLine
from persian_mir.errors import PersianMirError
from persian_mir.i18n import _, percent
from persian_mir.output_guard import guard_outputs
from persian_mir.whole_file import write_whole

if TYPE_CHECKING:
    from persian_mir.transcription.align import Alignment
    from persian_mir.transcription.score import ScoreNote

COLUMNS = ("start_s", "stop_s", "note", "name", "score_s")
LEAST_AGREEMENT = 0.3  # of the sounding time; less is no recording of the score


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "align",
        help=_("find the notes of a score in a recording of it"),
        description=_(
            "Lays a score (MusicXML or MIDI) over a recording, in any key and pace, with notes left out or repeated."
        ),
    )
    parser.add_argument("score", type=Path, metavar="SCORE")
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--csv", type=Path, required=True, metavar="FILE.csv", help=_("write a row a note here"))
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Align, write, and say how well they agree."""
    from persian_mir.modal.pitch import track_pitch
    from persian_mir.transcription.align import align
    from persian_mir.transcription.formats import read_score
    from persian_mir.transcription.onsets import find_onsets

    guard_outputs([args.csv], [args.file, args.score])
    score = read_score(args.score)
    notes = [note for note in score.notes() if not note.grace]
    if not notes:
        raise PersianMirError(_("There is no note in it."), path=args.score)
    line = ProgressLine(args.file.name)
    with open_audio(args.file) as source:
        found = align(score, track_pitch(source, line), find_onsets(source))
    line.close()
    if found.agreement < LEAST_AGREEMENT:
        cure = _("Check that it is the score of what is played.")
        raise PersianMirError(_("The score is not found in the recording."), path=args.file, cure=cure)
    write_whole(args.csv, _rows(found, notes))
    different = len({note.place for note in found.notes})
    said = _("{found} of {all} notes found; {share} of the sound agrees, {cents:+.0f} cents off the score's pitch.")
    share = percent(found.agreement)
    print(said.format(found=different, all=len(notes), share=share, cents=found.above_cents))
    return 0


def _rows(found: Alignment, notes: list[ScoreNote]) -> str:
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(COLUMNS)
    for one in found.notes:
        note = notes[one.place]
        name = "" if note.name is None else f"{note.name.letter} {note.name.sign} {note.name.octave}".replace("  ", " ")
        rows.writerow([f"{one.start_s:.3f}", f"{one.stop_s:.3f}", one.place + 1, name, f"{note.start_s:.3f}"])
    return out.getvalue()
