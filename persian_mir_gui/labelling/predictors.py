"""Which predictors there are, and how they are made. All of it runs on workers: the imports take seconds."""

from __future__ import annotations

import logging
import shutil
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from filecmp import cmp
from itertools import count
from pathlib import Path

from persian_mir.app_paths import data_dir
from persian_mir.atomic_write import atomic_write
from persian_mir.computing import Computing
from persian_mir.errors import PersianMirError, ProbeError
from persian_mir.i18n import _
from persian_mir.paths import path_key
from persian_mir.predictor import Labeller
from persian_mir.predictors import PROBE, other_loader, predictors, suffixes
from persian_mir.progress import Progress
from persian_mir_gui.core.settings import Settings

log = logging.getLogger(__name__)

MODAL = "modal"


@dataclass(frozen=True, slots=True)
class PredictorChoice:
    """One predictor to choose. `problem` says why it cannot be used; `path` is the probe's file.

    `window_s`: how long the modal reading's segments hear; None for its usual length, and for probes. `newness`: when
    it was fitted, in UTC, as far as its file says, and when that was written. Of two files that answer alike, which is
    all that their hash covers, the newer one knows best from which lead on it is sure.
    """

    id: str
    name: str
    tasks: tuple[str, ...]
    chosen: bool = False
    problem: str = ""
    path: Path | None = None
    window_s: float | None = None
    newness: tuple[str, int] = ("", 0)


@dataclass(frozen=True, slots=True)
class Inventory:
    """What was found on the disk."""

    choices: tuple[PredictorChoice, ...]
    missing_mert: bool


def modal_choice() -> PredictorChoice:
    """The one that is always there."""
    return PredictorChoice(MODAL, _("Modal reading"), ("dastgah", "mode"))


def probes_folder() -> Path:
    """Where the user's probes are."""
    folder = data_dir() / "probes"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def take_stock(progress: Progress) -> Inventory:
    """Look at all probes and installed models."""
    found = {MODAL: modal_choice()}
    known = suffixes()
    found_files = (one for one in probes_folder().glob("*") if one.suffix in known)
    for path in sorted(found_files, key=lambda one: (path_key(one.name), one)):
        progress.step(0.0, path.name)
        choice = _choice(path)
        other = found.setdefault(choice.id, choice)
        if other.newness < choice.newness:
            found[choice.id] = choice
    return Inventory(_told_apart(found.values()), _missing_mert())


def _told_apart(choices: Iterable[PredictorChoice]) -> tuple[PredictorChoice, ...]:
    """Of several with one name (a probe fitted again) each with the first digits of its hash."""
    rows = tuple(choices)
    count = Counter(row.name for row in rows)
    digits = {row.id: row.id.rpartition(":")[2][:4] for row in rows}
    return tuple(replace(row, name=f"{row.name} ({digits[row.id]})") if count[row.name] > 1 else row for row in rows)


def add_probe(path: Path, progress: Progress) -> str:
    """Copy a predictor's file to the user's own, once it has been checked. Returns the id. Raises ProbeError.

    One that answers as one of those takes its place, unless it was fitted before; what stood there is kept beside it.
    """
    added = _read(path)
    progress.step(0.5)
    choices = {choice.id: choice for choice in take_stock(progress.part(0.5, 0.4)).choices}
    known = choices[added.id].path if added.id in choices else None
    try:
        if known is None:
            _copy(path, _free_place(path, added.id))
        elif added.newness[0] >= choices[added.id].newness[0] and not cmp(path, known, shallow=False):
            _copy(known, _place_beside(known))
            _copy(path, known)
    except OSError as error:
        what = _("The probe could not be copied: {reason}.").format(reason=error.strerror)
        raise ProbeError(what, path=path, cure=_("Free some space, then add it again.")) from error
    return added.id


def _free_place(path: Path, probe_id: str) -> Path:
    """Where a file among the user's own has its name, or one with its hash."""
    suffix = path.suffix.lower()
    target = probes_folder() / path.with_suffix(suffix if suffix in suffixes() else PROBE).name
    return target.with_stem(f"{target.stem}-{probe_id.rpartition(':')[2]}") if target.exists() else target


def _place_beside(path: Path) -> Path:
    """Where the earlier contents of a file are kept, under a name that nothing is read from."""
    names = (f"{path.name}.earlier{number or ''}" for number in count())
    return next(one for one in map(path.with_name, names) if not one.exists())


def _copy(source: Path, target: Path) -> None:
    with source.open("rb") as read, atomic_write(target) as file:
        shutil.copyfileobj(read, file)


def computing(settings: Settings) -> Computing:
    """How the user wants backbones to be computed."""
    return Computing(*(settings.get(name) for name in Computing._fields))


def make_predictor(choice: PredictorChoice, computing: Computing) -> Labeller:
    """The predictor itself. Raises PersianMirError in words fit for the user."""
    modal, files = choice.path is None, [] if choice.path is None else [choice.path]
    return predictors(modal, files, computing, choice.window_s)[0]


def _choice(path: Path) -> PredictorChoice:
    broken = PredictorChoice(f"file:{path.name}", path.stem, (), path=path)
    try:
        return _read(path)
    except PersianMirError as error:
        return replace(broken, problem=f"{error.what} {error.cure}".strip())
    except Exception:
        log.exception("reading the probe %s failed", path)
        return replace(broken, problem=_("The probe cannot be read. The log has the details."))


def _read(path: Path) -> PredictorChoice:
    """The predictor that a file holds. Raises ProbeError."""
    if (load := other_loader(path)) is not None:
        one = load(path, None)
        return PredictorChoice(one.id, one.name, one.tasks, path=path, newness=_newness(one, path))
    from persian_mir.probes.file import load_probe
    from persian_mir.probes.predictor import default_name

    probe = load_probe(path)
    name = default_name(probe)
    newness = _newness(probe, path)
    return PredictorChoice(f"probe:{probe.hash[:12]}", name, (probe.task,), path=path, newness=newness)


def _newness(fitted: object, path: Path) -> tuple[str, int]:
    """When something was fitted, as its provenance says if it has one, and when its file was written."""
    training, date = getattr(fitted, "training", None), ""
    told = str(training.get("date")) if isinstance(training, Mapping) else ""
    with suppress(ValueError, OverflowError):
        date = datetime.fromisoformat(told).astimezone(UTC).isoformat()
    return date, path.stat().st_mtime_ns


def _missing_mert() -> bool:
    from persian_mir.models.store import installed

    return not any("mert" in str(getattr(model, "id", model)).lower() for model in installed())
