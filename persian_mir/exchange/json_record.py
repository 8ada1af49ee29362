"""JSON with everything that is known, in the names of `persian_mir.catalogue.model`; seconds stand beside samples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from persian_mir import __version__
from persian_mir.catalogue.as_json import from_json, to_json
from persian_mir.catalogue.model import Described
from persian_mir.checked_json import RecordError, among, listed, parsed, record
from persian_mir.exchange.bounded import MOST_BYTES, ExchangeError, base_name, read_bounded
from persian_mir.exchange.own_record import as_text
from persian_mir.exchange.sheet import Sheet
from persian_mir.i18n import _
from persian_mir.whole_file import write_whole

FORMAT, VERSION = "persian-mir recordings", 1


def write(path: Path, described: Sequence[Described]) -> None:
    """Write an object with `recordings`. Raises PersianMirError where the disk refuses."""
    write_whole(path, document(described))


def document(described: Sequence[Described]) -> str:
    """Return the text of that file."""
    head = {"format": FORMAT, "version": VERSION, "written_by": f"persian-mir {__version__}"}
    return as_text({**head, "recordings": [_in_seconds(to_json(one), one.rate) for one in described]}, indent=1) + "\n"


def read(path: Path) -> tuple[Sheet, ...]:
    """Return the recordings of such a file. Raises ExchangeError, also for one of a newer version."""
    rule = record(format=among(FORMAT), version=_version, recordings=listed(lambda _value, _place: None))
    try:
        told = parsed(read_bounded(path), rule, MOST_BYTES)
        found = [from_json(Described, one) for one in told["recordings"]]
    except RecordError as error:
        raise ExchangeError(error.what, path=path, cure=error.cure) from error
    return tuple(Sheet(base_name(one.path), one.content_hash, own=one) for one in found)


def _version(value: Any, place: str) -> None:
    if type(value) is int and value > VERSION:
        raise RecordError(_("It was written by a newer version of the program."), cure=_("Update the program."))
    among(VERSION)(value, place)


def _in_seconds(plain: Mapping[str, Any], rate: int) -> dict[str, Any]:
    """The same with `start_s`, `stop_s` and `duration_s`, for who reads it elsewhere."""
    timed = {
        name: [
            {"start_s": round(one["start"] / rate, 6), "stop_s": round(one["stop"] / rate, 6)} | one
            for one in plain.get(name, ())
        ]
        for name in ("items", "statements")
    }
    return {**plain, "duration_s": round(plain["frames"] / rate, 6), **{k: v for k, v in timed.items() if v}}
