"""What is wrong with a dataset, told before anything is learnt from it."""

from __future__ import annotations

import hashlib
import math
import os
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from persian_mir.audio import open_audio
from persian_mir.errors import AudioError
from persian_mir.grid import MIN_WINDOW_S
from persian_mir.i18n import _, quoted
from persian_mir.labels import TASKS
from persian_mir.paths import present
from persian_mir.progress import SILENT, Progress
from trainer.data.audio_fingerprint import Sound, remember, remembered
from trainer.data.check_report import Report
from trainer.data.dataset import SPLITS, Dataset, Entry
from trainer.data.dataset_issue import DatasetIssue, Kind
from trainer.data.duplicates import copies, repeated
from trainer.data.rows import Rows
from trainer.data.spelling import signs, unknown_label

QUIET = 10 ** (-55 / 20)  # noise of a tape lies there; 16 bits end at -90 dB
Counted = Sequence[tuple[Entry, int]]  # what rows say, and how many do
COUNTED = ("instrument", "dastgah", "mode")  # tasks whose every class belongs into every split


def check(dataset: Dataset, progress: Progress = SILENT) -> Report:
    """Decode every recording and look for faults. Cancelled may come through from `progress`."""
    every = Rows.of(dataset.entries)
    by_path, counted = every.by_path(), every.counted()
    sounds: dict[Path, Sound] = {}
    findings: list[DatasetIssue] = []
    for number, path in enumerate(by_path):
        progress.step(number / len(by_path), path.name)
        try:
            sounds[path] = _listen(path)
        except AudioError as error:
            key = dataset.key(path)
            kind: Kind = "corrupt" if os.path.exists(path) else "missing"  # noqa: PTH110 - a name may be too long
            findings.append(DatasetIssue(kind, (key,), f"{key}: {error.what}", (key,)))
    progress.step(1.0)
    findings += [*copies(dataset, by_path, sounds), *repeated(dataset, by_path), *_train_holds_dev(dataset, counted)]
    findings += [*_labels(dataset, counted), *_spelt_otherwise(dataset, by_path)]
    findings += [*_outside(dataset, by_path, sounds), *_unlisted(dataset)]
    left = {key for finding in findings for key in finding.leave_out}
    used = [entry for entry, _count in counted if dataset.key(entry.path) not in left]
    findings += _absent(used)
    parts = Counter(rows[0].split for rows in by_path.values())
    counts = {part: parts[part] for part in (*SPLITS, "") if parts[part]}
    heard = {path: rows for path, rows in by_path.items() if path in sounds and dataset.key(path) not in left}
    name, hours = dataset.name, _hours(heard, sounds)
    artists, alone = _artists(used)
    labels = {task: len({entry.labels[task] for entry in used if task in entry.labels}) for task in TASKS}
    return Report(name, dataset.synthetic, len(by_path), hours, counts, artists, alone, labels, tuple(findings))


def cleaned(dataset: Dataset, report: Report) -> Dataset:
    """The dataset without the recordings that the report leaves out."""
    left = {key for finding in report.findings for key in finding.leave_out}
    rows = Rows.of(dataset.entries)
    kept = np.array([dataset.key(one.path) not in left for one in rows.said], bool)
    return replace(dataset, entries=rows.some(kept[rows.which]))


def _listen(path: Path) -> Sound:
    """Raises AudioError for one that cannot be decoded to its end, or whose decoder complains."""
    with open_audio(path) as source:
        heard = remembered(source.recording)
        if heard is None:
            digest, loudest = hashlib.blake2b(digest_size=16), 0.0
            for block in source.blocks():
                mono = source.condition.mixdown.mono(block)
                digest.update(np.rint(mono.clip(-1, 1) * 32767).astype("<i2").tobytes())
                loudest = max(loudest, float(np.abs(block).max()))
            seconds = source.recording.duration_s
            problems = [*source.problems, *_nothing_to_hear(loudest, seconds)]
            heard = Sound(digest.hexdigest(), seconds, *problems[:1])
            remember(source.recording, heard)
    if heard.problem:
        raise AudioError(heard.problem, path=path)
    return heard


def _nothing_to_hear(loudest: float, seconds: float) -> Iterator[str]:
    """Why nothing can be learnt of a recording whose largest sample is `loudest`."""
    if not loudest:
        yield _("It is silent from beginning to end.")
    elif loudest < QUIET:
        yield _("It is nearly silent: its loudest sample is at {db:.0f} dB.").format(db=20 * math.log10(loudest))
    if seconds < MIN_WINDOW_S:
        yield _("It is too short to hear anything: {ms:.0f} ms.").format(ms=1000 * seconds)


