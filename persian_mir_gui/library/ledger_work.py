"""What the ledger's worker does with the catalogue."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from persian_mir.catalogue.catalogue import Catalogue, Key, Page, Row
from persian_mir.catalogue.correction_rows import new_id, now
from persian_mir.catalogue.corrections import Corrections
from persian_mir.catalogue.filters import Filter
from persian_mir.catalogue.handback import hand_back
from persian_mir.catalogue.model import Carrier, Collection, Credit, Described, Programme, Statement
from persian_mir.labels import TASKS
from persian_mir.prediction import Prediction
from persian_mir.progress import Progress
from persian_mir.recording import Recording
from persian_mir_gui.library.question import Answer, Facet, Question

FACETS = (*TASKS, "status", "collection", "person")
PAGE = 200  # recordings
MOST_PEOPLE = 500  # names to choose from


class Books:
    """The open catalogue, for the one thread that uses it."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._catalogue: Catalogue | None = None

    def use(self, act: Callable[..., Any], *values: Any) -> Any:
        """Run `act(catalogue, *values)`; the catalogue is opened first if it is not."""
        if self._catalogue is None:
            self._catalogue = Catalogue.open(self._path)
        return act(self._catalogue, *values)

    def close(self) -> None:
        """Close the file."""
        if self._catalogue is not None:
            self._catalogue.close()
            self._catalogue = None


def answer(catalogue: Catalogue, question: Question, rows: int, progress: Progress) -> Answer:
    """The first `rows` recordings of what is asked, and what goes with them."""
    others_wrote = catalogue.others_wrote  # before the rest: what is written meanwhile is looked at again
    page = _first_page(catalogue, question, rows)
    progress.step(0.3)
    number = catalogue.count(question.wanted, question.text, begun=True)
    progress.step(0.6)
    names = catalogue.undo_name(), catalogue.redo_name()
    look_off = bool(question.text.strip()) and not number
    off_list = catalogue.count(Filter(removed=True), question.text, begun=True) if look_off else 0
    return Answer(page, number, facets(catalogue, question), *names, others_wrote, off_list)


def others_wrote(catalogue: Catalogue, _progress: Progress) -> int:
    """Return what an answer would say of it now."""
    return catalogue.others_wrote


def _first_page(catalogue: Catalogue, question: Question, rows: int) -> Page:
    if question.text.strip():
        return Page(catalogue.search(question.text, question.wanted, 5 * PAGE, begun=True), None)
    return catalogue.page(question.wanted, question.sort, None, rows, descending=question.descending)


def facets(catalogue: Catalogue, question: Question) -> tuple[Facet, ...]:
    """The labels of all tasks with the number of recordings, within what is asked for."""
    found = catalogue.facets(question.wanted, FACETS, text=question.text, begun=True)
    return tuple(
        Facet(task, label, catalogue.facet_name(task, label), number)
        for task in FACETS
        for label, number in found[task]
    )


def next_page(catalogue: Catalogue, question: Question, after: Key, _progress: Progress) -> Page:
    """What follows."""
    return catalogue.page(question.wanted, question.sort, after, PAGE, descending=question.descending)


def describe(catalogue: Catalogue, content_hash: str, _progress: Progress) -> Described:
    """All that is known of a recording."""
    return catalogue.describe(content_hash)


def undo(catalogue: Catalogue, _progress: Progress) -> tuple[str, ...]:
    """Take back the last step."""
    changed = catalogue.undo()
    hand_back(catalogue, Corrections(), changed)
    return changed


def redo(catalogue: Catalogue, _progress: Progress) -> tuple[str, ...]:
    """Do again what was undone last."""
    changed = catalogue.redo()
    hand_back(catalogue, Corrections(), changed)
    return changed


def say(catalogue: Catalogue, rows: Sequence[Row], task: str, label: str, who: str, progress: Progress) -> None:
    """Have a person say that whole recordings carry a label; an empty one rejects the machine's."""
    with catalogue.step("label" if label else "reject"):
        for done, row in enumerate(rows):
            progress.step(done / len(rows))
            _say(catalogue, row, task, label, who)
    hand_back(catalogue, Corrections(), [row.content_hash for row in rows])


def accept(catalogue: Catalogue, rows: Sequence[Row], who: str, progress: Progress) -> None:
    """Have a person accept what machines say of each row: a label a task; an artist only where nothing else is said."""
    with catalogue.step("accept"):
        for done, row in enumerate(rows):
            progress.step(done / len(rows))
            for task, label in _offered(row):
                _say(catalogue, row, task, label, who)
    hand_back(catalogue, Corrections(), [row.content_hash for row in rows])


