"""The formats a score is written in and read from, a row each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from persian_mir.errors import PersianMirError
from persian_mir.exchange.bounded import ExchangeError
from persian_mir.exchange.scales import scl
from persian_mir.i18n import _
from persian_mir.labels import describe
from persian_mir.transcription.lilypond import lilypond
from persian_mir.transcription.mei import mei
from persian_mir.transcription.midi import midi, read_midi
from persian_mir.transcription.musicxml import musicxml
from persian_mir.transcription.read_musicxml import read_musicxml
from persian_mir.transcription.score import Score


@dataclass(frozen=True, slots=True)
class ScoreFormat:
    """A format: how it is called, how its files end, the bytes of a score; whether it holds the scale, not the notes.

    `written` raises PersianMirError for a score without what the format holds.
    """

    id: str
    words: str
    extension: str
    written: Callable[[Score], bytes]
    of_scale: bool = False

    def holds(self, score: Score) -> bool:
        """Whether there is something to be written."""
        return bool(score.scale) if self.of_scale else any(score.notes())


def _scala(score: Score) -> bytes:
    if score.mode is None or not score.scale:
        raise PersianMirError(_("There is no scale to be written, since no mode was heard."))
    return scl(f"{score.title}.scl", score.scale, f"{describe('mode', score.mode).spoken}, {score.title}").encode()


SCORE_FORMATS = (
    ScoreFormat("musicxml", "MusicXML", ".musicxml", musicxml),
    ScoreFormat("mei", "MEI", ".mei", mei),
    ScoreFormat("lilypond", "LilyPond", ".ly", lambda score: lilypond(score).encode()),
    ScoreFormat("midi", "MIDI", ".mid", midi),
    ScoreFormat("scl", "Scala", ".scl", _scala, of_scale=True),
)
READERS: dict[str, Callable[[Path], Score]] = {
    ".musicxml": read_musicxml,
    ".xml": read_musicxml,
    ".mxl": read_musicxml,
    ".mid": read_midi,
    ".midi": read_midi,
}


def score_format(name: str) -> ScoreFormat:
    """The format of that id. KeyError for another."""
    return {one.id: one for one in SCORE_FORMATS}[name]


def read_score(path: Path) -> Score:
    """The score in a file, by how its name ends. Raises ExchangeError."""
    read = READERS.get(path.suffix.lower())
    if read is None:
        endings = ", ".join(READERS)
        raise ExchangeError(_("Scores are read from files that end in {endings}.").format(endings=endings), path=path)
    return read(path)
