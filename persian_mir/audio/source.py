"""A recording opened for reading: the one way by which sound enters the program."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from persian_mir.audio.channels import PLAIN
from persian_mir.audio.checks import broke_off, check_file, no_sound
from persian_mir.audio.condition import Condition, examine
from persian_mir.audio.decoder import Decoder, Problem, Samples
from persian_mir.audio.file_state import FileState, check_unchanged, state_of
from persian_mir.audio.identity import identify
from persian_mir.audio.open_decoder import open_decoder
from persian_mir.audio.problem_texts import sentence
from persian_mir.paths import present
from persian_mir.progress import SILENT, Progress
from persian_mir.recording import Recording

BLOCK_FRAMES = 65536
LOUDEST = 1e9  # a float sample beyond this is no sound, but would swallow everything it is added to


class AudioSource:
    """Samples of one recording by position. One source serves one thread; opening another is cheap."""

    def __init__(self, recording: Recording, decoder: Decoder, state: FileState) -> None:
        """`decoder` reads `recording`, whose file was in `state` when it was hashed."""
        self.recording = recording
        self.non_finite = 0  # samples read so far that were NaN, infinite or absurd, and became 0
        self.notes: tuple[Problem, ...] = ()  # on how it was found
        self._decoder, self._state = decoder, state
        self._condition: Condition | None = None

    @property
    def problems(self) -> tuple[str, ...]:
        """Translated sentences about what is wrong with a file that could be opened all the same."""
        wrong = [problem for problem in self._decoder.problems if not problem.harmless]
        return tuple(map(sentence, [*wrong, Problem("not finite")] if self.non_finite else wrong))

    @property
    def remarks(self) -> tuple[str, ...]:
        """The same, and what is worth knowing of a sound file; its condition once that is known."""
        notes = [problem for problem in self._decoder.problems if problem.harmless]
        condition = () if self._condition is None else self._condition.problems
        return (*self.problems, *map(sentence, [*notes, *self.notes, *condition]))

    def remarks_on_sound(self) -> tuple[str, ...]:
        """`remarks` with its condition; for who has read it, perhaps out of a cache."""
        _known = self.condition
        return self.remarks

    @property
    def examined(self) -> bool:
        """Whether `condition` is known."""
        return self._condition is not None

    @property
    def condition(self) -> Condition:
        """How its channels are mixed, and what there is to say of the sound; found when first asked for."""
        if self._condition is None:
            self._condition = examine(self.recording, self.read)
        return self._condition

    def read(self, start: int, frames: int) -> Samples:
        """Samples `start` up to `start + frames`, clipped to the recording: float32 `[channels, n]`, finite.

        What a position holds does not depend on what was read before. Raises AudioError where the file broke, or was
        written to since it was opened: whatever is computed or kept of a recording is of one state of its file.
        """
        start, stop = max(0, start), min(start + frames, self.recording.frames)
        if stop <= start:
            return np.zeros((self.recording.channels, 0), np.float32)
        samples = self._decoder.read(start, stop - start)
        if samples.shape[1] != stop - start:
            raise broke_off(self.recording.path)
        if self._decoder.reads_file:
            check_unchanged(self.recording.path, self._state)
        return self._finite(samples)

    def mono(self, start: int, frames: int) -> Samples:
        """The same as one channel, float32 `[n]`: the channels that hold the music, so that they do not cancel."""
        return self.condition.mixdown.mono(self.read(start, frames))

    def mean(self, start: int, frames: int) -> Samples:
        """What `mono` is of nearly every recording, known before it was examined: the channels' mean."""
        return PLAIN.mono(self.read(start, frames))

    def blocks(self, start: int = 0, stop: int | None = None, frames: int = BLOCK_FRAMES) -> Iterator[Samples]:
        """The samples from `start` up to `stop` (default: the end) in order, `[channels, up to frames]` at a time."""
        stop = self.recording.frames if stop is None else min(stop, self.recording.frames)
        for at in range(max(0, start), stop, frames):
            yield self.read(at, min(frames, stop - at))

    def close(self) -> None:
        """Let the file go. May be called twice."""
        self._decoder.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _finite(self, samples: Samples) -> Samples:
        if samples.min() >= -LOUDEST and samples.max() <= LOUDEST:  # false where one is NaN
            return samples
        wrong = ~(np.abs(samples) <= LOUDEST)
        self.non_finite += int(np.count_nonzero(wrong))
        return np.where(wrong, np.float32(0), samples)


def open_audio(path: Path | str, progress: Progress = SILENT) -> AudioSource:
    """Open a recording of any known kind, told by its content, not its name.

    Lossy kinds are decoded once, from their beginning, into the cache: only so is every position exact. Raises
    AudioError with what happened and what to do.
    """
    asked = Path(path)
    path = present(asked)
    state = state_of(check_file(path))
    identity = identify(path, state, progress)
    decoder = open_decoder(path, identity, state, progress)
    other_track = any(problem.kind == "other tracks" for problem in decoder.problems)
    recording = Recording(
        path=path,
        content_hash=identity.sound,
        rate=decoder.rate,
        frames=decoder.frames,
        channels=decoder.channels,
        format=decoder.format,
        decoder=decoder.name,
        tags=decoder.tags,
        file_hash=identity.file,
        earlier_hashes=() if other_track else identity.files,  # earlier versions read the first track
    )
    source = AudioSource(recording, decoder, state)
    if path != asked:
        source.notes = (Problem("other spelling", (path.name,)),)
    if recording.frames < 1:
        source.close()
        raise no_sound(path)
    return source
