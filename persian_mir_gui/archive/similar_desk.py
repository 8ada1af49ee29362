"""What sounds like a passage, and what recordings are like those one likes; found on a worker of its own."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from PySide6.QtCore import QObject, Signal

from persian_mir.audio import open_audio
from persian_mir.catalogue.catalogue import Catalogue
from persian_mir.errors import NotInstalledError, PersianMirError
from persian_mir.i18n import _
from persian_mir.progress import Progress
from persian_mir_gui.core.jobs import Job, JobRunner
from persian_mir_gui.core.messages import message_of
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.pitch_words import cents_words

if TYPE_CHECKING:
    from persian_mir.similarity.index import Neighbour

By = Literal["melody", "embedding"]
LIMIT = 30


@dataclass(frozen=True, slots=True)
class Found:
    """A passage or a recording to listen to: where it is, how much it is like what was asked, and why, in words."""

    path: Path
    title: str  # as the catalogue calls the recording
    start_s: float
    stop_s: float
    similarity: float
    why: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found, passages or whole recordings, and how many recordings could not be listened to."""

    found: tuple[Found, ...]
    failed: int
    passages: bool = True


class SimilarDesk(QObject):
    """One question at a time; a newer one ends an older."""

    asked = Signal(str)  # in words
    advanced = Signal(float, str)
    answered = Signal(object)  # Answer
    failed = Signal(object)  # Message
    models_wanted = Signal(str)  # the id of one that is not here

    def __init__(self, parent: QObject | None = None, path: Path | None = None) -> None:
        super().__init__(parent)
        self.runner = JobRunner(self)
        self._path = path
        self._job: Job | None = None

    def like_passage(self, path: Path, span: tuple[int, int], by: By, rate: int, title: str = "") -> None:
        """Look for passages of other recordings that sound like samples `span` of this one, which is called `title`."""
        times = " – ".join(formatting.clock(sample / rate) for sample in span)
        name = formatting.isolated(title or path.stem)
        text = _("Passages like {times} of {name}").format(times=f"\u2066{times}\u2069", name=name)
        self._ask(text, passages_like, path, span, by)

    def like_words(self, text: str) -> None:
        """Look for passages that sound as English words say."""
        self._ask(_("Passages that sound like: {text}").format(text=formatting.isolated(text)), passages_by_words, text)

    def like_recordings(self, content_hashes: Sequence[str], name: str) -> None:
        """Look for recordings like all of these, which together are called `name`."""
        self._ask(_("Recordings like {name}").format(name=name), recordings_like, tuple(content_hashes))

    def grow(self) -> None:
        """Take into the index what was heard since, unless a question does so just now; one that comes ends it."""
        if not self.runner.jobs:
            self._job = self.runner.start(_("Indexing melodies"), grow, self._path)

    def stop(self) -> None:
        """Look no further."""
        if self._job is not None:
            self._job.cancel()

    def close(self, timeout_s: float) -> bool:
        """End all work; False if it would not end in time."""
        return self.runner.close(timeout_s)

    def _ask(self, text: str, act: Any, *values: object) -> None:
        self.stop()
        self.asked.emit(text)
        job = self._job = self.runner.start(text, act, self._path, *values)
        job.progressed.connect(self.advanced)
        job.done.connect(self.answered)
        job.failed.connect(self._fail)

    def _fail(self, error: Exception) -> None:
        message = message_of(error)
        if isinstance(error, NotInstalledError):
            wish = partial(self.models_wanted.emit, error.model_id)
            message = replace(message, offer=_("Models…"), accept=wish)
        self.failed.emit(message)


def grow(path: Path | None, progress: Progress) -> None:
    """Index what the catalogue has and was heard."""
    from persian_mir.similarity import grow as index

    index.grow(path, progress)


