"""Which labels hold of a recording, from all that people and machines say of it, and where they differ."""

from __future__ import annotations

import json
from collections.abc import Iterable

from persian_mir.catalogue.fold import index_text, joined
from persian_mir.catalogue.model import Credit, Item, Programme, Statement
from persian_mir.catalogue.statement_rows import MACHINE
from persian_mir.labels import TASKS, dastgah_of, label_ids, vocabulary

Held = dict[tuple[str, str], tuple[str, float | None]]  # (task, label): status, probability
Told = tuple[str, float | None, bool]  # a label, its probability, whether the machine is sure of it
Machines = dict[tuple[str, str], list[Told]]  # by task and who
NO_LABEL = "none"  # the status of a recording of which nothing is said
TELLING_TAGS = ("title", "genre", "album", "comment", "description", "grouping", "mood", "style", "instrument")


def labels_in_force(
    said: Iterable[Statement], frames: int, items: Iterable[Item], programme: Programme, machines: Machines
) -> Held:
    """The labels of a recording: of each task what people say of the whole, or of more than half of it; else what the
    machines say, with what people say of parts beside it. A mode of an item is always one of the recording's.
    """
    people = [*said, *(_as_said(item, mode) for item in items for mode in item.modes)]
    people += [Statement("mode", 0, max(1, frames), mode, "accepted", "") for mode in programme.modes]
    held: Held = {}
    for task in dict.fromkeys([*(one.task for one in people), *(task for task, _who in machines)]):
        mine = [one for one in people if one.task == task]
        whole = [one for one in mine if one.start == 0 and one.stop >= frames]
        told: Held = {(task, one.label): (one.status, one.probability) for one in whole or mine if one.label}
        if not whole and 2 * _covered(mine) <= frames:
            told |= _by_machines(task, machines)
        held |= told
    return {("mode", mode): ("accepted", None) for item in items for mode in item.modes} | held


def _as_said(item: Item, mode: str) -> Statement:
    return Statement("mode", item.start, item.stop, mode, "accepted", "")


def _covered(said: Iterable[Statement]) -> int:
    """Samples of which something is said."""
    covered = end = 0
    for start, stop in sorted((one.start, one.stop) for one in said):
        covered += max(0, stop - max(start, end))
        end = max(end, stop)
    return covered


def _by_machines(task: str, machines: Machines) -> Held:
    held: Held = {}
    status = "attributed" if task == "artist" else "machine"
    for (of, _who), labels in machines.items():
        for label, probability, _sure in labels if of == task else ():
            known = held.get((task, label))
            if known is None or (known[1] or 0) < (probability or 0):
                held[task, label] = (status, probability)
    return held


def tag_labels(tags: dict[str, str]) -> dict[str, set[str]]:
    """The labels that the tags of a file name, by task; a mode names its Dastgah too."""
    found: dict[str, set[str]] = {}
    known: dict[str, list[tuple[str, str]]] = {}
    for task in TASKS:
        for label in vocabulary(task):
            known.setdefault("_" + joined(label.id), []).append((task, label.id))
            if task == "mode":
                known["_" + joined(label.id)].append(("dastgah", label.dastgah))
    for name, value in tags.items():
        if name.casefold() in TELLING_TAGS:
            for task, named in (one for key in index_text(value)[1].split() for one in known.get(key, ())):
                found.setdefault(task, set()).add(named)
    return found


def further_terms(labels: Held, items: Iterable[Item], credited: dict[int | None, tuple[Credit, ...]]) -> Held:
    """The further terms: statuses, kinds, gushehs, and what the credits name."""
    held: Held = {("status", status): (status, None) for status, _p in labels.values()}
    held |= {} if labels else {("status", NO_LABEL): ("accepted", None)}
    for item in items:
        held |= {("kind", item.kind): ("accepted", None)} if item.kind else {}
        held |= {("gusheh", gusheh): ("accepted", None) for gusheh in item.gushehs}
        held |= {("form", text.form): ("accepted", None) for text in item.texts if text.form}
    for one in (one for several in credited.values() for one in several):
        status = "accepted" if one.certainty in ("documented", "heard") else "attributed"
        held |= {("role", one.role): (status, None)}
        if one.instrument and ("instrument", one.instrument) not in labels:
            held["instrument", one.instrument] = (status, None)
        held |= {("form", one.form): (status, None)} if one.form else {}
    return held


def doubted(labels: Held, machines: Machines) -> set[tuple[str, str]]:
    """Of which labels that machines say none of them is sure."""
    told = [((task, label), sure) for (task, _who), of in machines.items() for label, _p, sure in of]
    unsure = {key for key, _sure in told} - {key for key, sure in told if sure}
    return {key for key, (status, _p) in labels.items() if status in MACHINE and key in unsure}


def shown(labels: Held, doubtful: set[tuple[str, str]]) -> str:
    """The labels as JSON, the surest first; each with whether it is doubtful."""
    rows = sorted(labels.items(), key=lambda held: -(held[1][1] or 0.0))
    return json.dumps([[*key, *value, key in doubtful] for key, value in rows], ensure_ascii=False)


def confidence(labels: Held) -> float:
    """The least probability of a machine's label that holds; 1 where people said all that is said."""
    return min(
        (p for status, p in labels.values() if status == "machine" and p is not None), default=1.0 if labels else 0.0
    )


def tag_disagrees(tags: dict[str, str], labels: Held) -> bool:
    """Whether all that is read of a task differs from what the tags say; the Dastgah of a mode that is read agrees."""
    read: dict[str, set[str]] = {}
    for task, label in labels:
        modes = {dastgah_of(label)} if task == "mode" and label in label_ids("mode") else set()
        read.setdefault(task, set()).update({label} | modes)
    return any(read.get(task) and not read[task] & names for task, names in tag_labels(tags).items())


def predictors_disagree(machines: Machines) -> bool:
    """Whether two predictors name different labels of one task."""
    named: dict[str, list[set[str]]] = {}
    for (task, _who), labels in machines.items():
        if labels:
            named.setdefault(task, []).append({label for label, _p, _sure in labels})
    return any(not set.intersection(*sets) for sets in named.values())
