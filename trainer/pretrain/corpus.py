"""A folder of unlabelled recordings of any size, from which clips are drawn; nothing of it is held in memory."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from persian_mir.audio import open_audio
from persian_mir.audio.channels import Mixdown
from persian_mir.audio.condition import mixdown_of
from persian_mir.audio.formats import audio_files
from persian_mir.errors import PersianMirError
from persian_mir.i18n import _
from persian_mir.progress import SILENT, Progress
from trainer.data.dataset import DataError
from trainer.features.segments import Skipped

Samples = NDArray[np.float32]

KEPT_APART = 100  # one recording in so many judges
QUIET = 1e-3  # root mean square; a clip under it is drawn again
DRAWS = 8  # clips of silence or damage in a row, before one is taken as it is

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Sound:
    """One recording: where it lies, its content hash, its length."""

    path: Path
    hash: str
    seconds: float


@dataclass(frozen=True)
class Corpus:
    """Recordings to learn from, and those kept apart to judge by; each content once."""

    learnt: tuple[Sound, ...]
    judged: tuple[Sound, ...]

    @property
    def hours(self) -> float:
        """Of what is learnt from."""
        return sum(sound.seconds for sound in self.learnt) / 3600

    @cached_property
    def hash(self) -> str:
        """What it goes by: the contents, wherever they lie."""
        contents = sorted(sound.hash for sound in (*self.learnt, *self.judged))
        return hashlib.blake2b("".join(contents).encode(), digest_size=16).hexdigest()


def read_corpus(folder: Path, clip_s: float, progress: Progress = SILENT, most: int = 0) -> Corpus:
    """All recordings below `folder` that hold a clip; those that cannot be read are published as `Skipped`.

    `most`: how many are enough; 0: all. One in a hundred, at least one of two, is kept apart by its content, so the
    same ones whatever is added later. Raises DataError where there is none.
    """
    found: dict[str, Sound] = {}
    paths = audio_files(folder)
    for number, path in enumerate(paths):
        if len(found) == (most or -1):
            break
        progress.step(number / len(paths), path.name)
        try:
            with open_audio(path) as source:
                recording = source.recording
        except PersianMirError as error:
            progress.publish(Skipped(path, error.what))
            continue
        if recording.duration_s < clip_s:
            progress.publish(Skipped(path, _("It is shorter than a clip.")))
            continue
        found.setdefault(recording.content_hash, Sound(path, recording.content_hash, recording.duration_s))
    sounds = [found[one] for one in sorted(found)]
    if not sounds:
        cure = _("Choose a folder of recordings; they need no labels.")
        raise DataError(_("There is no recording here that holds a clip."), path=folder, cure=cure)
    judged = {sound.hash for sound in sounds if int(sound.hash[:8], 16) % KEPT_APART == 0}
    if len(sounds) > 1 and not 0 < len(judged) < len(sounds):
        judged = {sounds[0].hash}
    apart = tuple(sound for sound in sounds if sound.hash in judged)
    return Corpus(tuple(sound for sound in sounds if sound.hash not in judged) or apart, apart)


def draw(
    sounds: Sequence[Sound], seed: Sequence[int], which: Iterable[int], clip_s: float, rate: int
) -> Iterator[Samples]:
    """Clips float32 [samples] at `rate` Hz, each by its own chance: clip k of a seed is always the same one.

    Recordings are drawn by their length. What is silent or damaged is drawn anew.
    """
    lengths = np.array([sound.seconds for sound in sounds])
    for number in which:
        rng = np.random.default_rng([*seed, number])
        clip = np.zeros(round(clip_s * rate), np.float32)
        for _draw in range(DRAWS):
            sound = sounds[int(rng.choice(len(sounds), p=lengths / lengths.sum()))]
            start_s = float(rng.uniform(0, sound.seconds - clip_s))
            with suppress(PersianMirError):
                clip = _clip(sound, start_s, len(clip), rate)
                if float(np.sqrt(np.mean(clip**2))) >= QUIET:
                    break
        yield clip


@lru_cache(1 << 16)
def _mixdown(sound: Sound) -> Mixdown:
    """How its channels are mixed, found once: clips are drawn by the thousand. May raise PersianMirError."""
    with open_audio(sound.path) as source:
        return mixdown_of(source.recording, source.read)


def _clip(sound: Sound, start_s: float, samples: int, rate: int) -> Samples:
    """Raises PersianMirError where the recording cannot be read, or is another one by now."""
    from persian_mir.audio.resample import resample

    with open_audio(sound.path) as source:
        if source.recording.content_hash != sound.hash:
            raise PersianMirError(_("The file has changed since it was opened."), path=sound.path)
        native = source.recording.rate
        start = round(start_s * native)
        mono = resample(_mixdown(sound).mono(source.read(start, round(samples * native / rate))), native, rate)
    clip = np.zeros(samples, np.float32)
    clip[: min(samples, len(mono))] = mono[:samples]
    return clip