def passages_like(path: Path | None, asked: Path, span: tuple[int, int], by: By, progress: Progress) -> Answer:
    """Bring the index up to date and ask it. Raises PersianMirError for an empty catalogue."""
    from persian_mir.similarity.build import build_index
    from persian_mir.similarity.index import SimilarityIndex
    from persian_mir.similarity.nearest import nearest

    known = _known(path)
    features = _features(by)
    with SimilarityIndex(features.space) as index, open_audio(asked) as source:
        built = build_index(index, features, list(known), known, progress.part(0.0, 0.95))
        found = nearest(index, features, source, span, LIMIT, among=built.hashes, progress=progress.part(0.95, 0.05))
    return Answer(_rows(path, found), len(built.failed))


def passages_by_words(path: Path | None, text: str, progress: Progress) -> Answer:
    """Bring the index of sounds up to date and ask it. Raises PersianMirError, also where the model is not here."""
    from persian_mir.similarity.words import load_word_search

    known = _known(path)
    found, built = load_word_search().find(text, known, LIMIT, progress)
    return Answer(_rows(path, found), len(built.failed))


def _known(path: Path | None) -> dict[Path, str]:
    """The recordings of the catalogue with their content hashes. Raises PersianMirError where there are none."""
    from persian_mir.similarity.from_catalogue import known_files

    with closing(Catalogue.open(path)) as catalogue:
        known = known_files(catalogue)
    if not known:
        what = _("The catalogue is empty.")
        cure = _("Open recordings of your own, or label folders: File, Label folders… Examples are not kept in it.")
        raise PersianMirError(what, cure=cure)
    return known


def _rows(path: Path | None, found: Sequence[Neighbour]) -> tuple[Found, ...]:
    from persian_mir.similarity.from_catalogue import titles_of

    with closing(Catalogue.open(path)) as catalogue:
        titles = titles_of(catalogue, [one.file for one in found])
    return tuple(
        Found(one.file, title, one.start_s, one.stop_s, one.similarity, _higher(one.transposed_cents))
        for one, title in zip(found, titles, strict=True)
    )


def _features(by: By) -> Any:
    if by == "melody":
        from persian_mir.similarity.melody import MelodyFeatures

        return MelodyFeatures()
    from persian_mir.backbones import load_backbone
    from persian_mir.embeddings.cache import EmbeddingCache
    from persian_mir.models.table import SIGNAL
    from persian_mir.similarity.embedding import EmbeddingFeatures

    return EmbeddingFeatures(load_backbone(SIGNAL, "auto"), None, cache=EmbeddingCache.usual())


def _higher(cents: float) -> str:
    return cents_words(cents) if cents else ""


def recordings_like(path: Path | None, liked: Sequence[str], progress: Progress) -> Answer:
    """Recommend recordings of the catalogue for those liked, with the reasons."""
    from persian_mir.similarity.build import build_index
    from persian_mir.similarity.index import SimilarityIndex
    from persian_mir.similarity.melody import MelodyFeatures
    from persian_mir.similarity.recommend import melody_likeness, recommend
    from persian_mir.similarity.traits import traits_of

    with closing(Catalogue.open(path)) as catalogue:
        everything = traits_of(catalogue)
    features = MelodyFeatures()
    known = {one.file: one.content_hash for one in everything}
    with SimilarityIndex(features.space) as index:
        built = build_index(index, features, list(known), known, progress.part(0.0, 0.95))
        melody = melody_likeness(index, liked)
    mine = [one for one in everything if one.content_hash in liked]
    rows = []
    with closing(Catalogue.open(path)) as catalogue:
        for one in recommend(mine, everything, melody, LIMIT):
            recording = catalogue.recording(one.recording.content_hash)
            stop_s = recording.frames / recording.rate if recording and recording.rate else 0.0
            why = _(", ").join(reason.text for reason in one.reasons)
            rows.append(Found(one.recording.file, one.recording.title, 0.0, stop_s, one.score, why))
    return Answer(tuple(rows), len(built.failed), passages=False)
