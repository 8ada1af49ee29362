"""How fast a large catalogue answers, beside the plainest SQL that answers the same, measured in the same run.

    python benchmarks/catalogue.py [--recordings 100000] [--segments 50] [--folder F] [--fuzz 10000] [--kills 200]

Makes up a catalogue in the measured shape of a radio archive (and a bare SQLite file of the same recordings and
segments), unless the folder holds one already; then prints medians. `--fuzz` runs that many random edits, undos and
redos instead, `--kills` so many kills of an editing program.
"""

from __future__ import annotations

import argparse
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.report import Row, timed, write
from persian_mir.catalogue.catalogue import Catalogue
from persian_mir.catalogue.filters import Filter
from persian_mir.catalogue.model import Collection, Credit, Described, Item, Person, Programme, Statement, Text
from persian_mir.labels import label_ids

RATE, SEGMENT_S, TIMES = 8000, 30, 15
COMMON = "برنامه"  # a word in 97 % of the titles
AT_ONCE = 500  # recordings a transaction
SHARES = {
    **{"segah": 17, "dashti": 13, "homayoun": 12, "shour": 11, "mahour": 9, "afshari": 8.5, "bayat-e-esfahan": 8.5},
    **{"abuata": 7, "bayat-e-tork": 7, "chahargah": 3.2, "nava": 1.2, "bayat-e-kord": 0.05, "rast-panjgah": 0.05},
}
INSTRUMENTS = {"violin": 63, "tar": 42, "tonbak": 33, "santoor": 32, "ney": 14, "piano": 12, "setar": 11, "oud": 7}
WORDS = (
    *("گلها", "رنگارنگ", "شاخه", "گل", "برگ", "سبز", "تکنوازان", "موسیقی", "ایرانی", "آواز", "بهار", "یاد", "یار"),
    *("دوست", "مهر", "ماه", "شب", "سحر", "باران", "دل", "جان"),
)


def rare(number: int) -> str:
    """A word that stands in the title of that recording only."""
    return "ژ" + "".join("ابپتجدرزسش"[int(digit)] for digit in f"{number:06}")


def described(number: int, segments: int) -> Described:
    """A recording in the shape of the archive's, the same each time for its number."""
    chance = random.Random(number)
    frames, digest = segments * SEGMENT_S * RATE, f"{number:032x}"
    modes = chance.choices(list(SHARES), list(SHARES.values()), k=2)
    plays = chance.choices(list(INSTRUMENTS), list(INSTRUMENTS.values()), k=2)
    people = [Person(f"نوازنده {chance.randrange(2000)}") for _credit in plays]
    when, boundary = f"2026-11-{1 + number % 28:02}T00:00:00+00:00", chance.randrange(segments)
    said = tuple(
        Statement(
            *("mode", place * SEGMENT_S * RATE, (place + 1) * SEGMENT_S * RATE, modes[int(place > boundary)]),
            *("machine", "modal", "1", chance.random(), when),
        )
        for place in range(segments - 1)
    )
    whole = Statement("mode", 0, frames, modes[0], "machine", "modal", "1", chance.random(), when)
    items = (
        Item(0, frames, "avaz", tuple(modes[:1]), texts=(Text(None, "ghazal", " ".join(chance.sample(WORDS, 6))),)),
    )
    title = f"{COMMON if chance.random() < 0.97 else ''} {' '.join(chance.sample(WORDS, 3))} {rare(number)}"
    return Described(
        path=f"/archive/{number // 1000:03}/{number:06}.wav",
        content_hash=digest,
        rate=RATE,
        frames=frames,
        collection=Collection(f"Series {number % 12}"),
        programme=Programme(str(number), title.strip(), date_jalali=str(1335 + number % 24)),
        credits=tuple(Credit(who, "instrumentalist", what) for who, what in zip(people, plays, strict=True)),
        items=items if number % 30 == 0 else (),
        statements=(whole, *said),
    )


def make(path: Path, recordings: int, segments: int) -> None:
    """The catalogue, by the program's own means."""
    began = time.perf_counter()
    with Catalogue.open(path) as catalogue:
        for first in range(0, recordings, AT_ONCE):
            with catalogue.writing():
                for number in range(first, min(recordings, first + AT_ONCE)):
                    catalogue.put_described(described(number, segments))
            if first % 10_000 == 0:
                print(f"{first} recordings, {time.perf_counter() - began:.0f} s", flush=True)
    print(f"made in {time.perf_counter() - began:.0f} s, {path.stat().st_size / 1e6:.0f} MB")


