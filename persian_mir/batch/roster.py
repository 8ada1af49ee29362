"""The workers of a Dask scheduler that may label for a batch: those that told that they do it as this program does."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from concurrent.futures import CancelledError
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from uuid import uuid4

from persian_mir.batch.cluster_worker import kept_name, prepare
from persian_mir.batch.presets import Preset
from persian_mir.batch.travel import provenance_of
from persian_mir.errors import PersianMirError
from persian_mir.i18n import _
from persian_mir.provenance import Provenance

log = logging.getLogger(__name__)
POLL_S = 0.05
LOOK_S = 1.0  # between two looks who works
PATIENCE_S = 30.0  # without any worker
ANSWER_S = 10.0  # in which a scheduler must answer
MOST_TRIES = 3  # of a file over which workers end; in each Dask itself may give it to others
MOST_DEATHS = 5  # of workers that were to load the models, before it is given up


@dataclass(frozen=True, slots=True)
class Cluster:
    """The address of a scheduler, by what its workers are to label, and files of TLS: authority, certificate, key."""

    address: str
    wanted: Preset
    tls: tuple[Path, Path, Path] | None = None


class SchedulerLostError(PersianMirError):
    """The scheduler no longer answers."""

    def __init__(self, address: str) -> None:
        super().__init__(
            _("The scheduler of the cluster at {address} was lost.").format(address=address),
            cure=_("What was labelled is kept: start it again, repeat the command, and it goes on where it stopped."),
        )


@asynccontextmanager
async def connected(cluster: Cluster) -> AsyncIterator[Any]:
    """The client of a scheduler. Raises PersianMirError where none answers."""
    from distributed import Client, Security

    logging.getLogger("distributed.client").setLevel(logging.CRITICAL)  # what it would say, our errors say
    files = dict(zip(("tls_ca_file", "tls_client_cert", "tls_client_key"), map(str, cluster.tls or ()), strict=False))
    security = Security(require_encryption=True, **files) if files else None
    client = Client(cluster.address, asynchronous=True, timeout=ANSWER_S, security=security, set_as_default=False)
    try:
        await client
    except (OSError, RuntimeError, TypeError, ValueError) as error:
        what = _("No scheduler of a cluster answers at {address}: {reason}")
        cure = _("Start one with: dask scheduler. Its address is what it prints, as tcp://192.168.1.10:8786.")
        await client.close()
        raise PersianMirError(what.format(address=cluster.address, reason=error), cure=cure) from error
    async with client:
        yield client


class Roster:
    """Who is at work. `ready`: threads by address; `refused`: why, by address. `made_by` is what they must label by."""

    def __init__(self, client: Any, address: str, asked: str, made_by: Sequence[Provenance]) -> None:
        self.ready: dict[str, int] = {}
        self.refused: dict[str, str] = {}
        self._client, self._address, self._asked, self._made_by = client, address, asked, made_by
        self._asking: dict[str, asyncio.Task[None]] = {}
        self._worked: dict[str, tuple[float, int]] = {}  # sum of shares, looks
        self._deaths = 0
        self._next_look, self._last_seen = 0.0, time.monotonic()

    @property
    def threads(self) -> int:
        """How many files can be worked on at once."""
        return sum(self.ready.values())

    @property
    def at_work(self) -> dict[str, float]:
        """The share of the time in which each worker's threads were at work, 0 to 1, by address; also of those gone."""
        return {address: shares / looks for address, (shares, looks) in self._worked.items()}

    async def look(self, files: int) -> None:
        """Ask workers that came, forget those that went, and note what they do while `files` are in work.

        Raises PersianMirError where none labels any more.
        """
        if self._client.status != "running":
            raise SchedulerLostError(self._address)
        if time.monotonic() < self._next_look:
            return
        self._next_look = time.monotonic() + LOOK_S
        try:
            told = await asyncio.wait_for(self._client.scheduler.identity(n_workers=-1), ANSWER_S)
        except OSError as error:
            raise SchedulerLostError(self._address) from error
        workers = told["workers"]
        for address in (self.ready.keys() | self.refused.keys() | self._asking.keys()) - workers.keys():
            self._forget(address)
        for address in workers.keys() - self.ready.keys() - self.refused.keys() - self._asking.keys():
            self._asking[address] = asyncio.create_task(self._admit(address, workers[address]["nthreads"]))
        if files:
            self._note(workers)
        self._check()

    def _note(self, workers: Mapping[str, Mapping[str, Any]]) -> None:
        """Note how many of its threads each worker had at work when the scheduler last heard of it."""
        for address in self.ready.keys() & workers.keys():
            counts = workers[address]["metrics"].get("task_counts", {})
            shares, looks = self._worked.get(address, (0.0, 0))
            share = min(1.0, counts.get("executing", 0) / self.ready[address])
            self._worked[address] = (shares + share, looks + 1)

    async def ask(self, function: Callable[..., str], *args: object, at: str = "") -> dict[str, Any]:
        """Let a worker, that `at` this address if it is there, do a function of `cluster_worker`; return its answer.

        Raises PersianMirError where workers end over it again and again.
        """
        tries = 0
        while tries < MOST_TRIES:
            while not self.ready:
                await asyncio.sleep(POLL_S)
            workers = [at] if at in self.ready else [*self.ready]
            told = await self._answer(function, *args, workers=workers)
            if told is None:
                tries += 1
            elif told.get("unprepared"):  # a new process at an old address
                self._forget(told["worker"])
            else:
                return told
        raise PersianMirError(_("The workers ended one after the other while they worked on this file."))

    async def _answer(
        self, function: Callable[..., str], *args: object, workers: Sequence[str]
    ) -> dict[str, Any] | None:
        """Return what one of these workers answers; None where all of them ended."""
        from distributed import KilledWorker

        asked = asyncio.create_task(self._submit(function, kept_name(self._made_by), *args, workers=workers))
        try:
            while not asked.done():
                if not self.ready.keys() & set(workers):
                    return None
                await asyncio.wait({asked}, timeout=LOOK_S)
            answer: dict[str, Any] = json.loads(asked.result())
        except KilledWorker:
            return None
        finally:
            asked.cancel()
        return answer

    async def _submit(self, function: Callable[..., Any], *args: object, workers: Sequence[str]) -> Any:
        """Return what a function returns on one of the workers. While none of them is there, it does not return."""
        key = f"{function.__name__}-{uuid4().hex}"
        future = self._client.submit(function, *args, key=key, workers=workers, pure=False)
        try:
            return await future
        except CancelledError as error:
            raise SchedulerLostError(self._address) from error
        finally:
            future.release()

    async def _admit(self, address: str, threads: int) -> None:
        """Let a worker make its predictors, and take it or refuse it."""
        try:
            # Asked for a function that it does not have, it would end.
            if await self._submit(find_spec, prepare.__module__, workers=[address]) is None:
                raise ModuleNotFoundError(prepare.__module__)
            told = json.loads(await self._submit(prepare, self._asked, workers=[address]))
            reason = told.get("error") or difference(self._made_by, [provenance_of(one) for one in told["made_by"]])
        except SchedulerLostError:
            return
        except Exception as error:
            log.info("a worker is refused", exc_info=True)
            reason = _("It cannot run this version of Persian MIR: {reason}").format(reason=error)
        finally:
            self._asking.pop(address, None)
        if reason:
            self.refused[address] = _("The worker {worker} was left out. {reason}").format(
                worker=address, reason=reason
            )
        else:
            self.ready[address] = threads

    def _forget(self, address: str) -> None:
        self.ready.pop(address, None)
        self.refused.pop(address, None)
        if asking := self._asking.pop(address, None):
            asking.cancel()
            self._deaths += 1

    def _check(self) -> None:
        now = time.monotonic()
        if self.ready or (self._asking and self._deaths < MOST_DEATHS):
            self._last_seen = now
        elif self._deaths >= MOST_DEATHS:
            what = _("The workers of the cluster at {address} end while they load the models.")
            raise PersianMirError(
                what.format(address=self._address), cure=_("Give them more memory; their log has the details.")
            )
        elif self.refused and not self._asking:
            raise PersianMirError(
                next(iter(self.refused.values())), cure=_("Install the same versions and models there as here.")
            )
        elif now - self._last_seen > PATIENCE_S:
            what = _("No worker is at the scheduler of the cluster at {address}.").format(address=self._address)
            raise PersianMirError(what, cure=_("Start some with: dask worker {address}").format(address=self._address))


def difference(mine: Sequence[Provenance], theirs: Sequence[Provenance]) -> str:
    """Return the first thing in which two ways of labelling differ, in words; empty where there is none."""
    for own, other in zip(mine, theirs, strict=True):
        pairs: list[tuple[str, object, object]] = [(_("program"), own.program, other.program)]
        for ours, told in ((own.models, other.models), (own.parameters, other.parameters)):
            pairs += [(name, ours.get(name, "–"), told.get(name, "–")) for name in {**ours, **told}]
        for name, here, there in pairs:
            if json.dumps(here, default=str) != json.dumps(there, default=str):
                what = _("It would label otherwise than this program: {name} is {there} there, and {here} here.")
                return what.format(name=name, there=there, here=here)
    return ""
