"""Nava: `Data/<instrument>_<dastgah>_<artist>_<track>.mp3` and three lists of stems, one a line; no table of names.

The codes are those that two users of the corpus agree on; one doubts Tar's, Setar's and others', so a JSON
`{"instrument": {"0": "tar", ...}, "dastgah": {...}, "artist": {...}}` may override each table. Corpora of the same
layout in WAV or FLAC are read as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from persian_mir.checked_json import RecordError, mapping, optional, read_json, record, text
from persian_mir.i18n import _
from persian_mir.labels import label_ids
from trainer.data.dataset import SPLITS, DataError, Dataset, Entry
from trainer.data.spelling import known_labels, label_of, unknown_label

Tables = Mapping[str, Mapping[str, str]]

TABLES: Tables = {
    "instrument": {"0": "tar", "1": "kamancheh", "2": "santoor", "3": "setar", "4": "ney"},
    "dastgah": {
        "0": "shour",
        "1": "segah",
        "2": "mahour",
        "3": "homayoun",
        "4": "rast-panjgah",
        "5": "nava",
        "6": "chahargah",
    },
    "artist": {},
}
FIELDS = ("instrument", "dastgah", "artist")
LISTS = {"train": "all_train.txt", "dev": "dev.txt", "test": "test.txt"}
SUFFIXES = (".mp3", ".flac", ".wav")
MARK = "SYNTHESISED.txt"  # lies in a corpus that a computer made
NAME = "name"  # in `written`: a stem that does not have the four fields


def is_nava(folder: Path) -> bool:
    """Whether a folder, or the `NavaDataset` in it, is laid out as Nava."""
    return _home(folder) is not None


def read_nava(folder: Path, tables: Path | None = None) -> Dataset:
    """The recordings of the lists, each once: in test before dev before train, the other lists in `also`.

    Without any list every recording is an entry of no split. Raises DataError when nothing can be read.
    """
    home = _home(folder)
    if home is None:
        cure = _("It needs the folder Data with recordings, and all_train.txt, dev.txt and test.txt beside it.")
        raise DataError(_("This folder is not laid out as Nava."), path=folder, cure=cure)
    names = read_tables(tables) if tables else TABLES
    try:
        sounds = {one.stem: one for one in sorted((home / "Data").iterdir()) if one.suffix.lower() in SUFFIXES}
        lists = {split: _stems(home, file) for split, file in LISTS.items()}
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        what = _("The corpus cannot be read: {reason}.").format(reason=reason)
        raise DataError(what, path=home, cure=_("Check that it is whole and may be read.")) from error
    where: dict[str, list[str]] = {}
    for split in reversed(SPLITS):
        for stem in lists[split]:
            where.setdefault(stem, []).append(split)
    if not where:
        where = {stem: [""] for stem in sounds}
    entries = tuple(
        _entry(sounds.get(stem, home / "Data" / f"{stem}.mp3"), stem, splits, names)
        for stem, splits in sorted(where.items())
    )
    if not entries:
        raise DataError(_("There are no recordings here."), path=home, cure=_("They belong into the folder Data."))
    synthetic = (home / MARK).is_file()
    unlisted = tuple(path for stem, path in sounds.items() if stem not in where)
    name = "mini-Nava (synthesised)" if synthetic else "Nava"  # in every language: folders and probes are named by it
    return Dataset(name, entries, synthetic, home, unlisted, tuple(home / name for name in (*LISTS.values(), MARK)))


def read_tables(path: Path) -> Tables:
    """The tables with those of a JSON file in their place. Raises DataError."""
    try:
        given = read_json(path, record(dict.fromkeys(FIELDS, optional(mapping(text())))))
    except (OSError, RecordError) as error:
        cure = _("Give JSON in UTF-8, as {example}.").format(example='{"instrument": {"0": "tar"}}')
        raise DataError(_("The tables of codes cannot be read."), path=path, cure=cure) from error
    for field in FIELDS:
        for label in (given.get(field) or {}).values():
            if not (label in label_ids(field) if label_ids(field) else label_of(field, label)):
                raise DataError(unknown_label(field, label), path=path, cure=known_labels(field))
    return {field: given.get(field) or TABLES[field] for field in FIELDS}


def _home(folder: Path) -> Path | None:
    """The folder that holds `Data` and at least one of the lists, wherever they lie; None where there is none."""
    for home in (folder, folder / "NavaDataset"):
        if (home / "Data").is_dir() and any((home / name).is_file() for name in LISTS.values()):
            return home
    return folder / "NavaDataset" if (folder / "NavaDataset" / "Data").is_dir() else None


def _stems(home: Path, name: str) -> list[str]:
    """The stems of a list, each once, without the suffix that some lists carry; none where there is no list."""
    path = home / name
    if not path.is_file():
        return []
    lines = (line.strip() for line in path.read_text(encoding="utf-8-sig").splitlines())
    bare = (line[: -len(Path(line).suffix)] if Path(line).suffix.lower() in SUFFIXES else line for line in lines)
    return list(dict.fromkeys(stem for stem in bare if stem))


def _entry(path: Path, stem: str, splits: list[str], tables: Tables) -> Entry:
    parts = stem.split("_")
    place = _("{stem} in the lists").format(stem=stem)
    if len(parts) != len(FIELDS) + 1:
        return Entry(path, {}, split=splits[0], written={NAME: stem}, also=tuple(splits[1:]), place=place)
    written = dict(zip(FIELDS, parts[:-1], strict=True))
    labels = {field: label for field, text in written.items() if (label := _label(field, text, tables[field]))}
    extra = {"track": parts[-1]}
    artist = labels.get("artist", "")
    return Entry(path, labels, artist, splits[0], extra=extra, written=written, also=tuple(splits[1:]), place=place)


def _label(field: str, text: str, table: Mapping[str, str]) -> str:
    """The label of a code, also one padded with zeros, or of a name in a code's place; empty where nobody knows it."""
    code = str(int(text)) if text.isascii() and text.isdecimal() else text
    if field == "artist":
        return label_of(field, table.get(code, code))
    return table.get(code) or label_of(field, text)
