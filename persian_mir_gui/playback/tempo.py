"""Slower or faster with the pitch kept: FFmpeg's `atempo`, which comes with PyAV."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, log2
from typing import Any

import numpy as np
from numpy.typing import NDArray

from persian_mir.i18n import _
from persian_mir_gui.playback.sound import SoundError

Floats = NDArray[np.float32]
FILTER = "atempo"
SLOWEST, FASTEST = 0.25, 2.0


class Tempo:
    """Stretches frames `[n, channels]` of one or two channels as they come, `speed` times as fast. For one thread.

    Source frame i comes out as frame i / speed, give or take 15 ms of the source: the filter overlaps pieces where they
    are most alike (WSOLA). Raises SoundError where FFmpeg was built without the filter.
    """

    def __init__(self, rate: int, channels: int, speed: float) -> None:
        if not SLOWEST <= speed <= FASTEST:
            raise ValueError(f"a speed of {speed}")
        self._rate, self._speed = rate, speed
        self._layout = "stereo" if channels == 2 else "mono"
        stages = max(1, ceil(log2(1 / speed) - 1e-9))
        self._graph = _graph(rate, self._layout, speed ** (1 / stages), stages)
        # Sound leaves the filter half a window early; https://ffmpeg.org/doxygen/trunk/af__atempo_8c_source.html
        window = 1 << ceil(log2(max(2, rate // 24)))
        self.lead = round(window / 2 * sum(speed ** (k / stages) for k in range(stages)))  # frames to be fed first
        self._tail = np.zeros((4 * window, channels), np.float32)
        self._channels = channels
        self._pushed = self._fed = self._given = 0

    def begin(self, before: Floats) -> None:
        """What sounded before the first frame: `lead` frames, or silence in their place."""
        self._push(before)

    def stretch(self, frames: Floats, last: bool) -> Floats:
        """The next frames that are ready, possibly none; with `last` all there are, to a frame of the right number."""
        self._fed += len(frames)
        self._push(frames)
        if last:
            self._push(self._tail)
            self._graph.push(None)
        ready = self._pull()
        if last:
            ready = self._exactly(ready, round(self._fed / self._speed) - self._given)
        self._given += len(ready)
        return ready

    def _exactly(self, frames: Floats, count: int) -> Floats:
        short = max(0, count - len(frames))
        return np.concatenate([frames[:count], np.zeros((short, self._channels), np.float32)])

    def _push(self, frames: Floats) -> None:
        import av

        if not len(frames):
            return
        packed = np.ascontiguousarray(frames, np.float32).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(packed, format="flt", layout=self._layout)
        frame.sample_rate, frame.time_base, frame.pts = self._rate, Fraction(1, self._rate), self._pushed
        self._pushed += len(frames)
        self._graph.push(frame)

    def _pull(self) -> Floats:
        import av

        parts = [np.zeros((0, self._channels), np.float32)]
        while True:
            try:
                frame: Any = self._graph.pull()
            except (av.error.BlockingIOError, av.error.EOFError):  # wants more; has given all
                return np.concatenate(parts)
            parts.append(frame.to_ndarray().reshape(-1, self._channels).astype(np.float32))


def _graph(rate: int, layout: str, speed: float, stages: int) -> Any:
    import av
    from av.filter import Graph

    graph = Graph()
    try:
        nodes = [graph.add_abuffer(sample_rate=rate, format="flt", layout=layout, time_base=Fraction(1, rate))]
        nodes += [graph.add(FILTER, f"{speed:.9f}") for _stage in range(stages)]
        graph.link_nodes(*nodes, graph.add("abuffersink"))
        graph.configure()
    except (av.error.FFmpegError, ValueError) as error:
        what = _("The speed cannot be changed: this FFmpeg has no filter that stretches time.")
        raise SoundError(what, cure=_("Install PyAV from PyPI (pip install av), or play at full speed.")) from error
    return graph
