"""What the answers of a fitted probe come to: short scores for its notes, judged segments for those who look closer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from trainer.evaluation.evaluate import Evaluation
from trainer.evaluation.evaluation_file import EvaluatedSegments, Segment
from trainer.evaluation.sureness import Answered
from trainer.features.segments import Features, Floats, Mask
from trainer.fitting.split_masks import Parts


@dataclass(frozen=True, slots=True)
class Score:
    """How often a part of the data is named right: by segment and by whole recording."""

    segments: int
    segment_accuracy: float
    recordings: int
    recording_accuracy: float


@dataclass(frozen=True, slots=True, eq=False)
class ProbeAnswers:
    """What a probe said of all segments: probabilities float32 [segments, classes], and how strange each makes its
    recording, float32 [segments].
    """

    probabilities: Floats
    ood_scores: Floats


def answers_of_part(answers: ProbeAnswers, features: Features, part: Mask) -> Answered:
    """What was said of the segments of `part`, as they were recorded."""
    part = part & features.recorded
    spans, labels = features.spans[part], features.labels
    where = (features.targets[part], features.groups[part], labels, spans[:, 1] - spans[:, 0], answers.ood_scores[part])
    return Answered(answers.probabilities[part], *where)


def _short(one: Evaluation) -> dict[str, object]:
    """A judgement as a score."""
    segments, recordings = one.segments, one.recordings
    return asdict(Score(segments.count, round(segments.accuracy, 4), recordings.count, round(recordings.accuracy, 4)))


def short_scores(
    answers: ProbeAnswers, features: Features, parts: Parts, evaluations: Mapping[str, Evaluation]
) -> dict[str, dict[str, object]]:
    """Of each part, and of artists never heard where that was judged."""
    judged = {
        name: answers_of_part(answers, features, part).evaluation()
        for name, part in parts.named().items()
        if part.any()
    }
    judged |= {name: one for name, one in evaluations.items() if name == "grouped"}
    return {name: _short(one) for name, one in judged.items()}


def evaluated_segments(
    task: str,
    features: Features,
    parts: Parts,
    answers: ProbeAnswers,
    evaluations: Mapping[str, Evaluation],
    warning: str,
) -> EvaluatedSegments | None:
    """The segments of the test part, else of dev, with what was said of each."""
    part = (parts.test if parts.test.any() else parts.dev) & features.recorded
    if not part.any():
        return None
    groups = sorted(set(features.groups[part].tolist()))
    place = {group: k for k, group in enumerate(groups)}
    segments = tuple(
        Segment(place[group], start, stop, truth, tuple(row), ood_scores)
        for group, (start, stop), truth, row, ood_scores in zip(
            features.groups[part].tolist(),
            features.spans[part].tolist(),
            features.targets[part].tolist(),
            answers.probabilities[part].tolist(),
            answers.ood_scores[part].tolist(),
            strict=True,
        )
    )
    level = next(iter(evaluations.values())).segments
    files = tuple(features.paths[group].absolute() for group in groups)
    name = "test" if parts.test.any() else "dev"
    return EvaluatedSegments(
        task, features.labels, name, files, segments, evaluations, level.majority_baseline, level.chance, warning
    )
