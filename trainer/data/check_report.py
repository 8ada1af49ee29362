"""What the check of a dataset found, as JSON and in words, with its hours by instrument and Dastgah."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from persian_mir import plurals
from persian_mir.i18n import _
from persian_mir.labels import label_ids
from persian_mir.visible import visible
from trainer.data.dataset_issue import DatasetIssue


@dataclass(frozen=True, slots=True)
class Report:
    """What the check found. `hours` by instrument, then Dastgah (`?`: no label), without what is to be left out;
    `parts` counts recordings by split (empty: of none). `alone` counts, by task, the artists known by one label of it
    only: they give it away, so that a probe judged by recordings of artists it has heard may have learnt who plays.
    `labels` counts, by task, the labels that there are.
    """

    dataset: str
    synthetic: bool
    recordings: int
    hours: Mapping[str, Mapping[str, float]]
    parts: Mapping[str, int]
    artists: int
    alone: Mapping[str, int]
    labels: Mapping[str, int]
    findings: tuple[DatasetIssue, ...]

    def as_dict(self) -> dict[str, object]:
        """For JSON."""
        return asdict(self)

    def text(self) -> str:
        """For people: the findings, then the table."""
        name = self.dataset
        if self.synthetic and "synthesised" not in name:
            name = _("{name} (synthesised)").format(name=name)
        parts = ", ".join(f"{part or _('no split')} {count}" for part, count in self.parts.items())
        head = _("{name}: {recordings} ({parts})").format(
            name=name, recordings=plurals.recordings(self.recordings), parts=parts
        )
        found = [f"  {finding.kind}: {visible(finding.text)}" for finding in self.findings] or [
            "  " + _("Nothing is wrong.")
        ]
        if any(self.alone.values()):
            alone = ", ".join(f"{task} {count}" for task, count in self.alone.items())
            text = _("Of {artists} artists this many are heard with one label only, which they give away: {counts}.")
            found.append("  " + text.format(artists=self.artists, counts=alone))
            found.append("  " + _("Figures of a split by artist must stand beside any other."))
        return "\n".join([head, *found, "", *_table(self.hours)])


def _table(hours: Mapping[str, Mapping[str, float]]) -> list[str]:
    """Lines of Table 1: hours, instruments down, Dastgahs across, with sums."""
    columns = [name for name in (*label_ids("dastgah"), "?") if any(name in cells for cells in hours.values())]
    rows = [name for name in (*label_ids("instrument"), "?") if name in hours]
    lines = [[_("hours"), *columns, _("sum")]]
    for row in rows:
        cells = [hours[row].get(column, 0.0) for column in columns]
        lines.append([row, *(f"{cell:.2f}" for cell in (*cells, sum(cells)))])
    sums = [sum(hours[row].get(column, 0.0) for row in rows) for column in columns]
    lines.append([_("sum"), *(f"{cell:.2f}" for cell in (*sums, sum(sums)))])
    return ["  ".join(f"{cell:>12}" if k else f"{cell:<9}" for k, cell in enumerate(line)) for line in lines]
