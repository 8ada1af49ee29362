"""A catalogue's file: migrated with a backup, refused in words and left as it is, shared by several programs."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from pathlib import Path
from threading import Thread, Timer
from typing import Any

import pytest

from persian_mir.catalogue.catalogue import Catalogue
from persian_mir.catalogue.database import backup_path
from persian_mir.catalogue.filters import Filter
from persian_mir.catalogue.schema import APPLICATION, MIGRATIONS
from persian_mir.errors import PersianMirError
from persian_mir.recording import Recording

HASH = "0" * 32


def add(path: Path, content_hash: str = HASH) -> None:
    with Catalogue.open(path) as catalogue:
        catalogue.put_recording(Recording(Path("/a.wav"), content_hash, 44_100, 1000, 1, "WAV", "x"))
        catalogue.set_notes(content_hash, ["kept"])


def test_a_catalogue_of_an_earlier_schema_is_migrated_and_kept_beside(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.sqlite"
    add(path)
    first = len(MIGRATIONS)
    more = (*MIGRATIONS, "CREATE TABLE added (id INTEGER PRIMARY KEY);\nINSERT INTO added VALUES (7);\n")
    with Catalogue.open(path, more) as catalogue:
        assert catalogue.row("SELECT id FROM added") == (7,)
        assert catalogue.describe(HASH).notes == ("kept",)
    with Catalogue.open(backup_path(path, first)) as before:
        assert before.describe(HASH).notes == ("kept",)
        assert before.rows("SELECT name FROM sqlite_master WHERE name = 'added'") == []


FIRST = """
INSERT INTO recordings (id, content_hash, path, rate, frames, added)
  VALUES (1, '{hash}', X'2f612e776176', 8000, 80, 't'), (2, 'b', X'2f622e776176', 8000, 80, 't');
