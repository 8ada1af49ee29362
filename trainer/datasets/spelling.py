"""Labels as people write them, in either script, with or without spaces, and what they mean."""

from __future__ import annotations

from functools import lru_cache

from persian_mir.i18n import _
from persian_mir.labels import label_ids, vocabulary

# Other transliterations in use, folded; the names of the vocabulary are known without this table.
ALIASES = {
    "santur": "santoor",
    "nay": "ney",
    "sehtar": "setar",
    "taar": "tar",
    "kamanche": "kamancheh",
    "kamanchah": "kamancheh",
    "shur": "shour",
    "mahur": "mahour",
    "mahoor": "mahour",
    "homayun": "homayoun",
    "homayoon": "homayoun",
    "sehgah": "segah",
    "chahrgah": "chahargah",
    "navaa": "nava",
    "rast": "rast-panjgah",
    "rastpanjgaah": "rast-panjgah",
}


@lru_cache(maxsize=4096)
def find_label(task: str, text: str) -> str:
    """The id of a task's closed vocabulary that `text` means; empty where it means none."""
    wanted = folded(text)
    for label in vocabulary(task):
        if wanted in {folded(label.id), folded(label.name), folded(label.persian)}:
            return label.id
    alias = ALIASES.get(wanted, "")
    return alias if alias in label_ids(task) else ""


def unknown_label(task: str, text: str) -> str:
    """The sentence about a label that nobody knows."""
    return _("{label} is not a label of the task {task}.").format(label=repr(text), task=task)


def artist_id(text: str) -> str:
    """A name as an id: `Ahmad Ebadi` is `ahmad-ebadi`. Names in other scripts stay as they are, and are no ids."""
    return "-".join(text.lower().split())


def folded(text: str) -> str:
    """Letters only, so that a zero-width non-joiner, a space, a hyphen or none make no difference."""
    return "".join(letter for letter in text.casefold() if letter.isalnum())
