"""The example recordings: written on first use, always called synthesised."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO

from persian_mir.app_paths import data_dir
from persian_mir.atomic_write import atomic_write
from persian_mir.examples.performance import Performance
from persian_mir.examples.synthesise import Passage, modulate
from persian_mir.i18n import _
from persian_mir.labels import describe
from persian_mir.paths import plain_path
from persian_mir.progress import SILENT, Progress

PREFIX = "Synthesised"


@dataclass(frozen=True, slots=True)
class Example:
    """One recording to make: an instrument through one or more passages, the first shahed at `tonic_hz`."""

    instrument: str
    seed: int
    tonic_hz: float
    passages: tuple[Passage, ...]

    @property
    def title(self) -> str:
        """What the file is called, inside and out."""
        name = describe("instrument", self.instrument).name.lower()
        modes = [describe("mode", passage.mode).name for passage in self.passages]
        return f"{PREFIX} {name} in {modes[0]}" if len(modes) == 1 else f"{PREFIX} {name}, {' to '.join(modes)}"


EXAMPLES = (
    Example("setar", 3, 246.9, (Passage("segah", 75.0),)),
    Example("ney", 5, 392.0, (Passage("shour", 75.0),)),
    Example("santoor", 2, 349.2, (Passage("mahour", 75.0),)),
    Example("tar", 11, 261.6, (Passage("chahargah", 75.0),)),
    # As Mahour's gusheh Delkash does: to the intervals of Shour on the fifth, and home again.
    Example("kamancheh", 17, 261.6, (Passage("mahour", 45.0), Passage("shour", 45.0, 700.0), Passage("mahour", 40.0))),
)


def spoken_title(title: str, short: bool = False) -> str:
    """An example's title in the user's language, `short` without saying that it is synthesised; any other as it is."""
    example = next((one for one in EXAMPLES if one.title == title), None)
    if example is None:
        return title
    instrument = describe("instrument", example.instrument).spoken
    modes = [describe("mode", passage.mode).spoken for passage in example.passages]
    if len(modes) == 1:
        text = _("{instrument} in {mode}") if short else _("Synthesised {instrument} in {mode}")
        return text.format(instrument=instrument if short else instrument.lower(), mode=modes[0])
    text = _("{instrument}, {modes}") if short else _("Synthesised {instrument}, {modes}")
    return text.format(instrument=instrument if short else instrument.lower(), modes=_(" to ").join(modes))


def ensure_examples(folder: Path | None = None, progress: Progress = SILENT) -> list[Path]:
    """Paths of the example recordings in `folder` (the user's own by default); those that are missing are made first.

    Beside each FLAC lies `<name>.truth.json`. A file under its final name is always whole. OSError when the folder
    cannot be written.
    """
    folder = data_dir() / "examples" if folder is None else folder
    paths = []
    for i, example in enumerate(EXAMPLES):
        progress.step(i / len(EXAMPLES), example.title)
        path = folder / f"{example.title}.flac"
        if not (path.is_file() and truth_path(path).is_file()):
            _make(example, path)
        paths.append(path)
    progress.step(1.0)
    return paths


def truth_path(path: Path) -> Path:
    """Where the truth about an example lies: JSON with the fields of `Truth`, its `stays` and `notes` among them."""
    return path.with_suffix(".truth.json")


def is_synthesised(path: Path) -> bool:
    """Whether a recording was made by this program's synthesiser, as its name or its title says."""
    if path.name.startswith(PREFIX + " "):
        return True
    if path.suffix.lower() != ".flac" or not path.is_file():
        return False
    import soundfile

    try:
        with soundfile.SoundFile(plain_path(path)) as file:
            return str(file.title).startswith(PREFIX + " ")
    except (OSError, soundfile.LibsndfileError):
        return False


def _make(example: Example, path: Path) -> None:
    performance = modulate(example.passages, example.instrument, example.seed, example.tonic_hz)
    truth = json.dumps(asdict(performance.truth), indent=1)
    with atomic_write(truth_path(path)) as file:
        file.write(truth.encode())
    with atomic_write(path) as file:
        _write_flac(file, performance, example.title)


def _write_flac(out: BinaryIO, performance: Performance, title: str) -> None:
    import soundfile

    with soundfile.SoundFile(out, "w", performance.rate, 1, "PCM_16", format="FLAC") as file:
        file.title = title
        file.artist = f"{PREFIX} by Persian MIR"
        file.comment = "Made by a computer program; no musician was recorded."
        file.write(performance.samples)
