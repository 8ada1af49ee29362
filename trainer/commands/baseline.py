"""`baseline`: the systems of earlier studies, listed, or fitted on labelled recordings."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from persian_mir import plurals
from persian_mir.commands.arguments import seconds_between
from persian_mir.computing import DEVICES
from persian_mir.i18n import _
from persian_mir.labels import TASKS
from persian_mir.output_guard import guard_outputs
from trainer.baselines.studies import Study, studies, study
from trainer.commands.arguments import add_data, add_epochs, add_patience, seed
from trainer.commands.checked import checked_data
from trainer.commands.reporter import Reporter

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from trainer.baselines.fit import Outcome
    from trainer.evaluation.evaluate import Evaluation


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command's arguments."""
    one = commands.add_parser("baseline", help=_("fit the system of an earlier study, or list them"))
    names = one.add_subparsers(metavar=_("NAME"), required=True)
    listing = names.add_parser("list", help=_("all of them, with their published figures"))
    _add_json(listing)
    listing.set_defaults(run=run_list)
    for known in studies():
        system = names.add_parser(known.id, help=known.title)
        add_data(system)
        system.add_argument("--task", choices=TASKS, required=True)
        system.add_argument("--out", type=Path, required=True, help=_("the .baseline file to write"))
        system.add_argument("--judged", type=Path, help=_("a JSON file for what is said of each segment kept apart"))
        system.add_argument("--split", default="auto", help=_("auto, official, grouped, recording or a split's file"))
        system.add_argument("--window", type=_window, help=_("length of a segment in seconds (default: the system's)"))
        text = _("judge by random segments, unheard recordings and unheard artists, too, in folds of all data")
        system.add_argument("--protocols", action="store_true", help=text)
        system.add_argument("--seed", type=seed, default=0)
        add_epochs(system)
        add_patience(system)
        system.add_argument("--device", choices=DEVICES, default="auto", help=_("where a net is fitted"))
        _add_json(system)
        system.set_defaults(run=run, system=known.id)


def run_list(_args: argparse.Namespace, reporter: Reporter) -> int:
    """`baseline list`: what was published of each, and the tasks and segments that it takes here."""
    from trainer.baselines.built import BASELINES

    systems = {one.id: {"tasks": one.tasks, "window_s": one.window_s} for one in BASELINES}
    rows = [asdict(one) | {"title": one.title, "built": one.id in systems} | systems[one.id] for one in studies()]
    reporter.event("done", "\n".join(map(_line, studies())), baselines=rows)
    return 0


def run(args: argparse.Namespace, reporter: Reporter) -> int:
    """`baseline NAME`: read the data, fit, judge, save. Raises PersianMirError, and Cancelled."""
    from persian_mir.embeddings import EmbeddingCache
    from trainer.baselines.baseline import Effort
    from trainer.baselines.built import find_baseline
    from trainer.baselines.fit import fit_baseline
    from trainer.data import DataError
    from trainer.evaluation.evaluation_file import write_evaluation
    from trainer.fitting.split_masks import chosen_split
    from trainer.fitting.training_data import TrainingData

    baseline = find_baseline(args.system)
    written = [path for path in (args.out, args.judged) if path is not None]
    guard_outputs(written)
    sound, left = checked_data(args.data, args, written, reporter)
    dataset, splits = chosen_split(sound, args.task, args.split, args.seed)
    data = TrainingData(dataset.entries, dataset.name, splits, left_out=left)
    settings = {"window_s": args.window, "protocols": args.protocols}
    settings |= {"effort": Effort(args.seed, args.device, args.epochs, args.patience)}
    try:
        outcome = fit_baseline(baseline, data, args.task, **settings, cache=EmbeddingCache.usual(), progress=reporter)
    except DataError as error:  # says what is wrong with them, not where they lie
        raise DataError(error.what, path=error.path or args.data, cure=error.cure) from error
    outcome.fitted.save(args.out)
    if args.judged and outcome.judged:
        write_evaluation(args.judged, outcome.judged)
    _tell(outcome, args, reporter)
    return 1 if reporter.skipped else 0


def _tell(outcome: Outcome, args: argparse.Namespace, reporter: Reporter) -> None:
    """The figures, with the published one beside them."""
    from trainer.reports.words import sure_margin_words

    fitted, judged = outcome.fitted, outcome.judged
    published = study(fitted.baseline.id)
    evaluations = {name: one.as_dict() for name, one in judged.evaluations.items()} if judged else {}
    lines = [_("{file}: baseline {name}").format(file=args.out, name=fitted.name), *_scores(outcome)]
    lines.append(sure_margin_words(fitted.training["sure"]))
    reporter.event(
        "done",
        "\n".join([*lines, *_protocols(outcome.protocols), *_published(published)]),
        out=str(args.out),
        hash=fitted.hash,
        training=dict(fitted.training),
        judged=str(args.judged) if args.judged and judged else None,
        judgement=evaluations,
        protocols={name: one.as_dict() for name, one in outcome.protocols.items()},
        study=asdict(published),
    )


def _scores(outcome: Outcome) -> Iterator[str]:
    """A line a level of what it was judged by."""
    text = _("{part}: {segments}, {right:.1%} right; {recordings}, {whole:.1%} right")
    for one in outcome.judged.evaluations.values() if outcome.judged else ():
        of = {
            "segments": plurals.segments(one.segments.count),
            "recordings": plurals.recordings(one.recordings.count),
        }
        part = outcome.judged.part if outcome.judged else ""
        yield text.format(part=part, right=one.segments.accuracy, whole=one.recordings.accuracy, **of)
        chances = _("chance {chance:.1%}, commonest label {majority:.1%}")
        yield chances.format(chance=one.segments.chance, majority=one.segments.majority_baseline)


def _protocols(found: Mapping[str, Evaluation]) -> Iterator[str]:
    """A line a protocol, and what their difference means."""
    from trainer.baselines.protocols import PROTOCOLS, protocol_leak, protocol_name

    text = _("{name}: {segments:.1%} of the segments right, {recordings:.1%} of the recordings")
    for name, one in found.items():
        right = {"segments": one.segments.accuracy, "recordings": one.recordings.accuracy}
        yield text.format(name=protocol_name(name), **right)
    for name in PROTOCOLS if found else ():
        if name not in found:
            yield _("{name}: no figure; too few are known").format(name=protocol_name(name))
    if told := protocol_leak(found):
        yield told


def _published(one: Study) -> list[str]:
    """What the study itself says, and what that is worth."""
    if not one.source:
        return [one.leak]
    text = _("Published: {figure} ({data}; split: {split}). {leak} {source}")
    figure = one.published or _("no figure that could be read")
    return [text.format(figure=figure, data=one.data, split=one.split, leak=one.leak, source=one.source)]


def _line(one: Study) -> str:
    """A system in `list`."""
    return "  ".join([f"{one.id:16}", one.title, *_published(one)])


def _add_json(one: argparse.ArgumentParser) -> None:
    one.add_argument("--json", action="store_true", help=_("one JSON object a line for each event"))


def _window(text: str) -> float:
    return seconds_between(text, 0.1, 600)
