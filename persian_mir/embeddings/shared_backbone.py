"""One backbone for many threads: what waits at the same time is embedded together.

Windows of several recordings fill a call, so that short files and the ends of long ones do not leave the device half
idle. Only windows of equal length go together: one is never padded, see `Grid`. There is no thread of its own: of those
that wait, one computes for all.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from persian_mir.backbones.backbone import Backbone, BackboneKey, Floats
from persian_mir.backbones.device import staging

PATIENCE = 4  # calls for which a window of a rare length may be passed over by full ones
_STREAMS = {"cuda": 2, "mps": 1, "cpu": 1}  # at once: on CUDA the next is made ready while one computes


class SharedBackbone:
    """A Backbone that any number of threads may ask at once. `busy_s` tells how long it has computed so far."""

    def __init__(self, backbone: Backbone) -> None:
        self._backbone = backbone
        self.device: str = getattr(backbone, "device", "cpu")
        self.streams: int = getattr(backbone, "streams", _STREAMS[self.device])
        self._changed = threading.Condition()
        self._waiting: list[_Request] = []  # in the order in which they came
        self._running = 0
        self._busy_s = self._busy_since = 0.0

    @property
    def key(self) -> BackboneKey:
        """See Backbone."""
        return self._backbone.key

    @property
    def precision(self) -> str:
        """See Backbone."""
        return self._backbone.precision

    @property
    def engine(self) -> str:
        """See Backbone."""
        return self._backbone.engine

    @property
    def remark(self) -> str:
        """See Backbone."""
        return self._backbone.remark

    @property
    def batch(self) -> int:
        """See Backbone."""
        return self._backbone.batch

    @property
    def busy_s(self) -> float:
        """Seconds in which at least one call was being computed."""
        with self._changed:
            return self._busy_s + (time.monotonic() - self._busy_since if self._running else 0.0)

    def embed(self, batch: Floats, layers: Sequence[int]) -> Floats:
        """See Backbone.embed. Waits for its turn; what goes wrong with other windows of the call is not its own."""
        if not len(batch):
            return self._backbone.embed(batch, layers)
        request = _Request(batch, tuple(layers))
        with self._changed:
            self._waiting.append(request)
        while parts := self._turn(request):
            try:
                self._compute(parts)
            finally:
                self._end(parts)
        if request.error is not None:
            raise request.error
        return np.concatenate([request.values[at] for at in sorted(request.values)])

    def _turn(self, own: _Request) -> list[_Part]:
        """What this thread is to compute, for itself or for others; nothing once its own is done."""
        with self._changed:
            self._changed.wait_for(lambda: own.finished or (self._waiting and self._running < self.streams))
            if own.finished:
                return []
            if not self._running:
                self._busy_since = time.monotonic()
            self._running += 1
            return self._take()

    def _take(self) -> list[_Part]:
        """The windows of the next call: of a length that can fill it, else of that which came first."""
        first, groups = self._waiting[0], dict[tuple[int, tuple[int, ...]], list[_Request]]()
        for request in self._waiting:
            groups.setdefault(request.kind, []).append(request)
        full = next((group for group in groups.values() if sum(one.left for one in group) >= self.batch), None)
        chosen = groups[first.kind] if full is None or first.passed_over >= PATIENCE else full
        first.passed_over += chosen[0].kind != first.kind
        parts, room = [], max(1, self.batch)
        for request in chosen:
            if room > 0:
                parts.append(_Part(request, request.taken, min(request.taken + room, len(request.batch))))
                request.taken = parts[-1].stop
                room -= parts[-1].stop - parts[-1].start
        self._waiting = [request for request in self._waiting if request.left]
        return parts

    def _compute(self, parts: Sequence[_Part]) -> None:
        """Embed the parts in one call; where that fails, each alone, to see whose fault it is."""
        try:
            values = self._backbone.embed(self._gathered(parts), parts[0].request.layers)
        except Exception as error:  # noqa: BLE001 - raised where it was asked for
            if len(parts) == 1:
                parts[0].request.error = error
            else:
                for part in parts:
                    self._compute([part])
            return
        end = 0
        for part in parts:
            start, end = end, end + len(part.sound)
            part.request.values[part.start] = values[start:end]

    def _gathered(self, parts: Sequence[_Part]) -> Floats:
        """The sound of all parts [windows, samples], where the device takes it quickest."""
        if len(parts) == 1 and self.device != "cuda":
            return parts[0].sound
        count, samples = sum(len(part.sound) for part in parts), parts[0].sound.shape[1]
        return np.concatenate([part.sound for part in parts], out=staging((count, samples), self.device))

    def _end(self, parts: Sequence[_Part]) -> None:
        with self._changed:
            for part in parts:
                request = part.request
                request.done += part.stop - part.start
                if part.start not in request.values and request.error is None:
                    request.error = RuntimeError("the thread that computed was interrupted")
            self._waiting = [request for request in self._waiting if request.error is None]
            self._running -= 1
            if not self._running:
                self._busy_s += time.monotonic() - self._busy_since
            self._changed.notify_all()


@dataclass(slots=True, eq=False)
class _Request:
    """Windows [windows, samples] that a thread waits for: how many were taken into calls, how many are done."""

    batch: Floats
    layers: tuple[int, ...]
    values: dict[int, Floats] = field(default_factory=dict)  # by the first window of a part
    error: Exception | None = None
    taken: int = 0
    done: int = 0
    passed_over: int = 0

    @property
    def kind(self) -> tuple[int, tuple[int, ...]]:
        """Requests of one kind go together."""
        return self.batch.shape[1], self.layers

    @property
    def left(self) -> int:
        """Windows that are in no call yet."""
        return len(self.batch) - self.taken

    @property
    def finished(self) -> bool:
        """Whether its thread has nothing more to wait for."""
        return self.error is not None or self.done == len(self.batch)


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """Windows `start` up to `stop` of a request, in one call."""

    request: _Request
    start: int
    stop: int

    @property
    def sound(self) -> Floats:
        """[windows, samples]."""
        return self.request.batch[self.start : self.stop]
