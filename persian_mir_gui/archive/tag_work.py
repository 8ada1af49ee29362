"""Tags of the catalogue's recordings, planned and written on the ledger's worker."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from persian_mir.catalogue.catalogue import Catalogue, Row
from persian_mir.errors import PersianMirError
from persian_mir.i18n import _
from persian_mir.progress import Progress
from persian_mir.tags.in_catalogue import holding, note_files
from persian_mir.tags.journal import Batch, Journal
from persian_mir.tags.plan import FilePlan, plan_file
from persian_mir.tags.profiles import PROFILES, Templates, own_profiles, templates
from persian_mir.tags.write import Outcome, undo_tags, write_tags
from persian_mir_gui.core.messages import line_of


@dataclass(frozen=True, slots=True)
class TagPlans:
    """What a profile would change, file by file, and the last batch that is not taken back.

    `profiles`: all that there are, by name; `problem`: why those that the user kept are not among them.
    """

    profile: str
    plans: tuple[FilePlan, ...]
    last: Batch | None
    profiles: Mapping[str, Templates]
    problem: str


def plan_tags(catalogue: Catalogue, rows: Sequence[Row], profile: str, progress: Progress) -> TagPlans:
    """Say what would be written; nothing is."""
    chosen, plans = templates(profile), []
    for done, row in enumerate(rows):
        progress.step(done / len(rows), row.path.name)
        if row.missing:  # what is at its place may be another recording
            plans.append(FilePlan(row.path, refused=_("This recording is not in this file any more. Relink it first.")))
        else:
            plans.append(plan_file(row.path, holding(catalogue, row.content_hash, row.labels), chosen))
    try:
        own, problem = own_profiles(), ""
    except PersianMirError as error:
        own, problem = {}, line_of(error)
    return TagPlans(profile, tuple(plans), last_batch(), {**PROFILES, **own}, problem)


def last_batch() -> Batch | None:
    """The last batch of tags of which something is not taken back."""
    return next((one for one in Journal().batches() if one.undone < one.files), None)


def write_planned(catalogue: Catalogue, told: TagPlans, progress: Progress) -> tuple[Outcome, ...]:
    """Write what was planned; the catalogue learns the new tags."""
    written = write_tags(told.plans, told.profile, progress=progress.part(0.0, 0.9))
    note_files(catalogue, written.outcomes, progress.part(0.9, 0.1))
    return written.outcomes


def take_back(catalogue: Catalogue, batch: int, progress: Progress) -> tuple[Outcome, ...]:
    """Make every file of a batch what it was."""
    outcomes = undo_tags(batch, progress.part(0.0, 0.9))
    note_files(catalogue, outcomes, progress.part(0.9, 0.1))
    return outcomes
