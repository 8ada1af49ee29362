"""A stretch of a recording as a sound file of its own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from persian_mir.progress import SILENT, Progress
from persian_mir.whole_file import whole_file

if TYPE_CHECKING:
    from persian_mir.audio.source import AudioSource

BLOCK = 1 << 20  # samples a channel that are in memory at a time


def write_sound(source_path: Path, start: int, stop: int, path: Path, progress: Progress = SILENT) -> None:
    """Write samples `start` to `stop` as a WAV of 24 bits, unchanged in rate and channels.

    Raises PersianMirError where the recording cannot be read or the file not be written.
    """
    from persian_mir.audio import open_audio

    with open_audio(source_path) as source:
        write_stretch(source, start, stop, path, progress)


def write_stretch(source: AudioSource, start: int, stop: int, path: Path, progress: Progress = SILENT) -> None:
    """Write the same of a recording that is open."""
    import soundfile

    recording = source.recording
    with whole_file(path) as file:
        out = soundfile.SoundFile(file, "w", recording.rate, recording.channels, "PCM_24", format="WAV")
        with out:
            for at in range(start, stop, BLOCK):
                progress.step((at - start) / (stop - start))
                out.write(source.read(at, min(BLOCK, stop - at)).T)
