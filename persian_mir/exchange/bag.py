"""A BagIt bag of a collection (RFC 8493): the recordings, a sidecar beside each, and all that is known as one table.

It is written here, not by the library of that name, which changes the working folder of the whole program.
"""

from __future__ import annotations

import hashlib
import shutil
import unicodedata
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from persian_mir import __version__
from persian_mir.catalogue.model import Described
from persian_mir.errors import PersianMirError, writing_cure
from persian_mir.exchange import csv_table, json_record
from persian_mir.exchange.bounded import base_name
from persian_mir.exchange.file_names import Names
from persian_mir.exchange.texts import plain_text
from persian_mir.i18n import _

DECLARATION = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
SIDECAR = ".labels.json"
BLOCK = 1 << 20


def write(path: Path, described: Sequence[Described]) -> None:
    """Write a new folder `path`, which appears when it is whole. The recordings are copied, not moved.

    Raises PersianMirError where something is there already, a recording is missing, or the disk refuses.
    """
    if path.exists() or path.is_symlink():
        raise PersianMirError(_("There is something of this name already."), path=path, cure=_("Name a new folder."))
    for one in described:
        if not Path(one.path).is_file():
            cure = _("Connect its disk, or show the catalogue where it is now.")
            raise PersianMirError(_("This recording is not there."), path=one.path, cure=cure)
    part = path.with_name(f".{path.name}.{uuid.uuid4().hex[:16]}.part")
    try:
        _fill(part, described)
        part.rename(path)
    except OSError as error:
        what = _("It could not be written: {reason}.").format(reason=error.strerror)
        raise PersianMirError(what, path=error.filename or path, cure=writing_cure(error)) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _fill(bag: Path, described: Sequence[Described]) -> None:
    data = bag / "data"
    data.mkdir(parents=True)
    names = Names()
    names.take("recordings.csv")
    names.take("recordings.json")
    held = []
    for one in described:
        name = names.take(base_name(one.path))
        shutil.copyfile(one.path, data / name)
        held.append(replace(one, path=name))  # where it is in the bag, wherever that is
        json_record.write(data / names.take(f"{name}{SIDECAR}"), held[-1:])
    csv_table.write(data / "recordings.csv", held)
    json_record.write(data / "recordings.json", held)
    payload = sorted(data.iterdir())
    (bag / "bagit.txt").write_text(DECLARATION, encoding="utf-8", newline="\n")
    _write_lines(bag / "bag-info.txt", _info(described, payload))
    _write_lines(bag / "manifest-sha512.txt", (_line(one, bag) for one in payload))
    tags = ("bag-info.txt", "bagit.txt", "manifest-sha512.txt")
    _write_lines(bag / "tagmanifest-sha512.txt", (_line(bag / name, bag) for name in tags))


def _info(described: Sequence[Described], payload: Sequence[Path]) -> Iterator[str]:
    collection = next((one.collection for one in described if one.collection), None)
    told = {
        "Bag-Software-Agent": f"persian-mir {__version__}",
        "Bagging-Date": datetime.now(UTC).date().isoformat(),
        "Source-Organization": collection.holder if collection else "",
        "External-Description": collection.name if collection else "",
        "Payload-Oxum": f"{sum(one.stat().st_size for one in payload)}.{len(payload)}",
    }
    yield from (f"{name}: {plain_text(value).strip()}" for name, value in told.items() if value)


def _line(path: Path, bag: Path) -> str:
    """A line of a manifest. Names hold no line break, and `%` is spelt out as RFC 8493 asks."""
    name = path.relative_to(bag).as_posix().replace("%", "%25")
    return f"{_sha512(path)}  {unicodedata.normalize('NFC', name)}"


def _sha512(path: Path) -> str:
    digest = hashlib.sha512()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _write_lines(path: Path, lines: Iterator[str]) -> None:
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", newline="\n")
