"""The columns of the library, each declared once. A new column is a new row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from persian_mir.catalogue.catalogue import Row, Sort
from persian_mir.catalogue.held import NO_LABEL
from persian_mir.catalogue.statement_rows import MACHINE
from persian_mir.i18n import _
from persian_mir.visible import visible
from persian_mir_gui.widgets import formatting


@dataclass(frozen=True, slots=True)
class Column:
    """What a column shows of a recording; `sort` where the catalogue can be sorted by it, `shown` from the start."""

    id: str
    title: str
    text: Callable[[Row], str]
    sort: Sort | None = None
    number: bool = False
    shown: bool = True


def columns() -> tuple[Column, ...]:
    """Return all columns in their order, in the user's language."""
    return (
        Column("title", _("Recording"), lambda row: formatting.isolated(visible(row.title)), "title"),
        Column("dastgah", _("Dastgah"), lambda row: labels_text(row, "dastgah")),
        Column("mode", _("Mode"), lambda row: labels_text(row, "mode"), "mode"),
        Column("instrument", _("Instrument"), lambda row: labels_text(row, "instrument")),
        Column("confidence", _("Sure"), confidence_text, "confidence", number=True),
        Column("artist", _("Artist"), lambda row: labels_text(row, "artist"), shown=False),
        Column("status", _("Who said so"), status_text),
        Column("duration", _("Length"), lambda row: formatting.clock(row.duration_s), "duration", number=True),
        Column("date", _("Date"), lambda row: formatting.digits(row.date), "date", number=True),
        Column("tag_artist", _("Artist in the tags"), lambda row: _tag(row, "artist")),
        Column("tag_genre", _("Genre in the tags"), lambda row: _tag(row, "genre"), shown=False),
        Column("differs", _("Differs"), differs_text),
        Column("file", _("File"), lambda row: formatting.isolated(visible(row.path.name)), shown=False),
        Column("folder", _("Folder"), lambda row: formatting.isolated(visible(str(row.path.parent))), "path"),
        Column("added", _("Added"), lambda row: formatting.digits(row.added[:10]), "added", number=True, shown=False),
    )


def labels_text(row: Row, task: str) -> str:
    """The labels of a task that a recording holds, the surest first; `Segah?` where a machine is not sure."""
    doubtful = row.doubtful
    held = (label for of, label, _status, _p in row.labels if of == task)
    named = ((formatting.in_line(task, label), (task, label) in doubtful) for label in held)
    return _(", ").join(_("{label}?").format(label=name) if doubted else name for name, doubted in named)


def confidence_text(row: Row) -> str:
    """The least of the probabilities of a recording's labels; empty where only people spoke."""
    machine = [p for _task, _label, status, p in row.labels if status in MACHINE and p is not None]
    return formatting.percent(min(machine)) if machine else ""


def status_text(row: Row) -> str:
    """Whether people or machines said the labels."""
    statuses = {status for _task, _label, status, _p in row.labels}
    if not statuses:
        return status_name(NO_LABEL)
    people = statuses & {"accepted", "corrected", "rejected"}
    if not people:
        return _("a machine")
    return status_name("corrected" if "corrected" in people else min(people))


def status_name(status: str) -> str:
    """A status in the user's language."""
    names = {
        "machine": _("said by a machine"),
        "attributed": _("attributed by a machine"),
        "accepted": _("accepted"),
        "corrected": _("corrected"),
        "rejected": _("rejected"),
        NO_LABEL: _("no label"),
    }
    return names.get(status, status)


def differs_text(row: Row) -> str:
    """What contradicts what."""
    told = [_("tags")] if row.tag_disagrees else []
    return _(", ").join(told + ([_("predictors")] if row.predictors_disagree else []))


def _tag(row: Row, name: str) -> str:
    value = next((value for key, value in row.tags.items() if key.casefold() == name), "")
    return formatting.isolated(visible(value)) if value else ""
