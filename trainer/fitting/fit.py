"""From examples to a probe: embed, split, fit, calibrate, judge, and write down how."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np

from persian_mir import __version__
from persian_mir.backbones import Backbone
from persian_mir.embeddings import EmbeddingCache
from persian_mir.modal.features import features_version
from persian_mir.probes.ood_detector import OodDetector
from persian_mir.probes.probe import ModalPart, Probe, answers
from persian_mir.progress import SILENT, Cancelled, Progress
from trainer.evaluation.evaluate import leak_warning
from trainer.evaluation.evaluation_file import EvaluatedSegments
from trainer.evaluation.sureness import Answered, judged_margin
from trainer.features import others
from trainer.features.extraction import FeatureExtractor
from trainer.features.gather import gather
from trainer.features.played import QUIET_DB, played
from trainer.features.segments import Features, Remark, Scale
from trainer.fitting import calibrate
from trainer.fitting.artist_grouped import artist_grouped_answers, fit_features, logits
from trainer.fitting.calibrate import USUAL_REACH
from trainer.fitting.checkpoint import Checkpoint, CheckpointEntry
from trainer.fitting.fit_options import FitOptions
from trainer.fitting.loop import Fitted
from trainer.fitting.notes import of_data, of_fit
from trainer.fitting.scores import ProbeAnswers, answers_of_part, evaluated_segments, short_scores
from trainer.fitting.split_masks import Parts, Started, check_taught, decide_parts, remarks, with_added
from trainer.fitting.training_data import TrainingData, usable
from trainer.fitting.unknown import guard_inputs, guard_of, operating_point


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """The probe, the segments it was judged by (None where none was kept apart), and the state of the fit on disk."""

    probe: Probe
    judged: EvaluatedSegments | None
    checkpoint: Checkpoint
    stopped: bool


def fit_probe(
    data: TrainingData,
    options: FitOptions,
    backbone: Backbone,
    *,
    strangers: bool = False,
    cache: EmbeddingCache | None = None,
    progress: Progress = SILENT,
    keep: Path | None = None,
    restart: bool = False,
) -> Outcome:
    """Fit a head as `options` say on `backbone`, which takes the place of the one they name. No recording is both
    learnt from and judged by; with `strangers` it is judged by artists never heard, too.

    The state of the fit is kept in `keep`, from where the same call goes on, unless `restart`. Publishes a Skipped for
    each recording left out, Remarks, a Started, and an Epoch for each pass. Cancelling during the passes keeps the best
    head so far; before, it raises Cancelled. DataError when the examples cannot teach the task.
    """
    options = replace(options, backbone=backbone.key.id)
    layers = options.states(backbone.key.states)
    modal, views = options.features != "embedding", 0 if options.features == "modal" else options.views
    extractor = FeatureExtractor(backbone, options.grid, layers, cache, modal, views, options.seed)
    features, parts, said = _prepared(data, options, extractor, progress)
    segments = int(features.recorded.sum())
    progress.publish(Started(features.labels, len(features.hashes), segments, parts.how, parts.hash))
    checkpoint = Checkpoint(keep, _digest(options, layers, features, parts, backbone), restart)
    if not features.modal_only:
        features = replace(features, played=played(features, extractor, progress))
    features = features.standardised(parts.train)
    fitted = fit_features(features, parts.train, parts.dev, options, progress, CheckpointEntry(checkpoint, "head"))
    inputs = guard_inputs(features, fitted.layer_weights, options.mix == "concat" and not features.modal_only)
    point = operating_point(features, inputs, options.task, parts.train, parts.dev, options.seed)
    reach = USUAL_REACH if point is None else point.reach
    guard = guard_of(features, inputs, parts.train, parts.dev, reach)
    probe = _probe(options, layers, backbone, features, parts, fitted, guard)
    answers_of_all = _answers(probe, features)
    answered, stopped = _answered_by_split(answers_of_all, features, parts), fitted.stopped
    if strangers and not stopped and "grouped" not in answered:
        try:
            other = artist_grouped_answers(features, options.task, options, checkpoint, progress, reach)
            answered |= {"grouped": other} if other else {}
        except Cancelled:
            stopped = True
    by, margin = judged_margin(answered)
    probe = replace(probe, sure_margin=margin)
    evaluations = {name: one.evaluation(margin) for name, one in answered.items()}
    warning = leak_warning(*evaluations.values()) if len(evaluations) > 1 and not parts.by_artist else ""
    notes = of_data(data, features, parts, said) | of_fit(options, fitted)
    notes |= {"precision": backbone.precision, "engine": backbone.engine}
    notes |= {"unknown": None if point is None else asdict(point)}
    notes |= {"sure": {"margin": margin, "by": by}}
    notes |= {"scores": short_scores(answers_of_all, features, parts, evaluations), "warning": warning}
    judged = evaluated_segments(options.task, features, parts, answers_of_all, evaluations, warning)
    return Outcome(replace(probe, training=notes), judged, checkpoint, stopped)


def _prepared(
    data: TrainingData, options: FitOptions, extractor: FeatureExtractor, progress: Progress
) -> tuple[Features, Parts, list[str]]:
    """What is learnt from and judged by, and the remarks on it, which are published too."""
    used, more, labels = usable(data, options.task)
    features = gather(used, options.task, labels, extractor, progress)
    features = replace(features, modal_only=options.features == "modal")
    parts = decide_parts(features, data.splits, options.seed)
    said = remarks(features, parts)
    if more:
        added = gather(more, options.task, labels, extractor, progress)
        features, parts, text = with_added(features, parts, added)
        said.append(text)
    for text in said:
        progress.publish(Remark(text))
    check_taught(features, parts.train)
    if options.task == others.TASK and options.others and not features.modal_only:
        features = replace(features, others=others.others(extractor, options.others, progress))
    return features, parts, said


def _probe(
    options: FitOptions,
    layers: tuple[int, ...],
    backbone: Backbone,
    features: Features,
    parts: Parts,
    fitted: Fitted,
    guard: OodDetector,
) -> Probe:
    """The fitted head, calibrated and guarded."""
    modal_only, concat = features.modal_only, options.mix == "concat" and not features.modal_only
    layer_weights = np.full(len(layers), 1 / len(layers), np.float32) if modal_only else fitted.layer_weights
    scale, modal = _scales(features)
    of_dev = logits(features, fitted, concat, parts.dev)
    return Probe(
        task=options.task,
        labels=features.labels,
        backbone=backbone.key,
        grid=options.grid,
        layers=layers,
        layer_weights=layer_weights,
        head=fitted.head,
        mean=scale.mean,
        std=scale.std,
        temperature=calibrate.temperature(of_dev, features.targets[parts.dev]),
        novelty=guard,
        concat=concat,
        modal=modal,
    )


def _scales(features: Features) -> tuple[Scale, ModalPart | None]:
    """How a probe is to standardise what it reads: as the features of the fit were."""
    assert features.scale is not None  # noqa: S101
    if features.modal_scale is None:
        return features.scale, None
    modal_features = features.modal_scale
    return features.scale, ModalPart(modal_features.mean, modal_features.std, features_version(), features.modal_only)


def _answers(probe: Probe, features: Features) -> ProbeAnswers:
    """What the probe says of every segment."""
    answered = [answers(probe, rows) for rows in features.inputs(probe.layer_weights, probe.concat)]
    return ProbeAnswers(*(np.concatenate(one) for one in zip(*answered, strict=True)))


def _answered_by_split(answers_of_all: ProbeAnswers, features: Features, parts: Parts) -> dict[str, Answered]:
    """On the test part, or else on dev; nothing where there is neither."""
    part = parts.test if parts.test.any() else parts.dev
    if not part.any():
        return {}
    # A dev part chose the epoch and the temperature: however it was drawn, its figure is no one of strangers.
    name = "grouped" if parts.by_artist and parts.test.any() else "official"
    return {name: answers_of_part(answers_of_all, features, part)}


def _digest(options: FitOptions, layers: tuple[int, ...], features: Features, parts: Parts, backbone: Backbone) -> str:
    """BLAKE2b-128 of all that the fitted weights depend on."""
    read = "" if options.features == "embedding" else features_version()
    plain = [options.as_dict(), layers, read, QUIET_DB, features.labels, features.hashes, features.artists]
    text = json.dumps([*plain, backbone.key.digest(), backbone.precision, __version__], sort_keys=True)
    digest = hashlib.blake2b(text.encode(), digest_size=16)
    for array in (features.targets, features.groups, features.spans, parts.train, parts.dev, parts.test):
        digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()
