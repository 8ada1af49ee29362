"""The figures of the experiments as a table, the paper's beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from persian_mir.i18n import _
from persian_mir.models.table import short_name
from persian_mir_gui.training.state.experiment_runs import ResultRow, ResultTable
from persian_mir_gui.training.wording import data_words
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.table import Cell, HeadingCell, PlainTable
from trainer.experiments.published import STUDIES, Published
from trainer.reports.words import (
    cell_name,
    experiment_title,
    leak_words,
    study_words,
    system_name,
    unit_words,
    what_words,
)

NOTHING = "–"


class ResultsTable(PlainTable):
    """One row a figure, official and grouped split side by side. Accuracies of segments, in per cent."""

    def __init__(self) -> None:
        titles = (
            _("Task"), _("Setting"), _("Official split"), _("Grouped split"), _("Chance"),
            _("Printed"), _("Difference"), _("Source"),
        )  # fmt: skip
        hints = (
            "",
            "",
            _("Segments named right on the official lists, in per cent; in brackets where that lies by bootstrap"),
            _("The same on artists, or for the task Artist on recordings, that were never heard before"),
            _("What guessing would reach"),
            _("What the paper, or another study, printed"),
            _("Ours on the official split, less the printed figure"),
            _("The backbone, or the study"),
        )
        super().__init__(_("Results"), titles, hints)
        self.horizontalHeader().setStretchLastSection(True)
        self.give_way(1)
        self._shown: tuple[ResultTable | None] | None = None

    def show_table(self, table: ResultTable | None) -> None:
        """Show the results, and what others printed."""
        if self._shown == (table,):
            return
        self._shown = (table,)
        rows: list[list[Cell]] = []
        for heading, pairs in by_experiment(table.rows if table is not None else ()).items():
            rows += [[HeadingCell(heading)], *map(own_cells, pairs)]
        self.show_rows([*rows, [HeadingCell(_("Printed figures"))], *map(published_cells, STUDIES)])


def by_experiment(rows: Sequence[ResultRow]) -> dict[str, list[dict[str, ResultRow]]]:
    """Rows `side_by_side` under what they are of: `Audio length · mini-Nava`."""
    found: dict[str, list[dict[str, ResultRow]]] = {}
    for pair in side_by_side(rows):
        row = next(iter(pair.values()))
        heading = f"{experiment_title(row.experiment)} · {formatting.isolated(data_words(row.dataset))}"
        found.setdefault(heading, []).append(pair)
    return found


def side_by_side(rows: Sequence[ResultRow]) -> list[dict[str, ResultRow]]:
    """Rows that differ by their split only, together: `official` and `grouped`, those that exist."""
    found: dict[tuple[str, ...], dict[str, ResultRow]] = {}
    for row in rows:
        key = (row.experiment, row.task, row.cell, row.dataset, row.backbone)
        found.setdefault(key, {})[row.split.partition(" ")[0]] = row
    return list(found.values())


def own_cells(pair: Mapping[str, ResultRow]) -> list[Cell]:
    """A figure of ours."""
    row = next(iter(pair.values()))
    official = pair.get("official")
    printed, difference = (None, None) if official is None else (official.printed, official.difference)
    return [
        Cell(formatting.task_name(row.task)),
        Cell(cell_words(row.cell)),
        *(_accuracy(pair.get(split)) for split in ("official", "grouped")),
        Cell(number(row.chance), number=True),
        Cell(NOTHING if printed is None else number(printed), number=True),
        Cell(NOTHING if difference is None else number(difference, sign=True), number=True),
        Cell(short_name(row.backbone) if row.backbone else NOTHING),
    ]


def _accuracy(row: ResultRow | None) -> Cell:
    if row is None:
        return Cell(NOTHING, number=True)
    cell = Cell(f"\u2066{number(row.accuracy)} ({number(row.low)}–{number(row.high)})\u2069", number=True)
    text = _("{split}: {number} of a hundred whole recordings named right")
    cell.setToolTip(text.format(split=split_words(row.split), number=number(row.recordings)))
    return cell


def published_cells(one: Published) -> list[Cell]:
    """A figure that somebody printed."""
    figure = number(one.low) if one.low == one.high else f"\u2066{number(one.low)}–{number(one.high)}\u2069"
    source = Cell(study_words(one.study))
    source.setToolTip(f"{source.text()}\n{leak_words(one.split)}")
    nothing = [Cell(NOTHING, number=True) for _column in range(3)]
    return [
        Cell(formatting.task_name(one.task)),
        Cell(f"{formatting.digits(what_words(one.what))} · {unit_words(one.unit)}"),
        *nothing,
        Cell(figure, number=True),
        Cell(NOTHING, number=True),
        source,
    ]


def cell_words(key: str) -> str:
    """`5 s`, `layer 3`, `2 hidden`, `0.001` in the user's words."""
    return cell_name(key) if " " in key else system_name(cell_name(key))


def split_words(split: str) -> str:
    """How the parts were made, in a word or two."""
    name, _space, how = split.partition(" ")
    if name == "official":
        return _("Official split")
    return _("Grouped by recording") if "recording" in how else _("Grouped by artist")


def number(value: float, sign: bool = False) -> str:
    """One decimal, a true minus, the user's digits."""
    text = f"{value:+.1f}" if sign else f"{value:.1f}"
    return "\u2066" + formatting.digits(text.replace("-", "\u2212")) + "\u2069" if sign else formatting.digits(text)
