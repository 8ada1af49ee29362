"""Tags and the catalogue: what holds of a recording there is written; how its file is afterwards is noted there."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from persian_mir.audio import open_audio
from persian_mir.audio.file_state import file_state
from persian_mir.audio.identity import identify
from persian_mir.catalogue.catalogue import Catalogue, Held
from persian_mir.catalogue.statement_rows import MACHINE, in_force
from persian_mir.errors import AudioError
from persian_mir.paths import present
from persian_mir.progress import SILENT, Progress
from persian_mir.tags.values import Holding, Known
from persian_mir.tags.write import Outcome


def held_of(catalogue: Catalogue, path: Path) -> Holding:
    """Return the labels in force of the recording in a file, by task; none where the catalogue has none of it."""
    try:
        path = present(path)
        known = catalogue.recording(identify(path, file_state(path)).sound)
    except AudioError:  # it is told of the file when its tags are planned
        return {}
    if known is None or known.removed:
        return {}
    return holding(catalogue, known.content_hash, catalogue.labels_of([known.id]).get(known.id, ()))


def holding(catalogue: Catalogue, content_hash: str, labels: Sequence[Held]) -> Holding:
    """Return the labels in force of a recording, by task, each with who says so: people, else machines."""
    statements = catalogue.statements_of(content_hash, live=True)
    machines = {(one.task, one.label): one.who for one in statements if one.status in MACHINE}
    people = {(one.task, one.label): one.who for one in in_force(statements)}
    found: dict[str, list[Known]] = {}
    for task, label, status, probability in labels:
        who = people.get((task, label)) or machines.get((task, label), "")
        found.setdefault(task, []).append(Known(label, status, who, None if (task, label) in people else probability))
    return {task: tuple(known) for task, known in found.items()}


def note_files(catalogue: Catalogue, outcomes: Sequence[Outcome], progress: Progress = SILENT) -> None:
    """Note the tags and bytes that written files have now, of those that the catalogue knows. Raises Cancelled."""
    for number, one in enumerate(outcomes):
        progress.step(number / len(outcomes), one.path.name)
        if one.changed and catalogue.recording_at(one.path.absolute()) is not None:
            with suppress(AudioError), open_audio(one.path.absolute()) as source:  # moved meanwhile: that is no loss
                catalogue.put_recording(source.recording)
