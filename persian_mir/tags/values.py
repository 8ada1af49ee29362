"""What holds of a recording, as the words that templates take."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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


Holding = Mapping[str, Sequence[Known]]  # by task


def words(known: Holding) -> dict[str, str]:
    """Return the values by their names in templates; several labels joined, and what is not known left out.

    An artist whom only a machine heard is written as attributed.
    """
    found: dict[str, str] = {}
    for task in TASKS:
        labels = [one for one in known.get(task, ()) if one.label]
        if not labels:
            continue
        if task == "artist":
            found[task] = _joined(map(_artist, labels))
            continue
        named = [describe(task, one.label) for one in labels]
        found[task] = _joined(one.name for one in named)
        found[f"{task}_fa"] = _joined((one.persian or one.name for one in named), "، ")
        found[f"{task}_id"] = _joined(one.id for one in named)
    if found:
        told = [_sentence(task, one) for task, labels in known.items() for one in labels if one.label]
        found["provenance"] = "; ".join(told)
    return found


def _artist(one: Known) -> str:
    return one.label if one.verified else _("{name} (attributed)").format(name=one.label)


def _joined(texts: Iterable[str], between: str = ", ") -> str:
    return between.join(dict.fromkeys(texts))


def _sentence(task: str, one: Known) -> str:
    """`dastgah: shour (machine, modal 0.86)`; in English, since other programs read it."""
    share = "" if one.probability is None or one.verified else f"{one.probability:.2f}"
    said = " ".join(filter(None, (one.who, share)))
    return f"{task}: {one.label} ({', '.join(filter(None, (one.status, said)))})"