def _offered(row: Row) -> list[tuple[str, str]]:
    """What machines say, the surest of each task: task and label."""
    surest = {task: (label, status) for task, label, status, _p in reversed(row.labels)}
    for wanted in ("machine", "attributed"):
        if offered := [(task, label) for task, (label, status) in surest.items() if status == wanted]:
            return offered
    return []


def _say(catalogue: Catalogue, row: Row, task: str, label: str, who: str) -> None:
    frames = catalogue.known(row.id).frames
    before = next((one[1] for one in row.labels if one[0] == task), "")
    status = "rejected" if not label else "accepted" if label == before else "corrected"
    statement = Statement(task, 0, frames, label, status, who, when=now(), id=new_id())  # type: ignore[arg-type]
    catalogue.add_statements(row.content_hash, [statement])


def remove(catalogue: Catalogue, rows: Sequence[Row], removed: bool, _progress: Progress) -> None:
    """Take recordings off the list, or back onto it; files are not touched."""
    with catalogue.step("remove"):
        catalogue.remove([row.content_hash for row in rows], removed)


def collect(catalogue: Catalogue, rows: Sequence[Row], name: str, _progress: Progress) -> None:
    """Put recordings into a collection."""
    with catalogue.step("collect"):
        catalogue.put_members(name, [row.content_hash for row in rows])


def leave(catalogue: Catalogue, rows: Sequence[Row], name: str, _progress: Progress) -> None:
    """Take recordings out of a collection."""
    with catalogue.step("collect"):
        catalogue.remove_members(name, [row.content_hash for row in rows])


def collections_among(catalogue: Catalogue, rows: Sequence[Row], _progress: Progress) -> tuple[str, ...]:
    """The names of the collections that hold any of these recordings."""
    return catalogue.collections_among(row.content_hash for row in rows)


def set_programme(catalogue: Catalogue, content_hash: str, programme: Programme, _progress: Progress) -> None:
    """Write what a recording is as a whole."""
    with catalogue.step("describe"):
        catalogue.set_programme(content_hash, programme)


def set_carrier(catalogue: Catalogue, content_hash: str, carrier: Carrier, _progress: Progress) -> None:
    """Write what the sound was taken from."""
    with catalogue.step("carrier"):
        catalogue.set_carrier(content_hash, carrier)


def set_credits(catalogue: Catalogue, content_hash: str, credited: tuple[Credit, ...], _progress: Progress) -> None:
    """Write who takes part in a whole recording."""
    with catalogue.step("credits"):
        catalogue.set_credits(content_hash, credited)


def set_notes(catalogue: Catalogue, content_hash: str, notes: tuple[str, ...], _progress: Progress) -> None:
    """Write the notes on a recording."""
    with catalogue.step("notes"):
        catalogue.set_notes(content_hash, notes)


def keep(
    catalogue: Catalogue, recording: Recording, told: Sequence[tuple[str, Prediction]], _progress: Progress
) -> None:
    """Put a recording into the catalogue with what predictors (by id) said of it, once each."""
    with catalogue.writing():
        catalogue.put_recording(recording)
        for predictor, prediction in told:
            kept = catalogue.statements_of(recording.content_hash, prediction.task, live=True)
            if not any((one.who, one.when) == (predictor, prediction.provenance.time) for one in kept):
                catalogue.add_prediction(recording.content_hash, predictor, prediction)


def take_over(catalogue: Catalogue, _progress: Progress) -> int:
    """Learn what people said in the main window."""
    return catalogue.take_over_corrections()


def people_names(catalogue: Catalogue, _progress: Progress) -> tuple[str, ...]:
    """The names of all people that the catalogue knows, in both scripts."""
    people = [person for _id, person in catalogue.people(limit=MOST_PEOPLE)]
    return tuple(name for person in people for name in (person.name_fa, person.name_latin) if name)


def collections_of(catalogue: Catalogue, _progress: Progress) -> tuple[Collection, ...]:
    """All collections, by name."""
    return tuple(one for one, _number in catalogue.collections())


def put_collection(catalogue: Catalogue, collection: Collection, _progress: Progress) -> None:
    """Write what is told of a collection."""
    with catalogue.step("collection"):
        catalogue.put_collection(collection)
