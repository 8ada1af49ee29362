"""Tags of the catalogue's recordings, planned and written on the ledger's worker."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from persian_mir.audio import open_audio
from persian_mir.catalogue.catalogue import Catalogue, Row
from persian_mir.catalogue.statement_rows import in_force
from persian_mir.errors import PersianMirError
from persian_mir.progress import Progress
from persian_mir.tags.journal import Batch, Journal
from persian_mir.tags.plan import FilePlan, plan_file
from persian_mir.tags.profiles import templates
from persian_mir.tags.values import Known
from persian_mir.tags.write import Outcome, undo_tags, write_tags


@dataclass(frozen=True, slots=True)
class TagPlans:
    """What a profile would change, file by file, and the last batch that is not taken back."""

    profile: str
    plans: tuple[FilePlan, ...]
    last: Batch | None


def plan_tags(catalogue: Catalogue, rows: Sequence[Row], profile: str, progress: Progress) -> TagPlans:
    """Say what would be written; nothing is."""
    chosen, plans = templates(profile), []
    for done, row in enumerate(rows):
        progress.step(done / len(rows), row.path.name)
        plans.append(plan_file(row.path, known_of(catalogue, row), chosen))
    return TagPlans(profile, tuple(plans), last_batch())


def known_of(catalogue: Catalogue, row: Row) -> dict[str, Known]:
    """What holds of the whole recording, by task: a person's word, else the machine's that the table shows."""
    found: dict[str, Known] = {}
    statements = catalogue.statements_of(row.content_hash, live=True)
    people = {(one.task, one.label): one.who for one in in_force(statements)}
    machines = {(one.task, one.label): one.who for one in statements if one.status in ("machine", "attributed")}
    for task, label, status, probability in row.labels:
        who = people.get((task, label)) or machines.get((task, label), "")
        if sum(one[0] == task for one in row.labels) == 1:  # of several none is the whole recording's
            found[task] = Known(label, status, who, None if (task, label) in people else probability)
    return found


def last_batch() -> Batch | None:
    """The last batch of tags of which something is not taken back."""
    return next((one for one in Journal().batches() if one.undone < one.files), None)


def write_planned(catalogue: Catalogue, told: TagPlans, progress: Progress) -> tuple[Outcome, ...]:
    """Write what was planned; the catalogue learns the new tags."""
    written = write_tags(told.plans, told.profile, progress=progress.part(0.0, 0.9))
    _read_again(catalogue, written.outcomes, progress.part(0.9, 0.1))
    return written.outcomes


def take_back(catalogue: Catalogue, batch: int, progress: Progress) -> tuple[Outcome, ...]:
    """Make every file of a batch what it was."""
    outcomes = undo_tags(batch, progress.part(0.0, 0.9))
    _read_again(catalogue, outcomes, progress.part(0.9, 0.1))
    return outcomes


def _read_again(catalogue: Catalogue, outcomes: Sequence[Outcome], progress: Progress) -> None:
    for done, one in enumerate(outcomes):
        progress.step(done / len(outcomes), one.path.name)
        if one.changed:
            try:
                with open_audio(one.path) as source:
                    catalogue.put_recording(source.recording)
            except PersianMirError:  # moved meanwhile; what is known of it stays
                continue