INSERT INTO hashes VALUES ('{hash}', 1), ('b', 2);
INSERT INTO terms VALUES (1, 'mode', 'segah'), (2, 'instrument', 'tar'), (3, 'status', 'machine');
INSERT INTO makers VALUES (1, 1, 'modal', '1', '', '{{}}', '{{}}'), (2, 0, 'Maryam', '', '', '{{}}', '{{}}');
INSERT INTO runs VALUES (1, 1, 'mode', 1, 't', 1, '[["segah", 0.5]]'), (2, 1, 'instrument', 2, 't', 1, '[]');
INSERT INTO statements VALUES (1, 1, 0, 80, 1, 0, 0.5, NULL, NULL), (2, 2, 0, 80, 2, 2, NULL, 'name', NULL);
INSERT INTO holds VALUES (1, 1, 0, 0.5), (2, 1, 2, NULL), (3, 1, 0, NULL);
INSERT INTO notes VALUES (1, 1, 'kept');
INSERT INTO steps VALUES (1, 'notes', 't', 0);
INSERT INTO edits VALUES (1, 1, 1, '{{"notes": []}}', '{{"notes": ["kept"]}}');
"""


def test_a_catalogue_without_liked_sets_gets_them(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.sqlite"
    with Catalogue.open(path, MIGRATIONS[:3]):
        pass
    with closing(sqlite3.connect(path)) as file:
        file.executescript(FIRST.format(hash=HASH))
    with Catalogue.open(path) as catalogue:
        assert catalogue.describe(HASH).notes == ("kept",)
        assert catalogue.liked_sets() == ()
        catalogue.put_liked("night", [HASH])
    with Catalogue.open(path) as catalogue:
        assert catalogue.liked("night") == (HASH,)
    assert backup_path(path, 3).is_file()


def test_a_catalogue_of_an_earlier_schema_is_sorted_as_people_count(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.sqlite"
    with Catalogue.open(path) as new:
        rules = new.row("SELECT value FROM meta WHERE key = 'rules'")[0]
    path.unlink()
    with Catalogue.open(path, MIGRATIONS[:4]):
        pass
    insert = "INSERT INTO recordings (content_hash, path, rate, frames, added, title) VALUES (?, ?, 8000, 80, 't', ?)"
    with closing(sqlite3.connect(path)) as file, file:
        for name in ("/11.wav", "/2.wav", "/\udcff.wav", "/1.wav"):
            file.execute(insert, (ascii(name), os.fsencode(name), name[1:].encode(errors="replace").decode()))
        file.execute(
            "INSERT OR REPLACE INTO meta VALUES ('rules', ?)", (rules,)
        )  # as if too large to be worked out anew
    with Catalogue.open(path) as catalogue:
        for sort in ("path", "title"):
            assert [row.path.stem for row in catalogue.page(sort=sort).rows if row.path.stem.isdecimal()] == [
                "1",
                "2",
                "11",
            ]


def test_a_catalogue_of_the_first_schema_keeps_every_row(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.sqlite"
    with Catalogue.open(path, MIGRATIONS[:1]):
        pass
    with closing(sqlite3.connect(path)) as file:
        file.executescript(FIRST.format(hash=HASH))
        tables = [row[0] for row in file.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        before = {table: file.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables}
    with Catalogue.open(path) as catalogue:
        assert {table: catalogue.row(f"SELECT count(*) FROM {table}")[0] for table in tables} == before
        shown = {row.content_hash: row.labels for row in catalogue.page().rows}
        assert shown == {HASH: (("mode", "segah", "machine", 0.5), ("instrument", "tar", "accepted", None)), "b": ()}
        assert [(one.label, one.who) for one in catalogue.statements_of(HASH)] == [
            ("segah", "modal"),
            ("tar", "Maryam"),
        ]
        assert catalogue.undo() == (HASH,)
        assert catalogue.describe(HASH).notes == ()
    with closing(sqlite3.connect(backup_path(path, 1))) as file:
        assert {table: file.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables} == before


def test_what_an_earlier_schema_shows_as_doubtful_is_found_as_that(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.sqlite"
    with Catalogue.open(path) as new:
        rules = new.row("SELECT value FROM meta WHERE key = 'rules'")[0]
    path.unlink()
    with Catalogue.open(path, MIGRATIONS[:6]):
        pass
    labels = (
        '[["mode", "segah", "machine", 0.95, true], ["instrument", "tar", "machine", 0.5, false]]',
        '[["mode", "segah", "machine", 0.95, false]]',
        '[["mode", "segah", "machine", 0.89], ["instrument", "tar", "accepted", null]]',  # before doubt was worked out
        '[["mode", "segah", "machine", 0.9]]',
        "[]",
    )
    with closing(sqlite3.connect(path)) as file, file:
        file.execute("INSERT INTO terms VALUES (1, 'mode', 'segah'), (2, 'instrument', 'tar')")
        for row, told in enumerate(labels, 1):
            insert = "INSERT INTO recordings (id, content_hash, path, rate, frames, added, labels) VALUES (?, ?, ?, "
            file.execute(insert + "8000, 80, 't', ?)", (row, str(row), f"/{row}.wav".encode(), told))
            holds = [(term, row) for term, name in ((1, "segah"), (2, "tar")) if name in told]
            file.executemany("INSERT INTO holds (term, recording, status, probability) VALUES (?, ?, 0, 0.5)", holds)
        file.execute("INSERT OR REPLACE INTO meta VALUES ('rules', ?)", (rules,))  # as if worked out by the same ones
    with Catalogue.open(path) as catalogue:
        shown = {row.id for row in catalogue.page().rows if row.doubtful}
        assert shown == {1, 3}
        assert {row.id for row in catalogue.page(Filter(doubtful=True)).rows} == shown
        for label, found in ((("mode", "segah"), {1, 3}), (("instrument", "tar"), set[int]())):
            assert {row.id for row in catalogue.page(Filter((label,), doubtful=True)).rows} == found


def test_a_backup_takes_the_place_of_none(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.sqlite"
    for number in (1, 2):
        add(path)
        with Catalogue.open(path, (*MIGRATIONS, "CREATE TABLE added (id INTEGER);\n")):
            pass
        assert backup_path(path, len(MIGRATIONS), number).is_file()
        path.unlink()


def test_a_migration_that_fails_leaves_the_catalogue_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.sqlite"
    add(path)
    with pytest.raises(PersianMirError):
        Catalogue.open(path, (*MIGRATIONS, "CREATE TABLE added (id INTEGER);\nINSERT INTO nowhere VALUES (7);\n"))
    with Catalogue.open(path) as catalogue:
        assert catalogue.describe(HASH).notes == ("kept",)
        assert catalogue.rows("SELECT name FROM sqlite_master WHERE name = 'added'") == []


def _newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as file:
        file.executescript(f"CREATE TABLE future (a); PRAGMA application_id = {APPLICATION}")
        file.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")


def _other(path: Path) -> None:
    with closing(sqlite3.connect(path)) as file:
        file.execute("CREATE TABLE recordings (mine)")


def _torn(path: Path) -> None:
    add(path)
    with closing(sqlite3.connect(path)) as file:
        file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        file.execute("PRAGMA journal_mode = DELETE")
    data = bytearray(path.read_bytes())
    data[100:4096] = b"\x55" * 3996
    path.write_bytes(data)


def _text(path: Path) -> None:
    path.write_text("this is no database at all, but a letter to somebody\n" * 50)


@pytest.mark.parametrize("make", [_newer, _other, _torn, _text])
def test_what_is_no_catalogue_of_ours_is_refused_and_left_as_it_is(
    tmp_path: Path, make: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "catalogue.sqlite"
    make(path)  # type: ignore[operator]
    before = path.read_bytes()
    opened: list[sqlite3.Connection] = []
    connect = sqlite3.connect
    monkeypatch.setattr(
        sqlite3, "connect", lambda *args, **options: opened.append(connect(*args, **options)) or opened[-1]
    )
    with pytest.raises(PersianMirError) as refused:
        Catalogue.open(path).close()
    (connection,) = opened
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        connection.execute("SELECT 1")
    assert refused.value.cure
    assert refused.value.path == path
    assert path.read_bytes() == before


def test_damage_that_is_met_later_is_told_in_words(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.sqlite"
    with Catalogue.open(path) as catalogue, catalogue.writing():
        for number in range(400):
            catalogue.put_recording(Recording(Path("/a.wav"), f"{number:032x}", 44_100, 1000, 1, "WAV", "x"))
        schema_ends = 4096 * int(catalogue.row("SELECT max(rootpage) FROM sqlite_master")[0])
    data = bytearray(path.read_bytes())
    data[schema_ends:] = b"\x55" * (len(data) - schema_ends)
    path.write_bytes(data)
    with Catalogue.open(path) as catalogue:
        assert catalogue.check()
        with pytest.raises(PersianMirError) as refused:
            catalogue.page()
    assert refused.value.cure


def test_a_sound_catalogue_has_no_damage(tmp_path: Path) -> None:
    add(tmp_path / "c.sqlite")
    with Catalogue.open(tmp_path / "c.sqlite") as catalogue:
        assert catalogue.check() == ()


def test_a_folder_that_is_none_is_told_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(PersianMirError):
        Catalogue.open(tmp_path / "file" / "catalogue.sqlite")


WRITER = """
import sys
from pathlib import Path
from persian_mir.catalogue.catalogue import Catalogue
from persian_mir.recording import Recording
with Catalogue.open(Path(sys.argv[1])) as catalogue:
    for number in range(40):
        content_hash = f"{int(sys.argv[2]) * 1000 + number:032x}"
        catalogue.put_recording(Recording(Path(f"/{content_hash}.wav"), content_hash, 8000, 10, 1, "WAV", "x"), "Radio")
