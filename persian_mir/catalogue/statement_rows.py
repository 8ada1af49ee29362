"""What machines and people said, in rows that are added and never changed; of each machine its provenance."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from persian_mir.catalogue.correction_rows import now
from persian_mir.catalogue.database import Database
from persian_mir.catalogue.model import Statement, Status
from persian_mir.prediction import Prediction
from persian_mir.provenance import Provenance

_RunKey = tuple[str, str, str, str, bool]  # task, who, version, when, whether a machine

STATUSES: tuple[Status, ...] = ("machine", "attributed", "accepted", "corrected", "rejected", "undone")
MACHINE = ("machine", "attributed")
SHARE = 0.1  # of what a machine named, from which a label is one of the recording's where it names no whole
OWN_ID = "s"  # begins the id of a statement that came without one

_SELECT = """
SELECT s.id, r.task, s.start, s.stop, coalesce(t.label, ''), s.status, m.who, m.version, s.probability, r.time,
coalesce(s.supersedes, ''), s.name FROM runs r CROSS JOIN statements s ON s.run = r.id JOIN makers m ON m.id = r.maker
LEFT JOIN terms t ON t.id = s.term WHERE r.recording = ?
"""


class StatementRows(Database):
    """Adds and reads statements, by the recording's row."""

    def term_id(self, task: str, label: str) -> int:
        """Return the number of a label, which gets one if new; 0 of no label."""
        if not label:
            return 0
        found = self._db.execute("SELECT id FROM terms WHERE task = ? AND label = ?", (task, label)).fetchone()
        return int(found[0]) if found else self.run("INSERT INTO terms (task, label) VALUES (?, ?)", task, label)

    def _add_statements(
        self, recording: int, frames: int, statements: Iterable[Statement], provenance: Provenance | None = None
    ) -> tuple[str, ...]:
        """Add rows by machines or by people; those whose id is known already are left as they are. Return the ids."""
        given = list(statements)
        names: dict[str, str] = {}  # ids that another catalogue had given, as they are here
        groups: dict[_RunKey, list[Statement]] = {}
        for one in given:
            if not self._known(one.id):
                groups.setdefault((one.task, one.who, one.version, one.when, _by_machine(one)), []).append(one)
        ids: dict[int, str] = {}
        for key, group in sorted(groups.items(), key=lambda found: found[0][3]):
            run = self._add_run(recording, frames, key, group, provenance)
            for one in group:
                ids[id(one)] = self._add_row(run, one, names.get(one.supersedes, one.supersedes))
                names |= {one.id: ids[id(one)]} if one.id else {}
        return tuple(ids.get(id(one), one.id) for one in given)

    def _known(self, name: str) -> bool:
        return (
            _foreign(name)
            and self._db.execute("SELECT 1 FROM statements WHERE name = ?", (name,)).fetchone() is not None
        )

    def _add_row(self, run: int, one: Statement, supersedes: str) -> str:
        name = one.id if _foreign(one.id) else None
        row = self.run(
            "INSERT INTO statements (run, start, stop, term, status, probability, name, supersedes) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            *(run, one.start, one.stop, self.term_id(one.task, one.label), STATUSES.index(one.status)),
            *(one.probability, name, supersedes or None),
        )
        return name or f"{OWN_ID}{row}"

    def _add_run(
        self,
        recording: int,
        frames: int,
        key: _RunKey,
        statements: Sequence[Statement],
        provenance: Provenance | None,
    ) -> int:
        """A row for what one maker says of a task now. A machine's earlier words of the same no longer hold."""
        task, who, version, when, machine = key
        maker = self._maker(machine, who, version, provenance)
        time = when or (provenance.time if provenance else now())
        summary = json.dumps(summarised(statements, frames) if machine else [], ensure_ascii=False)
        run = self.run(
            "INSERT INTO runs (recording, task, maker, time, summary) VALUES (?, ?, ?, ?, ?)",
            *(recording, task, maker, time, summary),
        )
        if machine:
            self._keep_newest(recording, task, who)
        return run

    def _keep_newest(self, recording: int, task: str, who: str) -> None:
        rows = self._db.execute(
            "SELECT r.id FROM runs r JOIN makers m ON m.id = r.maker WHERE r.recording = ? AND r.task = ? "
            "AND m.machine = 1 AND m.who = ? ORDER BY r.time DESC, r.id DESC",
            (recording, task, who),
        ).fetchall()
        self.run_many("UPDATE runs SET live = ? WHERE id = ?", [(not place, row[0]) for place, row in enumerate(rows)])

    def _maker(self, machine: bool, who: str, version: str, provenance: Provenance | None) -> int:
        told = ("", "{}", "{}")
        if provenance is not None:
            told = (provenance.program, _json(provenance.models), _json(provenance.parameters))
        values = (int(machine), who, version, *told)
        self.run(
            "INSERT OR IGNORE INTO makers (machine, who, version, program, models, parameters) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            *values,
        )
        sql = (
            "SELECT id FROM makers WHERE machine = ? AND who = ? AND version = ? AND program = ? AND models = ? "
            "AND parameters = ?"
        )
        return int(self._db.execute(sql, values).fetchone()[0])

    def _statements(self, recording: int, only: str = "", *values: Any) -> tuple[Statement, ...]:
        """The rows of a recording in the order in which they were added; `only`: a further condition.

        Catalogues of earlier days gave one in n as the probability of what a machine did not name.
        """
        rows = self.rows(f"{_SELECT} {only} ORDER BY s.id", recording, *values)
        return tuple(
            Statement(
                *(row[1], row[2], row[3], row[4], STATUSES[row[5]], row[6], row[7]),
                *(row[8] if row[4] or STATUSES[row[5]] not in MACHINE else None, row[9], row[10]),
                row[11] or f"{OWN_ID}{row[0]}",
            )
            for row in rows
        )

    def said_by(self, recording: int, provenance: Provenance) -> bool:
        """Whether the last word of a predictor on a recording was said with these models and parameters."""
        sql = (
            "SELECT 1 FROM runs r JOIN makers m ON m.id = r.maker WHERE r.recording = ? AND r.live = 1 "
            "AND m.machine = 1 AND m.who = ? AND m.models = ? AND m.parameters = ?"
        )
        told = provenance.predictor, _json(provenance.models), _json(provenance.parameters)
        return self.row(sql, recording, *told) is not None

    def provenance_of(self, statement_id: str) -> Provenance:
        """Return by what a statement was made. KeyError if there is none of that id."""
        own = statement_id.startswith(OWN_ID) and statement_id[1:].isdecimal()
        row = self.row(
            "SELECT m.who, m.models, m.parameters, m.program, r.time FROM statements s JOIN runs r ON r.id = s.run "
            f"JOIN makers m ON m.id = r.maker WHERE s.{'id' if own else 'name'} = ?",
            statement_id[1:] if own else statement_id,
        )
        if row is None:
            raise KeyError(statement_id)
        return Provenance(row[0], json.loads(row[1]), json.loads(row[2]), row[3], row[4])


