"""What people said in `corrections.csv`, taken over into a catalogue; the file stays as it is."""

from __future__ import annotations

import csv
import json
import logging
from collections.abc import Iterable
from pathlib import Path

from persian_mir.app_paths import data_dir
from persian_mir.audio.known_files import sounds_by_file
from persian_mir.catalogue.correction_rows import COLUMNS, Correction, from_rows
from persian_mir.catalogue.item_edits import ItemEdits
from persian_mir.catalogue.model import Statement
from persian_mir.errors import PersianMirError
from persian_mir.i18n import _
from persian_mir.provenance import Provenance
from persian_mir.recording import Recording

log = logging.getLogger(__name__)


class Takeover(ItemEdits):
    """Takes over the statements of a file of corrections, each once, by its id."""

    def take_over_corrections(self, path: Path | None = None) -> int:
        """Add what is new in the file; return how many rows that were. Costs a look at the file where nothing is.

        What the machine had said is kept as the provenance of each. Raises PersianMirError for a file that cannot be
        read or is something else.
        """
        path = path or data_dir() / "corrections.csv"
        key = f"corrections {path}"
        try:
            found = path.stat()
        except OSError:  # nobody has said anything yet
            return 0
        state = json.dumps([found.st_size, found.st_mtime_ns, found.st_ino])
        if self.row("SELECT value FROM meta WHERE key = ?", key) == (state,):
            return 0
        rows = _rows(path)
        with self.writing():
            new = [one for one in rows if not self._known(one.id)]
            self._take_over_rows(new)
            self.run("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", key, state)
        return len(new)

    def _take_over_what_is_new(self) -> None:
        try:
            self.take_over_corrections()
        except PersianMirError as error:  # whoever opens the corrections is told; the catalogue is sound
            log.info("%s", error)

    def _take_over_rows(self, rows: Iterable[Correction]) -> None:
        sounds = sounds_by_file()
        touched: dict[int, None] = {}
        for one in rows:
            content_hash = sounds.get(one.content_hash, one.content_hash)
            row = self._row(content_hash)
            if row is None:
                row = self.put_recording(Recording(one.path, content_hash, one.rate, 0, 0, "", ""))
            told = {"was": one.was, "confidence": one.confidence, "predictor": one.predictor, "version": one.version}
            said = Statement(
                *(one.task, one.start, one.stop, one.label, one.status, one.by),
                *("", None, one.when, one.undone, one.id),
            )
            self._add_statements(row, 0, [said], Provenance(one.by, {}, told, "", one.when))
            touched[row] = None
        for row in touched:
            self._refresh(row)


def _rows(path: Path) -> list[Correction]:
    """The whole rows of a file of corrections."""
    try:
        lines = path.read_bytes().decode("utf-8-sig").splitlines()
        rows = csv.reader(lines, strict=True)
        if next(rows, None) != list(COLUMNS):
            what = _("This is not a file of corrections, or one of another version.")
            raise PersianMirError(what, path=path, cure=_("Move it away; a new one is begun then."))
        found, _spoilt = from_rows(rows)  # whoever opens the corrections is told of those
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        what = _("The corrections cannot be read: {reason}.")
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        cure = _("Restore the file from a copy, or move it away.")
        raise PersianMirError(what.format(reason=reason), path=path, cure=cure) from error
    return found
