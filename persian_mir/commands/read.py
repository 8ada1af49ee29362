"""`persian-mir read`: the modal reading of one recording, with its scale and its reasons."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from persian_mir.audio import open_audio
from persian_mir.commands.progress_line import ProgressLine
from persian_mir.commands.stretch import add_stretch, stretch_of
from persian_mir.commands.text_table import columned, width
from persian_mir.commands.verdict_text import clock, section_lines, sentence
from persian_mir.errors import PersianMirError
from persian_mir.i18n import _, digits, figures, percent
from persian_mir.labels import describe
from persian_mir.modal.note_entry import parse_pitch
from persian_mir.modal.reading import ModalReading
from persian_mir.output_guard import guard_outputs
from persian_mir.visible import visible


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "read",
        help=_("hear the mode of one recording: shahed, degrees, and why"),
        description=_("Prints the modal reading of a recording or a stretch of it, and writes its pitch and scale."),
    )
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--tonic", metavar="PITCH", help=_("the shahed, if you know it: 220, A3, 'E koron 4'"))
    add_stretch(parser, _("read from here: 65, 1:05.5"), _("read up to here"))
    parser.add_argument("--pitch-csv", type=Path, metavar="FILE.csv", help=_("write the pitch track"))
    parser.add_argument("--notes-csv", type=Path, metavar="FILE.csv", help=_("write the held notes"))
    parser.add_argument("--scl", type=Path, metavar="FILE.scl", help=_("write the measured scale for Scala"))
    parser.add_argument("--tun", type=Path, metavar="FILE.tun", help=_("write it as a tuning table"))
    parser.add_argument("--gushehs", action="store_true", help=_("list the nearest gushehs over time, a weak guess"))
    parser.add_argument("--gushehs-json", type=Path, metavar="FILE.json", help=_("write that list"))
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Read, write what was asked for, and print."""
    from persian_mir.modal.pitch import track_pitch
    from persian_mir.modal.reading import read_stretch
    from persian_mir.modal.sections import read_recording

    tonic_hz = None if args.tonic is None else parse_pitch(args.tonic)
    _check(args)
    line = ProgressLine(args.file.name)
    with open_audio(args.file) as source:
        track = track_pitch(source, line)
        problems = source.remarks_on_sound()
    line.close()
    if args.start is None and args.stop is None:
        reading = read_recording(track, tonic_hz=tonic_hz)
    else:
        reading = read_stretch(track, *stretch_of(args, track.stop_s), tonic_hz=tonic_hz)
    _export(args, reading)
    for text in _report(args.file, problems, reading):
        print(text)
    if args.gushehs:
        print("\n".join(["", *_gusheh_lines(reading)]))
    return 0


def _check(args: argparse.Namespace) -> None:
    stretch_of(args)
    guard_outputs(filter(None, (args.pitch_csv, args.notes_csv, args.scl, args.tun, args.gushehs_json)), [args.file])


def _export(args: argparse.Namespace, reading: ModalReading) -> None:
    from persian_mir.exchange.pitch_csv import write_notes_csv, write_pitch_csv
    from persian_mir.exchange.scales import measured_scale, write_scl, write_tun

    if args.pitch_csv is not None:
        write_pitch_csv(args.pitch_csv, reading.track, reading.tonic_hz)
    if args.notes_csv is not None:
        write_notes_csv(args.notes_csv, reading.track, reading.tonic_hz)
    if args.gushehs_json is not None:
        from persian_mir.exchange.gusheh_json import write_gushehs_json
        from persian_mir.modal.gushehs import gusheh_timeline

        write_gushehs_json(args.gushehs_json, gusheh_timeline(reading))
    if args.scl is None and args.tun is None:
        return
    if reading.tonic_hz is None:
        raise PersianMirError(_("There is no scale to be written. {reason}").format(reason=reading.reason))
    scale = measured_scale(reading.degrees)
    title = f"{describe('mode', reading.modes[0][0]).spoken}, {visible(args.file.name)}"
    if args.scl is not None:
        write_scl(args.scl, scale, title)
    if args.tun is not None:
        write_tun(args.tun, scale, reading.tonic_hz, title)


def _report(path: Path, problems: Iterable[str], reading: ModalReading) -> list[str]:
    from persian_mir.modal.explanation import explain
    from persian_mir.modal.section_verdicts import MILLISECONDS, task_sections, verdict_on

    lines = [visible(path.name), *(f"  {_('note')}: {problem}" for problem in problems)]
    if not reading.heard or reading.tonic_hz is None:
        return [*lines, f"  {reading.reason}"]
    lines += [f"  {task:<9}{sentence(verdict_on(reading, task))}" for task in ("dastgah", "mode")]
    sections = task_sections(reading, "mode", MILLISECONDS, round(reading.track.stop_s * MILLISECONDS))
    lines += [f"  {'':<9}{line}" for line in section_lines(sections, MILLISECONDS)]
    lines.append(f"  {_('shahed'):<9}{_hz(reading.tonic_hz)} Hz")
    if reading.shahed_hz is not None and reading.gusheh is not None and reading.shahed_hz != reading.tonic_hz:
        moved = _("moved to {hz} Hz, as in the gusheh {gusheh}")
        lines.append(f"  {'':<9}{moved.format(hz=_hz(reading.shahed_hz), gusheh=reading.gusheh.spoken)}")
    if reading.ist_hz is not None:
        lines.append(f"  {_('ist'):<9}{_hz(reading.ist_hz)} Hz")
    lines += ["", *_table(reading), "", f"  {explain(reading).sentence}"]
    return lines


def _gusheh_lines(reading: ModalReading) -> Iterator[str]:
    """`0:00–1:20  Daramad 1 (45%), Kereshme (20%)`, one a stretch, below what to think of them."""
    from persian_mir.modal.gushehs import gusheh_timeline

    yield "  " + _("The nearest gushehs, a weak guess: the first is right in about one stretch of three.")
    rows = []
    for one in gusheh_timeline(reading):
        names = [f"{gusheh.spoken} ({percent(probability)})" for gusheh, probability in one.nearest]
        rows.append((f"{clock(one.start_s)}–{clock(one.stop_s)}", _(", ").join(names) or _("no mode heard")))
    yield from (f"  {line}" for line in columned(rows))


def _table(reading: ModalReading) -> list[str]:
    heads = (_("degree"), _("cents"), _("spread"), _("time"), "24-TET", "Farhat", _("radif"), _("off Farhat"))
    widths = [max(11, width(head) + 2) for head in heads[1:]]
    rows = [_line(heads[0], heads[1:], widths)]
    for degree in reading.degrees:
        cells = (
            f"{degree.cents:.0f}",
            f"{degree.spread_cents:.0f}",
            f"{degree.weight:.1%}",
            f"{degree.tet24_cents:.0f}",
            _cents(degree.farhat_cents),
            _cents(degree.radif_cents),
            _cents(degree.off_farhat_cents, "+"),
        )
        name = "" if degree.name is None else degree.name.text
        rows.append(_line(name, [figures(cell) for cell in cells], widths))
    return rows


def _line(name: str, cells: Sequence[str], widths: Sequence[int]) -> str:
    """A name, and figures that end where the heads over them end."""
    ended = (" " * (wide - width(cell)) + cell for cell, wide in zip(cells, widths, strict=True))
    return f"  {name}{' ' * (12 - width(name))}{''.join(ended)}"


def _hz(hz: float) -> str:
    return digits(f"{hz:.1f}")


def _cents(value: float | None, sign: str = "-") -> str:
    return "–" if value is None else f"{round(value) or 0:{sign}}"  # none is neither above nor below
