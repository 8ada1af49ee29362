"""A database that several programs and threads open at once: its writers log ahead, so that readers need not wait."""

from __future__ import annotations

import sqlite3
import time

_PAUSE_S = 0.01  # between two attempts


def keep_write_ahead_log(connection: sqlite3.Connection, patience_s: float) -> None:
    """Keep a write-ahead log from now on. Raises OperationalError where others hold the file for so long.

    SQLite refuses this at once while another connection writes, whatever timeout the connection has. It is so when two
    open a new file at the same time.
    """
    deadline = time.monotonic() + patience_s
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(_PAUSE_S)
        else:
            return
