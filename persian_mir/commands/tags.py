"""`persian-mir tags`: what is known of recordings, written into their files; only on request, and to be undone."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from persian_mir.commands import tag_lists
from persian_mir.commands.arguments import count
from persian_mir.commands.catalogue_file import add_catalogue, open_catalogue
from persian_mir.commands.computing import add_predictors, predictors_asked_for
from persian_mir.commands.files import expand
from persian_mir.commands.label import labelled_files, statements_of_people
from persian_mir.commands.labelled import LabelledFile
from persian_mir.commands.progress_line import ProgressLine
from persian_mir.errors import PersianMirError
from persian_mir.i18n import _, ngettext
from persian_mir.visible import visible

if TYPE_CHECKING:
    from persian_mir.catalogue.catalogue import Catalogue
    from persian_mir.tags.plan import FilePlan
    from persian_mir.tags.profiles import Templates
    from persian_mir.tags.values import Known
    from persian_mir.tags.write import Outcome

SHOWN = 60  # signs of a value in the table


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command and its actions."""
    parser = commands.add_parser(
        "tags",
        help=_("write labels into the tags of files, and take that back"),
        description=_("Shows what would be written, writes it through a copy, and undoes any batch to the byte."),
    )
    actions = parser.add_subparsers(metavar=_("ACTION"), required=True)
    preview = actions.add_parser("preview", help=_("show old and new values; nothing is written"))
    _add_choices(preview)
    preview.set_defaults(run=run_preview, asked=None)
    write = actions.add_parser("write", help=_("show them, ask, and write"))
    _add_choices(write)
    write.add_argument("--yes", action="store_true", help=_("write without being asked"))
    write.add_argument("--keep-times", action="store_true", help=_("leave files their time of change"))
    write.set_defaults(run=run_write, asked=None)
    undo = actions.add_parser("undo", help=_("take a batch back: every file becomes what it was"))
    undo.add_argument("batch", nargs="?", type=count, metavar="N", help=_("its number (default: the last one)"))
    add_catalogue(undo)
    undo.add_argument("--json", action="store_true", help=_("print JSON, for programs"))
    undo.set_defaults(run=run_undo)
    tag_lists.add(actions)


def _add_choices(parser: argparse.ArgumentParser) -> None:
    from persian_mir.tags.profiles import DEFAULT

    parser.add_argument("files", nargs="+", metavar="FILE", help=_("recordings, or folders of them"))
    profile_help = _("which fields get what: see tags profiles (default: fields, which touches nothing that you wrote)")
    add_catalogue(parser)
    parser.add_argument("--profile", default=DEFAULT, metavar="NAME", help=profile_help)
    set_help = _("another template for a field, as title='{dastgah_fa} · {title}'; may be repeated")
    named = ("--template", "--set")
    parser.add_argument(*named, action="append", default=[], metavar="FIELD=TEXT", dest="settings", help=set_help)
    parser.add_argument("--save-profile", metavar="NAME", help=_("keep these templates as a profile of your own"))
    add_predictors(parser)
    parser.add_argument("--json", action="store_true", help=_("print JSON, for programs"))


def run_preview(args: argparse.Namespace) -> int:
    """Show what would change."""
    plans = list(_plans(args))
    _show(plans, args.json)
    return _code([plan.refused for plan in plans])


def run_write(args: argparse.Namespace) -> int:
    """Show what would change, ask, and write it."""
    from persian_mir.tags.write import write_tags

    if args.json and not args.yes:
        raise PersianMirError(_("With --json nobody is asked."), cure=_("Add --yes to write, or use tags preview."))
    plans = list(_plans(args))
    if not args.json:
        _show(plans, False)
    changing = sum(bool(plan.changes) for plan in plans)
    if changing and not (args.yes or _asked(changing)):
        print(_("Nothing was written."))
        return 0
    line = ProgressLine("")
    try:
        written = write_tags(plans, args.profile, keep_times=args.keep_times, progress=line)
    finally:
        line.close()
    _note(args, written.outcomes)
    if args.json:
        print(json.dumps({"batch": written.batch or None, "files": [_told(one) for one in written.outcomes]}))
    else:
        done = sum(one.changed for one in written.outcomes)
        _say(written.outcomes)
        print(ngettext("{count} file was written.", "{count} files were written.", done).format(count=done))
        if written.batch:
            print(_("To take it back: persian-mir tags undo {batch}").format(batch=str(written.batch)))
    return _code([one.reason for one in written.outcomes])


