"""Several words in one line, parted by commas of either script, and completed while they are typed."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCompleter, QLineEdit

from persian_mir.labels import vocabulary
from persian_mir.names import name_key
from persian_mir_gui.widgets import formatting

COMMA = ","
COMMAS = (COMMA, "،")


def words(text: str) -> list[str]:
    """What commas of either script part, without the blanks around it."""
    for comma in COMMAS:
        text = text.replace(comma, "\n")
    return [word for line in text.splitlines() if (word := " ".join(line.split()))]


def mode_of(text: str) -> str:
    """The mode that is so called, in either script. Raises ValueError with the text where there is none."""
    typed = name_key(text)
    for label in vocabulary("mode"):
        if typed in (name_key(label.id), name_key(label.name), name_key(label.persian)):
            return label.id
    raise ValueError(text)


def mode_names() -> list[str]:
    """The names of all modes, in the user's script first."""
    labels = vocabulary("mode")
    return [formatting.in_script(one) for one in labels] + [formatting.other_script("mode", one.id) for one in labels]


class LastWord(QCompleter):
    """Completes what stands after the last comma."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(names)
        self.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.setFilterMode(Qt.MatchFlag.MatchContains)

    def splitPath(self, path: str) -> list[str]:
        return [path.replace(COMMAS[1], COMMA).rpartition(COMMA)[2].strip()]

    def pathFromIndex(self, index: object) -> str:
        chosen = super().pathFromIndex(index)  # type: ignore[arg-type]
        widget = self.widget()
        typed = widget.text() if isinstance(widget, QLineEdit) else ""
        before = typed.replace(COMMAS[1], COMMA).rpartition(COMMA)[0]
        return f"{before}, {chosen}" if before else chosen
