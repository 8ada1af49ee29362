"""Labels as people write them, in either script, with or without spaces, and what they mean."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache

from persian_mir.i18n import _, quoted
from persian_mir.labels import label_ids, vocabulary
from persian_mir.names import ALIKE, LONGEST, clean_name, name_key
from trainer.data.dataset import Entry
from trainer.data.rows import Rows

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
    return alias if alias in label_ids(task) else _mother(task, wanted)


def _mother(task: str, wanted: str) -> str:
    """The Dastgah of an avaz, and of a mode that collections name and the vocabulary has not (Shushtari), which is the
    mode of the same name, too.
    """
    others = {"dastgah": ("mode", "other-mode"), "mode": ("other-mode",)}.get(task, ())
    known = (label for other in others for label in vocabulary(other))
    return next((one.dastgah for one in known if wanted in {folded(one.id), folded(one.name), folded(one.persian)}), "")


def label_of(task: str, text: str) -> str:
    """The label that `text` means; empty where it means none. Artists are free names."""
    return find_label(task, text) if label_ids(task) else clean_name(text)


def unknown_label(task: str, text: str) -> str:
    """The sentence about a label that nobody knows."""
    if label_ids(task):
        return _("{label} is not a label of the task {task}.").format(label=quoted(text), task=task)
    what = _(
        "{label} cannot be a name: one has a letter or digit and at most {longest} signs, no < or >, no control "
        "characters, and no = + - @ at its beginning."
    )
    return what.format(label=quoted(text), longest=LONGEST)


def known_labels(task: str) -> str:
    """The sentence about the labels that there are; empty where any name is one."""
    known = ", ".join(label_ids(task))
    return _("Labels are: {known}.").format(known=known) if known else ""


def usual_names(entries: Iterable[Entry]) -> dict[str, str]:
    """How each artist is written most often, by the key of the name; of equals that which comes first by code."""
    counts = Counter[str]()
    for entry, rows in Rows.of(entries).counted():
        counts[entry.artist] += rows
    del counts[""]
    ranked = sorted(sorted(counts, reverse=True), key=counts.__getitem__)
    return {name_key(name): name for name in ranked}  # the last one stays


def respelt(entries: Iterable[Entry], names: Mapping[str, str]) -> Rows:
    """The entries with each artist that `names` has (by the key of the name) written as there."""
    return Rows.of(entries).changed(lambda one: _respelt(one, names.get(name_key(one.artist), one.artist)))


def _respelt(entry: Entry, name: str) -> Entry:
    if name == entry.artist:
        return entry
    labels = {task: name if task == "artist" else label for task, label in entry.labels.items()}
    return replace(entry, artist=name, labels=labels)


def signs(one: str, other: str) -> str:
    """What two writings differ by, since that may not be seen: names of characters, as Unicode has them."""
    first, second = Counter(one), Counter(other)
    different = sorted((first - second) | (second - first)) or sorted({sign for sign in one if not sign.isalnum()})
    return ", ".join(unicodedata.name(sign, f"U+{ord(sign):04X}") for sign in different)


def folded(text: str) -> str:
    """Letters only, so that a half-space, a space, a hyphen or none, or an Arabic yeh, make no difference."""
    return "".join(sign for sign in text.translate(ALIKE).casefold() if sign.isalnum())
