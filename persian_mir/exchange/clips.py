"""Clips: the segments of a label cut from their recordings, a WAV each, in a folder."""

from __future__ import annotations

import string
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path

from persian_mir.catalogue.model import Described, Statement
from persian_mir.catalogue.statement_rows import MACHINE
from persian_mir.errors import PersianMirError
from persian_mir.exchange.bounded import base_name
from persian_mir.exchange.file_names import Names, safe_name
from persian_mir.exchange.marks import in_force
from persian_mir.exchange.sound import write_stretch
from persian_mir.i18n import _
from persian_mir.progress import SILENT, Progress

TEMPLATE = "{label}/{name} {start}-{stop}"
FIELDS = ("task", "label", "name", "title", "number", "start", "stop", "status", "who")
LONGEST_TEMPLATE = 200


def write(
    path: Path,
    described: Sequence[Described],
    labels: Sequence[str] = (),
    template: str = TEMPLATE,
    progress: Progress = SILENT,
) -> None:
    """Write a clip of each segment that holds one of `labels` (`mode=segah`, or `segah` of any task; all where none).

    A person's label wins over a machine's of the same stretch. Where there are segments, the whole is no clip.
    Nothing is written over: a name that is taken gets a number. Raises PersianMirError.
    """
    check_template(template)
    chosen = [(one, said) for one in described for said in segments(one, labels)]
    if not chosen:
        cure = _("Choose another label, or label the recordings first.")
        raise PersianMirError(_("There is no segment of these labels."), cure=cure)
    names = Names()
    done = 0
    for one, group in groupby(chosen, key=lambda pair: pair[0]):
        done = _cut(path, one, [said for _one, said in group], template, names, progress, done, len(chosen))


def _cut(
    folder: Path,
    one: Described,
    said: Sequence[Statement],
    template: str,
    names: Names,
    progress: Progress,
    done: int,
    of: int,
) -> int:
    from persian_mir.audio import open_audio

    with open_audio(Path(one.path)) as source:
        recording = source.recording
        if recording.content_hash != one.content_hash or recording.rate != one.rate:
            cure = _("Label it again, or show the catalogue where the recording is.")
            raise PersianMirError(_("This file holds another sound than was labelled."), path=one.path, cure=cure)
        for statement in said:
            target = _free(folder, names, clip_name(template, one, statement))
            write_stretch(source, statement.start, min(statement.stop, recording.frames), target)
            done += 1
            progress.step(done / of, target.name)
    return done


def segments(one: Described, labels: Sequence[str] = ()) -> Iterator[Statement]:
    """The segments of a recording that hold one of `labels`, in the order of time."""
    held = [said for said in in_force(one.statements) if said.start < one.frames]
    people = {(said.task, said.start, said.stop) for said in held if said.status not in MACHINE}
    parts = {said.task for said in held if (said.start, said.stop) != (0, one.frames)}
    for said in sorted(held, key=lambda said: (said.start, said.stop, said.task)):
        whole = (said.start, said.stop) == (0, one.frames) and said.task in parts
        outdone = said.status in MACHINE and (said.task, said.start, said.stop) in people
        asked = not labels or said.label in labels or f"{said.task}={said.label}" in labels
        if said.label and asked and not whole and not outdone:
            yield said


def check_template(template: str) -> None:
    """Raises PersianMirError for a template that asks for what no clip has, or that leaves its folder."""
    try:
        found = {field for _text, field, form, turned in string.Formatter().parse(template) if field is not None}
        odd = any(form or turned for _text, _field, form, turned in string.Formatter().parse(template))
    except ValueError:
        found, odd = set(), True
    if odd or not found or found - set(FIELDS) or len(template) > LONGEST_TEMPLATE:
        cure = _("In braces may stand: {names}.").format(names=", ".join(FIELDS))
        raise PersianMirError(_("This is no template for names."), cure=cure)


def clip_name(template: str, one: Described, said: Statement) -> list[str]:
    """The folders and the name of a clip, not yet made safe. A `/` of a field makes no folder."""
    start, stop = (f"{at / one.rate:09.3f}" for at in (said.start, said.stop))
    told: Mapping[str, str] = {
        **{"task": said.task, "label": said.label, "start": start, "stop": stop, "status": said.status},
        **{"name": Path(base_name(one.path)).stem, "who": said.who, "number": one.programme.number},
        "title": one.programme.title_latin or one.programme.title_fa,
    }
    return [part.format(**{name: text or "–" for name, text in told.items()}) for part in template.split("/") if part]


def _free(folder: Path, names: Names, parts: Sequence[str]) -> Path:
    """A place where nothing is, and that no other clip of this run takes."""
    inner = folder.joinpath(*(safe_name(part) for part in parts[:-1]))
    prefix = "/".join(safe_name(part).casefold() for part in parts[:-1])
    while True:
        target = inner / names.take(f"{parts[-1]}.wav", prefix)
        if not target.exists() and not target.is_symlink():
            return target