def make_plain(path: Path, recordings: int, segments: int) -> None:
    """The same recordings and segments in bare tables with the indexes that their questions need."""
    labels = {label: number for number, label in enumerate(label_ids("mode"), 1)}
    with closing(sqlite3.connect(path)) as db, db:
        db.executescript(
            "PRAGMA journal_mode = WAL;"
            "CREATE TABLE recordings (id INTEGER PRIMARY KEY, path TEXT, hash TEXT, title TEXT, date TEXT, "
            " seconds REAL, mode INTEGER, probability REAL, tags TEXT);"
            "CREATE TABLE segments (id INTEGER PRIMARY KEY, recording INTEGER, start INTEGER, stop INTEGER,"
            " label INTEGER, status INTEGER, probability REAL);"
            "CREATE TABLE labels (label INTEGER, recording INTEGER, status INTEGER, probability REAL,"
            " PRIMARY KEY (label, recording)) WITHOUT ROWID;"
            "CREATE VIRTUAL TABLE words USING fts5 (title, people, tokenize = 'unicode61 remove_diacritics 0');"
        )
        for number in range(recordings):
            one = described(number, segments)
            mode, probability = one.statements[0].label, one.statements[0].probability
            row, title = number + 1, one.programme.title_fa
            db.execute(
                "INSERT INTO recordings VALUES (?, ?, ?, ?, ?, ?, ?, ?, '{}')",
                (
                    *(row, one.path, one.content_hash, title, one.programme.date_jalali),
                    *(one.frames / one.rate, labels[mode], probability),
                ),
            )
            db.executemany(
                "INSERT INTO segments (recording, start, stop, label, status, probability) VALUES (?, ?, ?, ?, 0, ?)",
                [(row, said.start, said.stop, labels[said.label], said.probability) for said in one.statements],
            )
            held = {labels[mode]: probability, 1000 + number % 12: None}  # the series, and below the people
            held |= {2000 + int(credit.person.name_fa.split()[1]): None for credit in one.credits}
            held |= {100 + list(INSTRUMENTS).index(credit.instrument): None for credit in one.credits}
            db.executemany("INSERT INTO labels VALUES (?, ?, 0, ?)", [(term, row, p) for term, p in held.items()])
            people = " ".join(credit.person.name_fa for credit in one.credits)
            db.execute("INSERT INTO words (rowid, title, people) VALUES (?, ?, ?)", (row, title, people))
        db.executescript(
            "CREATE INDEX by_recording ON segments (recording); CREATE INDEX by_label ON segments (label, recording);"
            "CREATE INDEX by_title ON recordings (title, id); CREATE INDEX by_path ON recordings (path, id);"
            "CREATE INDEX labels_of ON labels (recording); PRAGMA wal_checkpoint(TRUNCATE);"
        )


def compare(name: str, floor: Callable[[int], object], own: Callable[[int], object], times: int = TIMES) -> Row:
    """Print the medians of `times` runs in turn, in ms, of the clock and of the processor alone (other programs may
    run); each is given its number. The first warms up and is not counted.
    """
    taken: list[list[tuple[float, float]]] = [[], []]
    for number in range(times + 1):
        for one, act in zip(taken, (floor, own), strict=True):
            began, used = time.perf_counter(), time.thread_time()
            act(number)
            one.append((1000 * (time.perf_counter() - began), 1000 * (time.thread_time() - used)))
    plain, ours = ([run[0] for run in one[1:]] for one in taken)
    walls, used_ms = ([statistics.median(run[part] for run in one[1:]) for one in taken] for part in (0, 1))
    cells = "".join(f"{one:>10.2f}" for one in (*walls, *used_ms))
    print(f"{name:<40}{cells}{used_ms[1] / used_ms[0]:>8.2f}", flush=True)
    return timed("catalogue", name, "plain SQL", ours, plain, unit="ms")


PAGE = "SELECT id, path, hash, title, date, seconds, mode, probability, tags FROM recordings"
OF_RECORDING = "SELECT start, stop, label, status, probability FROM segments WHERE recording = ?"


