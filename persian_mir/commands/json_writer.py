"""Labels as JSON, for programs (`docs/json.md`)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, TextIO

from persian_mir.catalogue.correction_rows import Correction
from persian_mir.catalogue.statements import is_whole
from persian_mir.commands.labelled import LabelledFile, Segment, Speaker, seconds, segments, times_of
from persian_mir.examples.examples import is_synthesised
from persian_mir.prediction import Prediction, Section, Verdict
from persian_mir.recording import Recording
from persian_mir.visible import CONTROL


class JsonWriter:
    """An array with one object a file, written as they come; complete when closed."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._before = "[\n"

    def write(self, labelled: LabelledFile) -> None:
        """Write one object."""
        text = json.dumps(as_json(labelled), ensure_ascii=False, allow_nan=False)
        self._out.write(self._before + CONTROL.sub(lambda sign: json.dumps(sign[0])[1:-1], text))
        self._before = ",\n"

    def close(self) -> None:
        """End the array."""
        self._out.write("[]\n" if self._before == "[\n" else "\n]\n")


def as_json(labelled: LabelledFile) -> dict[str, Any]:
    """The documented object of one file."""
    recording = labelled.recording
    return {
        "file": str(labelled.path),
        "error": labelled.error,
        "synthesised": is_synthesised(labelled.path),
        "problems": list(labelled.problems),
        "verdicts": dict(_verdicts(labelled)),
        "segments": [] if recording is None else list(_segments(labelled, recording)),
        "sections": [
            _section_json(section, recording, predictor)
            for predictor, predictions in labelled.answers
            for prediction in predictions
            if recording is not None
            for section in prediction.sections
        ],
        "predictors": [_predictor_json(predictor, predictions) for predictor, predictions in labelled.answers],
    }


def _verdicts(labelled: LabelledFile) -> Iterator[tuple[str, dict[str, Any]]]:
    """What holds of the whole recording, by task: what predictors say, and people where they say something alone."""
    for task, (one, predictor) in labelled.verdicts().items():
        yield task, _verdict_json(one, predictor)
    for spoken in labelled.alone():
        if labelled.recording is not None and is_whole(spoken, labelled.recording):
            told = {"label": spoken.label, "probability": None, "sure": None, "predictor": None}
            yield spoken.task, told | _spoken_json(spoken)


def _segments(labelled: LabelledFile, recording: Recording) -> Iterator[dict[str, Any]]:
    """What is said of parts of it, by predictors first."""
    for predictor, predictions in labelled.answers:
        for prediction in predictions:
            for one in segments(prediction, recording, labelled.said):
                times = {"start_s": one.start_s, "stop_s": one.stop_s, "task": prediction.task}
                yield times | _segment_json(one, predictor)
    for spoken in labelled.alone():
        if not is_whole(spoken, recording):
            told = {"task": spoken.task, "label": spoken.label, "probability": None, "sure": None, "predictor": None}
            yield times_of(spoken) | told | _spoken_json(spoken)


def _section_json(section: Section, recording: Recording, predictor: Speaker) -> dict[str, Any]:
    start, stop = seconds(section, recording)
    hz = None if section.tonic_hz is None else round(section.tonic_hz, 2)
    place = {"start_s": start, "stop_s": stop, "task": section.verdict.task, "shahed_hz": hz}
    return place | _ranks(section.verdict) | {"predictor": predictor.id}


def _segment_json(one: Segment, predictor: Speaker) -> dict[str, Any]:
    said = one.statement
    return {
        "label": one.label or None,
        "probability": None if said else _rounded(one.machine.known_probability),
        "sure": None if said else one.machine.sure,
        "predictor": predictor.id,
        "status": one.status,
        "verified": None if said is None else _verified_json(said, one.machine.label),
        "machine_label": one.machine.label or None,
        "machine_probability": _rounded(one.machine.known_probability),
        "reason": one.machine.reason or None,
    }


def _spoken_json(said: Correction) -> dict[str, Any]:
    """What a person said of what no predictor answers."""
    verified = _verified_json(said, said.was)
    return {"status": said.status, "verified": verified, "machine_label": None, "machine_probability": None}


def _verified_json(said: Correction, machine_label: str) -> dict[str, str]:
    return {"by": said.by, "at": said.when, "machine_label": machine_label}


def _verdict_json(one: Segment, predictor: Speaker) -> dict[str, Any]:
    """The verdict that holds; a runner-up to what a person said makes no sense."""
    second: dict[str, Any] = {"runner_up": None, "runner_up_probability": None, "shares": [], "reason": None}
    second |= {"family": None, "family_probability": None}
    if one.statement is None:
        second = _ranks(one.machine)
    return _segment_json(one, predictor) | second


def _ranks(verdict: Verdict) -> dict[str, Any]:
    """The machine's own verdict."""
    return {
        "label": verdict.label or None,
        "probability": _rounded(verdict.known_probability),
        "sure": verdict.sure,
        "runner_up": (not verdict.nothing and verdict.runner_up) or None,
        "runner_up_probability": _rounded(verdict.known_runner_up_probability),
        "shares": [{"label": label or None, "share": round(share, 4)} for label, share in verdict.shares],
        "reason": verdict.reason or None,
        "family": verdict.family or None,
        "family_probability": round(verdict.family_probability, 6) if verdict.family else None,
    }


def _rounded(probability: float | None) -> float | None:
    return None if probability is None else round(probability, 6)


def _predictor_json(predictor: Speaker, predictions: tuple[Prediction, ...]) -> dict[str, Any]:
    provenance = predictions[0].provenance
    return {
        "id": predictor.id,
        "name": predictor.name,
        "models": dict(provenance.models),
        "parameters": dict(provenance.parameters),
        "program": provenance.program,
        "time": provenance.time,
        "verdicts": {prediction.task: _ranks(prediction.verdict()) for prediction in predictions},
    }
