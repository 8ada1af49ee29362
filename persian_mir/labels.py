"""The vocabulary: tasks, their label ids, and how people write them in both scripts.

Ids are lower-case ASCII and never change; names are for the screen. The artist task has no closed vocabulary: a label
of it is a name, in any script (`persian_mir.names`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from persian_mir.i18n import _, language
from persian_mir.names import is_name, natural_key
from persian_mir.resources import RESOURCES

TASKS = ("dastgah", "mode", "instrument", "artist")
MODAL_TASKS = ("dastgah", "mode")
LABEL_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")


def task_name(task: str) -> str:
    """`Dastgah`, `Mode`, `Instrument`, `Artist`."""
    names = {"dastgah": _("Dastgah"), "mode": _("Mode"), "instrument": _("Instrument"), "artist": _("Artist")}
    return names.get(task, task)


@dataclass(frozen=True, slots=True)
class Label:
    """One word of the vocabulary; `dastgah` is the Dastgah that a mode belongs to, `colour` its own, `#rrggbb`."""

    id: str
    name: str
    persian: str = ""
    dastgah: str = ""
    colour: str = ""
    members: tuple[str, ...] = ()  # of a family: its Dastgahs

    @property
    def spoken(self) -> str:
        """The name in the script of the user's language."""
        return self.persian if self.persian and language() == "fa" else self.name


@cache
def vocabulary(task: str) -> tuple[Label, ...]:
    """The labels of a task in their fixed order; empty for `artist`."""
    rows = json.loads((RESOURCES / "vocabulary.json").read_text(encoding="utf-8"))
    return tuple(Label(**{**row, "members": tuple(row.get("members", ()))}) for row in rows.get(task, ()))


def label_ids(task: str) -> tuple[str, ...]:
    """The ids of a task's labels in their fixed order."""
    return tuple(label.id for label in vocabulary(task))


def is_label(task: str, text: str) -> bool:
    """Whether `text` is written as a label of `task` may be; whether a vocabulary holds it is another question."""
    return LABEL_ID.fullmatch(text) is not None if vocabulary(task) else is_name(text)


def ordered(task: str, labels: Iterable[str]) -> tuple[str, ...]:
    """Each of `labels` once: those of the vocabulary in its order, then the others in the alphabet's, the Persian one's
    too, 2 before 10.
    """
    held = set(labels)
    known = tuple(label for label in label_ids(task) if label in held)
    return known + tuple(sorted(held.difference(known), key=lambda one: (natural_key(one), one)))


def describe(task: str, label_id: str) -> Label:
    """The vocabulary's entry; for a label it does not hold (an artist), one that shows the id itself."""
    known = (label for label in vocabulary(task) if label.id == label_id)
    return next(known, Label(id=label_id, name=label_id))


@cache
def families(task: str) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """The families of modes that a scale alone can hardly tell apart, each with the places of its labels of `task`."""
    dastgahs = [label.dastgah or label.id for label in vocabulary(task)]
    return tuple(
        (family.id, tuple(k for k, dastgah in enumerate(dastgahs) if dastgah in family.members))
        for family in (vocabulary("family") if task in MODAL_TASKS else ())
    )


def dastgah_of(mode: str) -> str:
    """The Dastgah that a mode belongs to: `dastgah_of("abuata") == "shour"`. KeyError for an unknown mode."""
    return {label.id: label.dastgah for label in vocabulary("mode")}[mode]
