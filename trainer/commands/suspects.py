"""`suspects`: labels that the other recordings contradict, the most suspect first."""

from __future__ import annotations

import argparse
from pathlib import Path

from persian_mir.commands.computing import computing
from persian_mir.csv_text import MARK
from persian_mir.i18n import _, digits, percent
from persian_mir.labels import TASKS
from trainer.commands.arguments import add_backbone, add_data, add_excel, add_running, guard
from trainer.commands.reporter import Reporter

SHOWN = 20  # on the terminal; the rest stands in the file


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command's arguments."""
    one = commands.add_parser("suspects", help=_("list the labels that other recordings contradict"))
    add_data(one)
    one.add_argument("--task", choices=TASKS, required=True)
    add_backbone(one)
    one.add_argument(
        "--by",
        choices=("recording", "artist"),
        default="recording",
        help=_("artist: where all recordings of an artist may be labelled wrongly (default: recording)"),
    )
    one.add_argument("--all", action="store_true", help=_("list every recording, not only the contradicted ones"))
    one.add_argument("--out", type=Path, required=True, help=_("the CSV to write"))
    add_excel(one)
    add_running(one)
    one.set_defaults(run=run)


def run(args: argparse.Namespace, reporter: Reporter) -> int:
    """Compare, write, tell. Raises PersianMirError."""
    from persian_mir.backbones import load_backbone
    from persian_mir.embeddings import EmbeddingCache
    from persian_mir.whole_file import write_whole
    from trainer.data import read_dataset
    from trainer.evaluation.label_issues import DOUBTFUL, csv_text, find_suspects

    dataset = read_dataset(args.data, args.task, args.tables, reporter)
    guard([args.out], args, dataset)
    backbone = load_backbone(args.backbone, *computing(args))
    cache = EmbeddingCache.usual()
    found = find_suspects(dataset, args.task, backbone, by=args.by, cache=cache, progress=reporter)
    listed = found.ranked if args.all else found.ranked[: found.contradicted]
    write_whole(args.out, (MARK if args.excel else "") + csv_text(listed))
    text = _("{out}: {count} of {of} labels are contradicted; the others would have named {agreement} as they are")
    counted = {"count": digits(str(found.contradicted)), "of": digits(str(len(found.ranked)))}
    text = text.format(out=args.out, agreement=percent(found.agreement), **counted)
    if found.agreement < DOUBTFUL:
        text += "\n" + _("They agree with too few labels to be witnesses: the list says little.")
    lines = [f"  {digits(f'{one.score:.2f}')}  {one.given} → {one.suggested}  {one.path}" for one in listed[:SHOWN]]
    counts = {"listed": len(listed), "of": len(found.ranked), "contradicted": found.contradicted}
    agreement = round(found.agreement, 4)
    reporter.event("done", "\n".join([text, *lines]), out=str(args.out), **counts, agreement=agreement, by=found.by)
    return 1 if reporter.skipped else 0
