"""A catalogue's file: opened, migrated with a backup beside it, refused in words; read and written in transactions."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any, Self

from persian_mir.app_paths import data_dir
from persian_mir.catalogue.schema import APPLICATION, MIGRATIONS
from persian_mir.errors import PersianMirError, writing_cure
from persian_mir.i18n import _
from persian_mir.names import natural_key
from persian_mir.paths import path_key
from persian_mir.write_ahead import keep_write_ahead_log

BUSY_S = 20.0  # transactions take milliseconds; whoever holds one longer is stuck
CACHE_KIB = 64 << 10


def default_path() -> Path:
    """Where the catalogue is unless another is named."""
    return data_dir() / "catalogue.sqlite"


class Database:
    """The connection. Several programs may write: each waits for the others. Not for several threads at once."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self._db = connection
        self._depth = 0

    @classmethod
    def open(cls, path: Path | None = None, migrations: Sequence[str] = MIGRATIONS) -> Self:
        """Open the catalogue, or begin one where no file is.

        Raises PersianMirError for a damaged file, for one of a later version and for what is no catalogue; none of them
        is changed.
        """
        path = path or default_path()
        with _in_words(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            connection = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None, cached_statements=256)
            try:
                _set_up(connection)
                _prepare(connection, path, migrations)
            except BaseException:
                connection.close()
                raise
        return cls(path, connection)

    def close(self) -> None:
        """Close the file; what was written is written."""
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One transaction: all that is written within, or nothing. May stand within another, of which it is a part.

        What was written when it ends well survives the program's death. Keep it short, others wait.
        """
        if self._depth:
            yield
            return
        with _in_words(self.path):
            self._db.execute("BEGIN IMMEDIATE")
            self._depth += 1
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):  # a full disk has rolled it back already
                    self._db.execute("ROLLBACK")
                raise
            finally:
                self._depth -= 1

    @contextmanager
    def reading(self) -> Iterator[None]:
        """One state of the catalogue, whoever writes meanwhile."""
        if self._depth:
            yield
            return
        with _in_words(self.path):
            self._db.execute("BEGIN")
            self._depth += 1
            try:
                yield
            finally:
                self._depth -= 1
                with suppress(sqlite3.Error):
                    self._db.execute("COMMIT")

    def rows(self, sql: str, *values: Any) -> list[Any]:
        """Return all rows of a query."""
        with _in_words(self.path):
            return self._db.execute(sql, values).fetchall()

    def row(self, sql: str, *values: Any) -> Any:
        """Return the first row, or None."""
        with _in_words(self.path):
            return self._db.execute(sql, values).fetchone()

    @property
    def others_wrote(self) -> int:
        """A number that is another one whenever another connection, or program, has written."""
        return int(self.row("PRAGMA data_version")[0])

    def run(self, sql: str, *values: Any) -> int:
        """Write, within `writing`; return the id of the row that was added."""
        return self._db.execute(sql, values).lastrowid or 0

    def run_many(self, sql: str, values: Iterator[tuple[Any, ...]] | Sequence[tuple[Any, ...]]) -> None:
        """Write once for each of `values`, within `writing`."""
        self._db.executemany(sql, values)

    def check(self) -> tuple[str, ...]:
        """Look for damage in the whole file; return what SQLite says of it. Takes seconds for a large one."""
        try:
            found = [str(row[0]) for row in self._db.execute("PRAGMA quick_check(20)")]
        except sqlite3.DatabaseError as error:
            found = [str(error)]
        return tuple(one for one in found if one != "ok")


def _set_up(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
    connection.execute("PRAGMA temp_store = MEMORY")


def _prepare(connection: sqlite3.Connection, path: Path, migrations: Sequence[str]) -> None:
    if _version_at_rest(connection, path, len(migrations)) < len(migrations):
        _migrate(connection, path, migrations)
    keep_write_ahead_log(connection, BUSY_S)  # after all that may refuse: this writes
    connection.execute("PRAGMA synchronous = FULL")


def _version_at_rest(connection: sqlite3.Connection, path: Path, newest: int) -> int:
    """The schema's version, read in one go: another program may be making the tables of a new file just now."""
    connection.execute("BEGIN")
    try:
        return _version(connection, path, newest)
    finally:
        with suppress(sqlite3.Error):
            connection.execute("COMMIT")


