"""What holds of a recording, as the words that templates take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from persian_mir.i18n import _
from persian_mir.labels import TASKS, describe


@dataclass(frozen=True, slots=True)
class Known:
    """The label of a task that holds of a whole recording, and who says so.

    `status` as in statements: `machine`, `attributed`, `accepted` or `corrected`; `probability` only of a machine's.
    """

    label: str
    status: str
    who: str
    probability: float | None = None

    @property
    def verified(self) -> bool:
        """Whether a person said so."""
        return self.status in ("accepted", "corrected")


def words(known: Mapping[str, Known]) -> dict[str, str]:
    """Return the values by their names in templates; what is not known is left out.

    An artist whom only a machine heard is written as attributed.
    """
    found: dict[str, str] = {}
    for task in TASKS:
        one = known.get(task)
        if one is None or not one.label:
            continue
        if task == "artist":
            found[task] = one.label if one.verified else _("{name} (attributed)").format(name=one.label)
            continue
        label = describe(task, one.label)
        found |= {task: label.name, f"{task}_fa": label.persian or label.name, f"{task}_id": label.id}
    if found:
        found["provenance"] = "; ".join(_sentence(task, one) for task, one in known.items() if one.label)
    return found


def _sentence(task: str, one: Known) -> str:
    """`dastgah: shour (machine, modal 0.86)`; in English, since other programs read it."""
    share = "" if one.probability is None else f" {one.probability:.2f}"
    return f"{task}: {one.label} ({one.status}, {one.who}{share})"
