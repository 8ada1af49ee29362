"""A batch on the workers of a Dask cluster: takes files from the queue, and hands on what was said of them.

Each file is a task of its own, which the scheduler gives to another worker when one dies. What travels is JSON.
"""

from __future__ import annotations

import asyncio
import os
import queue
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace

from persian_mir.batch.cluster_worker import asked_for, examine, label
from persian_mir.batch.queue_rows import Job
from persian_mir.batch.roster import Cluster, Roster, SchedulerLostError, connected
from persian_mir.batch.stages import Task, Threads
from persian_mir.batch.travel import prediction_of, recording_of
from persian_mir.errors import failure
from persian_mir.i18n import _, language
from persian_mir.predictor import Labeller
from persian_mir.progress import Cancelled
from persian_mir.recording import Recording

POLL_S = 0.05
AHEAD = 64  # files taken from the queue before a worker is free for them


class ClusterStages(Threads):
    """Stands where `Stages` does. `remarks`: which workers were refused, and why. `close` takes back their work."""

    def __init__(
        self,
        cluster: Cluster,
        source: Callable[[], Iterator[Job]],
        skips: Callable[[Recording], str],
        predictors: Sequence[Labeller],
    ) -> None:
        super().__init__()
        self._cluster, self._source, self._skips, self._predictors = cluster, source, skips, predictors
        self._jobs: queue.Queue[Job | None] = queue.Queue(AHEAD)
        self.add("batch-cluster-0", self._feed)
        self.add("batch-cluster-1", lambda: asyncio.run(self._work()))

    def _feed(self) -> None:
        for job in self._source():
            self._put(job)
        self._put(None)

    def _put(self, job: Job | None) -> None:
        while not self.stop.is_set():
            with suppress(queue.Full):
                return self._jobs.put(job, timeout=POLL_S)
        raise Cancelled

    async def _work(self) -> None:
        made_by = [one.provenance() for one in self._predictors]
        asked = asked_for(self._cluster.wanted, language())
        async with connected(self._cluster) as client:
            await self._label_all(Roster(client, self._cluster.address, asked, made_by))
        await asyncio.to_thread(self.done.put, None)

    async def _label_all(self, roster: Roster) -> None:
        files: set[asyncio.Task[None]] = set()
        more = True
        try:
            while more or files:
                if self.stop.is_set():
                    raise Cancelled
                await roster.look(len(files))
                self.remarks, self.at_work = list(roster.refused.values()), roster.at_work
                more = more and self._begin(files, roster)
                if files:
                    await asyncio.wait(files, timeout=POLL_S, return_when=asyncio.FIRST_COMPLETED)
                else:
                    await asyncio.sleep(POLL_S)
                for one in [one for one in files if one.done()]:
                    files.remove(one)
                    one.result()
        finally:
            for one in files:
                one.cancel()
            await asyncio.gather(*files, return_exceptions=True)

    def _begin(self, files: set[asyncio.Task[None]], roster: Roster) -> bool:
        """Begin a file for each free thread of the workers. Return whether more may come."""
        for _free in range(roster.threads - len(files)):
            try:
                job = self._jobs.get_nowait()
            except queue.Empty:
                return True
            if job is None:
                return False
            files.add(asyncio.create_task(self._label(job, roster)))
        return True

    async def _label(self, job: Job, roster: Roster) -> None:
        task = Task(job)
        try:
            task, worker = await self._examined(task, roster)
            if task.recording is not None:
                task = replace(task, skip=await asyncio.to_thread(self._skips, task.recording))
            if not task.error and not task.skip:
                task = await self._labelled(task, roster, worker)
        except SchedulerLostError:
            raise
        except Exception as error:  # noqa: BLE001 - `failure` logs it
            task = replace(task, error=failure(job.path, error))
        await asyncio.to_thread(self.done.put, task)

    async def _examined(self, task: Task, roster: Roster) -> tuple[Task, str]:
        """Return what recording the file is, and the worker that opened it: there it is decoded."""
        path = task.job.path
        size = path.stat().st_size if path.exists() else None
        told = await roster.ask(examine, os.fspath(path), size)
        if told.get("unseen"):
            what = _("The computer {name} does not see this file as this one does.").format(name=told["unseen"])
            cure = _("Share its folder with all workers, under the same path.")
            return replace(task, error=f"{what} {cure}"), ""
        recording = recording_of(told["recording"]) if "recording" in told else None
        return replace(task, recording=recording, error=told.get("error", ""), took=told["took"]), told["worker"]

    async def _labelled(self, task: Task, roster: Roster, worker: str) -> Task:
        assert task.recording is not None  # noqa: S101
        told = await roster.ask(label, os.fspath(task.job.path), task.recording.content_hash, at=worker)
        said = [tuple(prediction_of(one) for one in answer) for answer in told.get("answers", ())]
        answers = tuple(zip(self._predictors, said, strict=True)) if said else ()
        remarks = tuple(told.get("remarks", ()))
        return replace(
            task, answers=answers, remarks=remarks, error=told.get("error", ""), took=task.took + told["took"]
        )
