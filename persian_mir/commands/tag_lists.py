"""`persian-mir tags profiles` and `tags log`: what can be written, and what was."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict

from persian_mir.i18n import _, ngettext
from persian_mir.visible import visible


def add(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare both."""
    profiles = actions.add_parser("profiles", help=_("list the profiles, also those that you kept"))
    profiles.add_argument("--forget", metavar="NAME", help=_("forget one that you kept"))
    profiles.add_argument("--json", action="store_true", help=_("print JSON, for programs"))
    profiles.set_defaults(run=run_profiles)
    log = actions.add_parser("log", help=_("list the batches that were written"))
    log.add_argument("--json", action="store_true", help=_("print JSON, for programs"))
    log.set_defaults(run=run_log)


def run_profiles(args: argparse.Namespace) -> int:
    """Say of each profile which field gets what."""
    from persian_mir.tags.profiles import PROFILES, forget_profile, own_profiles

    if args.forget:
        forget_profile(args.forget)
    known = {**PROFILES, **own_profiles()}
    if args.json:
        told = [{"name": name, "own": name not in PROFILES, "templates": dict(one)} for name, one in known.items()]
        print(json.dumps(told, ensure_ascii=False))
        return 0
    for name, chosen in known.items():
        print(visible(name))
        for field, template in chosen.items():
            print(f"  {field:<11}{visible(template)}")
    return 0


def run_log(args: argparse.Namespace) -> int:
    """A line a batch."""
    from persian_mir.tags.journal import Journal

    batches = Journal().batches()
    if args.json:
        print(json.dumps([asdict(one) for one in batches]))
        return 0
    if not batches:
        print(_("No tags were written yet."))
    for one in batches:
        files = ngettext("{count} file", "{count} files", one.files).format(count=one.files)
        state = _("undone") if one.undone == one.files else _("in force") if not one.undone else _("partly undone")
        print(f"{one.id:>5}  {one.started}  {one.profile:<12}{files:<14}{state}")
    return 0
