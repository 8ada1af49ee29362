"""Working out anew what follows from the rows, once the rules for that, or the table of other names, have changed."""

from __future__ import annotations

import zlib

from persian_mir.catalogue.takeover import Takeover
from persian_mir.progress import SILENT, Progress
from persian_mir.resources import RESOURCES

RULES = 4  # of derived.py, held.py, fold.py and dates.py; one more whenever they give something else
AT_ONCE = 200  # recordings a transaction
SOON = 2000  # recordings that take a moment


class Rebuild(Takeover):
    """Keeps by which rules the derived columns and the words of the index were worked out."""

    def is_stale(self) -> bool:
        """Whether other rules hold now: a search may then miss what is spelt otherwise."""
        return bool(self.row("SELECT value FROM meta WHERE key = 'rules'") != (_rules(),))

    def rebuild(self, progress: Progress = SILENT) -> None:
        """Work everything out anew, some recordings at a time, so that others may write between."""
        rows = [row[0] for row in self.rows("SELECT id FROM recordings ORDER BY id")]
        for first in range(0, len(rows), AT_ONCE):
            progress.step(first / len(rows))
            with self.writing():
                for row in rows[first : first + AT_ONCE]:
                    if self.row("SELECT 1 FROM recordings WHERE id = ?", row):
                        self._refresh(row)
        with self.writing():
            self.run("INSERT OR REPLACE INTO meta (key, value) VALUES ('rules', ?)", _rules())

    def _keep_up(self) -> None:
        """Rebuild at once a catalogue for which that takes a moment; `persian-mir doctor` does a large one."""
        some = "SELECT count(*) FROM (SELECT 1 FROM recordings LIMIT ?)"  # all would take longer than to open the rest
        if self.is_stale() and self.row(some, SOON + 1)[0] <= SOON:
            self.rebuild()


def _rules() -> str:
    return f"{RULES} {zlib.crc32((RESOURCES / 'other_names.json').read_bytes()):08x}"