def in_force(statements: Iterable[Statement]) -> tuple[Statement, ...]:
    """The newest of what people said about each stretch of each task that is not undone or superseded."""
    stacks: dict[tuple[str, int, int], dict[str, Statement]] = {}
    places: dict[str, dict[str, Statement]] = {}  # the stack that each statement is in
    said = sorted((one for one in statements if not _by_machine(one)), key=lambda one: one.when)
    for number, one in enumerate(said):
        places.get(one.supersedes, {}).pop(one.supersedes, None)
        if one.status != "undone":
            name = one.id or f"#{number}"
            places[name] = stacks.setdefault((one.task, one.start, one.stop), {})
            places[name][name] = one
    return tuple(list(stack.values())[-1] for stack in stacks.values() if stack)


def summarised(statements: Sequence[Statement], frames: int) -> list[tuple[str, float | None]]:
    """The labels of a recording by one machine, with their probabilities: of the whole, else of a tenth of the time."""
    for one in statements:
        if one.start == 0 and one.stop >= frames > 0 and one.label:
            return [(one.label, one.probability)]
    lengths: Counter[str] = Counter()
    weighted: Counter[str] = Counter()
    for one in statements:
        if one.label:
            lengths[one.label] += one.stop - one.start
            weighted[one.label] += (one.stop - one.start) * (one.probability or 0.0)  # type: ignore[assignment]
    total = lengths.total()
    return [(label, weighted[label] / length) for label, length in lengths.most_common() if length >= SHARE * total]


def statements_from(prediction: Prediction, predictor: str, frames: int, version: str = "") -> tuple[Statement, ...]:
    """What a prediction says: of the whole, of its sections and of its segments, in this order."""
    when = prediction.provenance.time
    whole = prediction.verdict()
    segments = [prediction.segment(place) for place in range(len(prediction.starts))]
    told = [
        (0, frames, whole.label, whole.known_probability),
        *((one.start, one.stop, one.verdict.label, one.verdict.known_probability) for one in prediction.sections),
        *(
            (int(start), int(stop), one.label, one.known_probability)
            for start, stop, one in zip(prediction.starts, prediction.stops, segments, strict=True)
        ),
    ]
    status: Status = "attributed" if prediction.task == "artist" else "machine"
    unique = dict.fromkeys((start, min(stop, frames), label, probability) for start, stop, label, probability in told)
    return tuple(
        Statement(prediction.task, start, stop, label, status, predictor, version, probability, when)
        for start, stop, label, probability in unique
        if start < stop
    )


def _by_machine(one: Statement) -> bool:
    return one.status in MACHINE


def _foreign(name: str) -> bool:
    """Whether an id was given by others than a catalogue."""
    return bool(name) and not (name.startswith(OWN_ID) and name[1:].isdecimal())


def _json(values: Mapping[str, object]) -> str:
    return json.dumps(dict(values), ensure_ascii=False, sort_keys=True, default=str)
