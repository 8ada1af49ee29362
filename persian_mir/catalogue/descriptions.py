"""All that is known of a recording: described, credited, divided into items, and what was said of it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from persian_mir.catalogue.model import Carrier, Credit, Described, Item, Programme, Statement
from persian_mir.catalogue.recordings import Recordings
from persian_mir.catalogue.statement_rows import statements_from
from persian_mir.errors import PersianMirError
from persian_mir.i18n import _
from persian_mir.prediction import Prediction
from persian_mir.provenance import Provenance
from persian_mir.recording import Recording


class Descriptions(Recordings):
    """Writes down what is known of recordings, and tells it."""

    def describe(self, content_hash: str, statements: bool = True) -> Described:
        """Return all that is known of a recording."""
        with self.reading():
            known = self.known(self._needed(content_hash))
            collections = self._collection_ids(known.id)
            return Described(
                path=str(known.path),
                content_hash=known.content_hash,
                rate=known.rate,
                frames=known.frames,
                file_hash=known.file_hash,
                collection=self._collection(collections[0]) if collections else None,
                carrier=self._carrier(known.id),
                programme=self._programme(known.id),
                credits=self._credits(known.id).get(None, ()),
                items=self._items(known.id),
                statements=self._statements(known.id) if statements else (),
                notes=self._notes(known.id),
            )

    def put_described(self, described: Described) -> int:
        """Take over what a file of exchange says: what it leaves out stays, its items take the place of ours.

        Machine statements that are known already (maker, task and time) are not added again.
        """
        with self.writing():
            if self._row(described.content_hash) is None:
                path, told = Path(described.path), (described.content_hash, described.rate, described.frames, 0, "", "")
                self.put_recording(Recording(path, *told, file_hash=described.file_hash))
            with self._about(described.content_hash) as row:
                self._take_over(row, described)
                return row

    def set_programme(self, content_hash: str, programme: Programme) -> None:
        """Write what the recording is as a whole."""
        with self._about(content_hash) as row:
            self._put_fields("programmes", row, programme)

    def set_carrier(self, content_hash: str, carrier: Carrier) -> None:
        """Write what the sound was taken from."""
        with self._about(content_hash) as row:
            self._put_fields("carriers", row, carrier)

    def set_credits(self, content_hash: str, credited: tuple[Credit, ...]) -> None:
        """Write who takes part in the whole recording."""
        with self._about(content_hash) as row:
            self._put_credits(row, None, credited)

    def set_notes(self, content_hash: str, notes: Iterable[str]) -> None:
        """Write the notes on a recording anew."""
        with self._about(content_hash) as row:
            self._put_notes(row, notes)

    def items_of(self, content_hash: str) -> tuple[Item, ...]:
        """Return the items of a recording, by time."""
        return self._items(self._needed(content_hash))

    def save_item(self, content_hash: str, item: Item) -> Item:
        """Add an item, or write over the one of its id; return it with its id.

        Raises PersianMirError where it would overlap another or end after the recording.
        """
        with self._about(content_hash) as row:
            return self._save(row, item)

    def remove_item(self, content_hash: str, item_id: str) -> None:
        """Remove an item."""
        with self._about(content_hash) as row:
            self._delete_item(row, item_id)

    def add_statements(
        self, content_hash: str, statements: Iterable[Statement], provenance: Provenance | None = None
    ) -> tuple[str, ...]:
        """Add what people or one machine (`provenance`) said; return the ids in the same order.

        What a machine said of a task before holds no longer. A statement whose id is known is not added again.
        """
        with self._about(content_hash) as row:
            return self._add_statements(row, self.known(row).frames, statements, provenance)

    def add_prediction(self, content_hash: str, predictor: str, prediction: Prediction, version: str = "") -> None:
        """Add what a predictor said of one task: its verdict, sections and segments, with provenance."""
        with self._about(content_hash) as row:
            told = statements_from(prediction, predictor, self.known(row).frames, version)
            self._add_statements(row, self.known(row).frames, told, prediction.provenance)

    def statements_of(self, content_hash: str, task: str = "", *, live: bool = False) -> tuple[Statement, ...]:
        """Return what was said of a recording; with `live` without what a machine said before its last run."""
        only = ("AND r.live = 1 " if live else "") + ("AND r.task = ?" if task else "")
        return self._statements(self._needed(content_hash), only, *([task] if task else []))

    def _save(self, row: int, item: Item) -> Item:
        if self._overlapping(row, item) or item.stop > self.known(row).frames > 0:
            what = _("The item would overlap another, or end after the recording.")
            raise PersianMirError(what, cure=_("Move its boundaries, then save it again."))
        return self._put_item(row, item)

    def _take_over(self, row: int, described: Described) -> None:
        if described.collection is not None:
            self._join(row, described.collection)
        if described.carrier is not None:
            self._put_fields("carriers", row, described.carrier)
        if described.programme != Programme():
            self._put_fields("programmes", row, described.programme)
        if described.credits:
            self._put_credits(row, None, described.credits)
        for old in self._items(row) if described.items else ():
            self._delete_item(row, old.id)
        for item in described.items:
            self._save(row, item)
        runs = {(one.task, one.who, one.version, one.when) for one in described.statements}
        new = {run for run in runs if not self._has_run(row, *run)}
        told = (one for one in described.statements if (one.task, one.who, one.version, one.when) in new)
        self._add_statements(row, described.frames, told)
        known = self._notes(row)
        self._put_notes(row, [*known, *(text for text in described.notes if text not in known)])
