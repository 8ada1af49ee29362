"""What people said of a recording, beside what a machine says of it: of its segments, and of the whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from persian_mir.catalogue.correction_rows import Correction, Key, Status
from persian_mir.prediction import Prediction
from persian_mir.recording import Recording

Statements = Mapping[Key, Correction]  # in force, of one recording; what was spoken of last comes last


def is_whole(one: Correction, recording: Recording) -> bool:
    """Whether a statement is about the recording as a whole."""
    return one.start == 0 and one.stop == recording.frames


def status_of(label: str, machine: str) -> Status:
    """How a person's `label` stands to the machine's; empty where the machine's is wrong and no other is given."""
    if not label:
        return "rejected"
    return "accepted" if label == machine else "corrected"


def of_segments(prediction: Prediction, recording: Recording, said: Statements) -> dict[int, Correction]:
    """Return what holds of the segments of a prediction, by their place.

    A statement is about every segment that lies in its stretch, and the last one counts. One about the whole recording
    says nothing of its parts, and a rejection nothing of another label than it rejects.
    """
    found: dict[int, Correction] = {}
    for one in said.values():
        if one.task != prediction.task:
            continue
        exact = (prediction.starts == one.start) & (prediction.stops == one.stop)
        inside = (prediction.starts >= one.start) & (prediction.stops <= one.stop)
        for place in np.flatnonzero(exact if is_whole(one, recording) else inside).tolist():
            if one.label or one.was == prediction.segment(place).label:
                found[place] = one
    return found


def of_whole(prediction: Prediction, recording: Recording, said: Statements) -> Correction | None:
    """Return what people say of the recording as a whole, in the place of the prediction's verdict.

    That is the statement about all of it; else the label that they gave to more than half of the segments' time, as a
    statement without an id, since nobody made it.
    """
    machine = prediction.verdict()
    for one in said.values():
        if one.task == prediction.task and is_whole(one, recording) and (one.label or one.was == machine.label):
            return one
    lengths: dict[str, int] = {}
    last: dict[str, Correction] = {}
    for place, one in of_segments(prediction, recording, said).items():
        if one.label or one.was == machine.label:
            lengths[one.label] = lengths.get(one.label, 0) + int(prediction.stops[place] - prediction.starts[place])
            last[one.label] = max(one, last.get(one.label, one), key=lambda known: known.when)
    label = max(lengths, key=lambda known: lengths[known], default="")
    if 2 * lengths.get(label, 0) <= int((prediction.stops - prediction.starts).sum()):
        return None
    return replace(
        last[label],
        start=0,
        stop=recording.frames,
        status=status_of(label, machine.label),
        label=label,
        was=machine.label,
        confidence=machine.known_probability,
        id="",
    )
