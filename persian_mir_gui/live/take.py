"""What was played, kept: a FLAC file, and its modal reading beside it as JSON.

The JSON names its format and version, so that later programs know what they read; it is plain text for people as well.
"""

from __future__ import annotations

import json
import logging
from datetime import datetime
from pathlib import Path
from typing import Any

from persian_mir import __version__
from persian_mir.app_paths import data_dir
from persian_mir.errors import PersianMirError
from persian_mir.i18n import _
from persian_mir.modal.reading import ModalReading
from persian_mir.paths import plain_path
from persian_mir.whole_file import write_whole
from persian_mir_gui.playback.ring import Floats

log = logging.getLogger(__name__)


FORMAT, VERSION = "persian-mir-take", 1
SAVE_S = 60.0  # of sound between two writings of the reading: no more of it is lost should the program die


class TakeError(PersianMirError):
    """The take cannot be written, or no longer."""


def takes_dir() -> Path:
    """Where takes are kept."""
    return data_dir() / "takes"


class Take:
    """Written block by block under its final name: should the program die, all but the last second can be read.

    Raises TakeError when the disk will not have it. For one thread.
    """

    def __init__(self, folder: Path, rate: int, channels: int, device: str) -> None:
        import soundfile

        self.rate, self.channels, self.device = rate, channels, device
        self.frames = 0
        self.started = datetime.now().astimezone()
        self.interruptions_s: list[float] = []  # where sound is missing between two blocks
        self._saved_s = 0.0
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self.path = _free(folder, f"{self.started:%Y-%m-%d %H-%M-%S}")
            name = plain_path(self.path)
            self._file: Any = soundfile.SoundFile(name, "w", rate, channels, format="FLAC", subtype="PCM_24")
        except (OSError, soundfile.LibsndfileError) as error:
            raise _not_written(folder) from error

    @property
    def seconds(self) -> float:
        """How long it is so far."""
        return self.frames / self.rate

    @property
    def due(self) -> bool:
        """Whether the reading should be saved again."""
        return self.seconds - self._saved_s >= SAVE_S

    def write(self, block: Floats) -> None:
        """Append float32 [frames, channels]."""
        import soundfile

        try:
            self._file.write(block)
        except (OSError, soundfile.LibsndfileError) as error:
            raise _not_written(self.path) from error
        self.frames += len(block)

    def interrupt(self) -> None:
        """Sound is missing here."""
        self.interruptions_s.append(round(self.seconds, 3))

    def finish(self, reading: ModalReading | None) -> Path | None:
        """Close the file and write the sidecar. The path, or None when nothing had been recorded."""
        import soundfile

        try:
            self._file.close()
            if not self.frames:
                self.path.unlink()
                return None
        except (OSError, soundfile.LibsndfileError) as error:
            raise _not_written(self.path) from error
        self.save(reading)
        return self.path

    def save(self, reading: ModalReading | None) -> None:
        """Write the sidecar, whole or not at all."""
        self._saved_s = self.seconds
        try:
            write_whole(self.path.with_suffix(".json"), json.dumps(self._story(reading), ensure_ascii=False, indent=1))
        except PersianMirError as error:
            raise _not_written(self.path) from error

    def _story(self, reading: ModalReading | None) -> dict[str, object]:
        return {
            "format": FORMAT,
            "version": VERSION,
            "program": f"persian-mir {__version__}",
            "predictor": "modal",
            "started": self.started.isoformat(timespec="seconds"),
            "device": self.device,
            "duration_s": round(self.seconds, 3),
            "interruptions_s": self.interruptions_s,
            "reading": None if reading is None else reading_as_json(reading, self.seconds),
        }


def reading_as_json(reading: ModalReading, seconds: float) -> dict[str, object]:
    """A reading of the end of a take of `seconds`, for the sidecar: `start_s`, `stop_s` count from the take's start.

    Where no mode is heard none is ranked: one in n is the probability of nothing.
    """
    length = len(reading.track.hz) * reading.track.hop_s
    return {
        "start_s": round(max(0.0, seconds - length), 3),
        "stop_s": round(seconds, 3),
        "heard": reading.heard,
        "shahed_hz": reading.tonic_hz,
        "dastgahs": dict(reading.dastgahs) if reading.heard else {},
        "modes": dict(reading.modes) if reading.heard else {},
        "degrees": [
            {"cents": round(degree.cents, 1), "spread_cents": round(degree.spread_cents, 1), "share": degree.weight}
            for degree in reading.degrees
        ],
    }


def _free(folder: Path, stem: str) -> Path:
    path, number = folder / f"{stem}.flac", 2
    while path.exists() or path.with_suffix(".json").exists():
        path, number = folder / f"{stem} ({number}).flac", number + 1
    return path


def _not_written(path: Path) -> TakeError:
    cure = _("Make room on the disk, or see whether the folder may be written to. What was written so far is kept.")
    return TakeError(_("The take cannot be recorded."), path=path, cure=cure)