"""


def test_several_programs_write_at_once(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.sqlite"
    programs = [subprocess.Popen([sys.executable, "-c", WRITER, str(path), str(one)]) for one in range(3)]
    assert [program.wait() for program in programs] == [0, 0, 0]
    with Catalogue.open(path) as catalogue:
        assert catalogue.count() == 120
        assert [count for _one, count in catalogue.collections()] == [120]


def test_a_catalogue_that_another_begins_meanwhile_is_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "catalogue.sqlite"
    other = Thread(target=lambda: Catalogue.open(path).close())

    class Interrupted(sqlite3.Connection):
        """Between two looks at an empty file, the other makes its tables, unless it is made to wait."""

        def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
            if "sqlite_master" in sql and other.ident is None:
                other.start()
                other.join(0.1 if self.in_transaction else None)
            return super().execute(sql, *values)

    monkeypatch.setattr(sqlite3, "connect", partial(sqlite3.connect, factory=Interrupted))
    with Catalogue.open(path) as catalogue:
        assert catalogue.count() == 0
    other.join()
    add(path)


def test_a_catalogue_into_which_another_writes_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.sqlite"
    add(path)
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
        other.execute("PRAGMA journal_mode = DELETE")  # as in a new one, before its first opener has set up the log
        other.execute("BEGIN IMMEDIATE")
        end = Timer(0.2, other.execute, ["COMMIT"])
        end.start()
        with Catalogue.open(path) as catalogue:
            assert catalogue.count() == 1
            assert catalogue.row("PRAGMA journal_mode") == ("wal",)
        end.join()


def test_an_earlier_catalogue_is_led_on_once_whoever_else_opens_it(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.sqlite"
    with Catalogue.open(path, MIGRATIONS[:4]):
        pass
    with ThreadPoolExecutor(6) as threads:
        for one in [threads.submit(lambda: Catalogue.open(path).close()) for _number in range(6)]:
            one.result()
    assert [one.name for one in tmp_path.glob("*backup*")] == [backup_path(path, 4).name]
    with closing(sqlite3.connect(backup_path(path, 4))) as before:
        assert before.execute("PRAGMA user_version").fetchone() == (4,)
