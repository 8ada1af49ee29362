"""A reading and its sections as verdicts on one task: Dastgah, or mode."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from persian_mir.labels import label_ids
from persian_mir.modal.reading import ModalReading, ModalSection
from persian_mir.modal.sections import alike
from persian_mir.prediction import MODAL_SURE_MARGIN, Section, Verdict, shared, verdict_of

MILLISECONDS = 1000


def verdict_on(reading: ModalReading, task: str) -> Verdict:
    """The verdict on all that a reading heard: one label, its share and others', or none with the reason."""
    reason = "" if reading.heard else reading.reason
    whole = verdict_of(task, label_ids(task), reading.probabilities(task), reason, MODAL_SURE_MARGIN)
    return shared(whole, task_sections(reading, task, MILLISECONDS, round(reading.track.stop_s * MILLISECONDS)))


def task_sections(reading: ModalReading, task: str, rate: int, frames: int) -> tuple[Section, ...]:
    """Its sections in samples of a recording of `frames`; neighbours with one label on one shahed are one.

    None where that leaves a single one.
    """
    found: list[Section] = []
    for group in _groups(task, reading):
        lengths = [section.stop_s - section.start_s for section in group]
        longest = group[int(np.argmax(lengths))].reading
        row = np.average([section.reading.probabilities(task) for section in group], axis=0, weights=lengths)
        verdict = verdict_of(task, label_ids(task), row, "" if longest.heard else longest.reason, MODAL_SURE_MARGIN)
        start = found[-1].stop if found else 0
        found.append(Section(start, min(round(group[-1].stop_s * rate), frames), verdict, longest.tonic_hz))
    return (*found[:-1], replace(found[-1], stop=frames)) if len(found) > 1 else ()


def _groups(task: str, reading: ModalReading) -> list[list[ModalSection]]:
    groups: list[list[ModalSection]] = []
    for section in reading.sections:
        if groups and alike(groups[-1][-1].reading, section.reading, task):
            groups[-1].append(section)
        else:
            groups.append([section])
    return groups
