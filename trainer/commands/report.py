"""`report`: the report of the results that stand in a folder."""

from __future__ import annotations

import argparse
from pathlib import Path

from persian_mir.errors import PersianMirError
from persian_mir.i18n import _
from trainer.commands.arguments import add_excel
from trainer.commands.reporter import Reporter


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command's arguments."""
    one = commands.add_parser("report", help=_("write the report of finished results anew"))
    one.add_argument("--out", type=Path, required=True, help=_("the folder of the results"))
    add_excel(one)
    one.add_argument("--json", action="store_true", help=_("one JSON object a line for each event"))
    one.set_defaults(run=run)


def run(args: argparse.Namespace, reporter: Reporter) -> int:
    """Write `report.html` and `results.csv`. Raises PersianMirError."""
    from trainer.experiments.result_store import set_aside_damaged
    from trainer.features.segments import Remark
    from trainer.reports.report import has_results, write_report

    damaged = tuple(set_aside_damaged(args.out))
    for path in damaged:
        reporter.publish(Remark(_("{file} is damaged, and is left out of the report.").format(file=path)))
    if not has_results(args.out):
        cure = _("Run an experiment into it first, or name the folder of one.")
        raise PersianMirError(_("There are no results in this folder."), path=args.out, cure=cure)
    page, table = write_report(args.out, excel=args.excel)
    text = _("report: {page}, figures: {table}").format(page=page, table=table)
    reporter.event("done", text, report=str(page), csv=str(table))
    return 1 if damaged else 0