def _train_holds_dev(dataset: Dataset, counted: Counted) -> Iterator[DatasetIssue]:
    dev = [entry for entry, _count in counted if entry.split == "dev"]
    both = tuple(dataset.key(entry.path) for entry in dev if "train" in entry.also)
    if both:
        text = _("The training list contains {count} of the {of} recordings of dev; they count as dev only.")
        yield DatasetIssue("train-holds-dev", both, text.format(count=len(both), of=len(dev)))


def _spelt_otherwise(dataset: Dataset, paths: Iterable[Path]) -> Iterator[DatasetIssue]:
    """Files whose names are stored in another Unicode form than they are listed in: they are found all the same."""
    for path in paths:
        if (found := present(path)) != path:
            key = dataset.key(path)
            text = _("{name}: the file is found, but its name is spelt in another Unicode form: {found}")
            yield DatasetIssue("alias", (key,), text.format(name=key, found=quoted(found.name)))


def _labels(dataset: Dataset, counted: Counted) -> Iterator[DatasetIssue]:
    """Labels that nobody knows, and labels written in more than one way."""
    unknown: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)  # of recordings, by their rows
    spellings: dict[tuple[str, str], dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for entry, rows in counted:
        key = dataset.key(entry.path)
        for task, text in entry.written.items():
            label = entry.labels.get(task)
            if label is None:
                unknown[task, text][key] += rows
            else:
                spellings[task, label][text][key] += rows
    for (task, text), keys in unknown.items():
        what, names = _("Nobody knows the {task} {text}: {names}"), ", ".join(keys)
        said = f"{unknown_label(task, text)} {names}" if task == "artist" else ""
        yield DatasetIssue("unknown", tuple(keys), said or what.format(task=task, text=quoted(text), names=names))
    for (task, label), ways in spellings.items():
        usual, *others = sorted(ways, key=lambda text: -ways[text].total())
        for text in others:
            what = _("The {task} {label} is written {text} in place of {usual}: {names}")
            names = ", ".join(ways[text])
            what = what.format(task=task, label=label, text=quoted(text), usual=quoted(usual), names=names)
            if task == "artist":
                what += ". " + _("It counts as one artist; the two differ by {signs}.").format(signs=signs(text, usual))
            yield DatasetIssue("alias", tuple(ways[text]), what)


def _outside(dataset: Dataset, by_path: Mapping[Path, Rows], sounds: Mapping[Path, Sound]) -> Iterator[DatasetIssue]:
    for path, sound in sounds.items():
        rows = by_path[path]
        for entry in rows.some(rows.starts >= sound.seconds):
            key = dataset.key(path)
            text = _("{place}: it starts after the end of {name}.").format(place=entry.spoken_place, name=key)
            yield DatasetIssue("outside", (key,), text)


def _unlisted(dataset: Dataset) -> Iterator[DatasetIssue]:
    if dataset.unlisted:
        keys = tuple(map(dataset.key, dataset.unlisted))
        text = _("These stand in none of the lists and are not used: {names}").format(names=", ".join(keys))
        yield DatasetIssue("unlisted", keys, text)


def _absent(used: Sequence[Entry]) -> Iterator[DatasetIssue]:
    """Classes and parts that a split lacks, where there are splits at all."""
    given = {entry.split for entry in used} - {""}
    for part in SPLITS if given else ():
        if part not in given:
            yield DatasetIssue("absent", (), _("There are no recordings in {part}.").format(part=part))
            continue
        for task in COUNTED:
            known = {entry.labels[task] for entry in used if task in entry.labels}
            here = {entry.labels[task] for entry in used if task in entry.labels and entry.split == part}
            for label in sorted(known - here):
                what = _("No recording of the {task} {label} is in {part}.")
                yield DatasetIssue("absent", (), what.format(task=task, label=label, part=part))


def _artists(used: Sequence[Entry]) -> tuple[int, dict[str, int]]:
    """How many artists there are and, by task, how many of them have one label where there are several."""
    played: dict[str, dict[str, set[str]]] = {task: defaultdict(set) for task in COUNTED}
    for entry in used:
        for task in COUNTED:
            if task in entry.labels:
                played[task][entry.artist].add(entry.labels[task])
    several = {task: known for task, known in played.items() if len(set().union(*known.values())) > 1}
    alone = {
        task: sum(len(labels) == 1 for artist, labels in known.items() if artist) for task, known in several.items()
    }
    return len({entry.artist for entry in used} - {""}), alone


def _hours(heard: Mapping[Path, Rows], sounds: Mapping[Path, Sound]) -> dict[str, dict[str, float]]:
    hours: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for path, every in heard.items():
        rows = every.some(every.last_of_equal_times())
        seconds = np.maximum(0.0, np.minimum(rows.stops, sounds[path].seconds) - rows.starts)
        for which in np.unique(rows.which):
            labels = rows.said[which].labels
            row, column = labels.get("instrument", "?"), labels.get("dastgah", "?")
            hours[row][column] += float(seconds[rows.which == which].sum()) / 3600
    return {row: dict(cells) for row, cells in hours.items()}
