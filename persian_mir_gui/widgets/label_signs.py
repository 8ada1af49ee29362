"""The letters that stand for a label where its name has no room: colour alone tells not everybody which it is."""

from __future__ import annotations

from persian_mir.labels import label_ids
from persian_mir_gui.widgets import formatting


def label_sign(task: str, label_id: str) -> str:
    """The first letters of a label, as few as tell it from the others of its task: `Sh`, `Se`, `M`.

    Of a name of several words, such as Bayat-e Tork, the last: the first does not tell them apart.
    """
    others = [_word(task, other) for other in label_ids(task) if other != label_id]
    word = _word(task, label_id)
    for count in range(1, len(word)):
        if not any(other.casefold().startswith(word[:count].casefold()) for other in others):
            return word[:count]
    return word


def _word(task: str, label_id: str) -> str:
    return formatting.label_name(task, label_id).split()[-1]
