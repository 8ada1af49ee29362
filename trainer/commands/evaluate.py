"""`evaluate`: how good a fitted probe is on labelled recordings."""

from __future__ import annotations

import argparse
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from persian_mir.commands.computing import computing
from persian_mir.errors import PersianMirError
from persian_mir.i18n import _
from trainer.commands.arguments import add_data, add_running
from trainer.commands.reporter import Reporter

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from persian_mir.backbones import Backbone
    from persian_mir.probes.probe import Probe
    from trainer.data import Entry
    from trainer.evaluation.evaluate import Evaluation, Metrics


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command's arguments."""
    one = commands.add_parser("evaluate", help=_("judge a probe on labelled recordings"))
    one.add_argument("--probe", type=Path, required=True, help=_("the .probe file to judge"))
    add_data(one)
    add_running(one)
    one.set_defaults(run=run)


def run(args: argparse.Namespace, reporter: Reporter) -> int:
    """Judge on the test part where the data have one, else on everything. Raises PersianMirError."""
    from persian_mir.backbones import load_installed
    from persian_mir.probes import load_probe
    from persian_mir.probes.predictor import check_backbone
    from trainer.data import DataError
    from trainer.features.segments import Remark
    from trainer.reports.words import refusal_words

    probe = load_probe(args.probe)
    backbone = load_installed(probe.backbone.id, *computing(args))
    check_backbone(probe.backbone, backbone.key)
    entries, part = _entries(args, probe)
    used = _judged([entry for entry in entries if part in ("all", entry.split)], probe, reporter)
    if not used:
        what = _("No recording here has one of the probe's labels: {labels}.").format(labels=", ".join(probe.labels))
        raise DataError(what, path=args.data, cure=_("Choose other data, or another probe."))
    judged = _evaluation(used, probe, backbone, reporter)
    if part == "all":
        text = _("No test part is given: judged on all recordings. What the probe learnt from flatters it.")
        reporter.publish(Remark(text))
    refusals = _refused(entries, part, probe, backbone, reporter)
    words = refusal_words(refusals)
    card = _add_to_card(args, judged, words, reporter)
    lines = [_("Judged on the test part.") if part == "test" else "", *_score_lines(judged), words]
    lines.append(_("Added to its card: {file}").format(file=card) if card else "")
    known = {"refusals": dict(refusals), "card": card and str(card), "part": part, "judgement": judged.as_dict()}
    reporter.event("done", "\n".join(filter(None, lines)), probe=probe.hash, task=probe.task, **known)
    return 1 if reporter.skipped else 0


def _entries(args: argparse.Namespace, probe: Probe) -> tuple[Sequence[Entry], Literal["test", "all"]]:
    """What the data name, artists written as the probe writes them, and which part of it is to judge by."""
    from persian_mir.names import name_key
    from trainer.data import read_dataset
    from trainer.data.spelling import respelt

    names = {name_key(label): label for label in probe.labels} if probe.task == "artist" else {}
    entries = respelt(read_dataset(args.data, probe.task, args.tables).entries, names)
    return entries, "test" if any(entry.split == "test" for entry in entries) else "all"


def _evaluation(used: Sequence[Entry], probe: Probe, backbone: Backbone, reporter: Reporter) -> Evaluation:
    """How right the probe is, of segments and of recordings."""
    import numpy as np

    from persian_mir.embeddings import EmbeddingCache
    from persian_mir.probes.probe import said
    from trainer.features.extraction import FeatureExtractor
    from trainer.features.gather import gather
    from trainer.fitting.scores import ProbeAnswers, answers_of_part

    cache = EmbeddingCache.usual()
    extractor = FeatureExtractor(backbone, probe.grid, probe.layers, cache, modal=probe.modal is not None)
    features = gather(used, probe.task, probe.labels, extractor, reporter)
    told = [said(probe, features.read(some), features.modal(some)) for some in features.blocks()]
    answers = ProbeAnswers(*(np.concatenate(one) for one in zip(*told, strict=True)))
    every = np.ones(len(features.targets), np.bool_)
    return answers_of_part(answers, features, every).evaluation(probe.sure_margin)


def _score_lines(judged: Evaluation) -> Iterator[str]:
    text = _(
        "{name}: {accuracy:.1%} of {count} right (95-percent interval {low:.1%} to {high:.1%}), "
        "macro-F1 {macro_f1:.3f}, chance {chance:.1%}, "
        "commonest label {majority:.1%}, calibration error {error:.3f}"
    )
    for name, level in ((_("segments"), judged.segments), (_("recordings"), judged.recordings)):
        yield text.format(name=name, majority=level.majority_baseline, error=level.ece, **asdict(level))
        yield "  " + sure_words(level)


def _add_to_card(args: argparse.Namespace, judged: Evaluation, words: str, reporter: Reporter) -> Path | None:
    """Write the figures into the probe's card; None, and a remark, where that cannot be: they are told all the same."""
    from trainer.features.segments import Remark
    from trainer.reports.card import add_collection

    try:
        return add_collection(args.probe, args.data.name, judged, words)
    except PersianMirError as error:
        reporter.publish(Remark(error.what))
        return None


def _refused(entries: Sequence[Entry], part: str, probe: Probe, backbone: Backbone, reporter: Reporter) -> Counter[str]:
    """What the probe says of recordings with labels of its task that are none of its own."""
    from persian_mir.embeddings import EmbeddingCache
    from persian_mir.probes import ProbePredictor
    from trainer.evaluation.foreign_sounds import answers_to_recordings

    known = {one.path for one in entries if one.labels.get(probe.task) in probe.labels}
    others = [one.path for one in entries if part in ("all", one.split) and probe.task in one.written]
    paths = [path for path in dict.fromkeys(others) if path not in known]
    return answers_to_recordings(ProbePredictor(probe, backbone, EmbeddingCache.usual()), paths, reporter)


def _judged(entries: Sequence[Entry], probe: Probe, reporter: Reporter) -> list[Entry]:
    """Those whose label the probe knows; of the others is told how many there are, by label."""
    from trainer.data.spelling import unknown_label
    from trainer.features.segments import Remark, Skipped

    used, others = [], Counter[str]()
    for entry in (one for one in entries if probe.task in one.written):
        label = entry.labels.get(probe.task)
        if label is None:
            reporter.publish(Skipped(entry.path, unknown_label(probe.task, entry.written[probe.task])))
        elif label in probe.labels:
            used.append(entry)
        else:
            others[label] += 1
    if others:
        text = _("Judged by whether they are refused, since the probe does not know their labels: {counts}.")
        told = ", ".join(f"{label} {count}" for label, count in sorted(others.items()))
        reporter.publish(Remark(text.format(counts=told)))
    return used


def sure_words(level: Metrics) -> str:
    """How many are named surely, and how many of those rightly."""
    if not level.coverage or level.selective_accuracy is None:
        return _("none of them is named surely")
    text = _("{sure:.1%} of them are named surely, of which {right:.1%} are right; of the others it says: not sure")
    return text.format(sure=level.coverage, right=level.selective_accuracy)
