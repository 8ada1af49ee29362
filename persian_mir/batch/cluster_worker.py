"""What a worker of a cluster does for the owner of a catalogue: it is asked in JSON, and answers in JSON.

It never opens the catalogue. Its predictors are made once a process, and kept with the Dask worker.
"""

from __future__ import annotations

import base64
import json
import os
import socket
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from persian_mir.audio import open_audio
from persian_mir.batch.presets import Preset
from persian_mir.batch.queue import work_key
from persian_mir.batch.travel import packed
from persian_mir.errors import PersianMirError, failure
from persian_mir.i18n import _
from persian_mir.predictor import Labeller
from persian_mir.predictors import predictors
from persian_mir.progress import Cancelled, Progress
from persian_mir.provenance import Provenance

MOST_KEPT = 2  # batches whose predictors a process keeps


@dataclass(frozen=True, slots=True)
class WorkerPredictors:
    """The predictors of a batch, as they were `asked` for; several threads may use them."""

    asked: str
    predictors: tuple[Labeller, ...]


class TaskProgress(Progress):
    """The listener of a task, which ends when nobody waits for its result any more."""

    def __init__(self) -> None:
        worker = _worker()
        self._tasks, self._key = worker.state.tasks, worker.get_current_task()

    def step(self, fraction: float, note: str = "") -> None:  # noqa: ARG002
        """Raises Cancelled."""
        task = self._tasks.get(self._key)
        if task is None or task.state == "cancelled":
            raise Cancelled


def asked_for(wanted: Preset, language: str) -> str:
    """Return what a worker must know to make the predictors of a preset: the probes themselves, not their places."""
    probes = [base64.b64encode(Path(path).read_bytes()).decode() for path in wanted.probes]
    return packed({"preset": wanted, "probes": probes, "language": language})


def kept_name(made_by: Sequence[Provenance]) -> str:
    """Return the name under which a worker keeps predictors: alike means the same labels by the same program."""
    return work_key(replace(one, parameters={**one.parameters, "program": one.program}) for one in made_by)


def prepare(asked: str) -> str:
    """Make the predictors of a batch, and answer by what they label."""
    told = json.loads(asked)
    os.environ["LANGUAGE"] = told["language"]  # of the reasons that the owner reads
    kept = _kept()
    for one in kept.values():
        if one.asked == asked:
            return packed({"made_by": [each.provenance() for each in one.predictors]})
    try:
        made = _made(told)
    except Exception as error:  # noqa: BLE001 - `failure` logs it
        return packed({"error": failure(Path(), error)})
    made_by = [one.provenance() for one in made]
    while len(kept) >= MOST_KEPT:
        kept.pop(next(iter(kept)))
    kept[kept_name(made_by)] = WorkerPredictors(asked, made)
    return packed({"made_by": made_by})


def examine(work: str, path: str, size: int | None) -> str:
    """Answer what recording the file of that path is; `size` is what the owner sees there, None where it sees none."""
    return _answer(work, path, lambda _prepared: _examined(Path(path), size, TaskProgress()))


def label(work: str, path: str, content_hash: str) -> str:
    """Answer what all predictors say of the file of that path, if it still has that sound."""
    return _answer(work, path, lambda prepared: _labelled(prepared, Path(path), content_hash, TaskProgress()))


def _answer(work: str, path: str, do: Callable[[WorkerPredictors], dict[str, Any]]) -> str:
    """What became of a file: `unprepared` where this process knows nothing of the batch, `error` where it failed."""
    answer: dict[str, Any] = {"worker": _worker().address}
    prepared = _kept().get(work)
    if prepared is None:
        return packed(answer | {"unprepared": True})
    started = time.monotonic()
    try:
        answer |= do(prepared)
    except Cancelled:
        answer |= {"error": "cancelled"}  # nobody reads it
    except Exception as error:  # noqa: BLE001 - `failure` logs it
        answer |= {"error": failure(Path(path), error)}
    return packed(answer | {"took": time.monotonic() - started})


def _examined(path: Path, size: int | None, progress: Progress) -> dict[str, Any]:
    if size is not None and (not path.exists() or path.stat().st_size != size):
        return {"unseen": socket.gethostname()}
    with open_audio(path, progress) as source:
        return {"recording": source.recording}


def _labelled(prepared: WorkerPredictors, path: Path, content_hash: str, progress: Progress) -> dict[str, Any]:
    with open_audio(path, progress) as source:
        if source.recording.content_hash != content_hash:
            raise PersianMirError(_("The file has changed since it was opened."), path=path)
        answers = [one.predict(source, progress) for one in prepared.predictors]
        return {"answers": answers, "remarks": source.remarks_on_sound()}


def _made(told: dict[str, Any]) -> tuple[Labeller, ...]:
    preset = Preset(**told["preset"])
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder, f"{number}{Path(name).suffix}") for number, name in enumerate(preset.probes)]
        for path, probe in zip(paths, told["probes"], strict=True):
            path.write_bytes(base64.b64decode(probe))
        return tuple(predictors(preset.modal, list(map(str, paths)), preset.computing, preset.modal_window_s))


def _worker() -> Any:
    from distributed import get_worker

    return get_worker()


def _kept() -> dict[str, WorkerPredictors]:
    kept: dict[str, WorkerPredictors] = _worker().extensions.setdefault("persian-mir", {})
    return kept