def run_undo(args: argparse.Namespace) -> int:
    """Take a batch back."""
    from persian_mir.tags.journal import Journal
    from persian_mir.tags.write import undo_tags

    batches = [one for one in Journal().batches() if args.batch in (None, one.id)]
    open_ones = [one.id for one in batches if one.undone < one.files]
    if not batches:
        raise PersianMirError(_("There is no such batch in the journal."), cure=_("See persian-mir tags log."))
    line = ProgressLine("")
    try:
        outcomes = undo_tags(open_ones[0], line) if open_ones else ()
    finally:
        line.close()
    _note(args, outcomes)
    if args.json:
        print(json.dumps({"batch": open_ones[0] if open_ones else None, "files": [_told(one) for one in outcomes]}))
    else:
        done = sum(one.changed for one in outcomes)
        _say(outcomes)
        print(ngettext("{count} file is as it was.", "{count} files are as they were.", done).format(count=done))
    return _code([one.reason for one in outcomes])


def _plans(args: argparse.Namespace) -> Iterator[FilePlan]:
    from persian_mir.tags.in_catalogue import held_of
    from persian_mir.tags.plan import plan_file
    from persian_mir.tags.profiles import keep_profile, needs_labels, templates

    chosen = templates("" if args.profile == "none" else args.profile, args.settings)
    if args.save_profile:
        keep_profile(args.save_profile, chosen)
    paths, labels = expand(args.files), needs_labels(chosen)
    asked = bool(args.probe or args.modal or args.modal_window is not None)
    told = None if asked or not labels else _catalogue(args)
    with told or nullcontext() as catalogue:
        for path in paths:
            held = held_of(catalogue, path) if catalogue else {}
            yield plan_file(path, held, chosen) if held or not labels else _predicted(path, args, chosen)


def _catalogue(args: argparse.Namespace) -> Catalogue | None:
    """The catalogue, if there is one."""
    from persian_mir.catalogue.database import default_path

    return open_catalogue(args) if args.catalogue is not None or default_path().exists() else None


def _predicted(path: Path, args: argparse.Namespace, chosen: Templates) -> FilePlan:
    """The plan of a file of which the catalogue says nothing: the predictors are asked."""
    from persian_mir.tags.plan import plan_file

    if args.asked is None:
        args.asked = predictors_asked_for(args), statements_of_people()
    chosen_predictors, said = args.asked
    (labelled,) = labelled_files([path], chosen_predictors, said)
    return plan_file(path, known_of(labelled), chosen) if labelled.error is None else _unread(labelled)


def _note(args: argparse.Namespace, outcomes: Sequence[Outcome]) -> None:
    """Let the catalogue know the files as they are now."""
    from persian_mir.tags.in_catalogue import note_files

    with _catalogue(args) or nullcontext() as catalogue:
        if catalogue is not None:
            note_files(catalogue, outcomes)


def _unread(labelled: LabelledFile) -> FilePlan:
    from persian_mir.tags.plan import FilePlan

    return FilePlan(labelled.path, refused=(labelled.error or "").removeprefix(f"{labelled.path}: "))


def known_of(labelled: LabelledFile) -> dict[str, tuple[Known, ...]]:
    """Return what holds of a whole recording, by task: what a person says wins over what a machine does."""
    from persian_mir.catalogue.statements import is_whole
    from persian_mir.tags.values import Known

    found: dict[str, tuple[Known, ...]] = {}
    for task, (one, speaker) in labelled.verdicts().items():
        if one.statement is None:
            found[task] = (Known(one.label, one.status, speaker.id, one.machine.probability),)
        else:
            found[task] = (Known(one.label, one.status, one.statement.by),)
    for said in labelled.alone():
        if labelled.recording is not None and is_whole(said, labelled.recording):
            found[said.task] = (Known(said.label, said.status, said.by),)
    return found


def _show(plans: Sequence[FilePlan], as_json: bool) -> None:
    if as_json:
        told = [
            {
                "file": str(plan.path),
                "changes": [asdict(change) for change in plan.changes],
                "refused": plan.refused or None,
            }
            for plan in plans
        ]
        print(json.dumps(told))
        return
    for plan in plans:
        print(visible(str(plan.path)))
        for change in plan.changes:
            print(f"  {change.field:<11}{_short(change.old)} → {_short(change.new)}")
        if not plan.changes:
            print(f"  {plan.refused or _('stays as it is')}")


def _short(text: str) -> str:
    text = visible(text)
    if not text:
        return "–"
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"


def _told(one: Outcome) -> dict[str, object]:
    return {"file": str(one.path), "changed": one.changed, "reason": one.reason or None}


def _say(outcomes: Sequence[Outcome]) -> None:
    for one in outcomes:
        if one.reason:
            print(f"persian-mir: {visible(str(one.path))}: {one.reason}", file=sys.stderr)


def _asked(count: int) -> bool:
    if not sys.stdin.isatty():
        raise PersianMirError(_("Nobody can be asked here."), cure=_("Add --yes to write without being asked."))
    question = ngettext("Write into {count} file? [y/N] ", "Write into {count} files? [y/N] ", count)
    return input(question.format(count=count)).strip().casefold() in ("y", "yes", "ب", "بله")


def _code(reasons: Sequence[str]) -> int:
    return 1 if any(reasons) else 0