def measure(ours: Path, plain: Path, recordings: int) -> list[Row]:
    """Print each question's medians: wall clock of plain SQL and ours, processor likewise, and the ratio of these."""
    print(f"{'ms':<40}{'plain':>10}{'ours':>10}{'cpu plain':>10}{'cpu ours':>10}{'ratio':>8}")
    rows_of_table = [compare("open, first page", lambda _n: _open_plain(plain), lambda _n: _open(ours))]
    with closing(sqlite3.connect(plain)) as db, Catalogue.open(ours) as catalogue:
        modes = {label: number for number, label in enumerate(label_ids("mode"), 1)}

        def sql(text: str, *values: object) -> list[object]:
            return db.execute(text, values).fetchall()

        def labelled(rows: list[object]) -> object:
            """The labels of a page's recordings, which a page shows."""
            numbers = ", ".join(str(row[0]) for row in rows)  # type: ignore[index]
            return sql(f"SELECT recording, label, status, probability FROM labels WHERE recording IN ({numbers})")

        rows = catalogue.page(limit=recordings).rows
        paths, ids = [str(row.path) for row in rows], [row.id for row in rows]
        hashes = [row.content_hash for row in rows]
        chance = random.Random(1)
        places = [chance.randrange(recordings - 200) for _time in range(TIMES + 1)]
        segah, kord = Filter((("mode", "segah"),)), Filter((("mode", "bayat-e-kord"),))
        found = "SELECT r.id, r.path, r.hash, r.title, r.date, r.seconds, r.mode, r.probability, r.tags FROM words w "
        found += "CROSS JOIN recordings r ON r.id = w.rowid WHERE words MATCH ? "
        held = (
            "WHERE EXISTS (SELECT 1 FROM labels l WHERE l.label = ? AND l.recording = recordings.id AND l.status = 0) "
        )
        few = "WHERE id IN (SELECT recording FROM labels WHERE label = ? AND status = 0) "
        within = "AND r.id IN (SELECT recording FROM labels WHERE label = ?) ORDER BY rank LIMIT 200"
        questions: list[tuple[str, Callable[[int], object], Callable[[int], object]]] = [
            (
                "a word in one recording",
                lambda n: sql(found + "ORDER BY rank LIMIT 200", rare(places[n])),
                lambda n: catalogue.search(rare(places[n])),
            ),
            (
                "a word in 97 %, ranked",
                lambda _n: labelled(sql(found + "ORDER BY rank LIMIT 200", COMMON)),
                lambda _n: catalogue.search(COMMON),
            ),
            (
                "a word in 97 %, as they come",
                lambda _n: labelled(sql(found + "LIMIT 200", COMMON)),
                lambda _n: catalogue.search(COMMON, ranked=False),
            ),
            (
                "two words and a mode, ranked",
                lambda _n: labelled(sql(found + within, '"سحر" "باران"', modes["segah"])),
                lambda _n: catalogue.search("سحر باران", segah),
            ),
            (
                "a page anywhere, by key",
                lambda n: labelled(
                    sql(f"{PAGE} WHERE (path, id) > (?, ?) ORDER BY path, id LIMIT 200", paths[places[n]], 0)
                ),
                lambda n: catalogue.page(after=(paths[places[n]].encode(), ids[places[n]])),
            ),
            (
                "a page of a frequent mode, by title",
                lambda _n: labelled(sql(f"{PAGE} {held} ORDER BY title, id LIMIT 200", modes["segah"])),
                lambda _n: catalogue.page(replace(segah, status="machine"), "title"),
            ),
            (
                "a page of a rare mode, by title",
                lambda _n: labelled(sql(f"{PAGE} {few} ORDER BY title, id LIMIT 200", modes["bayat-e-kord"])),
                lambda _n: catalogue.page(replace(kord, status="machine"), "title"),
            ),
            (
                "facets of all (plain: of the segments)",
                lambda _n: sql("SELECT label, count(*) FROM segments GROUP BY label"),
                lambda _n: catalogue.facets(),
            ),
            (
                "facets of a mode",
                lambda _n: sql(
                    "SELECT o.label, count(*) FROM labels l CROSS JOIN labels o ON o.recording = l.recording "
                    "WHERE l.label = ? GROUP BY o.label",
                    modes["segah"],
                ),
                lambda _n: catalogue.facets(segah),
            ),
            (
                "segments of a recording",
                lambda n: sql(OF_RECORDING, places[n]),
                lambda n: catalogue.statements_of(hashes[places[n]]),
            ),
        ]
        for name, floor, own in questions:
            times = 5 if "97 %, ranked" in name or "facets" in name else TIMES
            rows_of_table.append(compare(name, floor, own, times))
    return rows_of_table


def _open_plain(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute(f"{PAGE} ORDER BY path, id LIMIT 200").fetchall()


def _open(path: Path) -> None:
    with Catalogue.open(path) as catalogue:
        catalogue.page()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--recordings", type=int, default=100_000)
    parser.add_argument("--segments", type=int, default=50, help="of each recording")
    parser.add_argument("--folder", type=Path, help="where the files are made, and kept")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the rows there, too")
    parser.add_argument("--fuzz", type=int, default=0)
    parser.add_argument("--kills", type=int, default=0)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = args.folder or Path(scratch)
        if args.fuzz or args.kills:
            torture(folder, args.fuzz, args.kills)
            return
        ours, plain = folder / "catalogue.sqlite", folder / "plain.sqlite"
        if not ours.exists():
            make(ours, args.recordings, args.segments)
        if not plain.exists():
            make_plain(plain, args.recordings, args.segments)
        rows = measure(ours, plain, args.recordings)
        if args.json:
            write(args.json, rows)


def torture(folder: Path, acts: int, kills: int) -> None:
    """The tests' fuzz and kills, at length."""
    from persian_mir.recording import Recording
    from tests.persian_mir.catalogue import test_edits as tests

    path, recording = (
        folder / "torture.sqlite",
        Recording(Path("/a.wav"), tests.HASH, RATE, tests.FRAMES, 1, "WAV", "x"),
    )
    if acts:
        with Catalogue.open(path) as catalogue:
            catalogue.put_recording(recording)
            refused = tests.fuzz(catalogue, acts, 1)
            print(f"{acts} acts, {refused} of them refused; valid after each, all undone and done again")
    if kills:
        with Catalogue.open(folder / "kills.sqlite") as catalogue:
            catalogue.put_recording(replace(recording, frames=10**9))
        told = tests.killed_while_editing(folder / "kills.sqlite", kills, random.Random(1))
        print(f"{kills} kills, {told} items told as saved, all there")


if __name__ == "__main__":
    main()
