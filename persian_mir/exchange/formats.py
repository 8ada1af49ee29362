"""The formats of exchange, a row each: everything else (command, window, tests) follows from this table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from persian_mir.catalogue.model import Described
from persian_mir.exchange import (
    audacity,
    bag,
    clips,
    csv_table,
    dublin_core,
    elan,
    iiif,
    jams_file,
    json_record,
    marc,
    parquet,
    pbcore,
    raven,
    svl,
    textgrid,
    webvtt,
)
from persian_mir.exchange.bounded import ExchangeError
from persian_mir.exchange.file_names import Names
from persian_mir.exchange.sheet import Sheet
from persian_mir.i18n import _

Write = Callable[[Path, Sequence[Described]], None]
Read = Callable[[Path], tuple[Sheet, ...]]


@dataclass(frozen=True, slots=True)
class Format:
    """A format: what it is called, how it is written, and read where it can be.

    `many`: one file holds any number of recordings; else each has a file. `lossless`: what is read is all that was
    written.
    """

    id: str
    extension: str
    words: str
    write: Write
    read: Read | None = None
    many: bool = True
    lossless: bool = False


FORMATS = (
    Format("csv", ".csv", "CSV", csv_table.write, csv_table.read, lossless=True),
    Format("tsv", ".tsv", "TSV", csv_table.write_tsv, csv_table.read, lossless=True),
    Format("parquet", ".parquet", "Parquet", parquet.write, parquet.read, lossless=True),
    Format("jams", ".jams", "JAMS", jams_file.write, jams_file.read, many=False, lossless=True),
    Format("audacity", ".txt", "Audacity", audacity.write, audacity.read, many=False),
    Format("raven", ".selections.txt", "Raven", raven.write, raven.read, lossless=True),
    Format("textgrid", ".TextGrid", "Praat TextGrid", textgrid.write, textgrid.read, many=False),
    Format("elan", ".eaf", "ELAN", elan.write, elan.read, many=False, lossless=True),
    Format("svl", ".svl", "Sonic Visualiser", svl.write, many=False),
    Format("webvtt", ".vtt", "WebVTT", webvtt.write, many=False),
    Format("iiif", ".iiif.json", "IIIF Presentation 3", iiif.write),
    Format("pbcore", ".pbcore.xml", "PBCore 2.1", pbcore.write),
    Format("dublin-core", ".dc.csv", "Dublin Core", dublin_core.write),
    Format("marc", ".marc.json", "MARC 883", marc.write),
    Format("sidecar", bag.SIDECAR, "Sidecar", json_record.write, json_record.read, many=False, lossless=True),
    Format("bagit", "", "BagIt", bag.write),
    Format("clips", "", "Clips", clips.write),
    Format("json", ".json", "JSON", json_record.write, json_record.read, lossless=True),
)


def format_of(id_: str) -> Format:
    """Return the row of that id. KeyError for none."""
    return {one.id: one for one in FORMATS}[id_]


def readable_format(path: Path) -> Format:
    """Return the format in which a file is read, by its name, and of `.txt` by its first line.

    Raises ExchangeError where none has such names.
    """
    name = path.name.lower()
    if name.endswith(".txt"):
        return format_of("raven" if raven.is_table(path) else "audacity")
    fitting = [one for one in FORMATS if one.extension and name.endswith(one.extension.lower())]
    best = max(fitting, key=lambda one: len(one.extension), default=None)
    if best is None or best.read is None:
        known = ", ".join(one.id for one in FORMATS if one.read)
        cure = _("Formats that are read: {formats}; in a terminal --as names one.").format(formats=known)
        raise ExchangeError(_("Files of this name are not read."), path=path, cure=cure)
    return best


def output_files(format_: Format, out: Path, recordings: Sequence[Path]) -> list[Path]:
    """Return the files that come to be: one, or in the folder `out` one a recording, named after it."""
    if format_.many or not recordings:
        return [out]
    if len(recordings) == 1 and not out.is_dir():
        return [out]
    names = Names()
    stems = (path.name if format_.id == "sidecar" else path.stem for path in recordings)
    return [out / names.take(f"{stem}{format_.extension}") for stem in stems]
