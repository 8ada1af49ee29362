"""A sitting of the quiz: what is asked, from what sound, what was answered. Its memories are kept after each answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from persian_mir.catalogue.catalogue import Catalogue
from persian_mir.catalogue.corrections import Corrections
from persian_mir.errors import PersianMirError
from persian_mir.progress import Progress
from persian_mir.quiz.cards import CHOICES, DECKS, Card, Deck, cards, choices
from persian_mir.quiz.memory_file import read_memories, write_memories
from persian_mir.quiz.own_sounds import OwnSound, OwnSounds, excerpt, own_sounds
from persian_mir.quiz.scheduler import Memory
from persian_mir.quiz.session import SESSION, QuizAnswer, Session, due_cards
from persian_mir_gui.core.jobs import Job, JobRunner
from persian_mir_gui.core.messages import message_of
from persian_mir_gui.library.ledger import Ledger
from persian_mir_gui.playback.excerpts import Excerpt, Excerpts
from persian_mir_gui.playback.tones import RATE, Tones

SEEDS = 1 << 31
NAME = "quiz"  # of the sound, among the tones


class QuizDesk(QObject):
    """One sitting at a time. `today` and `seed` come from outside in tests."""

    changed = Signal()
    posted = Signal(object)  # Message

    def __init__(self, ledger: Ledger, tones: Tones, excerpts: Excerpts, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.runner = JobRunner(self)
        self._ledger, self._tones, self._excerpts = ledger, tones, excerpts
        self.today: Callable[[], date] = date.today
        self.rng = np.random.default_rng()
        self.memories: dict[str, Memory] = {}
        self.own: OwnSounds = {}
        self.session: Session | None = None
        self.offered: tuple[Card, ...] = ()
        self.answered: QuizAnswer | None = None  # the answer to what is asked now
        self.sound: OwnSound | None = None  # None: it is synthesised
        self.replays = -1  # times it was heard again; -1 before the first
        self._seed = 0
        self._made: NDArray[np.float32] | None = None
        self._making: Job | None = None
        self._asked: Card | None = None
        tones.playing_changed.connect(self.changed)
        excerpts.changed.connect(self.changed)

    # What is known

    def look(self) -> None:
        """Read what was learnt, and find the user's own passages on the catalogue's worker."""
        try:
            self.memories = read_memories()
        except PersianMirError as error:
            self.posted.emit(message_of(error))
        self._ledger.read(find_own).done.connect(self._take_own)
        self.changed.emit()

    def due(self, deck: Deck) -> int:
        """How many cards of a deck are to be asked again by today."""
        return len(due_cards(deck, self.memories, self.today()))

    def new(self, deck: Deck) -> int:
        """How many of its cards were never asked."""
        return sum(card.id not in self.memories for card in cards(deck))

    def own_passages(self) -> Mapping[Deck, int]:
        """How many passages of the user's own each deck has."""
        return {deck: sum(len(own) for name, own in self.own.items() if name.startswith(f"{deck}:")) for deck in DECKS}

    def _take_own(self, found: OwnSounds) -> None:
        self.own = found
        self.changed.emit()

    # A sitting

    @property
    def card(self) -> Card | None:
        """What is asked, or was answered just now; None outside a sitting and at its end."""
        return self._asked

    @property
    def busy(self) -> bool:
        """Whether the sound is being made."""
        return self._making is not None

    @property
    def playing(self) -> bool:
        """Whether the passage is heard."""
        return self._tones.playing == NAME or (self.sound is not None and self._excerpts.playing is not None)

    def start(self, deck: Deck, count: int = SESSION) -> None:
        """Begin a sitting with a deck, and play its first question."""
        self.session = Session(deck, self.memories, self.today(), self.rng)
        self.session.begin(count)
        self._ask()

    def end(self) -> None:
        """End the sitting, with its result where anything was answered."""
        if self.session is None or not self.session.answers:
            self.leave()
            return
        self.stop()
        self._asked = self.answered = None
        self.changed.emit()

    def leave(self) -> None:
        """Leave the sitting; what was answered is kept."""
        self.stop()
        self.session = self._asked = self.answered = None
        self.changed.emit()

    def play(self) -> None:
        """Play the passage, or again from its start; the first answer counts less after each hearing."""
        if self._asked is None or self.busy:
            return
        if self.answered is None:
            self.replays += 1
        if self.sound is not None:
            self._excerpts.play([Excerpt(self.sound.path, self.sound.start_s, self.sound.stop_s)])
        elif self._made is not None:
            self._tones.sound(NAME, self._made)
        else:
            self._making = self.runner.start("", make_sound, self._asked, self._seed)
            self._making.done.connect(partial(self._sound_made, self._asked))
            self._making.failed.connect(lambda error: self.posted.emit(message_of(error)))
            self._making.finished.connect(self._ended_making)
        self.changed.emit()

    def stop(self) -> None:
        """Fall silent."""
        if self._making is not None:
            self._making.cancel()
            self._making = None
        if self._tones.playing == NAME:
            self._tones.stop()
        if self.sound is not None and self._excerpts.playing is not None:
            self._excerpts.stop()

    def answer(self, chosen: Card) -> None:
        """Take an answer to what is asked; a second one is not taken."""
        if self.session is None or self._asked is None or self.answered is not None:
            return
        self.answered = self.session.answer(chosen, max(0, self.replays))
        try:
            write_memories(self.memories)
        except PersianMirError as error:
            self.posted.emit(message_of(error))
        self.changed.emit()

    def go_on(self) -> None:
        """Ask the next card, once this one is answered."""
        if self.session is not None and self.answered is not None:
            self._ask()

    def close(self, timeout_s: float) -> bool:
        """End all work; False if it would not end in time."""
        return self.runner.close(timeout_s)

    def _ask(self) -> None:
        self.stop()
        card = self._asked = None if self.session is None else self.session.card
        self.answered, self._made, self.sound, self.replays = None, None, None, -1
        if card is not None:
            self.offered = choices(card, self.rng)[:CHOICES]
            self._seed = int(self.rng.integers(SEEDS))
            own = tuple(one for one in self.own.get(card.id, ()) if one.path.is_file())
            self.sound = excerpt(own, self.rng) if own else None
            self.play()
        self.changed.emit()

    def _sound_made(self, card: Card, samples: NDArray[np.float32]) -> None:
        if card == self._asked:
            self._made = samples
            self._tones.sound(NAME, samples)

    def _ended_making(self) -> None:
        self._making = None
        self.changed.emit()


def find_own(catalogue: Catalogue, _progress: Progress) -> OwnSounds:
    """Runs on the catalogue's worker: the user's own passages."""
    said = Corrections()
    said.refresh()
    return own_sounds(catalogue, said)


def make_sound(card: Card, seed: int, progress: Progress) -> NDArray[np.float32]:
    """Runs on the worker: synthesise the passage."""
    from persian_mir.quiz.synthesised import synthesised  # it imports scipy

    progress.step(0.0)
    return synthesised(card, seed, RATE)