def _version(connection: sqlite3.Connection, path: Path, newest: int) -> int:
    """The schema's version of a file that is a catalogue, 0 of an empty one."""
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    application = int(connection.execute("PRAGMA application_id").fetchone()[0])
    if application != APPLICATION:
        table = connection.execute("SELECT 1 FROM sqlite_master WHERE type = 'table'").fetchone()
        if not version and table is None:
            return 0
        what = _("This file is no catalogue of Persian MIR.")
        raise PersianMirError(what, path=path, cure=_("Choose another file, or the name of a new one."))
    if version > newest:
        what = _("This catalogue was written by a later version of Persian MIR.")
        raise PersianMirError(what, path=path, cure=_("Install the latest version, or choose another catalogue."))
    return version


def _migrate(connection: sqlite3.Connection, path: Path, migrations: Sequence[str]) -> None:
    """Lead the file to the newest version in one transaction, unless another program was quicker.

    It is kept as it stood within the same transaction: of several programs one does so, and nobody writes in between.
    """
    for key in (natural_key, path_key):
        connection.create_function(key.__name__, 1, partial(_key_of, key))
    connection.execute("BEGIN IMMEDIATE")
    try:
        version = _version(connection, path, len(migrations))
        if 0 < version < len(migrations):
            _back_up(path, version)
        for number in range(version, len(migrations)):
            for statement in _statements(migrations[number]):
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION}")
        connection.execute(f"PRAGMA user_version = {len(migrations)}")
        connection.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
        raise


def _key_of(key: Callable[[str], str], cell: str | bytes) -> str:
    """The key of a text, or of a path as its bytes."""
    return key(cell.decode(errors="replace") if isinstance(cell, bytes) else cell)


def _statements(script: str) -> Iterator[str]:
    """The statements of a script one by one: `executescript` would end the transaction."""
    begun = ""
    for line in script.splitlines():
        begun += line + "\n"
        if sqlite3.complete_statement(begun):
            yield begun
            begun = ""


def _back_up(path: Path, version: int) -> None:
    """Keep the file as it stands, beside it, under a name that says its version. The caller lets nobody write."""
    backup = next(one for one in (backup_path(path, version, n) for n in count(1)) if not one.exists())
    part = backup.with_name(f"{backup.name}.{os.getpid()}.part")
    with closing(sqlite3.connect(path, timeout=BUSY_S)) as now, closing(sqlite3.connect(part)) as copy:
        now.backup(copy)
    shutil.move(part, backup)


def backup_path(path: Path, version: int, number: int = 1) -> Path:
    """Where the file of that version is kept when it is migrated, for the first time or again under this name."""
    again = "" if number == 1 else f"-{number}"
    return path.with_name(f"{path.stem}.version-{version}.backup{again}{path.suffix}")


@contextmanager
def _in_words(path: Path) -> Iterator[None]:
    """Say what SQLite or the disk refuses in words fit for the user."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise _refused(error, path) from error
    except (sqlite3.IntegrityError, sqlite3.ProgrammingError):  # defects of ours
        raise
    except sqlite3.DatabaseError as error:
        raise _damaged(error, path) from error
    except OSError as error:
        what = _("The catalogue cannot be opened: {reason}.").format(reason=error.strerror or error)
        raise PersianMirError(what, path=path, cure=writing_cure(error)) from error


def _refused(error: sqlite3.OperationalError, path: Path) -> PersianMirError:
    told = str(error)
    if "locked" in told or "busy" in told:
        what = _("Another program is writing to the catalogue just now.")
        return PersianMirError(what, path=path, cure=_("Try again in a moment."))
    if "malformed" in told or "no such table" in told:
        return _damaged(error, path)
    cure = _("Check the space on that disk, and the rights of the folder.")
    return PersianMirError(_("The catalogue cannot be used: {reason}.").format(reason=told), path=path, cure=cure)


def _damaged(error: sqlite3.Error, path: Path) -> PersianMirError:
    what = _("The catalogue is damaged: {reason}.").format(reason=error)
    cure = _("Put a backup in its place, or move the file away; a new one is begun then.")
    return PersianMirError(what, path=path, cure=cure)
